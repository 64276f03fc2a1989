import assert from "node:assert/strict";
import { test } from "node:test";
import { acting, creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { runbookLines } from "../../../server/src/engine/rollout/runbook.js";
import { play, simulate } from "../../../server/src/engine/rollout/simulate.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { cluster, db, played, podActions, story, today } from "./rollouts.js";
import { isFast } from "../../harness/fast.js";

const edited = (changes: Partial<WrittenSpec> = {}): Scenario =>
  editing(db(changes), db({ ...changes, revision: "new" }));

test("creating goes pod by pod, each after the one below is Ready", () => {
  const simulation = played(creating(db({ replicas: 2 })));
  assert.deepEqual(story(simulation), [
    "0 createClaim data-db-0",
    "0 createPod db-0",
    "2 running db-0",
    "5 ready db-0",
    "5 createClaim data-db-1",
    "5 createPod db-1",
    "7 running db-1",
    "10 ready db-1",
  ]);
  assert.deepEqual(simulation.outcome, { type: "converged", at: 10 });
});

/** The order in which the controller deletes and creates pods. */
const orders: readonly (readonly [string, Scenario, string, string?])[] = [
  ["create, Parallel", creating(db({ podManagementPolicy: "Parallel" })), "+db-0 +db-1 +db-2"],
  ["update", edited(), "-db-2 +db-2 -db-1 +db-1 -db-0 +db-0"],
  ["update, partition", edited({ updateStrategy: { rollingUpdate: { partition: 2 } } }), "-db-2 +db-2"],
  ["update, OnDelete", edited({ updateStrategy: { type: "OnDelete" } }), ""],
  ["scale down", acting(db(), { type: "scale", replicas: 1 }), "-db-2 -db-1"],
  ["scale up", acting(db(), { type: "scale", replicas: 5 }), "+db-3 +db-4"],
  [
    "maxUnavailable 2 without the gate",
    edited({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } }),
    "-db-2 +db-2 -db-1 +db-1 -db-0 +db-0",
  ],
  [
    "maxUnavailable 2 with the gate",
    edited({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } }),
    "-db-2 -db-1 +db-1 +db-2 -db-0 +db-0",
    "1.35.3",
  ],
  [
    "maxUnavailable 2 after the gate was switched off again",
    edited({ updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } }),
    "-db-2 +db-2 -db-1 +db-1 -db-0 +db-0",
    "1.35.4",
  ],
  ["restart", acting(db({ replicas: 1 }), { type: "restart" }), "-db-0 +db-0"],
  ["change of image", acting(db({ replicas: 1 }), { type: "changeImage" }), "-db-0 +db-0"],
  ["pod deleted by hand", acting(db(), { type: "deletePod", ordinal: 0 }), "+db-0"],
  ["pod failed", acting(db(), { type: "failPod", ordinal: 1 }), "-db-1 +db-1"],
];
for (const [title, scenario, expected, version = "1.36"] of orders) {
  test(`order: ${title}`, () => {
    const simulation = played(scenario, cluster(version));
    assert.equal(podActions(simulation), expected);
    assert.equal(simulation.outcome.type, "converged");
  });
}

test("Recreate deletes all old pods, waits until they are gone and creates by podManagementPolicy", () => {
  const withGate = cluster("1.37", { StatefulSetRecreateStrategy: true });
  const ordered = played(edited({ updateStrategy: { type: "Recreate" } }), withGate);
  assert.equal(podActions(ordered), "-db-2 -db-1 -db-0 +db-0 +db-1 +db-2");
  assert.equal(ordered.measure.lowestReady, 0);
  assert.equal(ordered.measure.podsDownAtOnce, 3);
  const last = ordered.steps.at(-1)?.state.set;
  assert.equal(last?.type === "present" ? last.status.currentRevision : "", "new");
  const slow: Scenario = {
    ...edited({ updateStrategy: { type: "Recreate" }, podManagementPolicy: "Parallel" }),
    faults: [{ ordinals: [1], revision: "old", effect: { type: "neverReady" } }],
  };
  const creations = played(slow, withGate).steps.filter(({ action }) => action === "createPod");
  assert.deepEqual([...new Set(creations.map(({ at }) => at))], [2]);
});

