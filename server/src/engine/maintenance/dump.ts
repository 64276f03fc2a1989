import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "../rollout/apply.js";
import { bindPod, deletePod } from "../rollout/cluster.js";
import { readWrittenSpec } from "../rollout/read.js";
import { slotsFrom } from "../rollout/slots.js";
import { formatApiError } from "../rollout/spec.js";
import { emptyCluster, type ClusterState } from "../rollout/state.js";
import type { Claim, ClaimOwner, Pod as SetPod, Slot } from "../rollout/slot.js";
import { podTiming, type PodTiming, type SimulatedWorld } from "../rollout/world.js";
import { readBudget, type Budget } from "./budget.js";
import type { OtherPod, SetInput } from "./cluster.js";
import { readNode, zoneLabel, type ClusterNode } from "./nodes.js";
import type { ReadObject } from "./objects.js";
import { fieldsAt, labelsAt, listAt, numberAt, textAt } from "../kubernetes/plain-object.js";
import { isFinished, scaleKey, type Pod } from "./pod.js";
import { knownScales, scaledController, type Scaled } from "./scales.js";
import {
  claimPlace,
  controllerOf,
  isReady,
  isTerminating,
  nodeOf,
  ordinalOf,
  phaseOf,
  podCounts,
  revisionLabel,
  identityOf,
  labelOf,
} from "./printed.js";
import { readNodeTerms, readPodTemplate, type NodeTerm, type PodTemplate } from "./pod-template.js";

/*
 * A cluster as `kubectl get nodes,pods,pvc,pv,pdb,statefulset -A -o yaml` prints it, as the start of a simulation.
 */

/** What a dump holds. */
export interface Dump {
  readonly nodes: readonly ClusterNode[];
  readonly sets: readonly SetInput[];
  /** Pods that no StatefulSet has. */
  readonly pods: readonly OtherPod[];
  readonly budgets: readonly Budget[];
  /** By claim (`namespace/name`): where its volume can be reached, if that is not everywhere. */
  readonly volumes: ReadonlyMap<string, readonly NodeTerm[]>;
  /** What is not known and would matter, in sentences. */
  readonly notes: readonly string[];
}

export type DumpRead =
  | { readonly type: "read"; readonly dump: Dump }
  /** One sentence for each thing that keeps it from being played. */
  | { readonly type: "invalid"; readonly problems: readonly string[] };

export interface DumpOptions {
  readonly behaviour: Behaviour;
  /** How pods behave from now on: faults, and timing that overrides what their templates say. */
  readonly world: SimulatedWorld;
}

/** The command that makes a dump. */
export const dumpCommand = "kubectl get nodes,pods,pvc,pv,pdb,statefulset -A -o yaml";

/**
 * Reads a dump. Pods that run and are not Ready stay so; pods that are being deleted go on with it; pods that wait for
 * their containers or a node start as new ones do.
 */
export function readDump(objects: readonly ReadObject[], options: DumpOptions): DumpRead {
  const problems: string[] = [];
  const found = sortedByKind(objects, problems);
  if (found.nodes.length === 0) problems.push(`There are no nodes in it. \`${dumpCommand}\` prints all that is needed`);
  const nodes = found.nodes.map(({ value }) => readNode(value));
  const sets = found.sets.map((one) => readSet(one, found, options, problems));
  const owned = new Set(sets.map(({ uid }) => uid));
  const pods = found.pods.flatMap(({ value }) => readOtherPod(value, { sets: owned, found, options, problems }));
  const known = new Set(nodes.map(({ name }) => name));
  for (const { value } of found.nodes.length === 0 ? [] : found.pods) {
    const node = nodeOf(value);
    if (node !== "" && !known.has(node)) {
      problems.push(`Pod ${labelOf(value)} runs on ${node}, which is not in it: it is cut, or of several clusters`);
    }
  }
  if (problems.length > 0) return { type: "invalid", problems };
  const budgets = found.budgets.map(({ value }) => readBudget(value));
  const input = sets.flatMap(({ input: one }) => one ?? []);
  return {
    type: "read",
    dump: {
      nodes,
      sets: input,
      pods: scaledPods(pods, found),
      budgets,
      volumes: volumesOf(found),
      notes: missingVolumes(found),
    },
  };
}

