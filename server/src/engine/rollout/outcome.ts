import type { Behaviour } from "../kubernetes/versions.js";
import type { SyncResult } from "./controller.js";
import { isOnLostNode } from "./cluster.js";
import { blockerOf, explainWait, heldBack, highestOutdated, podBlocker, type Blocker } from "./explain.js";
import { firstWhere, podAt, summaryOf } from "./slots.js";
import { formatApiError, lastOrdinal, type ApiError, type RolloutSpec } from "./spec.js";
import { isFinished, type ClusterState, type Pod } from "./state.js";
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
      /** Commands that set it going again, in their order. Lines that start with # are for the reader. */
      readonly recovery: readonly string[];
    }
  /** The API server refuses what the user applied. */
  | { readonly type: "rejected"; readonly at: number; readonly reason: string; readonly errors: readonly ApiError[] }
  /** Not simulated to its end. */
  | { readonly type: "stepLimit"; readonly at: number; readonly reason: string };

export function rejectedBy(errors: readonly ApiError[], state: ClusterState): Outcome {
  return { type: "rejected", at: state.clock / 1000, reason: errors.map(formatApiError).join("; "), errors };
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
    reason: `not at its end after ${steps} steps: ${pods - unhealthy} pods are Ready, ${wanted} are wanted`,
  };
}

/** Of a state in which nothing more will happen by itself; `last` is the controller's last sync. */
export function judge(state: ClusterState, last: SyncResult, behaviour: Behaviour): Outcome {
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
    recovery: recoveryOf(state, blocker, behaviour),
  };
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
  const culprit =
    (wait === undefined ? undefined : blockerOf(state, wait)) ??
    firstUnavailable(state, spec) ??
    condemnedLeft(state, spec);
  const isComplete =
    firstUnavailable(state, spec) === undefined &&
    condemnedLeft(state, spec) === undefined &&
    highestOutdated(state, spec) === undefined;
  if (isComplete || culprit === undefined) return undefined;
  if (error !== undefined) return { blocker: culprit, reason: error };
  if (wait?.type === "unknownStrategy") return { blocker: culprit, reason: "Nothing moves any more" };
  if (culprit.type === "claim") return { blocker: culprit, reason: `${culprit.claim} never goes` };
  return { blocker: culprit, reason: describe(state, podAt(slots, culprit.ordinal), culprit.pod) };
}

function firstUnavailable(state: ClusterState, spec: RolloutSpec): Blocker | undefined {
  const ordinal = firstWhere(
    state.slots,
    spec.firstOrdinal,
    lastOrdinal(spec),
    ({ pods, unhealthy }, size) => pods < size || unhealthy > 0,
  );
  return ordinal === undefined ? undefined : podBlocker(state, ordinal);
}

function condemnedLeft(state: ClusterState, spec: RolloutSpec): Blocker | undefined {
  const ordinal =
    firstWhere(state.slots, 0, spec.firstOrdinal - 1, ({ pods }) => pods > 0) ??
    firstWhere(state.slots, lastOrdinal(spec) + 1, Infinity, ({ pods }) => pods > 0);
  return ordinal === undefined ? undefined : podBlocker(state, ordinal);
}

/** After the set was deleted nothing should terminate for ever; orphans run on. */
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

/**
 * What sets it going again. A pod of a broken revision is not replaced by a good template under OrderedReady: it has to
 * be deleted by hand (kubernetes.io/docs/concepts/workloads/controllers/statefulset, "Forced rollback").
 */
function recoveryOf(state: ClusterState, blocker: Blocker, behaviour: Behaviour): readonly string[] {
  const flags = state.namespace === undefined ? "" : ` --namespace ${state.namespace}`;
  if (blocker.type === "claim") return [`kubectl describe pvc ${blocker.claim}${flags}`];
  const pod = podAt(state.slots, blocker.ordinal);
  const deletion = `kubectl delete pod ${blocker.pod}${flags}`;
  if (pod !== undefined && isOnLostNode(state, pod)) {
    return [
      "# only if the node is really down: two pods of one name could otherwise write to one volume",
      `${deletion} --grace-period=0 --force`,
    ];
  }
  const { set } = state;
  if (set.type === "present" && set.spec.strategy.type === "Recreate" && behaviour.recreate !== "on") {
    return [
      "# switch the feature gate StatefulSetRecreateStrategy on again in the API server and the controller manager, or",
      `kubectl patch statefulset ${state.name}${flags} --type merge --patch '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}'`,
    ];
  }
  if (set.type === "absent" || pod === undefined) return [`kubectl describe pod ${blocker.pod}${flags}`];
  // It is only the old pod that is broken: the one that takes its place gets the template of the spec.
  if (pod.revision !== set.spec.revision && comesBackNew(set.spec, pod.ordinal)) return [deletion];
  const isUpdate = pod.revision === set.spec.revision && state.revisions.length > 1;
  const repair = isUpdate
    ? [`kubectl rollout undo statefulset/${state.name}${flags}`]
    : [`kubectl describe pod ${blocker.pod}${flags}`, "# repair the cause and apply the manifest again, then"];
  return repairsItself(set.spec, behaviour) && isUpdate ? repair : [...repair, deletion];
}

/** Whether a pod that is created anew surely gets the template of the spec: see `RolloutSpec` on a missing block. */
function comesBackNew({ strategy, firstOrdinal }: RolloutSpec, ordinal: number): boolean {
  if (strategy.type !== "RollingUpdate") return true;
  return strategy.block !== undefined && ordinal >= firstOrdinal + strategy.block.partition;
}

/** Whether a good template alone replaces a broken pod: Parallel without the gate, or since 1.37; Recreate always. */
function repairsItself(spec: RolloutSpec, behaviour: Behaviour): boolean {
  if (spec.strategy.type === "Recreate") return true;
  if (spec.strategy.type === "OnDelete" || spec.podManagement === "OrderedReady") return false;
  return !behaviour.maxUnavailable || behaviour.parallelUpdate === "unavailableFirst";
}
