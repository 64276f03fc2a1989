import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { defaultConfig } from "../../server/src/engine/api.js";
import type { ApplyWay } from "../../server/src/engine/apply/kubectl.js";
import { readResource } from "../../server/src/engine/kubernetes/resources/resource.js";
import type { StatefulSet } from "../../server/src/engine/kubernetes/kinds/statefulset.js";
import { defaultRelease, parseRelease, playedBehaviour } from "../../server/src/engine/kubernetes/versions.js";
import { planEdit } from "../../server/src/engine/planned-edit.js";
import { following } from "../../server/src/engine/rollout/runbook.js";
import { withAdditions } from "../../server/src/engine/rollout/scenario.js";
import { simulate, type Simulation, type SimulationInput } from "../../server/src/engine/rollout/simulate.js";
import { podStarts, type DescribedStart } from "../../server/src/engine/rollout/start.js";
import { parse } from "../../server/src/engine/yaml/parse.js";
import { isFast, many } from "../harness/fast.js";

/*
 * What is printed beside a refused edit is a promise: its commands lead to the set that was wanted, and no claim is lost
 * that the runbook does not name. Kinds of edits x policies x starts are made here, each goes the whole way from two
 * manifests to the runbook, and the runbook is played from that state.
 */

interface Template {
  readonly name: string;
  readonly storage: string;
  readonly labels: boolean;
  readonly storageClass: string | undefined;
}

interface Written {
  readonly replicas: number;
  readonly start: number;
  readonly service: string | undefined;
  readonly policy: string;
  readonly label: string;
  readonly image: string;
  readonly strategy: object | undefined;
  readonly retention: object | undefined;
  readonly templates: readonly Template[];
}

function setOf({
  replicas,
  start,
  service,
  policy,
  label,
  image,
  strategy,
  retention,
  templates,
}: Written): StatefulSet {
  const manifest = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "shop" },
    spec: {
      replicas,
      ordinals: { start },
      ...(service === undefined ? {} : { serviceName: service }),
      podManagementPolicy: policy,
      selector: { matchLabels: { app: label } },
      ...(strategy === undefined ? {} : { updateStrategy: strategy }),
      ...(retention === undefined ? {} : { persistentVolumeClaimRetentionPolicy: retention }),
      template: { metadata: { labels: { app: label } }, spec: { containers: [{ name: "db", image }] } },
      volumeClaimTemplates: templates.map(({ name, storage, labels, storageClass }) => ({
        metadata: { name, ...(labels ? { labels: { tier: "db" } } : {}) },
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
          resources: { requests: { storage } },
        },
      })),
    },
  };
  const resource = readResource(parse(JSON.stringify(manifest)).root);
  assert.equal(resource?.kind, "StatefulSet");
  return resource;
}

const storage = fc.constantFrom("1Gi", "1500Mi", "5Gi", "5G", "0.5Ti", "10Gi");
const template = (name: string): fc.Arbitrary<Template> =>
  fc.record({
    name: fc.constant(name),
    storage,
    labels: fc.boolean(),
    storageClass: fc.constantFrom(undefined, "fast", ""),
  });
const policy = fc.constantFrom("OrderedReady", "Parallel");
const strategy = fc.constantFrom(
  undefined,
  { type: "OnDelete" },
  { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
  { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } },
);
const written: fc.Arbitrary<Written> = fc.record({
  replicas: fc.integer({ min: 0, max: 4 }),
  start: fc.constantFrom(0, 3),
  service: fc.constantFrom("db", "peers", undefined),
  policy,
  label: fc.constantFrom("db", "base"),
  image: fc.constantFrom("db:1", "db:2"),
  strategy,
  retention: fc.constantFrom(
    undefined,
    { whenScaled: "Delete" },
    { whenDeleted: "Delete" },
    { whenScaled: "Delete", whenDeleted: "Delete" },
  ),
  templates: fc
    .tuple(fc.boolean(), fc.boolean(), template("data"), template("logs"))
    .map(([data, logs, one, other]) => [...(data ? [one] : []), ...(logs ? [other] : [])]),
});

