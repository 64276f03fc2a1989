import type { Behaviour } from "../kubernetes/versions.js";
import {
  isClaimOwnerUpToDate,
  podClaimIsStale,
  updateClaimOwnerRefForSetAndPod,
  wantedOwner,
  type PodIdentity,
} from "./claims.js";
import { adoptPod, createClaim, createPod, deletePod, setClaimOwner } from "./cluster.js";
import {
  claimsAt,
  countAll,
  countBetween,
  firstWhere,
  lastWhere,
  ordinalsWhere,
  podAt,
  summaryOf,
  withPod,
  type Common,
  type Question,
  type Slots,
  type Summary,
} from "./slots.js";
import { claimName, lastOrdinal, maxUnavailablePods, podName, type RolloutSpec } from "./spec.js";
import {
  isFinished,
  isRunningAndAvailable,
  isRunningAndReady,
  type ClusterState,
  type Revision,
  type Status,
} from "./state.js";
import type { Pod } from "./slot.js";

/*
 * The StatefulSet controller: pkg/controller/statefulset/stateful_set_control.go of Kubernetes 1.36, whose names it
 * keeps, with the older and newer behaviour where `Behaviour` says so. One call of `sync` is one call of
 * UpdateStatefulSet there: it looks at the cluster once, decides, and is called again when something changes.
 *
 * The original scans every pod in every sync. Here the loops go straight to the next pod about which they would do
 * something (`nextReplica`, `nextCondemned`); the pods skipped are those that the original passes over.
 */

/** What the controller did to the cluster. */
export type Action =
  | { readonly type: "createRevision"; readonly revision: string; readonly number: number }
  | { readonly type: "reuseRevision"; readonly revision: string; readonly number: number }
  | { readonly type: "deleteRevision"; readonly revision: string; readonly number: number }
  | { readonly type: "createClaim"; readonly ordinal: number; readonly template: string }
  | {
      readonly type: "setClaimOwner";
      readonly ordinal: number;
      readonly template: string;
      readonly owner: "none" | "set" | "pod";
    }
  | { readonly type: "createPod"; readonly ordinal: number; readonly revision: string }
  | {
      readonly type: "deletePod";
      readonly ordinal: number;
      readonly revision: string;
      readonly cause: DeletionCause;
      /** The pod had finished, so the API server removed it without waiting for a kubelet. */
      readonly immediate: boolean;
    }
  | { readonly type: "adoptPod"; readonly ordinal: number }
  /** All pods are up to date: `status.currentRevision` becomes the update revision. */
  | { readonly type: "completeRollingUpdate"; readonly revision: string };

export type DeletionCause = "finished" | "scaleDown" | "update";

/** An action and the state right after it. */
export interface Change {
  readonly action: Action;
  readonly state: ClusterState;
}

/** Why a sync did nothing more although there is more to do. Ordinals name pods of the set. */
export type Wait =
  /** podManagementPolicy OrderedReady: nothing happens to other pods until this replica has got that far. */
  | { readonly type: "replica"; readonly ordinal: number; readonly until: "gone" | "ready" | "available" }
  /** The claim of a pod that is to be created belongs to its predecessor and is about to be deleted. */
  | { readonly type: "staleClaim"; readonly ordinal: number; readonly template: string }
  /** OrderedReady: scaling down waits for this pod, which was deleted before. */
  | { readonly type: "condemnedGone"; readonly ordinal: number }
  /** OrderedReady: an unhealthy pod is only deleted if no pod below it is unhealthy. */
  | { readonly type: "condemnedUnhealthy"; readonly ordinal: number; readonly first: number }
  /** The update goes on only when this pod is available, or until 1.33: Ready. */
  | { readonly type: "update"; readonly ordinal: number }
  /** As many pods as maxUnavailable allows are unavailable; `ordinal` is the lowest of them. */
  | { readonly type: "budget"; readonly ordinal: number; readonly unavailable: number; readonly allowed: number }
  /** Recreate: an old pod is still there. */
  | { readonly type: "recreate"; readonly ordinal: number }
  /** Recreate, whose gate is off: the controller emits the event UnknownStrategy and does nothing. */
  | { readonly type: "unknownStrategy" };