test("Recreate repairs itself where RollingUpdate is stuck", () => {
  const rollBack: Pick<Scenario, "actions"> = {
    actions: [...edited().actions, { when: { type: "settled" }, action: { type: "rollBack" } }],
  };
  const broken = { faults: [{ revision: "new" as const, effect: { type: "neverReady" as const } }], ...rollBack };
  assert.equal(played({ ...edited(), ...broken }).outcome.type, "stuck");
  const recreating = editing(
    db({ updateStrategy: { type: "Recreate" } }),
    db({ updateStrategy: { type: "Recreate" }, revision: "new" }),
  );
  const repaired = played(
    {
      ...recreating,
      faults: broken.faults,
      actions: [...recreating.actions, { when: { type: "settled" }, action: { type: "rollBack" } }],
    },
    cluster("1.37", { StatefulSetRecreateStrategy: true }),
  );
  assert.equal(repaired.outcome.type, "converged");
});

test("deleting the set deletes all pods at once and what whenDeleted says", () => {
  const deleting = (propagation: "Background" | "Foreground" | "Orphan", whenDeleted: string): Scenario =>
    acting(db({ persistentVolumeClaimRetentionPolicy: { whenDeleted } }), { type: "delete", propagation });
  const gone = played(deleting("Background", "Delete"));
  assert.deepEqual(
    gone.claims.map(({ fate }) => fate),
    ["deleted", "deleted", "deleted"],
  );
  assert.equal(gone.outcome.at, 2);
  assert.deepEqual(
    played(deleting("Foreground", "Retain")).claims.map(({ fate }) => fate),
    ["orphaned", "orphaned", "orphaned"],
  );
  assert.equal(played(deleting("Foreground", "Retain")).steps.at(-1)?.action, "setGone");
  const orphaned = played(deleting("Orphan", "Delete"));
  assert.deepEqual(story(orphaned), []);
  assert.equal(orphaned.measure.claimsDeleted.length, 0);
});

test("orphaned pods are taken over by a set of the same name", () => {
  const again: Scenario = {
    ...acting(db(), { type: "delete", propagation: "Orphan" }),
  };
  const simulation = played({
    ...again,
    actions: [...again.actions, { when: { type: "settled" }, action: { type: "apply", spec: db() } }],
  });
  assert.deepEqual(story(simulation), ["0 adoptPod db-0", "0 adoptPod db-1", "0 adoptPod db-2"]);
  assert.equal(simulation.outcome.type, "converged");
});

function rolledBack(scenario: Scenario): Scenario {
  return { ...scenario, actions: [...scenario.actions, { when: { type: "settled" }, action: { type: "rollBack" } }] };
}

const neverReady = { type: "neverReady" } as const;

test("forced rollback: the good template alone does not replace the broken pod", () => {
  const { outcome } = played(rolledBack({ ...edited(), faults: [{ revision: "new", effect: neverReady }] }));
  assert.equal(outcome.type === "stuck" && outcome.blocker.type === "pod" ? outcome.blocker.pod : "", "db-2");
  assert.deepEqual(outcome.type === "stuck" ? runbookLines(outcome.runbook) : [], [
    "# The controller does not replace this pod by itself: delete it",
    "kubectl delete pod db-2",
  ]);
});

test("scaling down: Parallel deletes pods that are not Ready, OrderedReady waits for the lower of two", () => {
  const losing = (podManagementPolicy: string): Scenario => ({
    start: { type: "steady", spec: db({ replicas: 4, podManagementPolicy }) },
    actions: [
      { when: { type: "at", seconds: 0 }, action: { type: "loseNode", ordinal: 2 } },
      { when: { type: "at", seconds: 0 }, action: { type: "loseNode", ordinal: 3 } },
      { when: { type: "at", seconds: 100 }, action: { type: "scale", replicas: 2 } },
    ],
    faults: [],
  });
  assert.equal(podActions(played(losing("Parallel"))), "-db-3 -db-2");
  const ordered = played(losing("OrderedReady"));
  assert.equal(podActions(ordered), "");
  assert.deepEqual(
    ordered.steps.filter(({ kind, at }) => kind === "wait" && at === 100).map(({ why }) => why),
    ["db-3 waits: it is not healthy, and it is not deleted before db-2, which is not Ready"],
  );
  assert.equal(ordered.outcome.type, "stuck");
});

