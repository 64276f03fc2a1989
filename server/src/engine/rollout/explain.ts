import type { Behaviour } from "../kubernetes/versions.js";
import { hasWaitedForVolume, isOnLostNode } from "./cluster.js";
import type { Action, Wait } from "./controller.js";
import type { UserAction } from "./scenario.js";
import { claimsAt, firstWhere, lastWhere, podAt } from "./slots.js";
import { claimName, lastOrdinal, podName, type RolloutSpec } from "./spec.js";
import type { ClusterState } from "./state.js";
import type { Due, Pod } from "./slot.js";
import { faultOf, timingOf } from "./world.js";

/** Why something happens, in one plain sentence, and the field of the manifest that it depends on. */
export interface Explanation {
  readonly why: string;
  readonly field: string;
}

/** What a wait waits for. */
export type Blocker =
  | { readonly type: "pod"; readonly ordinal: number; readonly pod: string; readonly condition: string }
  | { readonly type: "claim"; readonly ordinal: number; readonly claim: string };

/** What the controller holds back, and for whom. */
export interface Held {
  readonly action: "waitToCreate" | "waitToDelete" | "waitToUpdate";
  readonly ordinal: number;
}

const container = "spec.template.spec.containers";
const partitionField = "spec.updateStrategy.rollingUpdate.partition";
const maxUnavailableField = "spec.updateStrategy.rollingUpdate.maxUnavailable";
const policyField = "spec.podManagementPolicy";
const strategyField = "spec.updateStrategy";
const retentionField = "spec.persistentVolumeClaimRetentionPolicy";

/** Of an action of the controller; `before` is the state that the sync looked at. */
export function explainAction(action: Action, before: ClusterState, behaviour: Behaviour): Explanation {
  const spec = specOf(before);
  switch (action.type) {
    case "createRevision":
      return action.number === 1
        ? { why: "The pod template is recorded as the first revision", field: "spec.template" }
        : { why: `The pod template changed, so it is recorded as revision ${action.number}`, field: "spec.template" };
    case "reuseRevision":
      return {
        why: `The pod template equals an earlier one, whose revision is used again under number ${action.number}`,
        field: "spec.template",
      };
    case "deleteRevision":
      return {
        why: `No pod uses revision ${action.number} any more, and only ${spec.revisionHistoryLimit} such revisions are kept`,
        field: "spec.revisionHistoryLimit",
      };
    case "createClaim":
      return {
        why: `${podName(spec, action.ordinal)} needs its own claim of ${action.template}, and there is none yet`,
        field: "spec.volumeClaimTemplates",
      };
    case "setClaimOwner":
      return explainClaimOwner(action.owner, action.ordinal, spec);
    case "createPod":
      return explainCreation(action.ordinal, action.revision, spec);
    case "deletePod":
      return explainDeletion(action, before, spec, behaviour);
    case "adoptPod":
      return {
        why: `${podName(spec, action.ordinal)} matches the selector and has no owner, so it is adopted as it is`,
        field: "spec.selector",
      };
    case "completeRollingUpdate":
      return { why: explainCompletion(spec), field: strategyField };
  }
}

function explainCompletion({ replicas, strategy }: RolloutSpec): string {
  // StatefulSetProgressing in k8s.io/api apps/v1 v0.37, pull request 137187.
  const condition =
    strategy.type === "Recreate" ? ", and the condition Progressing becomes False (RecreateCompleted)" : "";
  switch (replicas) {
    case 0:
      return `There are no replicas to update: the new template becomes the current revision at once${condition}`;
    case 1:
      return `The one replica has the new template and is Ready: it becomes the current revision${condition}`;
    default:
      return `All ${replicas} replicas have the new template and are Ready: it becomes the current revision${condition}`;
  }
}

function explainClaimOwner(owner: "none" | "set" | "pod", ordinal: number, spec: RolloutSpec): Explanation {
  const pod = podName(spec, ordinal);
  switch (owner) {
    case "set":
      return {
        why: "whenDeleted is Delete: the claim will be deleted together with the set",
        field: `${retentionField}.whenDeleted`,
      };
    case "pod":
      return {
        why: `whenScaled is Delete and ${pod} is to go: the claim will be deleted together with it`,
        field: `${retentionField}.whenScaled`,
      };
    case "none":
      return {
        why: `The claim of ${pod} is to be kept, whatever happens to the pod and to the set`,
        field: retentionField,
      };
  }
}