export interface SyncResult {
  readonly changes: readonly Change[];
  readonly state: ClusterState;
  readonly wait: Wait | undefined;
  /** The error with which the sync ended, in the controller's words; it will be retried. */
  readonly error: string | undefined;
  /** Whether anything was written, if only the status: then the controller is called again. */
  readonly wrote: boolean;
}

/** One sync. A pure function: the same state and behaviour always give the same result. */
export function sync(state: ClusterState, behaviour: Behaviour): SyncResult {
  if (state.set.type === "absent" || state.set.deletion !== "none") {
    // Of a set that is being deleted only the status is still written, which is not read any more.
    return { changes: [], state, wait: undefined, error: undefined, wrote: false };
  }
  const run = begin(state, state.set, behaviour);
  const end = updateStatefulSet(run);
  updateStatefulSetStatus(run);
  truncateHistory(run);
  return {
    changes: run.changes,
    state: run.state,
    wait: end.type === "wait" ? end.wait : undefined,
    error: end.type === "error" ? end.message : undefined,
    wrote: run.state !== state,
  };
}

type PresentSet = Extract<ClusterState["set"], { readonly type: "present" }>;

/** One sync under way. What it has listed at its start stays as it was; what it writes goes to `state`. */
interface Run {
  readonly set: PresentSet;
  readonly spec: RolloutSpec;
  readonly behaviour: Behaviour;
  readonly monotonic: boolean;
  /** Pods that became Ready after this moment (milliseconds) are not Available yet. */
  readonly availableSince: number;
  readonly listed: Slots;
  readonly listedRevisions: readonly Revision[];
  readonly currentRevision: string;
  readonly updateRevision: string;
  /** `listed`, and in the place of each missing replica the pod that is to be created. */
  replicas: Slots;
  state: ClusterState;
  /** Deletions for the update, which the status counts at once. */
  updateDeletions: number;
  /** Ordinals whose deletion for the update uses no room. */
  readonly freed: Set<number>;
  readonly changes: Change[];
}

/** How a phase of the sync ended. Anything but `continue` ends the sync. */
type End =
  | { readonly type: "continue" }
  | { readonly type: "acted" }
  | { readonly type: "wait"; readonly wait: Wait }
  | { readonly type: "error"; readonly message: string };

const goOn: End = { type: "continue" };
const acted: End = { type: "acted" };

function begin(start: ClusterState, set: PresentSet, behaviour: Behaviour): Run {
  const changes: Change[] = [];
  const adopted = adoptOrphans(start, set.spec, changes);
  const { state, currentRevision, updateRevision } = getStatefulSetRevisions(adopted, set, changes);
  return {
    set,
    spec: set.spec,
    behaviour,
    monotonic: set.spec.podManagement === "OrderedReady",
    availableSince: start.clock - set.spec.minReadySeconds * 1000,
    listed: adopted.slots,
    listedRevisions: start.revisions,
    currentRevision,
    updateRevision,
    replicas: adopted.slots,
    state,
    updateDeletions: 0,
    freed: new Set(),
    changes,
  };
}

/** Pods of a former set of this name, left by `kubectl delete --cascade=orphan`, are taken over as they are. */
function adoptOrphans(start: ClusterState, { claims }: RolloutSpec, changes: Change[]): ClusterState {
  if (summaryOf(start.slots).orphans === 0) return start;
  let state = start;
  for (const ordinal of ordinalsWhere(start.slots, ({ orphans }) => orphans > 0)) {
    // A claim that is not there is none that the pod mounts.
    const found = new Set(claimsAt(state.slots, ordinal).map(({ template }) => template));
    state = adoptPod(
      state,
      ordinal,
      claims.every((template) => found.has(template)),
    );
    changes.push({ action: { type: "adoptPod", ordinal }, state });
  }
  return state;
}

