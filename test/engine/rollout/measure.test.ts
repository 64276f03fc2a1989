import assert from "node:assert/strict";
import { test } from "node:test";
import { secondsBelow } from "../../../server/src/engine/rollout/measure.js";
import { acting, creating, editing } from "../../../server/src/engine/rollout/scenario.js";
import { db, played } from "./rollouts.js";

test("a rolling update: one pod down at a time", () => {
  const { measure, start, steps } = played(editing(db(), db({ revision: "new" })));
  assert.deepEqual(measure, {
    durationSeconds: 21,
    lowestReady: 2,
    secondsBelowReplicas: 21,
    podsDownAtOnce: 1,
    podsCreated: 3,
    podsDeleted: 3,
    claimsDeleted: [],
    claimsLeftOver: [],
  });
  assert.equal(secondsBelow(start, steps, 2), 0);
  assert.equal(secondsBelow(start, steps, 3), 21);
});

test("a creation: ready pods come one after the other", () => {
  const { start, steps, measure } = played(creating(db()));
  assert.deepEqual(
    [1, 2, 3, 4].map((pods) => secondsBelow(start, steps, pods)),
    [5, 10, 15, 15],
  );
  assert.equal(measure.lowestReady, 0);
});

test("claims that are lost and left over", () => {
  const delete3 = db({ persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } });
  assert.deepEqual(played(acting(delete3, { type: "scale", replicas: 1 })).measure.claimsDeleted, [
    "data-db-1",
    "data-db-2",
  ]);
  assert.deepEqual(played(acting(db(), { type: "scale", replicas: 1 })).measure.claimsLeftOver, [
    "data-db-1",
    "data-db-2",
  ]);
});

test("nothing happens: nothing is down", () => {
  const { measure, steps } = played(editing(db(), db()));
  assert.deepEqual(
    steps.map(({ action }) => action),
    ["apply"],
  );
  assert.equal(measure.lowestReady, 3);
  assert.equal(measure.durationSeconds, 0);
});