function explainCreation(ordinal: number, revision: string, spec: RolloutSpec): Explanation {
  const pod = podName(spec, ordinal);
  if (revision !== spec.revision) {
    const block = spec.strategy.type === "RollingUpdate" ? spec.strategy.block : undefined;
    return block === undefined
      ? {
          why: `${pod} comes back with the old template: updateStrategy has no rollingUpdate block, so lost pods do`,
          field: strategyField,
        }
      : { why: `${pod} gets the old template: it is below partition ${block.partition}`, field: partitionField };
  }
  if (spec.podManagement === "Parallel") {
    return { why: `${pod} is missing, and podManagementPolicy Parallel creates without waiting`, field: policyField };
  }
  if (ordinal === spec.firstOrdinal) return { why: `${pod} is missing, and it comes first`, field: "spec.replicas" };
  const below = podName(spec, ordinal - 1);
  return { why: `${pod} is missing, and all pods up to ${below} are available`, field: policyField };
}

function explainDeletion(
  { ordinal, cause }: Extract<Action, { readonly type: "deletePod" }>,
  before: ClusterState,
  spec: RolloutSpec,
  behaviour: Behaviour,
): Explanation {
  const pod = podName(spec, ordinal);
  switch (cause) {
    case "finished": {
      const phase = podAt(before.slots, ordinal)?.phase ?? "Failed";
      return { why: `${pod} is ${phase}, so it is deleted and created again`, field: "spec.replicas" };
    }
    case "scaleDown":
      return explainScaleDown(ordinal, spec);
    case "update":
      return explainUpdate(ordinal, before, spec, behaviour);
  }
}

function explainScaleDown(ordinal: number, spec: RolloutSpec): Explanation {
  const pod = podName(spec, ordinal);
  if (spec.replicas === 0) return { why: `${pod} goes: replicas is 0`, field: "spec.replicas" };
  const first = podName(spec, spec.firstOrdinal);
  const range = spec.replicas === 1 ? `${first} alone` : `${first} to ${podName(spec, lastOrdinal(spec))}`;
  const order = spec.podManagement === "OrderedReady" ? ", and the highest ordinal goes first" : "";
  return {
    why: `${pod} goes: the set now consists of ${range}${order}`,
    field: ordinal < spec.firstOrdinal ? "spec.ordinals.start" : "spec.replicas",
  };
}

function explainUpdate(ordinal: number, before: ClusterState, spec: RolloutSpec, behaviour: Behaviour): Explanation {
  const old = `${podName(spec, ordinal)} has an old template`;
  if (spec.strategy.type === "Recreate") {
    const condition =
      highestOutdated(before, spec) === ordinal ? ": the condition Progressing becomes True (RecreateInProgress)" : "";
    return { why: `${old}, and Recreate deletes all such pods at once${condition}`, field: strategyField };
  }
  const block = spec.strategy.type === "RollingUpdate" ? spec.strategy.block : undefined;
  if (behaviour.maxUnavailable && block?.maxUnavailable !== undefined) {
    return {
      why: `${old}, and maxUnavailable ${block.maxUnavailable} leaves room for it`,
      field: maxUnavailableField,
    };
  }
  return { why: `${old}, and no pod above it is left to update or to wait for`, field: strategyField };
}

/** What the controller would do next if nothing blocked it; `undefined` if the pods only have to become available. */
export function heldBack(state: ClusterState, wait: Wait): Held | undefined {
  const spec = specOf(state);
  switch (wait.type) {
    case "replica":
      return heldByReplica(state, spec, wait.ordinal);
    case "staleClaim":
      return { action: "waitToCreate", ordinal: wait.ordinal };
    case "condemnedGone":
      return heldByCondemned(state, spec, wait.ordinal);
    case "condemnedUnhealthy":
      return { action: "waitToDelete", ordinal: wait.ordinal };
    case "update":
    case "budget":
      return heldUpdate(state, spec);
    case "recreate":
      return spec.replicas === 0 ? undefined : { action: "waitToCreate", ordinal: spec.firstOrdinal };
    case "unknownStrategy":
      return heldByStrategy(state, spec);
  }
}

function heldByStrategy(state: ClusterState, spec: RolloutSpec): Held | undefined {
  const missing = firstWhere(state.slots, spec.firstOrdinal, lastOrdinal(spec), ({ pods }, size) => pods < size);
  if (missing !== undefined) return { action: "waitToCreate", ordinal: missing };
  const condemned = highestCondemned(state, spec, Infinity);
  return condemned === undefined ? heldUpdate(state, spec) : { action: "waitToDelete", ordinal: condemned };
}

