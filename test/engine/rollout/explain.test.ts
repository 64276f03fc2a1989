import assert from "node:assert/strict";
import { test } from "node:test";
import { acting, creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { cluster, db, played, today } from "./rollouts.js";

/** The first step with that action about that pod or claim says why, and names the field. */
function check(
  scenario: Scenario,
  action: string,
  subject: string,
  why: string,
  field: string,
  version = "1.36",
): void {
  const { steps } = played(scenario, cluster(version));
  const step = steps.find(
    (other) => other.action === action && (other.claim ?? other.pod ?? other.revision ?? "") === subject,
  );
  assert.deepEqual({ why: step?.why, field: step?.field }, { why, field });
}

const create = creating(db());
const edit = editing(db(), db({ revision: "new" }));
const shrinking = (whenScaled: string): Scenario =>
  acting(db({ persistentVolumeClaimRetentionPolicy: { whenScaled } }), { type: "scale", replicas: 2 });
const budget = { rollingUpdate: { maxUnavailable: 2 } };

test("OrderedReady", () => {
  const why = "db-1 waits: db-0 is not Ready, and podManagementPolicy is OrderedReady";
  check(create, "waitToCreate", "db-1", why, "spec.podManagementPolicy");
  check(create, "createPod", "db-0", "db-0 is missing, and it comes first", "spec.replicas");
  check(
    edit,
    "waitToUpdate",
    "db-1",
    "db-1 waits: db-2 is not Ready, and podManagementPolicy is OrderedReady",
    "spec.podManagementPolicy",
  );
  const slowly = creating(db({ minReadySeconds: 30 }));
  const waits = played(slowly).steps.filter(({ kind }) => kind === "wait");
  assert.deepEqual(
    waits.slice(0, 2).map(({ at, why: reason, field }) => ({ at, reason, field })),
    [
      { at: 0, reason: why, field: "spec.podManagementPolicy" },
      {
        at: 5,
        reason: "db-1 waits: db-0 has not been Ready for 30 s (minReadySeconds)",
        field: "spec.minReadySeconds",
      },
    ],
  );
});

test("updates", () => {
  check(
    edit,
    "waitToCreate",
    "db-2",
    "The new db-2 waits: the old one is still terminating",
    "spec.template.spec.terminationGracePeriodSeconds",
  );
  check(edit, "createRevision", "new", "The pod template changed, so it is recorded as revision 2", "spec.template");
  check(
    editing(db({ updateStrategy: budget }), db({ updateStrategy: budget, revision: "new" })),
    "deletePod",
    "db-2",
    "db-2 has an old template, and maxUnavailable 2 leaves room for it",
    "spec.updateStrategy.rollingUpdate.maxUnavailable",
    "1.35.1",
  );
  check(
    editing(
      db({ replicas: 2, updateStrategy: { rollingUpdate: { partition: 3 } } }),
      db({ replicas: 4, updateStrategy: { rollingUpdate: { partition: 3 } }, revision: "new" }),
    ),
    "createPod",
    "db-2",
    "db-2 gets the old template: it is below partition 3",
    "spec.updateStrategy.rollingUpdate.partition",
  );
});

test("forced rollback: a broken pod waits for itself", () => {
  const broken: Scenario = {
    ...edit,
    actions: [...edit.actions, { when: { type: "settled" }, action: { type: "rollBack" } }],
    faults: [{ revision: "new", effect: { type: "neverReady" } }],
  };
  check(
    broken,
    "waitToUpdate",
    "db-2",
    "db-2 is not Ready, and with podManagementPolicy OrderedReady no pod is updated before all are, not even this one",
    "spec.podManagementPolicy",
  );
});

test("a wait for the budget of maxUnavailable", () => {
  const parallel = { podManagementPolicy: "Parallel", updateStrategy: budget };
  check(
    editing(db(parallel), db({ ...parallel, revision: "new" })),
    "waitToUpdate",
    "db-0",
    "db-0 waits: 2 of 3 pods are unavailable, and maxUnavailable allows 2",
    "spec.updateStrategy.rollingUpdate.maxUnavailable",
    "1.37",
  );
});

test("claims", () => {
  check(
    shrinking("Delete"),
    "setClaimOwner",
    "data-db-2",
    "whenScaled is Delete and db-2 is to go: the claim will be deleted together with it",
    "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
  );
  check(
    shrinking("Delete"),
    "claimGone",
    "data-db-2",
    "db-2 owned the claim and is gone: whenScaled is Delete",
    "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
  );
  const fates = (scenario: Scenario): readonly string[] => played(scenario).claims.map(({ fate }) => fate);
  assert.deepEqual(fates(shrinking("Delete")), ["kept", "kept", "deleted"]);
  assert.deepEqual(fates(shrinking("Retain")), ["kept", "kept", "orphaned"]);
  const back: Scenario = {
    ...shrinking("Retain"),
    actions: [...shrinking("Retain").actions, { when: { type: "settled" }, action: { type: "scale", replicas: 3 } }],
  };
  assert.deepEqual(fates(back), ["kept", "kept", "kept"]);
  const leftOver: Scenario = {
    ...create,
    actions: [
      ...create.actions,
      { when: { type: "settled" }, action: { type: "deleteClaim", claim: "data", ordinal: 1 } },
      { when: { type: "settled" }, action: { type: "deletePod", ordinal: 1 } },
    ],
  };
  assert.deepEqual(
    played({ ...leftOver, start: { type: "steady", spec: db() } }).claims.map(({ fate }) => fate),
    ["kept", "deleted", "kept"],
  );
});

test("every step of every kind of rollout has a reason and a field of the manifest", () => {
  const scenarios = [create, edit, shrinking("Delete"), acting(db(), { type: "loseNode", ordinal: 0 })];
  for (const scenario of scenarios) {
    for (const { why, field } of played(scenario, today).steps) {
      assert.match(why, /^\S.*[^.]$/);
      assert.match(field, /^(spec|metadata\.name)(\.[A-Za-z]+)*$/);
    }
  }
});