test("a fault that passes is no reason to be stuck", () => {
  const scenario: Scenario = {
    ...edited(),
    faults: [{ ordinals: [1], revision: "new", effect: { type: "failsOnce" } }],
  };
  const { outcome, steps } = played(scenario);
  assert.equal(outcome.type, "converged");
  assert.deepEqual(
    steps.filter(({ action }) => action === "crash").map(({ pod }) => pod),
    ["db-1"],
  );
});

test("what the API server refuses is the outcome, with its reason", () => {
  const refused: readonly (readonly [Partial<WrittenSpec>, RegExp])[] = [
    [{ replicas: -1 }, /^spec\.replicas: Invalid value: -1: must be greater than or equal to 0$/],
    [{ replicas: 3.5 }, /^spec\.replicas: .*int32/],
    [{ replicas: 2 ** 31 }, /^spec\.replicas: .*int32/],
    [{ replicas: Number.NaN }, /^spec\.replicas: .*int32/],
    [{ ordinals: { start: -3 } }, /^spec\.ordinals\.start: Invalid value: -3/],
    [{ updateStrategy: { rollingUpdate: { partition: -1 } } }, /partition: Invalid value: -1/],
    [{ updateStrategy: { type: "Recreate" } }, /^spec\.updateStrategy: Invalid value/],
    [{ podManagementPolicy: "parallel" }, /must be 'OrderedReady' or 'Parallel'/],
    [{ persistentVolumeClaimRetentionPolicy: { whenScaled: "x" } }, /supported values: "Retain", "Delete"/],
  ];
  for (const [changes, reason] of refused) {
    const { outcome, steps } = played(creating(db(changes)));
    assert.deepEqual(steps, []);
    assert.equal(outcome.type, "rejected");
    assert.match(outcome.type === "rejected" ? outcome.reason : "", reason);
  }
  const gateOn = played(creating(db({ updateStrategy: { rollingUpdate: { maxUnavailable: "0%" } } })), cluster("1.37"));
  assert.match(gateOn.outcome.type === "rejected" ? gateOn.outcome.reason : "", /cannot be 0/);
  const immutable = played(editing(db(), db({ podManagementPolicy: "Parallel" })));
  assert.match(immutable.outcome.type === "rejected" ? immutable.outcome.reason : "", /^spec: Forbidden/);
});

test("a set too large is refused or cut off with a clear message, and soon", () => {
  const huge = played(creating(db({ replicas: 2_000_000_000 })));
  assert.match(huge.outcome.type === "stepLimit" ? huge.outcome.reason : "", /2000000000 replicas are more/);
  const limited = simulate({ scenario: edited(), behaviour: today, limits: { steps: 4, replicas: 10 } });
  assert.equal(limited.steps.length, 4);
  assert.equal(limited.outcome.type, "stepLimit");
});

// Takes seconds, because the limits are what they are.
if (!isFast) {
  test("so is a set that is just not too large", () => {
    const large = played(creating(db({ replicas: 100_000, podManagementPolicy: "Parallel" })));
    assert.match(large.outcome.type === "stepLimit" ? large.outcome.reason : "", /not at its end after 100000 steps/);
    const steady = played(acting(db({ replicas: 100_000 }), { type: "scale", replicas: 99_999 }));
    assert.equal(steady.outcome.type, "converged");
  });
}

test("absurd ordinals and partitions are played as the controller plays them", () => {
  const far = played(creating(db({ ordinals: { start: 2_147_483_647 }, replicas: 2 })));
  assert.deepEqual(far.outcome.type, "converged");
  assert.equal(podActions(far), "+db-2147483647 +db-2147483648");
  const partition = played(edited({ updateStrategy: { rollingUpdate: { partition: 2_000_000_000 } } }));
  assert.equal(podActions(partition), "");
});

test("a caller may stop early", () => {
  const playing = play({ scenario: creating(db({ replicas: 50_000 })), behaviour: today });
  assert.equal(playing.next().value && true, true);
  playing.return({ type: "converged", at: 0 });
  assert.equal(playing.next().done, true);
});

test("steps are plain data", () => {
  const simulation = played(edited());
  assert.deepEqual(structuredClone(simulation), simulation);
});