function heldByReplica(state: ClusterState, spec: RolloutSpec, blocker: number): Held | undefined {
  if (podAt(state.slots, blocker)?.terminating === true) return { action: "waitToCreate", ordinal: blocker };
  const missing = firstWhere(state.slots, blocker + 1, lastOrdinal(spec), ({ pods }, size) => pods < size);
  if (missing !== undefined) return { action: "waitToCreate", ordinal: missing };
  const condemned = highestCondemned(state, spec, Infinity);
  if (condemned !== undefined) return { action: "waitToDelete", ordinal: condemned };
  return heldUpdate(state, spec);
}

function heldByCondemned(state: ClusterState, spec: RolloutSpec, blocker: number): Held | undefined {
  const next = highestCondemned(state, spec, blocker - 1);
  return next === undefined ? heldUpdate(state, spec) : { action: "waitToDelete", ordinal: next };
}

function highestCondemned(state: ClusterState, spec: RolloutSpec, to: number): number | undefined {
  return (
    lastWhere(state.slots, lastOrdinal(spec) + 1, to, ({ pods }) => pods > 0) ??
    lastWhere(state.slots, 0, Math.min(to, spec.firstOrdinal - 1), ({ pods }) => pods > 0)
  );
}

function heldUpdate(state: ClusterState, spec: RolloutSpec): Held | undefined {
  const ordinal = highestOutdated(state, spec);
  return ordinal === undefined ? undefined : { action: "waitToUpdate", ordinal };
}

/** The next pod that an automatic update would replace; `undefined` if there is none, or under OnDelete. */
export function highestOutdated(state: ClusterState, spec: RolloutSpec): number | undefined {
  if (spec.strategy.type === "OnDelete") return undefined;
  const partition = spec.strategy.type === "RollingUpdate" ? (spec.strategy.block?.partition ?? 0) : 0;
  return lastWhere(
    state.slots,
    spec.firstOrdinal + partition,
    lastOrdinal(spec),
    ({ revision }) => revision.type === "mixed" || (revision.type === "all" && revision.value !== spec.revision),
  );
}

export function blockerOf(state: ClusterState, wait: Wait): Blocker {
  switch (wait.type) {
    case "staleClaim":
      return { type: "claim", ordinal: wait.ordinal, claim: claimName(state, wait.template, wait.ordinal) };
    case "condemnedUnhealthy":
      return podBlocker(state, wait.first);
    case "replica":
    case "condemnedGone":
    case "update":
    case "budget":
    case "recreate":
      return podBlocker(state, wait.ordinal);
    case "unknownStrategy": {
      const spec = specOf(state);
      return podBlocker(state, heldByStrategy(state, spec)?.ordinal ?? spec.firstOrdinal);
    }
  }
}

export function podBlocker(state: ClusterState, ordinal: number): Blocker {
  const pod = podAt(state.slots, ordinal);
  return { type: "pod", ordinal, pod: podName(state, ordinal), condition: conditionOf(pod) };
}

/** `not Ready` and the like: what keeps a pod from being available. */
function conditionOf(pod: Pod | undefined): string {
  if (pod === undefined) return "missing";
  if (pod.terminating) return "still terminating";
  switch (pod.phase) {
    case "Pending":
      return "not Ready";
    case "Failed":
    case "Succeeded":
      return pod.phase;
    case "Running":
      return pod.readySince === undefined ? "not Ready" : "not yet Available";
  }
}

