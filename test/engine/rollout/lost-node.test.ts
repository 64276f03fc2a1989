import assert from "node:assert/strict";
import { test } from "node:test";
import { acting, type Scenario, type UserAction } from "../../../server/src/engine/rollout/scenario.js";
import type { Toleration, WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { secondsToEviction } from "../../../server/src/engine/rollout/tolerations.js";
import { db, played } from "./rollouts.js";

const unreachable = { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" };

const tolerations: readonly (readonly [title: string, written: readonly Toleration[], seconds: number])[] = [
  ["none: the admission plugin adds 300 s", [], 300],
  ["30 s", [{ ...unreachable, tolerationSeconds: 30 }], 30],
  ["without seconds: for as long as it takes", [unreachable], Infinity],
  ["zero seconds", [{ ...unreachable, tolerationSeconds: 0 }], 0],
  ["negative seconds", [{ ...unreachable, tolerationSeconds: -5 }], 0],
  ["every taint", [{ operator: "Exists" }], Infinity],
  ["every taint of the effect, for a minute", [{ operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 }], 60],
  ["every effect of the key", [{ key: unreachable.key, operator: "Exists" }], Infinity],
  ["no operator means Equal, and the taint has no value", [{ ...unreachable, operator: undefined }], Infinity],
  [
    "Equal to another value: no default is added, and nothing matches",
    [{ ...unreachable, operator: "Equal", value: "yes" }],
    0,
  ],
  ["another effect", [{ ...unreachable, effect: "NoSchedule" }], 300],
  ["not-ready alone", [{ ...unreachable, key: "node.kubernetes.io/not-ready", tolerationSeconds: 10 }], 300],
  ["another taint", [{ key: "gpu", operator: "Exists" }], 300],
  [
    "of several that match the first counts",
    [{ key: "gpu" }, { ...unreachable, tolerationSeconds: 90 }, { operator: "Exists" }],
    90,
  ],
  [
    "of several that match the first counts, if it has no end",
    [{ operator: "Exists" }, { ...unreachable, tolerationSeconds: 9 }],
    Infinity,
  ],
];
for (const [title, written, seconds] of tolerations) {
  test(`tolerations: ${title}`, () => assert.equal(secondsToEviction(written), seconds));
}

function losing(written: WrittenSpec, ...later: readonly UserAction[]): Scenario {
  const scenario = acting(written, { type: "loseNode", ordinal: 1 });
  const settled = later.map((action) => ({ when: { type: "settled" as const }, action }));
  return { ...scenario, actions: [...scenario.actions, ...settled] };
}

/** What happens to db-1, each with its moment: `50 unready`. */
function fateOf(scenario: Scenario): readonly string[] {
  return played(scenario)
    .steps.filter(({ kind, pod }) => kind !== "wait" && pod === "db-1")
    .map(({ at, action }) => `${at} ${action}`);
}

function tolerating(seconds: number | undefined): WrittenSpec {
  return db({ timing: { tolerations: [{ ...unreachable, tolerationSeconds: seconds }] } });
}

test("a lost node: the pod is evicted when its toleration ends", () => {
  assert.deepEqual(fateOf(losing(tolerating(30))), ["0 loseNode", "50 unready", "80 evict"]);
  assert.deepEqual(fateOf(losing(tolerating(0))), ["0 loseNode", "50 unready", "50 evict"]);
  assert.deepEqual(fateOf(losing(tolerating(undefined))), ["0 loseNode", "50 unready"]);
  const why = played(losing(tolerating(30))).steps.find(({ action }) => action === "evict")?.why;
  assert.equal(why, "db-1 is evicted: it tolerates an unreachable node for 30 s");
});

test("the old pods keep the tolerations of their template", () => {
  const scenario: Scenario = {
    start: { type: "steady", spec: tolerating(30) },
    actions: [
      {
        when: { type: "at", seconds: 0 },
        action: { type: "apply", spec: { ...db({ updateStrategy: { type: "OnDelete" } }), revision: "new" } },
      },
      { when: { type: "at", seconds: 1 }, action: { type: "loseNode", ordinal: 1 } },
    ],
    faults: [],
  };
  assert.ok(fateOf(scenario).includes("81 evict"));
});

test("out of service: the pod is removed within 20 s, and its volume is free at once", () => {
  assert.deepEqual(fateOf(losing(tolerating(30), { type: "outOfService", ordinal: 1 })).slice(3), [
    "80 outOfService",
    "100 gone",
    "100 createPod",
    "102 running",
    "102 ready",
  ]);
});

test("deleted by force: the volume stays attached to the lost node for 6 min", () => {
  assert.deepEqual(fateOf(losing(tolerating(30), { type: "forceDeletePod", ordinal: 1 })).slice(3), [
    "80 forceDeletePod",
    "80 createPod",
    "442 running",
    "442 ready",
  ]);
  const { steps } = played({
    ...losing(tolerating(30), { type: "forceDeletePod", ordinal: 1 }),
    timing: { toDetach: 60 },
  });
  const running = steps.findLast(({ action }) => action === "running");
  assert.equal(running?.at, 142);
  assert.equal(running.why, "The volumes of db-1 are detached from the lost node at last, and its containers start");
});

test("deleted by force: a pod without volumes starts at once", () => {
  const spec = { ...tolerating(30), claims: [] };
  assert.ok(fateOf(losing(spec, { type: "forceDeletePod", ordinal: 1 })).includes("82 running"));
});

test("out of service: a pod whose node answers takes no notice", () => {
  const { steps } = played(acting(db(), { type: "outOfService", ordinal: 1 }));
  assert.deepEqual(
    steps.map(({ action }) => action),
    ["outOfService"],
  );
});
