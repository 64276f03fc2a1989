import assert from "node:assert/strict";
import { test } from "node:test";
import { dependsOn } from "../../server/src/engine/rollout/story.js";

for (const [field, cursor, expected] of [
  ["spec.replicas", "spec.replicas", true],
  ["spec.updateStrategy.type", "spec.updateStrategy", true],
  ["spec.template", "spec.template.spec.containers[0].image", true],
  ["spec.template.spec.containers", "spec.template.spec.containers[0].image", true],
  ["spec.replicas", "spec.replicasOfOthers", false],
  ["spec", "spec.replicas", false],
  ["spec.replicas", "spec", false],
  ["", "spec.replicas", false],
] as const) {
  test(`a step that hangs on ${field || "nothing"} with the cursor on ${cursor}`, () => {
    assert.equal(dependsOn(field, cursor), expected);
  });
}
