import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { readResourceAs } from "../kubernetes/resources/resource.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "../rollout/apply.js";
import { planPod } from "../rollout/cluster.js";
import { readWrittenSpec } from "../rollout/read.js";
import { revisionName } from "../rollout/revision-name.js";
import { slotsFrom } from "../rollout/slots.js";
import { formatApiError, type WrittenSpec } from "../rollout/spec.js";
import { emptyCluster, type ClusterState, type Revision } from "../rollout/state.js";
import type { Claim, ClaimOwner, Pod, Slot } from "../rollout/slot.js";
import { podTiming, type Fault, type World } from "../rollout/world.js";
import { sortedKeys } from "../kubernetes/canonical-json.js";
import { parse } from "../yaml/parse.js";
import type { ReadObject } from "./objects.js";
import {
  claimPlace,
  conditionOf,
  controllerOf,
  isReady,
  isTerminating,
  nodeOf,
  ordinalOf,
  parentOf,
  phaseOf,
  podCounts,
  revisionLabel,
  type ClaimPlace,
  identityOf,
} from "./printed.js";
import { fieldsAt, listAt, numberAt, textAt } from "../kubernetes/plain-object.js";

/*
 * One StatefulSet with its pods, claims and revisions as `kubectl get statefulset,pods,pvc,controllerrevisions -o yaml`
 * prints them, as the start of a simulation.
 */

export interface SetDump {
  readonly name: string;
  readonly namespace: string | undefined;
  /** The object as it was printed; `undefined` where only what the set left behind is there. */
  readonly object: unknown;
  /** The set with its pods, claims and revisions, at the dump's newest moment, which is 0 on the clock. */
  readonly state: ClusterState;
  /** The specs whose templates the revisions hold, oldest first; the last one is in force. */
  readonly written: readonly WrittenSpec[];
  /** What each claim of the set asks for, by its name. */
  readonly claims: ReadonlyMap<string, string>;
  /** Faults that the dump shows: images that cannot be pulled, containers that crash. */
  readonly faults: readonly Fault[];
  /** What is wrong with the dump, or is not known from it; one sentence each. */
  readonly notes: readonly string[];
  /** The name of the revision of a template, which is plain JSON as the API server stores it. */
  readonly revisionOf: (template: unknown) => string;
  /** Templates by revision. */
  readonly templates: ReadonlyMap<string, unknown>;
}

export type SetDumpRead =
  | { readonly type: "read"; readonly dumps: readonly SetDump[] }
  /** One sentence for each thing that keeps it from being played. */
  | { readonly type: "invalid"; readonly problems: readonly string[] };

export interface SetDumpOptions {
  readonly behaviour: Behaviour;
  readonly world: World;
  /** Sets of which the dump may only have what they left: their names. */
  readonly wanted?: readonly string[];
}

/** Reads every set of a dump, and what is left of those that are wanted. */
export function readSetDumps(objects: readonly ReadObject[], options: SetDumpOptions): SetDumpRead {
  const problems: string[] = [];
  const ofKind = (kind: string): readonly unknown[] =>
    objects.flatMap(({ resource, value }) => (resource.key.kind === kind ? [value] : []));
  const found: Found = {
    pods: ofKind("Pod"),
    claims: ofKind("PersistentVolumeClaim"),
    revisions: ofKind("ControllerRevision"),
  };
  const sets = ofKind("StatefulSet");
  const names = new Set(sets.map((set) => textAt(set, "metadata", "name")));
  const left = [...(options.wanted ?? []), ...leftNames(found)].filter((name) => !names.has(name));
  const dumps = [
    ...sets.map((set) => readSetDump(set, textAt(set, "metadata", "name") ?? "", found, options, problems)),
    ...[...new Set(left)].map((name) => readSetDump(undefined, name, found, options, problems)),
  ];
  return problems.length > 0 ? { type: "invalid", problems } : { type: "read", dumps };
}

interface Found {
  readonly pods: readonly unknown[];
  readonly claims: readonly unknown[];
  readonly revisions: readonly unknown[];
}