/** Finds the revision of the template, giving an older one a new number, or creates it. */
function getStatefulSetRevisions(
  start: ClusterState,
  { spec, status }: PresentSet,
  changes: Change[],
): { readonly state: ClusterState; readonly currentRevision: string; readonly updateRevision: string } {
  const updateRevision = spec.revision;
  const known = (revision: string): boolean => start.revisions.some((other) => other.revision === revision);
  const currentRevision = known(status.currentRevision) ? status.currentRevision : updateRevision;
  const newest = start.revisions.at(-1);
  if (newest?.revision === updateRevision) return { state: start, currentRevision, updateRevision };
  const next: Revision = { revision: updateRevision, number: (newest?.number ?? 0) + 1 };
  const others = start.revisions.filter(({ revision }) => revision !== updateRevision);
  const state = { ...start, revisions: [...others, next] };
  changes.push({ action: { type: known(updateRevision) ? "reuseRevision" : "createRevision", ...next }, state });
  return { state, currentRevision, updateRevision };
}

/** The order of phases in one sync. */
function updateStatefulSet(run: Run): End {
  // Pull request 137187: the set was made with the gate on.
  if (run.spec.strategy.type === "Recreate" && run.behaviour.recreate !== "on")
    return { type: "wait", wait: { type: "unknownStrategy" } };
  for (const phase of [recreate, processReplicas, fixPodClaims, processCondemnedPods, updatePods]) {
    const end = phase(run);
    if (end.type !== "continue") return end;
  }
  return acted;
}

/**
 * updateStrategy Recreate, alpha in 1.37 (KEP-3541, section "Detailed Algorithm Specification"): every pod of another
 * revision is deleted, in or out of range and in whatever condition, and nothing is created before all of them are
 * gone.
 */
function recreate(run: Run): End {
  if (run.spec.strategy.type !== "Recreate") return goOn;
  const before = run.changes.length;
  const outdated = isOutdated(run);
  for (let ordinal = Infinity; ;) {
    const next = lastWhere(run.listed, 0, ordinal, outdated);
    if (next === undefined) break;
    deleteStatefulPod(run, next, "update");
    ordinal = next - 1;
  }
  if (run.changes.length > before) return acted;
  const waiting = firstWhere(run.listed, 0, Infinity, ({ terminatingRevision }) =>
    differs(terminatingRevision, run.updateRevision),
  );
  return waiting === undefined ? goOn : { type: "wait", wait: { type: "recreate", ordinal: waiting } };
}

function processReplicas(run: Run): End {
  const { spec, monotonic } = run;
  const end = lastOrdinal(spec);
  const errors: string[] = [];
  let stop = end;
  for (let ordinal = nextReplica(run, spec.firstOrdinal); ordinal !== undefined && ordinal <= stop;) {
    const result = processReplica(run, ordinal);
    if (monotonic && result.type !== "continue") return result;
    if (result.type === "error") {
      errors.push(result.message);
      stop = Math.min(end, endOfBatch(spec, ordinal));
    }
    ordinal = nextReplica(run, ordinal + 1);
  }
  return errors.length > 0 ? { type: "error", message: aggregate(errors) } : goOn;
}

function processReplica(run: Run, ordinal: number): End {
  const { monotonic } = run;
  const pod = podAt(run.listed, ordinal);
  if (pod === undefined) {
    const created = createReplica(run, ordinal);
    return created.type === "continue" && monotonic ? acted : created;
  }
  if (isFinished(pod)) {
    // Its successor is created by the next sync. The pod may have been deleted already and keep its kubelet busy.
    if (pod.terminating) return { type: "wait", wait: { type: "replica", ordinal, until: "gone" } };
    deleteStatefulPod(run, ordinal, "finished");
    return acted;
  }
  if (pod.phase === "Pending") {
    const error = createPersistentVolumeClaims(run, ordinal);
    if (error !== undefined) return error;
    updatePodClaimForRetentionPolicy(run, pod);
  }
  if (monotonic) {
    const until = progressNeeded(run, pod);
    if (until !== undefined) return { type: "wait", wait: { type: "replica", ordinal, until } };
  }
  if (pod.foreignStorage === true) return refusedPodUpdate(run, ordinal);
  updatePodClaimForRetentionPolicy(run, pod);
  return goOn;
}

/**
 * UpdateStatefulPod of a pod without the volumes of the set: it makes the claims, then asks for volumes that no running
 * pod can get (pkg/apis/core/validation/validation.go, ValidatePodUpdate, 1.36), again and again.
 */
