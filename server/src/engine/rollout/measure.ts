import { summaryOf } from "./slots.js";
import type { ClusterState } from "./state.js";
import type { Step } from "./step.js";
import type { ClaimFate } from "./fates.js";

/** A rollout in numbers. A pod counts as ready while it is Ready and not terminating. */
export interface Measure {
  readonly durationSeconds: number;
  /** The fewest ready pods at any time. */
  readonly lowestReady: number;
  /** How long fewer pods than wanted were ready. */
  readonly secondsBelowReplicas: number;
  /** The most pods that terminated at the same time. */
  readonly podsDownAtOnce: number;
  readonly podsCreated: number;
  readonly podsDeleted: number;
  /** Claims whose data is gone, and claims that are left without a pod. */
  readonly claimsDeleted: readonly string[];
  readonly claimsLeftOver: readonly string[];
}

export function measure(start: ClusterState, steps: readonly Step[], fates: readonly ClaimFate[]): Measure {
  const named = (fate: "deleted" | "orphaned"): readonly string[] =>
    fates.filter((claim) => claim.fate === fate).map(({ name }) => name);
  return {
    durationSeconds: steps.at(-1)?.at ?? 0,
    lowestReady: lowest(start, steps),
    secondsBelowReplicas: secondsWhere(start, steps, (state) => readyPods(state) < wantedPods(state)),
    podsDownAtOnce: steps.reduce((most, { state }) => Math.max(most, summaryOf(state.slots).terminating), 0),
    podsCreated: steps.filter(({ action }) => action === "createPod").length,
    podsDeleted: steps.filter(({ kind, action }) => kind === "controller" && action === "deletePod").length,
    claimsDeleted: named("deleted"),
    claimsLeftOver: named("orphaned"),
  };
}

/** How long fewer than `pods` pods were ready, in seconds. */
export function secondsBelow(start: ClusterState, steps: readonly Step[], pods: number): number {
  return secondsWhere(start, steps, (state) => readyPods(state) < pods);
}

/** Ready pods that do not terminate: those that get traffic. */
export function readyPods({ slots }: ClusterState): number {
  const { pods, unhealthy } = summaryOf(slots);
  return pods - unhealthy;
}

function wantedPods({ set }: ClusterState): number {
  return set.type === "absent" ? 0 : set.spec.replicas;
}

/** Of the states that last: those within one moment do not count. */
function lowest(start: ClusterState, steps: readonly Step[]): number {
  let fewest = Infinity;
  for (const { state } of lasting(start, steps)) fewest = Math.min(fewest, readyPods(state));
  return fewest;
}

function secondsWhere(start: ClusterState, steps: readonly Step[], holds: (state: ClusterState) => boolean): number {
  let milliseconds = 0;
  for (const { state, until } of lasting(start, steps)) if (holds(state)) milliseconds += until - state.clock;
  return milliseconds / 1000;
}

/** The state at the end of each moment, and when it ends; the last one has no length. */
function* lasting(
  start: ClusterState,
  steps: readonly Step[],
): Generator<{ readonly state: ClusterState; readonly until: number }> {
  let state = start;
  for (const step of steps) {
    if (step.state.clock > state.clock) yield { state, until: step.state.clock };
    ({ state } = step);
  }
  yield { state, until: state.clock };
}
