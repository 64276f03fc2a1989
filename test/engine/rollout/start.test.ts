import assert from "node:assert/strict";
import { test } from "node:test";
import { assumptionsOf } from "../../../server/src/engine/rollout/assumptions.js";
import { readScenarioFile } from "../../../server/src/engine/rollout/scenario-file.js";
import { creating, editing, withAdditions, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { startProblems, steady, type DescribedStart } from "../../../server/src/engine/rollout/start.js";
import type { Simulation } from "../../../server/src/engine/rollout/simulate.js";
import { db, played, podActions } from "./rollouts.js";

/** A scenario with what a scenario file says of its start, among others. */
function scenarioWith(scenario: Scenario, file: unknown): Scenario {
  const read = readScenarioFile(file);
  assert.ok(read.type === "read", JSON.stringify(read));
  return withAdditions(scenario, read.additions);
}

const fresh = creating(db());
const edit = editing(db(), db({ revision: "new" }));

interface Expected {
  readonly outcome: "converged" | "stuck";
  /** What the controller does to pods. */
  readonly pods: string;
  /** The fate of each claim, where that is the point. */
  readonly claims?: readonly string[];
  readonly runbook?: readonly string[];
}

function check(title: string, scenario: Scenario, file: unknown, expected: Expected): void {
  test(`start: ${title}`, () => {
    const simulation = played(scenarioWith(scenario, file));
    const { outcome } = simulation;
    assert.equal(outcome.type, expected.outcome, JSON.stringify(outcome));
    assert.equal(podActions(simulation), expected.pods);
    if (expected.claims !== undefined) assert.deepEqual(fates(simulation), expected.claims);
    if (expected.runbook !== undefined) {
      const steps = outcome.type === "stuck" ? outcome.runbook.steps : [];
      assert.deepEqual(
        steps.flatMap(({ commands }) => commands),
        expected.runbook,
      );
    }
  });
}

function fates({ claims }: Simulation): readonly string[] {
  return claims.map(({ name, fate }) => `${name} ${fate}`);
}

check("without --from what would be created runs already", fresh, { start: {} }, { outcome: "converged", pods: "" });
check(
  "a pod is missing, another has failed",
  fresh,
  {
    start: {
      pods: [
        { ordinals: [1], is: "missing" },
        { ordinals: [2], is: "failed" },
      ],
    },
  },
  { outcome: "converged", pods: "+db-1 -db-2 +db-2" },
);
check(
  "a rollout half way goes on",
  fresh,
  { start: { pods: [{ ordinals: [0, 1], revision: "older" }] } },
  { outcome: "converged", pods: "-db-1 +db-1 -db-0 +db-0" },
);
check(
  "a rollout half way is broken, and goes back to the template whose pods are Ready",
  fresh,
  { start: { pods: [{ revision: "older" }, { ordinals: [2], is: "crashLoop" }] } },
  {
    outcome: "stuck",
    pods: "",
    runbook: ["kubectl rollout undo statefulset/db", "kubectl delete pod db-2"],
  },
);
check(
  "an edit comes to a set with a pod that is not Ready",
  edit,
  { start: { pods: [{ ordinals: [0], is: "notReady" }] } },
  { outcome: "stuck", pods: "" },
);
check(
  "an edit comes to a pod that is still starting",
  edit,
  { start: { pods: [{ ordinals: [0], is: "starting" }] } },
  { outcome: "converged", pods: "-db-2 +db-2 -db-1 +db-1 -db-0 +db-0" },
);
check(
  "a pod that no node takes stays so with the same template, and not with another",
  { ...editing(db({ podManagementPolicy: "Parallel" }), db({ podManagementPolicy: "Parallel", revision: "new" })) },
  { start: { pods: [{ ordinals: [2], is: "unschedulable" }] } },
  { outcome: "converged", pods: "-db-2 +db-2 -db-1 +db-1 -db-0 +db-0" },
);
check(
  "left-over claims are taken by the pods of their names",
  fresh,
  { start: { set: "absent", claims: [{ ordinals: [0, 5], claim: "data" }] } },
  {
    outcome: "converged",
    pods: "+db-0 +db-1 +db-2",
    claims: ["data-db-0 adopted", "data-db-1 kept", "data-db-2 kept", "data-db-5 orphaned"],
  },
);
check(
  "pods that ran on without their set are adopted",
  fresh,
  { start: { set: "absent", pods: [{ is: "ready" }] } },
  { outcome: "converged", pods: "", claims: ["data-db-0 kept", "data-db-1 kept", "data-db-2 kept"] },
);
check(
  "a scale down half way, where claims go with their pods",
  creating(db({ persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } })),
  {
    start: {
      pods: [
        { ordinals: [3], is: "terminating" },
        { ordinals: [4], is: "missing" },
      ],
      claims: [{ ordinals: [4] }],
    },
  },
  {
    outcome: "converged",
    pods: "",
    claims: ["data-db-0 kept", "data-db-1 kept", "data-db-2 kept", "data-db-3 deleted", "data-db-4 orphaned"],
  },
);
check(
  "a claim is missing with its pod",
  fresh,
  { start: { pods: [{ ordinals: [1], is: "missing" }], claims: [{ ordinals: [1], is: "missing" }] } },
  { outcome: "converged", pods: "+db-1", claims: ["data-db-0 kept", "data-db-1 kept", "data-db-2 kept"] },
);
check(
  "the last entry counts",
  fresh,
  { start: { pods: [{ is: "missing" }, { is: "ready" }] } },
  { outcome: "converged", pods: "" },
);

test("start: faults of the old revision hit older pods, those of the new one the pods that replace them", () => {
  const start = { pods: [{ ordinals: [0, 1], revision: "older" }] };
  const { outcome } = played(scenarioWith(fresh, { start, faults: [{ effect: "neverReady", revision: "new" }] }));
  assert.ok(outcome.type === "stuck" && outcome.blocker.type === "pod" && outcome.blocker.pod === "db-1");
});

test("start: a rollback goes to the older template", () => {
  const start = { pods: [{ ordinals: [0, 1], revision: "older" }] };
  const simulation = played(scenarioWith(fresh, { start, actions: [{ do: "rollBack", at: 0 }] }));
  assert.equal(simulation.outcome.type, "converged");
  assert.match(podActions(simulation), /-db-2 \+db-2/);
});

test("start: what is described is not assumed", () => {
  const about = (file: unknown) => assumptionsOf(played(scenarioWith(fresh, file))).map((one) => one.about);
  assert.ok(about({ start: {} }).includes("start"));
  assert.ok(!about({ start: { pods: [{ ordinals: [1], is: "missing" }] } }).includes("start"));
});

const problems: readonly (readonly [Partial<DescribedStart>, boolean, readonly string[]])[] = [
  [{}, true, []],
  [{ set: "absent" }, false, []],
  [{ set: "absent" }, true, ["start.set is absent, but --from says that the set runs: remove one of them"]],
  [
    { claims: [{ is: "present" }, { claim: "dat", is: "missing" }] },
    false,
    ["start.claims[1].claim: StatefulSet db has no claim template dat; it has data"],
  ],
];
for (const [start, isGiven, expected] of problems) {
  test(`start: problems of ${JSON.stringify(start)}`, () => {
    assert.deepEqual(startProblems({ ...steady, ...start }, db(), isGiven), expected);
  });
}
