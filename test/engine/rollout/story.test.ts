import assert from "node:assert/strict";
import { test } from "node:test";
import { behaviourOf, defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { simulate } from "../../../server/src/engine/rollout/simulate.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { dependsOn, storyOf } from "../../../server/src/engine/rollout/story.js";
import { written } from "../../client/specs.js";

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

for (const [name, scenario, expected] of [
  [
    "what keeps its old template is told at the end, with the reason",
    editing(partitioned("one"), partitioned("two")),
    [
      "record the template as v2",
      "delete db-1",
      "the new db-1 waits for the old one to stop",
      "db-1 is gone",
      "create db-1 on v2",
      "db-1 is Ready",
      "db-0 stays on v1",
    ],
  ],
  [
    "with OnDelete that is all",
    editing(onDelete("one"), onDelete("two")),
    ["record the template as v2", "db-0, 1 stay on v1"],
  ],
  [
    "a broken pod is not replaced after a rollback",
    {
      ...editing(written({}), written({ revision: "two" })),
      actions: [
        ...editing(written({}), written({ revision: "two" })).actions,
        { when: { type: "settled" }, action: { type: "rollBack" } },
      ],
      faults: [{ ordinals: [1], revision: "new", effect: { type: "crashLoop" } }],
    },
    [
      "record the template as v2",
      "delete db-1",
      "the new db-1 waits for the old one to stop",
      "db-1 is gone",
      "create db-1 on v2",
      "db-0 waits for db-1",
      "db-1 crashes",
      "use v1 again",
      "db-1 is not replaced",
    ],
  ],
] satisfies [string, Scenario, readonly string[]][]) {
  test(`the story: ${name}`, () => {
    const story = storyOf(simulate({ scenario, behaviour: behaviourOf(defaultRelease, {}) }));
    assert.deepEqual(
      story.filter(({ tone }) => tone !== "user").map(({ title }) => title),
      expected,
    );
  });
}

function partitioned(revision: string): WrittenSpec {
  return written({ revision, updateStrategy: { rollingUpdate: { partition: 1 } } });
}

function onDelete(revision: string): WrittenSpec {
  return written({ revision, updateStrategy: { type: "OnDelete" } });
}