/** `db-1 waits: db-0 is not Ready, and podManagementPolicy is OrderedReady`. */
export function explainWait(state: ClusterState, wait: Wait, held: Held, behaviour: Behaviour): Explanation {
  const spec = specOf(state);
  const subject = podName(spec, held.ordinal);
  const blocker = blockerOf(state, wait);
  const problem = blocker.type === "pod" ? `${blocker.pod} is ${blocker.condition}` : "";
  switch (wait.type) {
    case "staleClaim":
      return {
        why: `${subject} waits: ${claimName(spec, wait.template, wait.ordinal)} still belongs to the old ${subject} and is being deleted`,
        field: `${retentionField}.whenScaled`,
      };
    case "replica": {
      if (held.ordinal === wait.ordinal) return explainSelfBlock(subject, wait.until);
      if (wait.until === "available") {
        return {
          why: `${subject} waits: ${blocker.type === "pod" ? blocker.pod : ""} has not been Ready for ${spec.minReadySeconds} s (minReadySeconds)`,
          field: "spec.minReadySeconds",
        };
      }
      return { why: `${subject} waits: ${problem}, and podManagementPolicy is OrderedReady`, field: policyField };
    }
    case "condemnedGone":
      return { why: `${subject} waits: ${problem}, and podManagementPolicy is OrderedReady`, field: policyField };
    case "condemnedUnhealthy":
      return {
        why: `${subject} waits: it is not healthy, and it is not deleted before ${podName(spec, wait.first)}, which is ${conditionOf(podAt(state.slots, wait.first))}`,
        field: policyField,
      };
    case "update": {
      const asked = behaviour.updateWaitsFor === "Available" && spec.minReadySeconds > 0;
      return {
        why: `${subject} waits: ${problem}, and pods are updated one at a time`,
        field:
          asked && blocker.type === "pod" && blocker.condition === "not yet Available"
            ? "spec.minReadySeconds"
            : strategyField,
      };
    }
    case "budget":
      return {
        why: `${subject} waits: ${wait.unavailable} of ${spec.replicas} pods are unavailable, and maxUnavailable allows ${wait.allowed}`,
        field: maxUnavailableField,
      };
    case "recreate":
      return {
        why: `${subject} waits: ${problem}, and Recreate starts nothing before all old pods are gone`,
        field: strategyField,
      };
    case "unknownStrategy":
      return {
        why: `${subject} waits: the feature gate StatefulSetRecreateStrategy is off, so the controller only emits the event UnknownStrategy; it creates, deletes and updates no pod of this set`,
        field: strategyField,
      };
  }
}

/** A pod that stands in its own way: under OrderedReady a broken pod is not even replaced by a good template. */
function explainSelfBlock(pod: string, until: "gone" | "ready" | "available"): Explanation {
  if (until === "gone") {
    return { why: `The new ${pod} waits: the old one is still terminating`, field: gracePeriodField };
  }
  const condition = until === "ready" ? "not Ready" : "not yet Available";
  return {
    why: `${pod} is ${condition}, and with podManagementPolicy OrderedReady no pod is updated before all are, not even this one`,
    field: policyField,
  };
}

const gracePeriodField = "spec.template.spec.terminationGracePeriodSeconds";

/** Of something that happens to a pod by itself; `before` is the state in which it was due. */
export function explainEvent(event: Due["event"], pod: Pod, before: ClusterState): Explanation {
  const name = podName(before, pod.ordinal);
  const { world } = before;
  const timing = world.type === "simulated" ? timingOf(world, pod.revision) : undefined;
  const fault = world.type === "simulated" ? faultOf(world, pod.ordinal, pod.revision) : undefined;
  switch (event) {
    case "running":
      return {
        why: hasWaitedForVolume(before, pod)
          ? `The volumes of ${name} are detached from the lost node at last, and its containers start`
          : `${name} is scheduled and its containers start, after ${timing?.toRunning ?? 0} s`,
        field: container,
      };
    case "ready": {
      const seconds = fault?.type === "slow" ? fault.secondsToReady : (timing?.toReady ?? 0);
      if (seconds === 0) return { why: `${name} is Ready at once: no probe says otherwise`, field: container };
      return { why: `${name} passes its readiness checks, ${seconds} s after its start`, field: container };
    }
    case "crash":
      return {
        why: fault?.type === "crashLoop" ? `${name} crashes again and again (fault)` : `${name} crashes once (fault)`,
        field: container,
      };
    case "available":
      return {
        why: `${name} has been Ready for minReadySeconds and counts as Available`,
        field: "spec.minReadySeconds",
      };
    case "unready":
      return { why: `The node of ${name} no longer answers, so the pod is marked as not Ready`, field: container };
    case "evict":
      return {
        why:
          timing?.toEvict === 0
            ? `${name} is evicted at once: it does not tolerate an unreachable node`
            : `${name} is evicted: it tolerates an unreachable node for ${timing?.toEvict ?? 0} s`,
        field: "spec.template.spec.tolerations",
      };
    case "gone":
      return isOnLostNode(before, pod)
        ? { why: `${name} is removed: its node is out of service`, field: "spec.template.spec.tolerations" }
        : { why: `${name} has stopped, ${timing?.toGone ?? 0} s after its deletion`, field: gracePeriodField };
  }
}