function refusedPodUpdate(run: Run, ordinal: number): End {
  const error = createPersistentVolumeClaims(run, ordinal);
  const name = podName(run.spec, ordinal);
  return (
    error ?? { type: "error", message: `Pod "${name}" is invalid: spec: Forbidden: pod updates may not change fields` }
  );
}

/** What an existing replica has to reach before OrderedReady looks at the next. */
function progressNeeded(run: Run, pod: Pod): "gone" | "ready" | "available" | undefined {
  if (pod.terminating) return "gone";
  if (!isRunningAndReady(pod)) return "ready";
  return isRunningAndAvailable(pod, run.spec.minReadySeconds, run.state.clock) ? undefined : "available";
}

function createReplica(run: Run, ordinal: number): End {
  const identity: PodIdentity = { ordinal, uid: undefined };
  const revision = newVersionedStatefulSetPod(run, ordinal);
  // Under OrderedReady the sync ends here, so it would not be looked at.
  if (!run.monotonic) run.replicas = withPod(run.replicas, inMemoryPod(ordinal, revision));
  const stale = podClaimIsStale(run.spec, claimsAt(run.listed, ordinal));
  if (stale !== undefined) return { type: "wait", wait: { type: "staleClaim", ordinal, template: stale.template } };
  const error = createPersistentVolumeClaims(run, ordinal);
  if (error !== undefined) return error;
  run.state = createPod(run.state, ordinal, revision);
  run.changes.push({ action: { type: "createPod", ordinal, revision }, state: run.state });
  updatePodClaimForRetentionPolicy(run, identity);
  return goOn;
}

/** The pod that stands for a missing replica within the sync: it counts as unavailable. */
function inMemoryPod(ordinal: number, revision: string): Pod {
  return {
    ordinal,
    uid: 0,
    revision,
    phase: "Pending",
    readySince: undefined,
    terminating: false,
    bound: false,
    owned: true,
    restarts: 0,
    due: undefined,
  };
}

/**
 * The revision of a replica that is to be created. RollingUpdate without its block goes by the number of current pods
 * that the last sync wrote, which no longer counts the pod that was lost (recordings kill-mid-016 and kill-mid-054 in
 * test/truth).
 */
function newVersionedStatefulSetPod({ spec, set, currentRevision, updateRevision }: Run, ordinal: number): string {
  if (spec.strategy.type !== "RollingUpdate") return updateRevision;
  const old = spec.strategy.block?.partition ?? set.status.currentReplicas;
  return ordinal < spec.firstOrdinal + old ? currentRevision : updateRevision;
}

/** The claim lister is as old as the sync, so a claim created here is not found before the next one. */
function createPersistentVolumeClaims(run: Run, ordinal: number): End | undefined {
  const listed = claimsAt(run.listed, ordinal);
  const errors: string[] = [];
  // The controller goes through a map, in no defined order.
  for (const template of run.spec.claims.toSorted()) {
    const claim = listed.find((other) => other.template === template);
    if (claim === undefined) {
      run.state = createClaim(run.state, ordinal, template);
      run.changes.push({ action: { type: "createClaim", ordinal, template }, state: run.state });
    } else if (claim.terminating) {
      errors.push(`pvc ${claimName(run.spec, template, ordinal)} is being deleted`);
    }
  }
  return errors.length > 0 ? { type: "error", message: aggregate(errors) } : undefined;
}

function updatePodClaimForRetentionPolicy(run: Run, pod: PodIdentity): void {
  const { spec, set } = run;
  const listed = claimsAt(run.listed, pod.ordinal);
  for (const template of spec.claims) {
    if (!listed.some((claim) => claim.template === template)) continue;
    const claim = claimsAt(run.state.slots, pod.ordinal).find((other) => other.template === template);
    if (claim === undefined || isClaimOwnerUpToDate(spec, set.uid, claim, pod)) continue;
    const owner = updateClaimOwnerRefForSetAndPod(spec, set.uid, pod);
    run.state = setClaimOwner(run.state, pod.ordinal, template, owner);
    run.changes.push({
      action: { type: "setClaimOwner", ordinal: pod.ordinal, template, owner: owner.type },
      state: run.state,
    });
  }
}

