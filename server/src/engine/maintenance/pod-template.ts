import { parseQuantity } from "../kubernetes/quantity.js";
import type { Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import type { Toleration } from "../rollout/spec.js";
import { isMapping } from "../yaml/plain.js";
import { fieldsAt, labelsAt, listAt, numberAt, selectorOf, textAt, textsAt } from "../kubernetes/plain-object.js";

/** What of a pod template decides where its pods may run, and how a drain treats them. Names are those of the API. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly nodeSelector: Labels;
  /** One of them must be met; `undefined` where nothing is required. */
  readonly requiredNodes: readonly NodeTerm[] | undefined;
  readonly preferredNodes: readonly Preferred<NodeTerm>[];
  readonly tolerations: readonly Toleration[];
  readonly affinity: PodAffinity;
  readonly antiAffinity: PodAffinity;
  readonly spread: readonly SpreadConstraint[];
  /** Claims that it names itself: not those of a set's claim templates. */
  readonly claims: readonly string[];
  /** What its containers ask for, by resource: cores of `cpu`, bytes of `memory`. */
  readonly requests: ReadonlyMap<string, number>;
  readonly hasEmptyDir: boolean;
  readonly hostPorts: readonly HostPort[];
}

/** A port of the node that a container takes for itself. */
export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  /** `0.0.0.0` for all. */
  readonly ip: string;
}

export interface Preferred<T> {
  readonly weight: number;
  readonly term: T;
}

/** A term of a node selector: all of its requirements must hold, and one without any holds for no node. */
export interface NodeTerm {
  readonly expressions: readonly NodeRequirement[];
  /** About `metadata.name`. */
  readonly fields: readonly NodeRequirement[];
}

export interface NodeRequirement {
  readonly key: string;
  /** In, NotIn, Exists, DoesNotExist, Gt or Lt. */
  readonly operator: string;
  readonly values: readonly string[];
}

export interface PodAffinity {
  readonly required: readonly PodTerm[];
  readonly preferred: readonly Preferred<PodTerm>[];
}

export interface PodTerm {
  readonly topologyKey: string;
  /** `undefined` selects no pod. */
  readonly selector: Selector | undefined;
  readonly namespaces: "own" | "all" | readonly string[];
  /** Labels that must have the value of the pod that is placed, or must not. */
  readonly matchLabelKeys: readonly string[];
  readonly mismatchLabelKeys: readonly string[];
}

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly isHard: boolean;
  readonly selector: Selector | undefined;
  readonly matchLabelKeys: readonly string[];
  /** nodeAffinityPolicy and nodeTaintsPolicy: whether nodes that the pod may not use count as domains. */
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/**
 * Reads a pod template, or a pod.
 * @param value plain data with `metadata` and `spec`
 */