/** Of a claim that the garbage collector or pvc-protection lets go; `before` still has it. */
export function explainClaimGone(before: ClusterState, ordinal: number, template: string): Explanation {
  const claim = claimsAt(before.slots, ordinal).find((other) => other.template === template);
  const pod = podName(before, ordinal);
  if (claim?.owner.type === "pod" && !claim.terminating) {
    return {
      why: `${pod} owned the claim and is gone: whenScaled is Delete`,
      field: `${retentionField}.whenScaled`,
    };
  }
  if (claim?.owner.type === "set" && (before.set.type === "absent" || before.set.deletion !== "none")) {
    return {
      why: `The set owned the claim and was deleted: whenDeleted is Delete`,
      field: `${retentionField}.whenDeleted`,
    };
  }
  return { why: `The claim was deleted by hand, and ${pod} does not use it`, field: "spec.volumeClaimTemplates" };
}

export function explainSetGone(): Explanation {
  return { why: "Nothing is left that the set owned, so its foreground deletion ends", field: "metadata.name" };
}

/** Of what the user does; `state` is the state after it. */
export function explainUserAction(action: UserAction, state: ClusterState): Explanation {
  const pod = (ordinal: number): string => podName(state, ordinal);
  switch (action.type) {
    case "apply":
      return { why: "You apply the manifest", field: "spec" };
    case "scale":
      return { why: `You scale to ${action.replicas}`, field: "spec.replicas" };
    case "restart":
      return { why: "You restart the rollout: the template gets a new annotation", field: "spec.template" };
    case "changeImage":
      return { why: "You change the image of the pods", field: container };
    case "rollBack":
      return { why: "You apply the earlier manifest again", field: "spec.template" };
    case "delete":
      return { why: explainSetDeletion(action.propagation), field: "metadata.name" };
    case "deletePod":
      return { why: `You delete ${pod(action.ordinal)}`, field: "spec.replicas" };
    case "forceDeletePod":
      return {
        why: `You delete ${pod(action.ordinal)} by force, without waiting for its node`,
        field: "spec.replicas",
      };
    case "failPod":
      return { why: `${pod(action.ordinal)} fails, for example by eviction`, field: container };
    case "loseNode":
      return { why: `The node of ${pod(action.ordinal)} stops answering`, field: "spec.template.spec.tolerations" };
    case "outOfService":
      return {
        why: `You taint the node of ${pod(action.ordinal)} with node.kubernetes.io/out-of-service: the pod is removed, and its volumes are detached at once`,
        field: "spec.template.spec.tolerations",
      };
    case "undo":
      return { why: "You go back to the template of an earlier revision", field: "spec.template" };
    case "applyRepaired":
      return { why: "You apply the manifest with a corrected template", field: "spec.template" };
    case "touch":
      return { why: "You annotate the set, so the controller looks at it again", field: "metadata.annotations" };
    case "releaseClaim":
      return {
        why: `You remove the finalizers of ${claimName(state, action.claim, action.ordinal)}`,
        field: "spec.volumeClaimTemplates",
      };
    case "useRollingUpdate":
      return { why: "You set updateStrategy to RollingUpdate", field: strategyField };
    case "deleteClaim":
      return {
        why: explainClaimDeletion(state, action.ordinal, action.claim),
        field: "spec.volumeClaimTemplates",
      };
  }
}

/** `state` is the state after it. */
function explainClaimDeletion(state: ClusterState, ordinal: number, template: string): string {
  const claim = claimName(state, template, ordinal);
  if (!claimsAt(state.slots, ordinal).some((other) => other.template === template))
    return `You delete ${claim}, which does not exist`;
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined) return `You delete ${claim}. No pod uses it, so it goes at once`;
  const name = podName(state, ordinal);
  return pod.bound
    ? `You delete ${claim}. It stays as long as its pod ${name}`
    : `You delete ${claim}. ${name} has no node and does not use it, so it goes at once`;
}

function explainSetDeletion(propagation: Extract<UserAction, { readonly type: "delete" }>["propagation"]): string {
  switch (propagation) {
    case "Background":
      return "You delete the set: all its pods are deleted at once, in no order";
    case "Foreground":
      return "You delete the set in the foreground: its pods are deleted at once, and it stays until all that it owns is gone";
    case "Orphan":
      return "You delete the set but orphan its pods: they go on running without it";
  }
}

function specOf({ set }: ClusterState): RolloutSpec {
  if (set.type === "absent") throw new Error("only a set that exists has anything to explain");
  return set.spec;
}
