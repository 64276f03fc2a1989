import type { Behaviour } from "../kubernetes/versions.js";
import { sync, type SyncResult } from "./controller.js";
import { isOnLostNode } from "./cluster.js";
import { blockerOf, explainWait, heldBack, highestOutdated, podBlocker, type Blocker } from "./explain.js";
import { stuckRunbook, touchSet } from "./stuck-runbook.js";
import { aside, type Runbook } from "./runbook.js";
import { firstWhere, ordinalsWhere, podAt, summaryOf } from "./slots.js";
import { formatApiError, lastOrdinal, podName, type ApiError, type RolloutSpec } from "./spec.js";
import { isFinished, type ClusterState } from "./state.js";
import type { Pod } from "./slot.js";
import { faultOf } from "./world.js";

/** How a simulation ends; `at` in seconds. */
export type Outcome =
  /** All is as the spec wants it. */
  | { readonly type: "converged"; readonly at: number }
  /** Nothing will happen any more although something is missing. */
  | {
      readonly type: "stuck";
      readonly at: number;
      readonly blocker: Blocker;
      /** One sentence. */
      readonly reason: string;
      readonly field: string;
      /** What sets it going again. */
      readonly runbook: Runbook;
    }
  /** The API server refuses what the user applied. */
  | {
      readonly type: "rejected";
      readonly at: number;
      readonly reason: string;
      readonly errors: readonly ApiError[];
      /** How it can be done all the same, where it can. */
      readonly runbook: Runbook | undefined;
    }
  /** Not simulated to its end. */
  | { readonly type: "stepLimit"; readonly at: number; readonly reason: string };

export function rejectedBy(errors: readonly ApiError[], state: ClusterState, runbook?: Runbook): Outcome {
  return { type: "rejected", at: state.clock / 1000, reason: errors.map(formatApiError).join("; "), errors, runbook };
}

export function tooManyReplicas({ set, clock }: ClusterState, allowed: number): Outcome | undefined {
  if (set.type === "absent" || set.spec.replicas <= allowed) return undefined;
  return {
    type: "stepLimit",
    at: clock / 1000,
    reason: `${set.spec.replicas} replicas are more than a simulation plays (${allowed})`,
  };
}

export function outOfSteps(state: ClusterState, steps: number): Outcome {
  const { pods, unhealthy } = summaryOf(state.slots);
  const wanted = state.set.type === "absent" ? 0 : state.set.spec.replicas;
  return {
    type: "stepLimit",
    at: state.clock / 1000,
    reason: `not at its end after ${steps} steps: ${pods - unhealthy} pods are Ready, ${wanted} are needed`,
  };
}

/** The API server refuses a pod that the controller wants to create, and will refuse it again. */
export function neverCreated(
  state: ClusterState,
  ordinal: number,
  { field, reason }: { readonly field: string; readonly reason: string },
): Outcome {
  const pod = podName(state, ordinal);
  return {
    type: "stuck",
    at: state.clock / 1000,
    blocker: { type: "pod", ordinal, pod, condition: "cannot be created" },
    reason: `${pod} cannot be created: ${reason}`,
    field,
    runbook: {
      kind: "renameSet",
      title: "Let the API server take the pods",
      steps: [aside(`Correct ${field} in the manifest, then apply it again`)],
      losesClaims: [],
    },
  };
}

/**
 * Of a state in which nothing more will happen by itself; `last` is the controller's last sync, and `soundRevisions` are
 * those of which `isSound` said so, in that order.
 */
export function judge(
  state: ClusterState,
  last: SyncResult,
  behaviour: Behaviour,
  soundRevisions: readonly string[],
): Outcome {
  const at = state.clock / 1000;
  const problem = problemOf(state, last);
  if (problem === undefined) return { type: "converged", at };
  const { blocker } = problem;
  const held = last.wait === undefined ? undefined : heldBack(state, last.wait);
  const explained =
    last.wait === undefined || held === undefined ? undefined : explainWait(state, last.wait, held, behaviour);
  return {
    type: "stuck",
    at,
    blocker,
    reason: explained === undefined ? problem.reason : `${problem.reason}. ${explained.why}`,
    field: explained?.field ?? "spec.template.spec.containers",
    runbook: stuckRunbook(state, blocker, behaviour, soundRevisions),
  };
}

/**
 * Of a state in which nothing more will happen by itself, although the controller would do something if it looked: a
 * claim of which it knew has gone since, and it does not watch claims. `undefined` where that is not so.
 */