/** Before any condemned pod is deleted, the claims of all of them get the owner that scaling down asks for. */
function fixPodClaims(run: Run): End {
  const wanted = wantedOwner(run.spec, Infinity);
  const isWrong: Question = ({ owner }) => differs(owner, wanted);
  let ordinal = nextCondemned(run, Infinity, isWrong);
  for (; ordinal !== undefined; ordinal = nextCondemned(run, ordinal, isWrong)) {
    const pod = podAt(run.listed, ordinal);
    if (pod !== undefined) updatePodClaimForRetentionPolicy(run, pod);
  }
  return goOn;
}

function processCondemnedPods(run: Run): End {
  const present: Question = ({ pods }) => pods > 0;
  const alive: Question = ({ revision }) => revision.type !== "none";
  const question = run.monotonic ? present : alive;
  let ordinal = nextCondemned(run, Infinity, question);
  for (; ordinal !== undefined; ordinal = nextCondemned(run, ordinal, question)) {
    const end = processCondemned(run, ordinal);
    if (run.monotonic) return end;
  }
  return goOn;
}

function processCondemned(run: Run, ordinal: number): End {
  const pod = podAt(run.listed, ordinal);
  if (run.monotonic && pod !== undefined) {
    if (pod.terminating) return { type: "wait", wait: { type: "condemnedGone", ordinal } };
    const available = isRunningAndAvailable(pod, run.spec.minReadySeconds, run.state.clock);
    const first = firstUnavailablePod(run);
    if (!available && ordinal !== first) {
      return { type: "wait", wait: { type: "condemnedUnhealthy", ordinal, first: first ?? ordinal } };
    }
  }
  deleteStatefulPod(run, ordinal, "scaleDown");
  return acted;
}

/** The lowest unavailable replica or else the lowest unavailable condemned pod. */
function firstUnavailablePod(run: Run): number | undefined {
  const { spec } = run;
  const unavailable = isUnavailable(run);
  const condemned: Question = (summary, size) => summary.pods > 0 && unavailable(summary, size);
  return (
    firstWhere(run.replicas, spec.firstOrdinal, lastOrdinal(spec), unavailable) ??
    firstWhere(run.listed, 0, spec.firstOrdinal - 1, condemned) ??
    firstWhere(run.listed, lastOrdinal(spec) + 1, Infinity, condemned)
  );
}

function updatePods(run: Run): End {
  const { strategy, podManagement } = run.spec;
  if (strategy.type !== "RollingUpdate") return goOn;
  const lowest = run.spec.firstOrdinal + (strategy.block?.partition ?? 0);
  if (!run.behaviour.maxUnavailable) return updateOnePod(run, lowest);
  if (podManagement === "Parallel" && run.behaviour.parallelUpdate === "unavailableFirst") {
    deleteUnavailableForUpdate(run, lowest);
  }
  return updateWithinBudget(run, lowest);
}

/**
 * Without the gate MaxUnavailableStatefulSet: from the top down, the first outdated pod, or wait for one on the way.
 */
function updateOnePod(run: Run, lowest: number): End {
  const outdated = isOutdated(run);
  const unavailable = isUnavailable(run);
  const target = lastWhere(
    run.replicas,
    lowest,
    lastOrdinal(run.spec),
    (summary, size) => outdated(summary, size) || unavailable(summary, size),
  );
  if (target === undefined) return goOn;
  const pod = podAt(run.replicas, target);
  if (pod === undefined || pod.terminating || pod.revision === run.updateRevision) {
    return { type: "wait", wait: { type: "update", ordinal: target } };
  }
  deleteForUpdate(run, target);
  return acted;
}

/** updateStatefulSetAfterInvariantEstablished: with the gate, as many as maxUnavailable leaves room for. */
function updateWithinBudget(run: Run, lowest: number): End {
  const { spec } = run;
  const allowed = maxUnavailablePods(spec);
  const unavailable = countBetween(run.replicas, spec.firstOrdinal, lastOrdinal(spec), unavailableIn(run));
  const outdated = isOutdated(run);
  let room = allowed - unavailable;
  let top = lastOrdinal(spec);
  while (true) {
    const target = lastWhere(run.replicas, lowest, top, outdated);
    if (target === undefined) return goOn;
    top = target - 1;
    if (run.freed.has(target)) continue;
    if (room <= 0) break;
    room--;
    deleteForUpdate(run, target);
  }
  const ordinal = firstUnavailablePod(run);
  if (ordinal === undefined || run.updateDeletions > 0) return acted;
  return { type: "wait", wait: { type: "budget", ordinal, unavailable, allowed } };
}

