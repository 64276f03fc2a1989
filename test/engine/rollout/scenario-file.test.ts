import assert from "node:assert/strict";
import { test } from "node:test";
import { readScenarioFile } from "../../../server/src/engine/rollout/scenario-file.js";
import { editing, withAdditions } from "../../../server/src/engine/rollout/scenario.js";
import { db, played } from "./rollouts.js";

test("a scenario file adds actions, faults, timing and gates", () => {
  const file = readScenarioFile({
    faults: [{ ordinals: [1], revision: "new", effect: "slow", secondsToReady: 60 }],
    actions: [
      { do: "scale", replicas: 4, at: 5 },
      { do: "delete", propagation: "Foreground" },
    ],
    timing: { toGone: 10 },
    featureGates: { MaxUnavailableStatefulSet: true },
  });
  assert.deepEqual(file, {
    type: "read",
    additions: {
      faults: [{ ordinals: [1], revision: "new", effect: { type: "slow", secondsToReady: 60 } }],
      actions: [
        { when: { type: "at", seconds: 5 }, action: { type: "scale", replicas: 4 } },
        { when: { type: "settled" }, action: { type: "delete", propagation: "Foreground" } },
      ],
      timing: { toGone: 10 },
      featureGates: { MaxUnavailableStatefulSet: true },
    },
  });
  const scenario = withAdditions(
    editing(db(), db({ revision: "new" })),
    file.type === "read" ? file.additions : assert.fail(),
  );
  assert.equal(played(scenario).steps.at(-1)?.action, "setGone");
});

test("an empty file changes nothing", () => {
  for (const value of [undefined, null, {}]) {
    const nothing = { actions: [], faults: [], timing: {}, featureGates: {} };
    assert.deepEqual(readScenarioFile(value), { type: "read", additions: nothing });
  }
});

const wrong: readonly (readonly [unknown, readonly string[]])[] = [
  [[], ["the scenario must be a mapping"]],
  ["text", ["the scenario must be a mapping"]],
  [{ fault: [] }, ["fault is not known here; expected start, actions, faults, timing, featureGates, play"]],
  [{ faults: {} }, ["faults must be a list"]],
  [
    { faults: [7] },
    [
      "faults[0] must be a mapping",
      "faults[0].effect must be one of neverReady, crashLoop, unschedulable, failsOnce, slow",
    ],
  ],
  [{ faults: [{ effect: "slow" }] }, ["faults[0].secondsToReady must be a number that is not negative"]],
  [{ faults: [{ effect: "neverReady", ordinals: ["db-1"] }] }, ["faults[0].ordinals must be a list of ordinals"]],
  [{ actions: [{ do: "scale", replicas: -1 }] }, ["actions[0].replicas must be a number that is not negative"]],
  [{ actions: [{ do: "restart", ordinal: 1 }] }, ["actions[0].ordinal is not known here; expected do, at"]],
  [{ start: [] }, ["start must be a mapping"]],
  [{ start: { pods: {} } }, ["start.pods must be a list"]],
  [{ start: { set: "gone" } }, ["start.set must be one of present, absent"]],
  [
    { start: { pods: [{ ordinal: 0, is: "broken" }] } },
    [
      "start.pods[0].ordinal is not known here; expected ordinals, is, revision",
      "start.pods[0].is must be one of ready, starting, notReady, neverReady, crashLoop, unschedulable, failed, terminating, missing",
    ],
  ],
  [
    { start: { pods: [{ ordinals: [0.5], revision: "old" }] } },
    ["start.pods[0].ordinals must be a list of ordinals", "start.pods[0].revision must be one of current, older"],
  ],
  [
    { start: { claims: [{ ordinals: [2 ** 31], claim: 1, is: "lost" }] } },
    [
      "start.claims[0].ordinals must be a list of ordinals",
      "start.claims[0].claim must be a text",
      "start.claims[0].is must be one of present, terminating, held, missing",
    ],
  ],
  [{ timing: { toReady: "5s" } }, ["timing.toReady must be a number that is not negative"]],
  [
    { featureGates: { MaxUnavailableStatefulSet: "yes" } },
    ["featureGates.MaxUnavailableStatefulSet must be true or false"],
  ],
];
for (const [value, errors] of wrong) {
  test(`refused: ${JSON.stringify(value)}`, () =>
    assert.deepEqual(readScenarioFile(value), { type: "invalid", errors }));
}
