import type { Toleration } from "../rollout/spec.js";
import { tolerates, type Taint } from "../rollout/tolerations.js";
import type { Labels } from "../kubernetes/selectors.js";
import { isMapping } from "../yaml/plain.js";
import { fieldsAt, labelsAt, listAt, textAt } from "../kubernetes/plain-object.js";
import { grouped } from "../text/grouped.js";
import { conditionOf } from "./printed.js";
import { amountsAt, type NodeRequirement, type NodeTerm } from "./pod-template.js";

export const zoneLabel = "topology.kubernetes.io/zone";
export const hostnameLabel = "kubernetes.io/hostname";

/** A node as the scheduler sees it. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** Cordoned: it takes no new pods. */
  readonly unschedulable: boolean;
  /** False where its kubelet does not answer: its pods never end, and it takes no new ones. */
  readonly answers: boolean;
  /** What it has for pods, by resource; `undefined` where that is not known, so that everything fits. */
  readonly allocatable: ReadonlyMap<string, number> | undefined;
}

/** The nodes that are there: by name in the order in which they came, and by label. */
export class Nodes {
  readonly #nodes = new Map<string, ClusterNode>();
  /** By the key of a label that was asked for, then by its value: names of nodes. */
  readonly #byLabel = new Map<string, ReadonlyMap<string | undefined, readonly string[]>>();

  constructor(nodes: Iterable<ClusterNode>) {
    for (const node of nodes) this.#nodes.set(node.name, node);
  }

  get(name: string): ClusterNode | undefined {
    return this.#nodes.get(name);
  }

  names(): Iterable<string> {
    return this.#nodes.keys();
  }

  [Symbol.iterator](): Iterator<ClusterNode> {
    return this.#nodes.values();
  }

  /** Adds a node, or puts it in the place of that of its name. */
  set(node: ClusterNode): void {
    const before = this.#nodes.get(node.name);
    this.#nodes.set(node.name, node);
    if (before?.labels !== node.labels) this.#byLabel.clear();
  }

  delete(name: string): void {
    if (this.#nodes.delete(name)) this.#byLabel.clear();
  }

  /** The names of the nodes that have a label with a value, in the order of all. */
  labelled(key: string, value: string): readonly string[] {
    const byValue = this.#byLabel.get(key) ?? namesByLabel(this, key);
    this.#byLabel.set(key, byValue);
    return byValue.get(value) ?? [];
  }
}

function namesByLabel(nodes: Iterable<ClusterNode>, key: string): ReadonlyMap<string | undefined, readonly string[]> {
  const byValue = grouped(nodes, ({ labels }) => labels.get(key));
  return new Map(Array.from(byValue, ([value, alike]) => [value, alike.map(({ name }) => name)]));
}

/** Alike nodes `node-0`, `node-1`, ... in turn in the zones, if any. */
export function alikeNodes(count: number, zones: readonly string[]): readonly ClusterNode[] {
  return Array.from({ length: count }, (_, index) => plainNode(`node-${index}`, zones[index % zones.length]));
}

function plainNode(name: string, zone: string | undefined): ClusterNode {
  const labels = new Map([[hostnameLabel, name]]);
  if (zone !== undefined) labels.set(zoneLabel, zone);
  return { name, labels, taints: [], unschedulable: false, answers: true, allocatable: undefined };
}

/** A node that takes the place of another one, with all that is like it. */
export function successorOf(node: ClusterNode, name: string): ClusterNode {
  const labels = new Map(node.labels);
  if (labels.has(hostnameLabel)) labels.set(hostnameLabel, name);
  return { ...node, name, labels, unschedulable: false, answers: true };
}

/** Reads a Node, plain data as `kubectl get nodes -o yaml` prints it. */
export function readNode(value: unknown): ClusterNode {
  const allocatable = amountsAt(value, "status", "allocatable");
  return {
    name: textAt(value, "metadata", "name") ?? "",
    labels: labelsAt(value, "metadata", "labels"),
    taints: listAt(value, "spec", "taints").map(readTaint),
    unschedulable: fieldsAt(value, "spec").unschedulable === true,
    // The node lifecycle controller sets it when the kubelet has not been heard of for some time.
    answers: textAt(conditionOf(value, "Ready"), "status") !== "Unknown",
    allocatable: allocatable.size === 0 ? undefined : allocatable,
  };
}

function readTaint(taint: unknown): Taint {
  return {
    key: textAt(taint, "key") ?? "",
    value: textAt(taint, "value") ?? "",
    effect: textAt(taint, "effect") ?? "",
  };
}

/**
 * Reads an item of a short list of nodes: a name, or `{ name, zone, labels, taints }`.
 * @returns why it cannot be read, as text, otherwise the node
 */
export function readShortNode(value: unknown): ClusterNode | string {
  if (typeof value === "string" && value !== "") return plainNode(value, undefined);
  if (!isMapping(value)) return "must be a name, or have one";
  const known = ["name", "zone", "labels", "taints"];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) return `has \`${unknown}\`, which is not known here; expected ${known.join(", ")}`;
  const { name, zone } = value;
  if (typeof name !== "string" || name === "") return "must have a `name`";
  if (zone !== undefined && typeof zone !== "string") return "must have a text as `zone`";
  const node = plainNode(name, zone);
  const labels = new Map([...node.labels, ...labelsAt(value, "labels")]);
  return { ...node, labels, taints: listAt(value, "taints").map(readTaint) };
}

export function zoneOf({ labels }: ClusterNode): string | undefined {
  return labels.get(zoneLabel);
}

/** Whether a node meets any of the terms (k8s.io/component-helpers scheduling/corev1/nodeaffinity, Kubernetes 1.36). */
export function meetsAny(node: ClusterNode, terms: readonly NodeTerm[]): boolean {
  return terms.some((term) => meets(node, term));
}

export function meets(node: ClusterNode, { expressions, fields }: NodeTerm): boolean {
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((requirement) => holds(requirement, node.labels.get(requirement.key))) &&
    fields.every((requirement) => holds(requirement, requirement.key === "metadata.name" ? node.name : undefined))
  );
}

function holds({ operator, values }: NodeRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** The taint that a cordoned node has besides (pkg/controller/nodelifecycle, Kubernetes 1.36). */
const cordoned: Taint = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };

export function isCordonTolerated(tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, cordoned));
}

/** The first taint that keeps a pod away. PreferNoSchedule does not. */
export function untoleratedTaint(
  { taints }: Pick<ClusterNode, "taints">,
  tolerations: readonly Toleration[],
): Taint | undefined {
  return taints.find(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      // Of a cordoned node it says the same as `unschedulable`.
      taint.key !== cordoned.key &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}