export function judgeAsleep(state: ClusterState, behaviour: Behaviour): Outcome | undefined {
  const { set } = state;
  if (set.type === "absent" || set.deletion !== "none") return undefined;
  const { changes } = sync(state, behaviour);
  const first = changes.flatMap(({ action }) => (action.type === "createPod" ? [action] : []))[0];
  if (first === undefined) return undefined;
  const blocker = podBlocker(state, first.ordinal);
  const pod = podName(state, first.ordinal);
  return {
    type: "stuck",
    at: state.clock / 1000,
    blocker,
    reason: `${pod} is missing, and nothing wakes the controller: when it last looked, a claim of the old ${pod} was still being deleted, and it does not watch claims`,
    field: "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
    runbook: touchSet(state),
  };
}

/** Whether the set is as its spec wants it, and pods of its revision are Ready: the revision has proven itself. */
export function isSound(state: ClusterState, last: SyncResult): boolean {
  const { set, slots } = state;
  // Asked with every event: what is wrong is found here before words are made for it.
  if (set.type === "absent" || firstWrong(state, set.spec) !== undefined) return false;
  if (problemOf(state, last) !== undefined) return false;
  const { revision } = set.spec;
  return ordinalsWhere(slots, ({ ready }) => ready > 0).some((ordinal) => podAt(slots, ordinal)?.revision === revision);
}

interface Problem {
  readonly blocker: Blocker;
  readonly reason: string;
}

/** What keeps the cluster from being as the spec wants it. */
function problemOf(state: ClusterState, { wait, error }: SyncResult): Problem | undefined {
  const { set, slots } = state;
  if (set.type === "absent" || set.deletion !== "none") return leftOver(state);
  const { spec } = set;
  const wrong = firstWrong(state, spec);
  if (wrong === undefined && highestOutdated(state, spec) === undefined) return undefined;
  const waitsFor = wait === undefined ? undefined : blockerOf(state, wait);
  const culprit = waitsFor ?? (wrong === undefined ? undefined : podBlocker(state, wrong));
  if (culprit === undefined) return undefined;
  if (error !== undefined) return { blocker: culprit, reason: error };
  if (wait?.type === "unknownStrategy") return { blocker: culprit, reason: "Nothing moves any more" };
  if (culprit.type === "claim") return { blocker: culprit, reason: `${culprit.claim} never goes` };
  return { blocker: culprit, reason: describe(state, podAt(slots, culprit.ordinal), culprit.pod) };
}

/** The first pod that should be there and Ready and is not, or else one that should be gone. */
function firstWrong({ slots }: ClusterState, spec: RolloutSpec): number | undefined {
  const [first, last] = [spec.firstOrdinal, lastOrdinal(spec)];
  return (
    firstWhere(slots, first, last, ({ pods, unhealthy }, size) => pods < size || unhealthy > 0) ??
    firstWhere(slots, 0, first - 1, ({ pods }) => pods > 0) ??
    firstWhere(slots, last + 1, Infinity, ({ pods }) => pods > 0)
  );
}

/** After the set was deleted nothing should terminate without end; orphans run on. */
function leftOver(state: ClusterState): Problem | undefined {
  const ordinal = firstWhere(state.slots, 0, Infinity, ({ terminating }) => terminating > 0);
  if (ordinal === undefined) return undefined;
  const blocker = podBlocker(state, ordinal);
  return blocker.type === "pod"
    ? { blocker, reason: describe(state, podAt(state.slots, ordinal), blocker.pod) }
    : undefined;
}

function describe(state: ClusterState, pod: Pod | undefined, name: string): string {
  if (pod === undefined) return `${name} is missing`;
  if (pod.terminating) return `${name} terminates without end: its node does not answer`;
  if (isOnLostNode(state, pod))
    return `${name} is not evicted although its node does not answer: it tolerates that without limit`;
  if (isFinished(pod)) return `${name} is ${pod.phase}`;
  const fault = state.world.type === "simulated" ? faultOf(state.world, pod.ordinal, pod.revision) : undefined;
  switch (fault?.type) {
    case "crashLoop":
      return `${name} crashes again and again and is never Ready`;
    case "unschedulable":
      return `${name} finds no node and stays Pending`;
    default:
      return pod.readySince === undefined ? `${name} never becomes Ready` : `${name} is not Available`;
  }
}