interface Found {
  readonly nodes: readonly ReadObject[];
  readonly sets: readonly (ReadObject & { readonly resource: StatefulSet })[];
  readonly pods: readonly ReadObject[];
  readonly claims: readonly ReadObject[];
  readonly volumes: readonly ReadObject[];
  readonly budgets: readonly ReadObject[];
  /** Of Deployments and ReplicaSets, which a dump may have besides. */
  readonly scaled: Scaled;
}

function sortedByKind(objects: readonly ReadObject[], problems: string[]): Found {
  const seen = new Map<string, unknown>();
  for (const { value, resource } of objects) {
    const key = `${resource.key.kind} ${labelOf(value)}`;
    if (seen.has(key)) {
      problems.push(`${key} is in it twice: two dumps are mixed`);
      break;
    }
    seen.set(key, value);
  }
  const ofKind = (kind: string): readonly ReadObject[] => objects.filter(({ resource }) => resource.key.kind === kind);
  const valuesOf = (kind: string): readonly unknown[] => ofKind(kind).map(({ value }) => value);
  return {
    nodes: ofKind("Node"),
    sets: objects.flatMap(({ resource, value }) => (resource.kind === "StatefulSet" ? [{ resource, value }] : [])),
    pods: ofKind("Pod"),
    claims: ofKind("PersistentVolumeClaim"),
    volumes: ofKind("PersistentVolume"),
    budgets: ofKind("PodDisruptionBudget"),
    scaled: {
      deployments: valuesOf("Deployment"),
      replicaSets: valuesOf("ReplicaSet"),
      budgets: valuesOf("PodDisruptionBudget"),
    },
  };
}

interface ReadSet {
  readonly uid: string;
  readonly input: SetInput | undefined;
}

/** A set with its pods and claims as they are. */
function readSet(
  { resource, value }: Found["sets"][number],
  found: Found,
  { behaviour, world }: DumpOptions,
  problems: string[],
): ReadSet {
  const uid = identityOf(value);
  const status = fieldsAt(value, "status");
  const { spec } = readWrittenSpec(resource);
  const updateRevision = textAt(status, "updateRevision") ?? spec.revision;
  const empty = emptyCluster(spec.name, spec.namespace ?? "default", world);
  const applied = applySpec(empty, { ...spec, apiVersion: undefined, revision: updateRevision }, behaviour);
  if (applied.type === "rejected") {
    problems.push(
      `StatefulSet ${labelOf(value)} is none that an API server takes: ${applied.errors.map(formatApiError).join("; ")}`,
    );
    return { uid, input: undefined };
  }
  const namespace = spec.namespace ?? "default";
  const isIn = (one: unknown): boolean => (textAt(one, "metadata", "namespace") ?? "default") === namespace;
  const pods = found.pods.map(({ value: pod }) => pod).filter((pod) => isIn(pod) && controllerOf(pod)?.uid === uid);
  if (pods.length === 0 && (numberAt(status, "replicas") ?? 0) > 0) {
    problems.push(
      `StatefulSet ${labelOf(value)} has ${numberAt(status, "replicas")} pods by its status, and none is in it: it is cut`,
    );
  }
  const claims = found.claims.filter(({ value: claim }) => isIn(claim)).map(({ value: claim }) => claim);
  const isOwn = (claim: unknown): boolean =>
    claimPlace(textAt(claim, "metadata", "name") ?? "", spec.name) !== undefined;
  if (pods.length > 0 && (spec.claims ?? []).length > 0 && !claims.some(isOwn)) {
    problems.push(
      `StatefulSet ${labelOf(value)} has volume claim templates, and no claim of it is in it: \`${dumpCommand}\` prints all that is needed`,
    );
  }
  const template = readPodTemplate(fieldsAt(value, "spec").template);
  const state = planned(withPods(applied.state, value, pods, claims), pods);
  return {
    uid,
    input: {
      uid,
      state,
      behaviour,
      templateOf: templatesOf(template, updateRevision, pods),
      nodes: new Map(pods.map((pod) => [ordinalOf(pod), nodeOf(pod)])),
    },
  };
}

/** New pods of an older revision are like those of it that are there: its template is not in the dump. */
function templatesOf(
  template: PodTemplate,
  updateRevision: string,
  pods: readonly unknown[],
): (revision: string) => PodTemplate {
  const older = new Map<string, PodTemplate>();
  for (const pod of pods) {
    const revision = revisionLabel(pod) ?? updateRevision;
    // A pod names the claims of its set as any other claim.
    if (revision !== updateRevision) older.set(revision, { ...readPodTemplate(pod), claims: template.claims });
  }
  return (revision) => older.get(revision) ?? template;
}