export function readPodTemplate(value: unknown): PodTemplate {
  const spec = fieldsAt(value, "spec");
  const nodeAffinity = fieldsAt(spec, "affinity", "nodeAffinity");
  const required = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const volumes = listAt(spec, "volumes");
  return {
    labels: labelsAt(value, "metadata", "labels"),
    nodeSelector: labelsAt(spec, "nodeSelector"),
    requiredNodes: isMapping(required) ? readNodeTerms(required) : undefined,
    preferredNodes: listAt(nodeAffinity, "preferredDuringSchedulingIgnoredDuringExecution").map((one) => ({
      weight: numberAt(one, "weight") ?? 0,
      term: readNodeTerm(fieldsAt(one).preference),
    })),
    tolerations: listAt(spec, "tolerations").map((one) => ({
      key: textAt(one, "key"),
      operator: textAt(one, "operator"),
      value: textAt(one, "value"),
      effect: textAt(one, "effect"),
    })),
    affinity: readPodAffinity(fieldsAt(spec, "affinity").podAffinity),
    antiAffinity: readPodAffinity(fieldsAt(spec, "affinity").podAntiAffinity),
    spread: listAt(spec, "topologySpreadConstraints").map(readSpreadConstraint),
    claims: volumes.flatMap((volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? []),
    requests: requestsOf(spec),
    hasEmptyDir: volumes.some((volume) => isMapping(volume) && isMapping(volume.emptyDir)),
    hostPorts: hostPortsOf(spec),
  };
}

/**
 * With the defaults of pkg/apis/core/v1/defaults.go: under hostNetwork every port is one of the node. Init containers
 * count only as sidecars (util.GetHostPorts, pkg/scheduler/util/utils.go, Kubernetes 1.36).
 */
function hostPortsOf(spec: unknown): readonly HostPort[] {
  const isOnHost = fieldsAt(spec).hostNetwork === true;
  const sidecars = listAt(spec, "initContainers").filter((one) => textAt(one, "restartPolicy") === "Always");
  return [...listAt(spec, "containers"), ...sidecars].flatMap((container) =>
    listAt(container, "ports").flatMap((written) => {
      const port = numberAt(written, "hostPort") ?? (isOnHost ? numberAt(written, "containerPort") : undefined) ?? 0;
      const protocol = textAt(written, "protocol") ?? "TCP";
      return port === 0 ? [] : [{ port, protocol, ip: textAt(written, "hostIP") ?? "0.0.0.0" }];
    }),
  );
}

/** The terms of a `NodeSelector`, also of a PersistentVolume's `nodeAffinity.required`. */
export function readNodeTerms(nodeSelector: unknown): readonly NodeTerm[] {
  return listAt(nodeSelector, "nodeSelectorTerms").map(readNodeTerm);
}

function readNodeTerm(term: unknown): NodeTerm {
  const read = (key: string): readonly NodeRequirement[] =>
    listAt(term, key).map((one) => ({
      key: textAt(one, "key") ?? "",
      operator: textAt(one, "operator") ?? "",
      values: textsAt(one, "values"),
    }));
  return { expressions: read("matchExpressions"), fields: read("matchFields") };
}

function readPodAffinity(value: unknown): PodAffinity {
  return {
    required: listAt(value, "requiredDuringSchedulingIgnoredDuringExecution").map(readPodTerm),
    preferred: listAt(value, "preferredDuringSchedulingIgnoredDuringExecution").map((one) => ({
      weight: numberAt(one, "weight") ?? 0,
      term: readPodTerm(fieldsAt(one).podAffinityTerm),
    })),
  };
}

function readPodTerm(term: unknown): PodTerm {
  return {
    topologyKey: textAt(term, "topologyKey") ?? "",
    selector: selectorOf(fieldsAt(term).labelSelector),
    namespaces: namespacesOf(term),
    matchLabelKeys: textsAt(term, "matchLabelKeys"),
    mismatchLabelKeys: textsAt(term, "mismatchLabelKeys"),
  };
}

/**
 * Neither `namespaces` nor a `namespaceSelector`: the pod's own. Of the labels of namespaces only their name is known
 * here, so any other selector counts as one for all.
 */
function namespacesOf(term: unknown): PodTerm["namespaces"] {
  const listed = textsAt(term, "namespaces");
  const { namespaceSelector } = fieldsAt(term);
  if (!isMapping(namespaceSelector)) return listed.length === 0 ? "own" : listed;
  const named = labelsAt(namespaceSelector, "matchLabels").get("kubernetes.io/metadata.name");
  return named === undefined ? "all" : [...listed, named];
}

/** With the defaults of pkg/apis/core/v1/defaults.go and core/v1 types.go, TopologySpreadConstraint (Kubernetes 1.36). */
function readSpreadConstraint(constraint: unknown): SpreadConstraint {
  return {
    topologyKey: textAt(constraint, "topologyKey") ?? "",
    maxSkew: numberAt(constraint, "maxSkew") ?? 1,
    minDomains: numberAt(constraint, "minDomains") ?? 1,
    isHard: textAt(constraint, "whenUnsatisfiable") !== "ScheduleAnyway",
    selector: selectorOf(fieldsAt(constraint).labelSelector),
    matchLabelKeys: textsAt(constraint, "matchLabelKeys"),
    honorsAffinity: textAt(constraint, "nodeAffinityPolicy") !== "Ignore",
    honorsTaints: textAt(constraint, "nodeTaintsPolicy") === "Honor",
  };
}

/**
 * What all containers ask for together, or the largest init container if that is more; sidecars run beside the
 * containers (k8s.io/component-helpers resource/helpers.go, PodRequests, Kubernetes 1.36, without pod-level resources).
 */
function requestsOf(spec: unknown): ReadonlyMap<string, number> {
  const isSidecar = (container: unknown): boolean => textAt(container, "restartPolicy") === "Always";
  const initContainers = listAt(spec, "initContainers");
  const together = sum([...listAt(spec, "containers"), ...initContainers.filter(isSidecar)].map(askedBy));
  const before = initContainers.filter((container) => !isSidecar(container)).map(askedBy);
  const most = new Map(together);
  for (const asked of before) {
    for (const [resource, amount] of asked) most.set(resource, Math.max(amount, most.get(resource) ?? 0));
  }
  return sum([most, amountsAt(spec, "overhead")]);
}

/** A container that names a limit alone asks for as much (pkg/apis/core/v1/defaults.go, SetDefaults_Pod). */
function askedBy(container: unknown): ReadonlyMap<string, number> {
  return new Map([...amountsAt(container, "resources", "limits"), ...amountsAt(container, "resources", "requests")]);
}

/** Quantities by resource, as numbers: cores, bytes, pods. */
export function amountsAt(value: unknown, ...keys: readonly string[]): ReadonlyMap<string, number> {
  const amounts = new Map<string, number>();
  for (const [resource, written] of Object.entries(fieldsAt(value, ...keys))) {
    const quantity = typeof written === "string" || typeof written === "number" ? parseQuantity(written) : undefined;
    if (quantity !== undefined) amounts.set(resource, Number(quantity.nanos) / 1e9);
  }
  return amounts;
}

function sum(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const amounts of all) {
    for (const [resource, amount] of amounts) total.set(resource, (total.get(resource) ?? 0) + amount);
  }
  return total;
}
