import assert from "node:assert/strict";
import { test } from "node:test";
import { acting, creating, editing } from "../../../server/src/engine/rollout/scenario.js";
import type { TimingHints } from "../../../server/src/engine/rollout/spec.js";
import { podTiming } from "../../../server/src/engine/rollout/world.js";
import { cluster, db, played } from "./rollouts.js";

const timings: readonly (readonly [string, TimingHints, number, number, number])[] = [
  ["no probes: Ready once it runs", {}, 2, 0, 2],
  ["a readiness probe tries every 10 s", { containers: [{ readinessProbe: {} }] }, 2, 10, 2],
  ["its initial delay is long enough", { containers: [{ readinessProbe: { initialDelaySeconds: 7 } }] }, 2, 7, 2],
  [
    "it has to succeed three times",
    { containers: [{ readinessProbe: { initialDelaySeconds: 5, periodSeconds: 2, successThreshold: 3 } }] },
    2,
    9,
    2,
  ],
  [
    "a startup probe comes first",
    { containers: [{ startupProbe: { periodSeconds: 4 }, readinessProbe: { periodSeconds: 5 } }] },
    2,
    5,
    2,
  ],
  ["the slowest container counts", { containers: [{}, { readinessProbe: { initialDelaySeconds: 30 } }] }, 2, 30, 2],
  ["init containers run first", { initContainers: 2 }, 6, 0, 2],
  ["preStop sleeps", { preStopSleepSeconds: 15 }, 2, 0, 17],
  ["the grace period is the limit", { preStopSleepSeconds: 60, terminationGracePeriodSeconds: 20 }, 2, 0, 20],
];
for (const [title, hints, toRunning, toReady, toGone] of timings) {
  test(`timing: ${title}`, () =>
    assert.deepEqual(podTiming(hints), { toRunning, toReady, toGone, toEvict: 300, toDetach: 360 }));
}

test("pods of the old template keep the old timing", () => {
  const old = db({ replicas: 1, timing: { preStopSleepSeconds: 20 } });
  const { steps } = played(editing(old, { ...old, revision: "new", timing: {} }));
  assert.equal(steps.find(({ action }) => action === "gone")?.at, 22);
});

test("a scenario overrides timing, and a slow pod is slow", () => {
  const scenario = { ...creating(db({ replicas: 1 })), timing: { toRunning: 0, toReady: 0.5 } };
  assert.equal(played(scenario).outcome.at, 0.5);
  const slow = { ...scenario, faults: [{ effect: { type: "slow" as const, secondsToReady: 90 } }] };
  assert.equal(played(slow).outcome.at, 90);
});

test("minReadySeconds: the next pod waits until a pod is Available", () => {
  const { steps } = played(creating(db({ replicas: 2, minReadySeconds: 30 })));
  assert.deepEqual(
    steps.filter(({ action }) => action === "createPod" || action === "available").map(({ at }) => at),
    [0, 35, 35, 70],
  );
});

test("raising minReadySeconds counts from when the pod became Ready", () => {
  const scenario = creating(db({ replicas: 2, minReadySeconds: 5 }));
  const raised = {
    ...scenario,
    actions: [
      ...scenario.actions,
      {
        when: { type: "at" as const, seconds: 8 },
        action: { type: "apply" as const, spec: db({ replicas: 2, minReadySeconds: 20 }) },
      },
    ],
  };
  assert.equal(played(raised).steps.find(({ action, pod }) => action === "createPod" && pod === "db-1")?.at, 25);
});

test("a lost node is noticed after 50 s since 1.32, and its pod evicted 300 s later", () => {
  const moments = (version: string): readonly number[] =>
    played(acting(db(), { type: "loseNode", ordinal: 1 }), cluster(version))
      .steps.filter(({ action }) => action === "unready" || action === "evict")
      .map(({ at }) => at);
  assert.deepEqual(moments("1.36"), [50, 350]);
  assert.deepEqual(moments("1.31"), [40, 340]);
});
