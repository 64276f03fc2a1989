import {
  claimsAt,
  firstWhere,
  isVanishing,
  ordinalsWhere,
  podAt,
  slotAt,
  summaryOf,
  withClaims,
  withPod,
  withoutPod,
} from "./slots.js";
import { isFinished, type ClusterState } from "./state.js";
import type { Claim, ClaimOwner, Due, Pod } from "./slot.js";
import { faultOf, timingDefaults, timingOf, type SimulatedWorld, type World } from "./world.js";

/*
 * The world around the controller: what the API server does with a request, and what kubelets, users and the garbage
 * collector do by themselves. Every function takes a state and gives the state after; asking for what is not there
 * changes nothing.
 */

/** A new pod, at once bound to a node unless a fault keeps it from that. */
export function createPod(state: ClusterState, ordinal: number, revision: string): ClusterState {
  const pod: Pod = {
    ordinal,
    uid: state.nextUid,
    revision,
    phase: "Pending",
    readySince: undefined,
    terminating: false,
    bound: !findsNoNode(state, ordinal, revision),
    owned: true,
    restarts: 0,
    due: undefined,
  };
  return putPod({ ...state, nextUid: state.nextUid + 1 }, pod);
}

/**
 * Deletes gracefully: the pod terminates until its kubelet says that it has stopped. The API server removes a pod at
 * once that has finished or was never bound to a node (pkg/registry/core/pod/strategy.go, CheckGracefulDelete, 1.36).
 */
export function deletePod(state: ClusterState, ordinal: number): ClusterState {
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined || pod.terminating) return state;
  if (isFinished(pod) || !pod.bound) return removePod(state, ordinal);
  return putPod(state, { ...pod, terminating: true });
}

/** The scheduler finds a node for a pod that waits for one. */
export function bindPod(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, bound: true }));
}

/** A pod that no scheduler has looked at yet: what a cluster that knows its nodes makes of every new pod. */
export function unbindPod(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, bound: false }));
}

/** The pod has really gone: its kubelet said so, or a user deleted it with `--force`. */
export function removePod(state: ClusterState, ordinal: number): ClusterState {
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined) return state;
  return { ...state, world: withAttachedVolumes(state, pod), slots: withoutPod(state.slots, ordinal) };
}

/** What a lost node has mounted stays attached to it for some time, unless it is known to be out of service. */
function withAttachedVolumes(state: ClusterState, { ordinal, uid, revision }: Pod): World {
  const { world } = state;
  if (world.type === "replayed" || !world.lostPods.includes(uid) || world.outOfServicePods.includes(uid)) return world;
  const until = inSeconds(state, timingOf(world, revision).toDetach, "running").at;
  const entries = claimsAt(state.slots, ordinal).map((claim) => [claim.uid, until] as const);
  return { ...world, attachedUntil: { ...world.attachedUntil, ...Object.fromEntries(entries) } };
}

/** When the volumes of a pod that is to start are free; in milliseconds, past or to come. */
function volumesFreeAt(state: ClusterState, world: SimulatedWorld, ordinal: number): number {
  return Math.max(0, ...claimsAt(state.slots, ordinal).map(({ uid }) => world.attachedUntil[uid] ?? 0));
}

function becomeRunning(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, phase: "Running", readySince: undefined }));
}

/** Ready counts from now; a pod that was Ready already starts anew. */
export function becomeReady(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, phase: "Running", readySince: state.clock }));
}

export function becomeUnready(state: ClusterState, ordinal: number): ClusterState {
  return becomeRunning(state, ordinal);
}

/** Its containers exited and will be started again by the kubelet: the phase stays Running. */
export function crash(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => ({
    ...pod,
    phase: "Running",
    readySince: undefined,
    restarts: pod.restarts + 1,
  }));
}

/** The whole pod failed or ended, for example by eviction; nothing starts it again. */
export function finish(state: ClusterState, ordinal: number, phase: "Failed" | "Succeeded"): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, phase, readySince: undefined }));
}

/** The set adopts a pod without an owner; `fits`: its volumes are those that the set gives its pods. */
export function adoptPod(state: ClusterState, ordinal: number, fits: boolean): ClusterState {
  return changePod(state, ordinal, (pod) => ({ ...pod, owned: true, ...(fits ? {} : { foreignStorage: true }) }));
}

/** The node of a pod stops answering: the pod goes unready, is evicted and then terminates without end. */
export function loseNode(state: ClusterState, ordinal: number): ClusterState {
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined || state.world.type === "replayed") return state;
  const world: SimulatedWorld = { ...state.world, lostPods: [...state.world.lostPods, pod.uid] };
  return { ...state, world, slots: withPod(state.slots, { ...pod, due: firstOnLostNode(state, world, pod) }) };
}