/** Names of sets that are gone and left pods behind: those still name their revision and themselves. */
function leftNames({ pods }: Found): readonly string[] {
  return pods.flatMap((pod) => {
    const owner = controllerOf(pod);
    const isOfSet = owner === undefined ? revisionLabel(pod) !== undefined : owner.kind === "StatefulSet";
    const parent = parentOf(pod);
    return isOfSet && parent !== undefined ? [parent.name] : [];
  });
}

function readSetDump(
  set: unknown,
  name: string,
  found: Found,
  { behaviour, world }: SetDumpOptions,
  problems: string[],
): SetDump {
  const namespace = textAt(set, "metadata", "namespace");
  const isHere = (one: unknown): boolean =>
    namespace === undefined || (textAt(one, "metadata", "namespace") ?? namespace) === namespace;
  const uid = textAt(set, "metadata", "uid");
  const pods = found.pods.filter((pod) => isHere(pod) && isPodOf(pod, name, uid));
  const history = found.revisions.filter((one) => isHere(one) && isRevisionOf(one, name, uid)).toSorted(byNumber);
  const templates = new Map(history.map((one) => [textAt(one, "metadata", "name") ?? "", templateOf(one)] as const));
  const collisions = numberAt(set, "status", "collisionCount") ?? 0;
  const byTemplate = new Map([...templates].map(([revision, template]) => [canonical(template), revision]));
  const revisionOf = (template: unknown): string =>
    byTemplate.get(canonical(template)) ?? revisionName(name, template, collisions);
  const status = fieldsAt(set, "status");
  const inForce = set === undefined ? undefined : writtenOf(set, revisionOf);
  const written = inForce === undefined ? [] : [...olderSpecs(set, inForce, templates), inForce];
  const timings = Object.fromEntries(written.map((spec) => [spec.revision, podTiming(spec.timing ?? {})]));
  const timed: World = world.type === "replayed" ? world : { ...world, timings: { ...world.timings, ...timings } };
  const empty = emptyCluster(name, namespace, timed);
  const applied =
    inForce === undefined
      ? { type: "applied" as const, state: empty }
      : applySpec(empty, { ...inForce, apiVersion: undefined }, behaviour);
  const claims = found.claims.filter(isHere);
  const sizes = new Map(
    claims.map((claim) => {
      const size = textAt(claim, "spec", "resources", "requests", "storage") ?? "";
      return [textAt(claim, "metadata", "name") ?? "", size] as const;
    }),
  );
  const result = { name, namespace, object: set, written, revisionOf, templates, claims: sizes };
  if (applied.type === "rejected") {
    problems.push(
      `StatefulSet ${name} is none that an API server takes: ${applied.errors.map(formatApiError).join("; ")}`,
    );
    return { ...result, state: empty, faults: [], notes: [] };
  }
  const minReady = applied.state.set.type === "absent" ? 0 : applied.state.set.spec.minReadySeconds;
  const available = numberAt(status, "availableReplicas") ?? 0;
  const now = newestMoment([set, ...pods, ...claims, ...history], pods, minReady, available);
  const state = withObjects(applied.state, { set, pods, claims, history, now });
  return { ...result, state: planned(state, pods), faults: faultsIn(pods), notes: notesOn(set, pods, history) };
}

/** The spec of the set in force, its revision by name. */
function writtenOf(set: unknown, revisionOf: (template: unknown) => string): WrittenSpec | undefined {
  const resource = statefulSetFrom(set);
  if (resource === undefined) return undefined;
  return { ...readWrittenSpec(resource).spec, revision: revisionOf(fieldsAt(set, "spec", "template")) };
}

function statefulSetFrom(object: unknown): StatefulSet | undefined {
  const resource = readResourceAs(parse(JSON.stringify(object)).root, "apps/v1", "StatefulSet");
  return resource.kind === "StatefulSet" ? resource : undefined;
}