/** 1.37, pull request 137666: outdated pods that are unavailable anyway go first and use no room. */
function deleteUnavailableForUpdate(run: Run, lowest: number): void {
  const outdated = isOutdated(run);
  const unavailable = isUnavailable(run);
  let top = lastOrdinal(run.spec);
  while (true) {
    const target = lastWhere(
      run.replicas,
      lowest,
      top,
      (summary, size) => outdated(summary, size) && unavailable(summary, size),
    );
    if (target === undefined) return;
    top = target - 1;
    deleteForUpdate(run, target);
    run.freed.add(target);
  }
}

function deleteForUpdate(run: Run, ordinal: number): void {
  run.updateDeletions++;
  deleteStatefulPod(run, ordinal, "update");
}

/** A pod that this sync has removed already is not found, which the controller does not mind. */
function deleteStatefulPod(run: Run, ordinal: number, cause: DeletionCause): void {
  const pod = podAt(run.state.slots, ordinal);
  if (pod === undefined || pod.terminating) return;
  run.state = deletePod(run.state, ordinal);
  const immediate = podAt(run.state.slots, ordinal) === undefined;
  run.changes.push({
    action: { type: "deletePod", ordinal, revision: pod.revision, cause, immediate },
    state: run.state,
  });
}

function updateStatefulSetStatus(run: Run): void {
  const { set, spec } = run;
  const counted = computeReplicaStatus(run);
  const status = completesRollingUpdate(spec, counted, run.behaviour)
    ? { ...counted, currentReplicas: counted.updatedReplicas, currentRevision: counted.updateRevision }
    : counted;
  if (set.observedGeneration === set.generation && isSameStatus(status, set.status)) return;
  run.state = { ...run.state, set: { ...set, status, observedGeneration: set.generation } };
  if (set.status.currentRevision !== "" && status.currentRevision !== set.status.currentRevision) {
    const action: Action = { type: "completeRollingUpdate", revision: status.currentRevision };
    run.changes.push({ action, state: run.state });
  }
}

/** Counts what was listed; only deletions for the update are taken off at once. */
function computeReplicaStatus({
  listed,
  availableSince,
  currentRevision,
  updateRevision,
  updateDeletions,
}: Run): Status {
  const { pods, ready } = summaryOf(listed);
  const alive = (revision: string): number => countAll(listed, aliveOf(revision));
  return {
    replicas: pods,
    readyReplicas: ready,
    availableReplicas: countAll(listed, (summary) => {
      if (summary.lastReady <= availableSince) return summary.ready;
      return summary.firstReady > availableSince ? 0 : undefined;
    }),
    currentReplicas: alive(currentRevision) - updateDeletions,
    updatedReplicas: alive(updateRevision),
    currentRevision,
    updateRevision,
  };
}

/**
 * completeRollingUpdate: Ready is enough, Available is not asked for. That Recreate completes in the same way is our
 * reading of KEP-3541 ("Complete: all replicas exist with current revision").
 */
function completesRollingUpdate(
  { strategy, replicas }: RolloutSpec,
  status: Status,
  { onDeleteCompletes }: Behaviour,
): boolean {
  return (
    (strategy.type !== "OnDelete" || onDeleteCompletes) &&
    status.updatedReplicas === replicas &&
    status.readyReplicas === replicas &&
    status.replicas === replicas
  );
}

function isSameStatus(a: Status, b: Status): boolean {
  return (
    a.replicas === b.replicas &&
    a.readyReplicas === b.readyReplicas &&
    a.availableReplicas === b.availableReplicas &&
    a.currentReplicas === b.currentReplicas &&
    a.updatedReplicas === b.updatedReplicas &&
    a.currentRevision === b.currentRevision &&
    a.updateRevision === b.updateRevision
  );
}