function firstOnLostNode(state: ClusterState, world: SimulatedWorld, pod: Pod): Due | undefined {
  if (pod.terminating) return undefined;
  if (pod.phase === "Running") return inSeconds(state, world.nodeGraceSeconds, "unready");
  return ifEver(inSeconds(state, world.nodeGraceSeconds + timingOf(world, pod.revision).toEvict, "evict"));
}

/**
 * The user says that the node of a pod is out of service, with the taint `node.kubernetes.io/out-of-service:NoExecute`:
 * pods are evicted unless they tolerate it (one that tolerates every lost node may), and those that terminate are
 * removed.
 */
export function takeOutOfService(state: ClusterState, ordinal: number): ClusterState {
  const { world } = state;
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined || world.type === "replayed" || !world.lostPods.includes(pod.uid)) return state;
  const next = { ...state, world: { ...world, outOfServicePods: [...world.outOfServicePods, pod.uid] } };
  const evicted = !pod.terminating && timingOf(world, pod.revision).toEvict < Infinity;
  return putPod(next, evicted ? { ...pod, terminating: true } : pod);
}

function ifEver(due: Due): Due | undefined {
  return due.at === Infinity ? undefined : due;
}

/** Whether a pod that has just started had to wait until its volume was detached from a lost node. */
export function hasWaitedForVolume(state: ClusterState, { ordinal, revision }: Pod): boolean {
  const { world } = state;
  if (world.type === "replayed") return false;
  const startedAt = state.clock - Math.round(timingOf(world, revision).toRunning * 1000);
  return volumesFreeAt(state, world, ordinal) === startedAt && startedAt > 0;
}

export function isOnLostNode(state: ClusterState, pod: Pod): boolean {
  return state.world.type === "simulated" && state.world.lostPods.includes(pod.uid);
}

export function createClaim(state: ClusterState, ordinal: number, template: string): ClusterState {
  const claims = claimsAt(state.slots, ordinal);
  if (claims.some((claim) => claim.template === template)) return state;
  const claim: Claim = { template, uid: state.nextUid, owner: { type: "none" }, terminating: false };
  return { ...state, nextUid: state.nextUid + 1, slots: withClaims(state.slots, ordinal, [...claims, claim]) };
}

export function setClaimOwner(state: ClusterState, ordinal: number, template: string, owner: ClaimOwner): ClusterState {
  return changeClaim(state, ordinal, template, (claim) => ({ ...claim, owner }));
}

/**
 * pvc-protection keeps a deleted claim until no pod uses it; `removeClaim` is what follows, at once if nothing does (see
 * `nextVanishingClaim`).
 */
export function deleteClaim(state: ClusterState, ordinal: number, template: string): ClusterState {
  return changeClaim(state, ordinal, template, (claim) => ({ ...claim, terminating: true }));
}

/** Without the finalizers that kept it: one that was deleted goes as soon as no pod uses it. */
export function releaseClaim(state: ClusterState, ordinal: number, template: string): ClusterState {
  return changeClaim(state, ordinal, template, ({ template: own, uid, owner, terminating }) => ({
    template: own,
    uid,
    owner,
    terminating,
  }));
}

export function removeClaim(state: ClusterState, ordinal: number, template: string): ClusterState {
  const claims = claimsAt(state.slots, ordinal);
  return {
    ...state,
    slots: withClaims(
      state.slots,
      ordinal,
      claims.filter((claim) => claim.template !== template),
    ),
  };
}

/** The first claim that nothing keeps any more: the garbage collector or pvc-protection is about to remove it. */
export function nextVanishingClaim(state: ClusterState): { ordinal: number; template: string } | undefined {
  const ordinal = firstWhere(state.slots, 0, Infinity, ({ vanishing }) => vanishing > 0);
  const slot = ordinal === undefined ? undefined : slotAt(state.slots, ordinal);
  const claim = slot?.claims.find((other) => isVanishing(other, slot.pod));
  return slot === undefined || claim === undefined ? undefined : { ordinal: slot.ordinal, template: claim.template };
}

/** When the next planned event of any pod happens, in milliseconds; `undefined` if nothing will happen by itself. */
export function nextEventAt(state: ClusterState): number | undefined {
  const { dueAt } = summaryOf(state.slots);
  return dueAt === Infinity ? undefined : dueAt;
}

/** The ordinals of the pods whose planned event is due by now, ascending. */
export function dueOrdinals(state: ClusterState): readonly number[] {
  return ordinalsWhere(state.slots, ({ dueAt }) => dueAt <= state.clock);
}