/** The spec in force with the template of each older revision. */
function olderSpecs(
  set: unknown,
  inForce: WrittenSpec,
  templates: ReadonlyMap<string, unknown>,
): readonly WrittenSpec[] {
  return [...templates].flatMap(([revision, template]) => {
    if (revision === inForce.revision) return [];
    const resource = statefulSetFrom({ ...fieldsAt(set), spec: { ...fieldsAt(set, "spec"), template } });
    return resource === undefined ? [] : [{ ...inForce, revision, timing: readWrittenSpec(resource).spec.timing }];
  });
}

/** A ControllerRevision holds a patch of the set's template (getPatch). */
function templateOf(revision: unknown): unknown {
  const { $patch: _, ...template } = fieldsAt(revision, "data", "spec", "template");
  return template;
}

interface Objects {
  readonly set: unknown;
  readonly pods: readonly unknown[];
  readonly claims: readonly unknown[];
  /** ControllerRevisions, lowest number first. */
  readonly history: readonly unknown[];
  /** When the dump was made, as far as it tells; in milliseconds since 1970. */
  readonly now: number;
}

/** The set that was just applied, with what the dump has of it. */
function withObjects(start: ClusterState, { set: object, pods, claims, history, now }: Objects): ClusterState {
  const { set } = start;
  const uids = new Map<string, number>();
  const uidOf = (uid: string | undefined): number => {
    const known = uids.get(uid ?? "") ?? start.nextUid + uids.size;
    uids.set(uid ?? "", known);
    return known;
  };
  const setUid = textAt(object, "metadata", "uid");
  const templates = set.type === "absent" ? undefined : set.spec.claims;
  const slots = new Map<number, Slot>();
  for (const one of pods) {
    const pod = readPod(one, start.name, templates ?? [], now, uidOf);
    slots.set(pod.ordinal, { ordinal: pod.ordinal, pod, claims: [] });
  }
  for (const one of claims) {
    const place = claimPlace(textAt(one, "metadata", "name") ?? "", start.name);
    if (place === undefined || !isClaimOf(place, pods, templates)) continue;
    const slot = slots.get(place.ordinal) ?? { ordinal: place.ordinal, pod: undefined, claims: [] };
    const owner = ownerOf(one, (uid) => (set.type === "present" && uid === setUid ? set.uid : uidOf(uid)));
    const claim = readClaim(one, place.template, uidOf, owner);
    slots.set(place.ordinal, { ...slot, claims: [...slot.claims, claim].toSorted(byTemplateName) });
  }
  return {
    ...start,
    set: set.type === "absent" ? set : { ...set, ...readSetState(object) },
    slots: slotsFrom([...slots.values()].toSorted((a, b) => a.ordinal - b.ordinal)),
    revisions: history.map(readRevision),
    nextUid: start.nextUid + uids.size,
  };
}

type PresentSet = Extract<ClusterState["set"], { readonly type: "present" }>;

function readSetState(set: unknown): Pick<PresentSet, "status" | "generation" | "observedGeneration" | "deletion"> {
  const status = fieldsAt(set, "status");
  return {
    status: {
      ...podCounts(set),
      currentRevision: textAt(status, "currentRevision") ?? "",
      updateRevision: textAt(status, "updateRevision") ?? "",
    },
    generation: numberAt(set, "metadata", "generation") ?? 1,
    observedGeneration: numberAt(status, "observedGeneration") ?? 0,
    deletion: isTerminating(set) ? "foreground" : "none",
  };
}

function readRevision(revision: unknown): Revision {
  return { revision: textAt(revision, "metadata", "name") ?? "", number: numberAt(revision, "revision") ?? 0 };
}