/** The set's status, revisions, pods and claims as the dump has them. */
function withPods(
  state: ClusterState,
  object: unknown,
  pods: readonly unknown[],
  claims: readonly unknown[],
): ClusterState {
  const { set } = state;
  if (set.type === "absent") return state;
  const { spec } = set;
  const updateRevision = spec.revision;
  const currentRevision = textAt(object, "status", "currentRevision") ?? updateRevision;
  const counts = podCounts(object);
  const revisions = [...new Set([currentRevision, ...pods.flatMap((pod) => revisionLabel(pod) ?? []), updateRevision])];
  const ordered = [...revisions.filter((revision) => revision !== updateRevision), updateRevision];
  const uids = new Map<string, number>();
  const uidOf = (uid: string): number => {
    const known = uids.get(uid) ?? state.nextUid + uids.size;
    uids.set(uid, known);
    return known;
  };
  // When pods became Ready is not known without a clock that is not in the dump; only how many are Available.
  const allAvailable = counts.availableReplicas >= counts.readyReplicas;
  const slots = new Map<number, Slot>();
  for (const pod of pods) {
    const ordinal = ordinalOf(pod);
    const since = allAvailable ? -Number.MAX_SAFE_INTEGER : state.clock;
    slots.set(ordinal, { ordinal, pod: setPodOf(pod, uidOf, updateRevision, since), claims: [] });
  }
  for (const claim of claims) {
    const place = claimPlace(textAt(claim, "metadata", "name") ?? "", spec.name);
    if (place === undefined || !spec.claims.includes(place.template)) continue;
    const { template, ordinal } = place;
    const slot = slots.get(ordinal) ?? { ordinal, pod: undefined, claims: [] };
    const read: Claim = {
      template,
      uid: uidOf(identityOf(claim)),
      owner: claimOwnerOf(claim, set.uid, uidOf),
      terminating: isTerminating(claim),
    };
    slots.set(ordinal, {
      ...slot,
      claims: [...slot.claims, read].toSorted((a, b) => (a.template < b.template ? -1 : 1)),
    });
  }
  return {
    ...state,
    set: {
      ...set,
      status: {
        ...counts,
        currentRevision,
        updateRevision,
      },
      observedGeneration: set.generation,
    },
    revisions: ordered.map((revision, index) => ({ revision, number: index + 1 })),
    slots: slotsFrom([...slots.values()].toSorted((a, b) => a.ordinal - b.ordinal)),
    nextUid: state.nextUid + uids.size + pods.length + claims.length,
    world: timedFor(state.world, ordered, updateRevision),
  };
}

/** Pods of every revision take as long as those of the newest. */
function timedFor(world: ClusterState["world"], revisions: readonly string[], newest: string): ClusterState["world"] {
  if (world.type === "replayed") return world;
  const timing = world.timings[newest] ?? podTiming({});
  return { ...world, timings: Object.fromEntries(revisions.map((revision) => [revision, timing])) };
}

function setPodOf(pod: unknown, uidOf: (uid: string) => number, newest: string, since: number): SetPod {
  return {
    ordinal: ordinalOf(pod),
    uid: uidOf(identityOf(pod)),
    revision: revisionLabel(pod) ?? newest,
    phase: phaseOf(pod),
    readySince: isReady(pod) ? since : undefined,
    // Pods whose containers are being stopped get there by being deleted: see `planned`.
    terminating: isTerminating(pod) && !isEnding(pod),
    bound: nodeOf(pod) !== "",
    owned: true,
    restarts: 0,
    due: undefined,
  };
}

/** What is under way goes on: the end of pods that are being deleted, and the start of new ones. */
function planned(state: ClusterState, pods: readonly unknown[]): ClusterState {
  let next = state;
  for (const pod of pods) {
    const isBound = nodeOf(pod) !== "";
    if (isEnding(pod)) next = deletePod(next, ordinalOf(pod));
    else if (phaseOf(pod) === "Pending" && isBound) next = bindPod(next, ordinalOf(pod));
  }
  return next;
}

/** Whether its containers are being stopped, for however long. */
function isEnding(pod: unknown): boolean {
  return isTerminating(pod) && !isFinished({ phase: phaseOf(pod) });
}