/** Lets the planned event of a pod happen. */
export function happen(state: ClusterState, ordinal: number): ClusterState {
  const pod = podAt(state.slots, ordinal);
  if (pod?.due === undefined) return state;
  switch (pod.due.event) {
    case "running":
      return becomeRunning(state, ordinal);
    case "ready":
      return becomeReady(state, ordinal);
    case "crash":
      return crash(state, ordinal);
    case "available":
      return { ...state, slots: withPod(state.slots, { ...pod, due: undefined }) };
    case "unready":
      return becomeUnready(state, ordinal);
    case "evict":
      return deletePod(state, ordinal);
    case "gone":
      return removePod(state, ordinal);
  }
}

/** Lets a pod that is as it is go on from there. */
export function planPod(state: ClusterState, ordinal: number): ClusterState {
  return changePod(state, ordinal, (pod) => pod);
}

/** Plans anew for pods whose minReadySeconds changed while they were Ready. */
export function replanAvailability(state: ClusterState): ClusterState {
  let next = state;
  for (const ordinal of ordinalsWhere(state.slots, ({ ready }) => ready > 0)) {
    const pod = podAt(next.slots, ordinal);
    if (pod !== undefined && !pod.terminating && !isOnLostNode(next, pod)) next = putPod(next, pod);
  }
  return next;
}

function changePod(state: ClusterState, ordinal: number, change: (pod: Pod) => Pod): ClusterState {
  const pod = podAt(state.slots, ordinal);
  return pod === undefined ? state : putPod(state, change(pod));
}

function changeClaim(
  state: ClusterState,
  ordinal: number,
  template: string,
  change: (claim: Claim) => Claim,
): ClusterState {
  const claims = slotAt(state.slots, ordinal)?.claims ?? [];
  const changed = claims.map((claim) => (claim.template === template ? change(claim) : claim));
  return { ...state, slots: withClaims(state.slots, ordinal, changed) };
}

function putPod(state: ClusterState, pod: Pod): ClusterState {
  const due = state.world.type === "replayed" ? undefined : planned(state, state.world, pod);
  return { ...state, slots: withPod(state.slots, { ...pod, due }) };
}

function findsNoNode({ world }: ClusterState, ordinal: number, revision: string): boolean {
  return world.type === "simulated" && faultOf(world, ordinal, revision)?.type === "unschedulable";
}

function inSeconds(state: ClusterState, seconds: number, event: Due["event"]): Due {
  return { at: state.clock + Math.round(seconds * 1000), event };
}

/** What happens next to a pod that has just come into this condition. */
function planned(state: ClusterState, world: SimulatedWorld, pod: Pod): Due | undefined {
  const after = (seconds: number, event: Due["event"]): Due => inSeconds(state, seconds, event);
  const lost = world.lostPods.includes(pod.uid);
  const timing = timingOf(world, pod.revision);
  if (pod.terminating) {
    if (!lost) return after(timing.toGone, "gone");
    const isCollected = world.outOfServicePods.includes(pod.uid);
    return isCollected ? after(timingDefaults.podGarbageCollection, "gone") : undefined;
  }
  if (lost) return ifEver(after(timing.toEvict, "evict"));
  const fault = faultOf(world, pod.ordinal, pod.revision);
  switch (pod.phase) {
    case "Pending":
      if (!pod.bound) return undefined;
      return {
        at: Math.max(state.clock, volumesFreeAt(state, world, pod.ordinal)) + Math.round(timing.toRunning * 1000),
        event: "running",
      };
    case "Running":
      return pod.readySince === undefined
        ? plannedStart(pod, fault, timing.toReady, after)
        : plannedAvailability(state, pod);
    case "Failed":
    case "Succeeded":
      return undefined;
  }
}

function plannedStart(
  pod: Pod,
  fault: ReturnType<typeof faultOf>,
  toReady: number,
  after: (seconds: number, event: Due["event"]) => Due,
): Due | undefined {
  switch (fault?.type) {
    case "neverReady":
    case "unschedulable":
      return undefined;
    case "crashLoop":
      // From then on the kubelet only repeats itself, with a back-off that grows to 300 s.
      return pod.restarts === 0 ? after(timingDefaults.applicationStart, "crash") : undefined;
    case "failsOnce":
      if (pod.restarts === 0) return after(timingDefaults.applicationStart, "crash");
      return after(timingDefaults.restartBackOff + toReady, "ready");
    case "slow":
      return after(fault.secondsToReady, "ready");
    case undefined:
      return after(toReady, "ready");
  }
}

function plannedAvailability(state: ClusterState, pod: Pod): Due | undefined {
  if (state.set.type === "absent" || pod.readySince === undefined) return undefined;
  const at = pod.readySince + state.set.spec.minReadySeconds * 1000;
  return at > state.clock ? { at, event: "available" } : undefined;
}
