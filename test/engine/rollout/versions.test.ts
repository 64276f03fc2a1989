import assert from "node:assert/strict";
import { test } from "node:test";
import {
  behaviourOf,
  formatRelease,
  gateDefault,
  isEnabled,
  parseRelease,
  type FeatureGate,
} from "../../../server/src/engine/kubernetes/versions.js";
import { editing } from "../../../server/src/engine/rollout/scenario.js";
import { runbookLines } from "../../../server/src/engine/rollout/runbook.js";
import { cluster, db, played, podActions } from "./rollouts.js";

test("releases are read as people write them", () => {
  const read = (text: string): string => {
    const release = parseRelease(text);
    return release === undefined ? "" : formatRelease(release);
  };
  assert.deepEqual(["1.36", "v1.35.2", " 1.34.1-gke.100 ", "1.33.0+k3s1"].map(read), [
    "1.36",
    "1.35.2",
    "1.34.1",
    "1.33.0",
  ]);
  assert.deepEqual(["", "2.0", "1", "latest", "1.36.x", "1.-1"].map(read), ["", "", "", "", "", ""]);
  assert.deepEqual(["1.34-1.36.2", "1.37-1.34", "1.31.0-1.1"].map(read), ["", "", "1.31.0"], "no half of a range");
});

/** Where a gate is on by default. */
const gates: readonly (readonly [FeatureGate, string, boolean])[] = [
  ["MaxUnavailableStatefulSet", "1.23", false],
  ["MaxUnavailableStatefulSet", "1.34.9", false],
  ["MaxUnavailableStatefulSet", "1.35.0", true],
  ["MaxUnavailableStatefulSet", "1.35.3", true],
  ["MaxUnavailableStatefulSet", "1.35.4", false],
  ["MaxUnavailableStatefulSet", "1.35", false],
  ["MaxUnavailableStatefulSet", "1.36.2", false],
  ["MaxUnavailableStatefulSet", "1.37", true],
  ["StatefulSetAutoDeletePVC", "1.26", false],
  ["StatefulSetAutoDeletePVC", "1.27", true],
  ["StatefulSetStartOrdinal", "1.26", false],
  ["StatefulSetStartOrdinal", "1.27", true],
  ["StatefulSetRecreateStrategy", "1.37", false],
];
for (const [gate, version, enabled] of gates) {
  test(`${gate} is ${enabled ? "on" : "off"} in ${version}`, () => {
    assert.equal(gateDefault(gate, parseRelease(version) ?? assert.fail()).enabled, enabled);
  });
}

test("an administrator can switch alpha and beta gates, but not what is stable or unknown", () => {
  const on = (gate: FeatureGate, version: string, value: boolean): boolean =>
    isEnabled(gate, parseRelease(version) ?? assert.fail(), { [gate]: value });
  assert.equal(on("StatefulSetRecreateStrategy", "1.37", true), true);
  assert.equal(on("StatefulSetRecreateStrategy", "1.36", true), false);
  assert.equal(on("StatefulSetAutoDeletePVC", "1.31", false), false);
  assert.equal(on("StatefulSetAutoDeletePVC", "1.36", false), true);
});

test("fields behind a gate that is off are dropped as the API server drops them", () => {
  const spec = db({
    ordinals: { start: 5 },
    persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" },
    updateStrategy: { rollingUpdate: { maxUnavailable: "abc" } },
  });
  const simulation = played(editing({ ...spec, replicas: 2 }, { ...spec, replicas: 1 }), cluster("1.25"));
  assert.equal(podActions(simulation), "-db-1");
  assert.deepEqual(simulation.measure.claimsLeftOver, ["data-db-1"]);
});

test("until 1.33 an update step waits for Ready, since 1.34 for Available", () => {
  const spec = db({ podManagementPolicy: "Parallel", minReadySeconds: 30 });
  const duration = (version: string): number =>
    played(editing(spec, { ...spec, revision: "new" }), cluster(version)).outcome.at;
  assert.equal(duration("1.33"), 3 * 7 + 30);
  assert.equal(duration("1.34"), 3 * 37);
});