function readPod(
  pod: unknown,
  set: string,
  templates: readonly string[],
  now: number,
  uidOf: (uid: string | undefined) => number,
): Pod {
  const ordinal = ordinalOf(pod);
  const ready = readySince(pod);
  const fits = templates.every((template) =>
    listAt(pod, "spec", "volumes").some(
      (volume) => textAt(volume, "persistentVolumeClaim", "claimName") === `${template}-${set}-${ordinal}`,
    ),
  );
  return {
    ordinal,
    uid: uidOf(identityOf(pod)),
    revision: revisionLabel(pod) ?? "",
    phase: phaseOf(pod),
    readySince: ready === undefined ? undefined : ready - now,
    terminating: isTerminating(pod),
    bound: nodeOf(pod) !== "",
    owned: controllerOf(pod) !== undefined,
    restarts: Math.max(0, ...statuses(pod).map((one) => numberAt(one, "restartCount") ?? 0)),
    due: undefined,
    ...(fits ? {} : { foreignStorage: true }),
  };
}

function readClaim(
  claim: unknown,
  template: string,
  uidOf: (uid: string | undefined) => number,
  owner: ClaimOwner,
): Claim {
  const finalizers = listAt(claim, "metadata", "finalizers");
  const isHeld = finalizers.some((one) => one !== "kubernetes.io/pvc-protection");
  return {
    template,
    uid: uidOf(identityOf(claim)),
    owner,
    terminating: isTerminating(claim),
    ...(isHeld ? { held: true } : {}),
  };
}

/** The owner that the retention policy has given it: the set, or a pod that may be gone. */
function ownerOf(claim: unknown, uidOf: (uid: string | undefined) => number): ClaimOwner {
  for (const owner of listAt(claim, "metadata", "ownerReferences")) {
    const uid = uidOf(textAt(owner, "uid"));
    if (textAt(owner, "kind") === "StatefulSet") return { type: "set", uid };
    if (textAt(owner, "kind") === "Pod") return { type: "pod", uid };
  }
  return { type: "none" };
}

/** Of another set, whose name ends in this one's, a claim may look alike: a pod or a template must know it. */
function isClaimOf(
  { template }: ClaimPlace,
  pods: readonly unknown[],
  templates: readonly string[] | undefined,
): boolean {
  if (templates === undefined || templates.includes(template)) return true;
  return pods.some((pod) =>
    listAt(pod, "spec", "volumes").some(
      (volume) =>
        claimPlace(textAt(volume, "persistentVolumeClaim", "claimName") ?? "", parentOf(pod)?.name ?? "")?.template ===
        template,
    ),
  );
}

/** Lets what is under way go on: the end of pods that are being deleted, and the start of those that are starting. */
function planned(state: ClusterState, pods: readonly unknown[]): ClusterState {
  let next = state;
  for (const pod of pods) {
    if (isTerminating(pod) || readySince(pod) !== undefined || isStarting(pod)) {
      next = planPod(next, ordinalOf(pod));
    }
  }
  return next;
}

/** Whether nothing is wrong with a pod that is not Ready yet. One that runs and is not Ready may never become Ready. */
function isStarting(pod: unknown): boolean {
  return phaseOf(pod) === "Pending" && waitingReasons(pod).every((reason) => startingReasons.has(reason));
}

/** What the kubelet writes before it has tried anything (pkg/kubelet/kubelet_pods.go, 1.36). */
const startingReasons: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

/** Why containers of a pod do not run, of which others of the same template would not run either. */
const templateReasons: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
]);

/** A revision whose containers do not run in a pod, and that is Ready in none. */
function faultsIn(pods: readonly unknown[]): readonly Fault[] {
  const ready = new Set(pods.filter((pod) => readySince(pod) !== undefined).map(revisionLabel));
  const broken = new Map<string, Fault>();
  for (const pod of pods) {
    const revision = revisionLabel(pod);
    if (revision === undefined || ready.has(revision)) continue;
    const reason = waitingReasons(pod).find((one) => templateReasons.has(one));
    if (reason === undefined) continue;
    const effect = { type: reason === "CrashLoopBackOff" ? "crashLoop" : "neverReady" } as const;
    broken.set(revision, { revisions: { type: "only", revision }, effect });
  }
  return [...broken.values()];
}