/** Most edits change one or two fields. */
const edit = fc.tuple(
  written,
  written,
  fc.subarray(["service", "policy", "label", "templates", "strategy", "retention", "image", "replicas"] as const, {
    minLength: 1,
    maxLength: 3,
  }),
);

const described: fc.Arbitrary<DescribedStart | undefined> = fc.option(
  fc.record({
    set: fc.constant("present" as const),
    pods: fc.array(
      fc.record({
        ordinals: fc.array(fc.nat(4), { minLength: 1, maxLength: 2 }),
        is: fc.constantFrom(...podStarts),
        revision: fc.constantFrom("current" as const, "older" as const),
      }),
      { maxLength: 2 },
    ),
    claims: fc.array(
      fc.record({
        ordinals: fc.array(fc.nat(6), { minLength: 1, maxLength: 2 }),
        is: fc.constantFrom("present" as const, "terminating" as const),
      }),
      { maxLength: 1 },
    ),
  }),
  { nil: undefined },
);

const cases = fc.record({
  edit,
  start: described,
  way: fc.constantFrom<ApplyWay>("client", "server", "replace"),
  version: fc.constantFrom("1.33", "1.36", "1.37"),
});

test("refused edits: the runbook leads to the set that was wanted, and loses no claim that it does not name", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(cases, ({ edit: [before, other, fields], start, way, version }) => {
      const after: Written = { ...before, ...Object.fromEntries(fields.map((field) => [field, other[field]])) };
      const cluster = { ...defaultConfig, kubernetesVersion: parseRelease(version) ?? defaultRelease };
      const [old, now] = [setOf(before), setOf(after)];
      const planned = planEdit(old, now, way, cluster);
      assert.ok(planned);
      const created = planEdit(undefined, now, way, cluster)?.scenario;
      assert.ok(created);
      const additions = { start, actions: [], faults: [], timing: {}, featureGates: {} };
      const input: SimulationInput = {
        scenario: start === undefined ? planned.scenario : withAdditions(planned.scenario, additions),
        refusedPods: planned.refusedPods,
        behaviour: playedBehaviour(cluster),
      };
      let simulation = simulate(input);
      if (simulation.outcome.type !== "rejected") return;
      const { runbook } = simulation.outcome;
      assert.ok(runbook, `no runbook: ${JSON.stringify(simulation.outcome)}`);
      seen.add(runbook.kind);
      if (runbook.kind === "shrinkVolume") return;
      // What is being deleted at the start goes whatever is done.
      const going = simulate({ ...input, scenario: { ...input.scenario, actions: [] } }).measure.claimsDeleted;
      const named = new Set([...runbook.losesClaims, ...going]);
      let scenario = following({ ...input.scenario, actions: [] }, runbook);
      simulation = simulate({ ...input, scenario });
      // A pod that was broken before is broken still, and has a runbook of its own.
      for (let round = 0; round < 4 && simulation.outcome.type === "stuck"; round++) {
        for (const name of simulation.outcome.runbook.losesClaims) named.add(name);
        scenario = following(scenario, simulation.outcome.runbook);
        simulation = simulate({ ...input, scenario });
      }
      assert.equal(simulation.outcome.type, "converged", JSON.stringify(simulation.outcome));
      const lost = simulation.measure.claimsDeleted.filter((name) => !named.has(name));
      assert.deepEqual(lost, []);
      assert.deepEqual(immutable(simulation), immutable(simulate({ ...input, scenario: created })));
    }),
    { numRuns: many(300), includeErrorInReport: true },
  );
  const kinds = ["dropRollingUpdate", "growVolume", "recreateSet", "shrinkVolume"];
  if (!isFast) assert.deepEqual([...seen].toSorted(), kinds);
});

/** What the set is at the end, as far as no update may change it. */
function immutable({ steps, start }: Simulation): unknown {
  const { set } = steps.at(-1)?.state ?? start;
  if (set.type === "absent") return undefined;
  const { immutableFields, podManagement, claims } = set.spec;
  return { immutableFields, podManagement, claims };
}
