import assert from "node:assert/strict";
import { test } from "node:test";
import { behaviourOf, defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { pictureOf } from "../../../server/src/engine/rollout/picture.js";
import { creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { simulate } from "../../../server/src/engine/rollout/simulate.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { textPicture } from "../../../server/src/engine/rollout/text-picture.js";

test("an update as text: a sign for each condition, the number of the revision where a pod is ready", () => {
  assert.deepEqual(drawn(editing(db({}), db({ revision: "two" }))), [
    "      0 s                 5 s                 10 s                15 s",
    "db-0  1111111111111111111111111111xxxxxxxx........------------22222222",
    "db-1  xxxxxxxx........------------222222222222222222222222222222222222",
    "      1 ready on v1   2 ready on v2   . pending   - running   x terminating",
  ]);
});

test("pods that look the same share a row, and the worst of a moment is what is seen", () => {
  const many = drawn(editing(db({ replicas: 1000 }), db({ replicas: 1000, revision: "two" })));
  assert.ok(many.length < 140, String(many.length));
  assert.match(many[1] ?? "", /^db-0\.\.\d+ +1{57,}x2+$/);
  assert.match(drawn(creating(db({ podManagementPolicy: "Parallel" })))[1] ?? "", /^db-0\.\.1 {2}\.+-+1+$/);
});

test("what is stuck stands out", () => {
  const scenario = editing(db({}), db({ revision: "two" }));
  const faults = [{ ordinals: [1], revision: "new", effect: { type: "neverReady" } }] as const;
  const lines = drawn({ ...scenario, faults });
  assert.match(lines[2] ?? "", /!+$/);
  assert.match(lines.at(-1) ?? "", /! failing or stuck/);
});

test("without pods there is nothing to draw", () => {
  assert.deepEqual(drawn(creating(db({ replicas: 0 }))), []);
});

function drawn(scenario: Scenario): readonly string[] {
  return textPicture(pictureOf(simulate({ scenario, behaviour: behaviourOf(defaultRelease, {}) })));
}

function db(fields: Partial<WrittenSpec>): WrittenSpec {
  const readinessProbe = { periodSeconds: 1 };
  return { name: "db", revision: "one", replicas: 2, timing: { containers: [{ readinessProbe }] }, ...fields };
}