/** The owner that the retention policy has given it: the set, or a pod that may be gone. */
function claimOwnerOf(claim: unknown, setUid: number, uidOf: (uid: string) => number): ClaimOwner {
  const [owner] = listAt(claim, "metadata", "ownerReferences");
  switch (textAt(owner, "kind")) {
    case "StatefulSet":
      return { type: "set", uid: setUid };
    case "Pod":
      return { type: "pod", uid: uidOf(textAt(owner, "uid") ?? "") };
    default:
      return { type: "none" };
  }
}

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** With how many pods their controllers shall have, where that is known. */
function scaledPods(pods: readonly OtherPod[], { scaled }: Found): readonly OtherPod[] {
  const scales = knownScales(
    pods.map(({ pod }) => pod),
    scaled,
  );
  return pods.map((one) => {
    const { controller, namespace } = one.pod;
    const replicas = controller && scales.get(scaleKey(namespace, controller));
    return replicas === undefined ? one : { ...one, replicas };
  });
}

/** What a pod is read with. */
interface Around {
  /** The UIDs of the sets in the dump. */
  readonly sets: ReadonlySet<string>;
  readonly found: Found;
  readonly options: DumpOptions;
  readonly problems: string[];
}

/** A pod that no set in the dump owns. */
function readOtherPod(value: unknown, { sets, found, options, problems }: Around): readonly OtherPod[] {
  const controller = scaledController(value, found.scaled);
  if (controller !== undefined && sets.has(controller.uid)) return [];
  if (controller?.kind === "StatefulSet") {
    problems.push(`Pod ${labelOf(value)} belongs to the StatefulSet ${controller.name}, which is not in it: it is cut`);
    return [];
  }
  const template = readPodTemplate(value);
  const pod: Pod = {
    namespace: textAt(value, "metadata", "namespace") ?? "default",
    name: textAt(value, "metadata", "name") ?? "",
    uid: identityOf(value),
    labels: template.labels,
    template,
    phase: phaseOf(value),
    ready: phaseOf(value) === "Running" && isReady(value),
    terminating: isTerminating(value),
    node: nodeOf(value),
    controller,
    isMirror: labelsAt(value, "metadata", "annotations").has(mirrorAnnotation),
  };
  return [{ pod, ...otherTiming(value, options.world.timingOverride) }];
}

/**
 * How long a pod that no set has takes.
 * @param value plain data with the `spec` of a pod
 */
export function otherTiming(value: unknown, override: Partial<PodTiming>): Pick<OtherPod, "toReady" | "toGone"> {
  const { toRunning, toReady, toGone } = {
    ...podTiming({ terminationGracePeriodSeconds: numberAt(value, "spec", "terminationGracePeriodSeconds") }),
    ...override,
  };
  return { toReady: toRunning + toReady, toGone };
}

/** Without its volume it is not known on which nodes a claim can be used. */
function missingVolumes({ claims, volumes }: Found): readonly string[] {
  const known = new Set(volumes.map(({ value }) => textAt(value, "metadata", "name")));
  const lost = claims.filter(({ value }) => {
    const volume = textAt(value, "spec", "volumeName") ?? "";
    return volume !== "" && !known.has(volume);
  });
  const [first] = lost;
  if (first === undefined) return [];
  const others = lost.length === 1 ? "" : ` (and ${lost.length - 1} more)`;
  return [`The volume of claim \`${labelOf(first.value)}\`${others} is not in the dump: every node may reach it here`];
}

/** What a volume says of its nodes, in its `nodeAffinity` or, of old, its labels. */
function volumesOf({ claims, volumes }: Found): ReadonlyMap<string, readonly NodeTerm[]> {
  const terms = new Map<string, readonly NodeTerm[]>();
  for (const { value } of volumes) {
    const name = textAt(value, "metadata", "name") ?? "";
    const required = fieldsAt(value, "spec", "nodeAffinity").required;
    const zone = labelsAt(value, "metadata", "labels").get(zoneLabel);
    if (required !== undefined && required !== null) terms.set(name, readNodeTerms(required));
    // VolumeZone: several zones are joined by two underscores.
    else if (zone !== undefined) terms.set(name, [termOf(zoneLabel, zone.split("__"))]);
  }
  return new Map(
    claims.flatMap(({ value }) => {
      const bound = terms.get(textAt(value, "spec", "volumeName") ?? "");
      const namespace = textAt(value, "metadata", "namespace") ?? "default";
      return bound === undefined ? [] : [[`${namespace}/${textAt(value, "metadata", "name") ?? ""}`, bound]];
    }),
  );
}

/** A term that a label must have one of some values. */
export function termOf(key: string, values: readonly string[]): NodeTerm {
  return { expressions: [{ key, operator: "In", values }], fields: [] };
}