/** What the reader of a plan should know of its start. */
function notesOn(set: unknown, pods: readonly unknown[], history: readonly unknown[]): readonly string[] {
  const name = textAt(set, "metadata", "name");
  const replicas = numberAt(set, "status", "replicas") ?? 0;
  return [
    ...(replicas > 0 && pods.length === 0
      ? [`${name} has ${replicas} pods by its status, and none is in the dump: it is cut`]
      : []),
    ...(pods.length > 0 && history.length === 0 && !isTerminating(set)
      ? [`the dump has no ControllerRevisions: what older revisions hold is not known`]
      : []),
  ];
}

/** When a pod became Ready, in milliseconds since 1970; `undefined` for one that is not. */
function readySince(pod: unknown): number | undefined {
  if (!isReady(pod)) return undefined;
  return momentOf(textAt(conditionOf(pod, "Ready"), "lastTransitionTime")) ?? 0;
}

/** RFC 3339 in UTC, as Kubernetes writes every time; the days by the civil calendar. */
function momentOf(text: string | undefined): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/
    .exec(text ?? "")
    ?.slice(1)
    .map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  // Years begin with March, so that the leap day is their last.
  const years = month > 2 ? year : year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const days = years * 365 + leapDays + dayOfYear - 719_468;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * A dump does not say when it was made. It is not older than anything in it, and old enough that as many pods are
 * available as the status counts.
 */
function newestMoment(
  objects: readonly unknown[],
  pods: readonly unknown[],
  minReadySeconds: number,
  available: number,
): number {
  const since = pods.flatMap((pod) => readySince(pod) ?? []).toSorted((a, b) => a - b);
  const written = objects.flatMap((object) => momentOf(textAt(object, "metadata", "creationTimestamp")) ?? []);
  const deleted = objects.flatMap((object) => {
    const until = momentOf(textAt(object, "metadata", "deletionTimestamp"));
    const grace = numberAt(object, "metadata", "deletionGracePeriodSeconds") ?? 0;
    return until === undefined ? [] : [until - grace * 1000];
  });
  const lastAvailable = available > 0 && minReadySeconds > 0 ? since[available - 1] : undefined;
  const needed = lastAvailable === undefined ? 0 : lastAvailable + minReadySeconds * 1000;
  return [...since, ...written, ...deleted].reduce((newest, moment) => Math.max(newest, moment), needed);
}

function statuses(pod: unknown): readonly unknown[] {
  return [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
}

function waitingReasons(pod: unknown): readonly string[] {
  const scheduled = conditionOf(pod, "PodScheduled");
  const unscheduled =
    textAt(scheduled, "status") === "False" ? (textAt(scheduled, "reason") ?? "Unschedulable") : undefined;
  const waiting = statuses(pod).flatMap((one) => textAt(one, "state", "waiting", "reason") ?? []);
  return unscheduled === undefined ? waiting : [unscheduled, ...waiting];
}

/** Of a set that is gone: what it owned, and what it left without an owner. */
function isPodOf(pod: unknown, name: string, uid: string | undefined): boolean {
  if (parentOf(pod)?.name !== name) return false;
  const owner = controllerOf(pod);
  if (owner === undefined) return revisionLabel(pod) !== undefined;
  return owner.kind === "StatefulSet" && (uid === undefined || owner.uid === uid || isTerminating(pod));
}

function isRevisionOf(revision: unknown, name: string, uid: string | undefined): boolean {
  const owner = controllerOf(revision);
  if (owner !== undefined && uid !== undefined) return owner.uid === uid;
  const own = textAt(revision, "metadata", "name") ?? "";
  return own.startsWith(`${name}-`) && !own.slice(name.length + 1).includes("-");
}

function byNumber(a: unknown, b: unknown): number {
  return (numberAt(a, "revision") ?? 0) - (numberAt(b, "revision") ?? 0);
}

function byTemplateName(a: Claim, b: Claim): number {
  return a.template < b.template ? -1 : Number(a.template > b.template);
}

/** Equal for templates that mean the same: the gate StatefulSetSemanticRevisionComparison (on since 1.34) compares so. */
function canonical(template: unknown): string {
  return JSON.stringify(template, (_key, part: unknown) => sortedKeys(part, (value) => value !== null));
}