test("1.37 replaces broken pods of an old template under Parallel, 1.36 with the gate does not", () => {
  const spec = db({ podManagementPolicy: "Parallel" });
  const scenario = {
    ...editing(spec, { ...spec, revision: "new" }),
    faults: [{ revision: "new" as const, effect: { type: "neverReady" as const } }],
  };
  const undone = { when: { type: "settled" as const }, action: { type: "rollBack" as const } };
  const repaired = { ...scenario, actions: [...scenario.actions, undone] };
  const gate = { MaxUnavailableStatefulSet: true };
  assert.equal(played(repaired, cluster("1.36", gate)).outcome.type, "stuck");
  assert.equal(played(repaired, cluster("1.37", gate)).outcome.type, "converged");
  assert.equal(played(repaired, cluster("1.36")).outcome.type, "converged");
  assert.equal(behaviourOf({ minor: 37, patch: undefined }, {}).maxUnavailable, true);
});

const recreateOn = cluster("1.37", { StatefulSetRecreateStrategy: true });
const recreating = (revision: string) => db({ revision, updateStrategy: { type: "Recreate" } });

test("1.37: Recreate tells how it gets on by its condition", () => {
  const { steps, outcome } = played(editing(recreating("old"), recreating("new")), recreateOn);
  assert.equal(outcome.type, "converged");
  const told = steps.filter(({ why }) => why.includes("Progressing")).map(({ action, pod, why }) => [action, pod, why]);
  assert.deepEqual(told, [
    [
      "deletePod",
      "db-2",
      "db-2 has an old template, and Recreate deletes all such pods at once: the condition Progressing becomes True (RecreateInProgress)",
    ],
    [
      "completeRollingUpdate",
      undefined,
      "All 3 replicas have the new template and are Ready: it becomes the current revision, and the condition Progressing becomes False (RecreateCompleted)",
    ],
  ]);
});

test("1.37: a set that has Recreate may keep it when the gate is switched off, and nothing moves any more", () => {
  const edit = played(editing(recreating("old"), recreating("new")), cluster("1.37"));
  assert.ok(edit.outcome.type === "stuck");
  assert.match(edit.outcome.reason, /StatefulSetRecreateStrategy is off.*UnknownStrategy/);
  assert.match(runbookLines(edit.outcome.runbook).join("\n"), /"updateStrategy":\{"type":"RollingUpdate"\}/);
  assert.equal(podActions(edit), "");
  const away = played(editing(recreating("old"), db({ revision: "new" })), cluster("1.37"));
  assert.equal(away.outcome.type, "converged");
  // Nothing was to be done.
  assert.equal(played(editing(recreating("old"), recreating("old")), cluster("1.37")).outcome.type, "converged");
  const more = { ...recreating("old"), replicas: 4 };
  assert.equal(played(editing(recreating("old"), more), cluster("1.37")).outcome.type, "stuck");
  // And nobody gets it anew.
  assert.equal(played(editing(db(), recreating("new")), cluster("1.37")).outcome.type, "rejected");
  assert.equal(played(editing(recreating("old"), recreating("new")), cluster("1.36")).outcome.type, "rejected");
});

test("OnDelete completes since 1.37", () => {
  const byHand = (revision: string) => db({ revision, replicas: 2, updateStrategy: { type: "OnDelete" } });
  const scenario = {
    ...editing(byHand("old"), byHand("new")),
  };
  const actions = [0, 1].map((ordinal) => ({
    when: { type: "settled" as const },
    action: { type: "deletePod" as const, ordinal },
  }));
  const completes = (version: string): boolean =>
    played({ ...scenario, actions: [...scenario.actions, ...actions] }, cluster(version)).steps.some(
      ({ action }) => action === "completeRollingUpdate",
    );
  assert.equal(completes("1.36"), false);
  assert.equal(completes("1.37"), true);
});

test("1.37 names each immutable field that changes, before it there is one sentence for all", () => {
  const before = db({ immutableFields: { serviceName: '"db"', selector: "{}", volumeClaimTemplates: "[1]" } });
  const after = db({
    podManagementPolicy: "Parallel",
    immutableFields: { serviceName: '"other"', selector: "{}", volumeClaimTemplates: "[2]" },
  });
  const reasons = (version: string): readonly string[] => {
    const { outcome } = played(editing(before, after), cluster(version));
    return outcome.type === "rejected" ? outcome.errors.map(({ field, detail }) => `${field}: ${detail}`) : [];
  };
  assert.deepEqual(reasons("1.37"), [
    "spec.volumeClaimTemplates: Invalid value: [2]: field is immutable",
    'spec.serviceName: Invalid value: "other": field is immutable',
    'spec.podManagementPolicy: Invalid value: "Parallel": field is immutable',
  ]);
  const [only, ...others] = reasons("1.36");
  assert.match(only ?? "", /^spec: Forbidden: updates to statefulset spec for fields other than/);
  assert.deepEqual(others, []);
});