/**
 * Deletes the oldest revisions that nothing uses beyond `revisionHistoryLimit`; a negative limit keeps all. What was
 * current at the start of the sync and what it has just created are not up for deletion.
 */
function truncateHistory(run: Run): void {
  const { spec, listed, listedRevisions, currentRevision, updateRevision } = run;
  const limit = spec.revisionHistoryLimit;
  if (limit < 0 || listedRevisions.length <= limit) return;
  const isUsed = (revision: string): boolean =>
    revision === currentRevision ||
    revision === updateRevision ||
    firstWhere(listed, 0, Infinity, (summary) => has(summary, revision)) !== undefined;
  const unused = listedRevisions.filter(({ revision }) => !isUsed(revision));
  for (const { revision, number } of unused.slice(0, Math.max(0, unused.length - limit))) {
    const revisions = run.state.revisions.filter((other) => other.revision !== revision);
    run.state = { ...run.state, revisions };
    run.changes.push({ action: { type: "deleteRevision", revision, number }, state: run.state });
  }
}

/** The next replica about which processReplica may do something: missing, not healthy, or with a wrong claim owner. */
function nextReplica(run: Run, from: number): number | undefined {
  const { spec, monotonic, availableSince } = run;
  const wanted = wantedOwner(spec, spec.firstOrdinal);
  return firstWhere(
    run.listed,
    from,
    lastOrdinal(spec),
    (summary, size) =>
      summary.pods < size ||
      summary.unhealthy > 0 ||
      summary.foreign > 0 ||
      (monotonic && summary.lastReady > availableSince) ||
      differs(summary.owner, wanted),
  );
}

/**
 * The next condemned pod below an ordinal for which the question is answered yes: first above the range, then below it.
 */
function nextCondemned({ spec, listed }: Run, below: number, question: Question): number | undefined {
  return (
    lastWhere(listed, lastOrdinal(spec) + 1, below - 1, question) ??
    lastWhere(listed, 0, Math.min(below, spec.firstOrdinal) - 1, question)
  );
}

function isOutdated(run: Run): Question {
  return ({ revision }) => differs(revision, run.updateRevision);
}

/** isUnavailable; until 1.33 the controller asked isHealthy here. A missing pod is unavailable. */
function isUnavailable({ behaviour, availableSince }: Run): Question {
  return (summary, size) =>
    summary.pods < size ||
    summary.unhealthy > 0 ||
    (behaviour.updateWaitsFor === "Available" && summary.lastReady > availableSince);
}

function unavailableIn({ behaviour, availableSince }: Run): (summary: Summary) => number | undefined {
  return (summary) => {
    if (behaviour.updateWaitsFor === "Ready" || summary.lastReady <= availableSince) return summary.unhealthy;
    return summary.firstReady > availableSince ? summary.pods : undefined;
  };
}

function aliveOf(revision: string): (summary: Summary) => number | undefined {
  return (summary) => {
    switch (summary.revision.type) {
      case "none":
        return 0;
      case "all":
        return summary.revision.value === revision ? summary.pods - summary.terminating : 0;
      case "mixed":
        return undefined;
    }
  };
}

function has(summary: Summary, revision: string): boolean {
  const may = (common: Common<string>): boolean =>
    common.type === "mixed" || (common.type === "all" && common.value === revision);
  return may(summary.revision) || may(summary.terminatingRevision);
}

function differs<T>(common: Common<T>, value: T): boolean {
  return common.type === "mixed" || (common.type === "all" && common.value !== value);
}

/**
 * slowStartBatch: under Parallel pods are processed in batches of 1, 2, 4 and so on up to 500. An error lets its batch
 * finish and stops the rest.
 */
function endOfBatch(spec: RolloutSpec, ordinal: number): number {
  let end = spec.firstOrdinal;
  for (let size = 1; end < ordinal;) {
    size = Math.min(size * 2, 500);
    end += size;
  }
  return end;
}

/**
 * k8s.io/apimachinery/pkg/util/errors, Aggregate.Error: one message stands for itself, several are listed once each.
 */
function aggregate(errors: readonly string[]): string {
  const [only, ...others] = new Set(errors);
  return others.length === 0 ? (only ?? "") : `[${[only, ...others].join(", ")}]`;
}
