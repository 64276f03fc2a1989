import { podIndexLabel, podNameLabel, type Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import { isFinished, type Pod } from "./pod.js";
import type { HostPort, PodTemplate, PodTerm } from "./pod-template.js";

/** Pods of one controller that the scheduler cannot tell apart, but for the labels that name a pod of a set. */
export interface PodGroup {
  readonly namespace: string;
  /** Those of one of its pods. */
  readonly labels: Labels;
  readonly controller: string | undefined;
  /** What they ask to be kept away from. */
  readonly guards: readonly PodTerm[];
  readonly hostPorts: readonly HostPort[];
  readonly nodes: ReadonlyMap<string, GroupOnNode>;
}

/** The pods of a group on one node. */
export interface GroupOnNode {
  readonly pods: ReadonlySet<Pod>;
  /** How many of them are not being deleted. */
  readonly staying: number;
}

/** Labels that differ between the pods of a group. */
export const ownLabels: ReadonlySet<string> = new Set([podNameLabel, podIndexLabel]);

interface NodeEntry {
  readonly pods: Set<Pod>;
  unfinished: number;
  /** By resource, of those that are not finished; `undefined` until it is asked for. */
  requested: ReadonlyMap<string, number> | undefined;
}

interface GroupEntry extends PodGroup {
  readonly nodes: Map<string, { readonly pods: Set<Pod>; staying: number }>;
}

/** Which pods are on which node, counted as they come and go, so that a placement does not look at every pod. */
export class Occupancy {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #groups = new Map<string, GroupEntry>();
  /** By a label (`app=web`) that the pods of a group have. */
  readonly #labelled = new Map<string, GroupEntry[]>();
  /** By a label that a group wants to be kept away from; empty where its term asks for no label in particular. */
  readonly #guarding = new Map<string, Set<GroupEntry>>();
  readonly #controlled = new Map<string, GroupEntry[]>();
  readonly #templateKeys = new WeakMap<PodTemplate, string>();
  /** Of the pods that are here: their keys are long. */
  readonly #groupsOfPods = new WeakMap<Pod, GroupEntry>();

  get groups(): Iterable<PodGroup> {
    return this.#groups.values();
  }

  /** The groups that a selector may select, without those that it cannot. */
  selectable(selector: Selector): Iterable<PodGroup> {
    const label = labelIn(selector);
    return label === "" ? this.#groups.values() : (this.#labelled.get(label) ?? []);
  }

  /** The groups that may ask to be kept away from a pod with these labels. */
  *guardingAgainst(labels: Labels): Generator<PodGroup> {
    const found = new Set(this.#guarding.get(""));
    for (const [key, value] of labels)
      for (const group of this.#guarding.get(`${key}=${value}`) ?? []) found.add(group);
    yield* found;
  }

  /** The groups of a controller. */
  controlledBy(uid: string): Iterable<PodGroup> {
    return this.#controlled.get(uid) ?? [];
  }

  /** A pod has changed; `before` as it was added. */
  replace(before: Pod, pod: Pod): void {
    const group = this.#groupsOfPods.get(before);
    const { labels, controller, template } = before;
    const isAlike = pod.labels === labels && pod.controller === controller && pod.template === template;
    if (group !== undefined && isAlike) this.#groupsOfPods.set(pod, group);
    if (before.node !== "") this.remove(before);
    if (pod.node !== "") this.add(pod);
  }

  /** Adds a pod that has a node. */
  add(pod: Pod): void {
    const node = this.#nodes.get(pod.node) ?? { pods: new Set(), unfinished: 0, requested: undefined };
    this.#nodes.set(pod.node, node);
    node.pods.add(pod);
    // A finished pod no longer counts for anything (AssignedPod in pkg/scheduler/eventhandlers.go).
    if (isFinished(pod)) return;
    node.unfinished++;
    node.requested = undefined;
    const { nodes } = this.#groupOf(pod);
    const there = nodes.get(pod.node) ?? { pods: new Set(), staying: 0 };
    nodes.set(pod.node, there);
    there.pods.add(pod);
    if (!pod.terminating) there.staying++;
  }

  /** @param pod as it was added */
  remove(pod: Pod): void {
    const node = this.#nodes.get(pod.node);
    if (node?.pods.delete(pod) !== true || isFinished(pod)) return;
    node.unfinished--;
    node.requested = undefined;
    const { nodes } = this.#groupOf(pod);
    const there = nodes.get(pod.node);
    if (there === undefined) return;
    there.pods.delete(pod);
    if (!pod.terminating) there.staying--;
    if (there.pods.size === 0) nodes.delete(pod.node);
  }

  /** All pods of a node, finished ones too. */
  on(node: string): Iterable<Pod> {
    return this.#nodes.get(node)?.pods ?? [];
  }

  /** How many pods that are not finished a node has. */
  countOn(node: string): number {
    return this.#nodes.get(node)?.unfinished ?? 0;
  }

  /** What the pods of a node ask for, by resource. */
  requestedOn(node: string): ReadonlyMap<string, number> {
    const entry = this.#nodes.get(node);
    if (entry === undefined) return new Map();
    entry.requested ??= requestsOf(entry.pods);
    return entry.requested;
  }

  #groupOf(pod: Pod): GroupEntry {
    const group = this.#groupsOfPods.get(pod) ?? this.#groupWith(this.#keyOf(pod), pod);
    this.#groupsOfPods.set(pod, group);
    return group;
  }

  #groupWith(key: string, pod: Pod): GroupEntry {
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const { namespace, labels, controller, template } = pod;
    const { hostPorts, antiAffinity } = template;
    const guards = antiAffinity.required;
    const group: GroupEntry = { namespace, labels, controller: controller?.uid, guards, hostPorts, nodes: new Map() };
    this.#groups.set(key, group);
    for (const [label, value] of labels) appendTo(this.#labelled, `${label}=${value}`, group);
    if (controller !== undefined) appendTo(this.#controlled, controller.uid, group);
    for (const { selector } of guards) {
      const label = labelIn(selector ?? []);
      this.#guarding.set(label, (this.#guarding.get(label) ?? new Set()).add(group));
    }
    return group;
  }

  #keyOf({ namespace, labels, controller, template }: Pod): string {
    let key = `${namespace}\n${controller?.uid ?? ""}`;
    for (const [label, value] of labels) if (!ownLabels.has(label)) key += `\n${label}=${value}`;
    const { hostPorts, antiAffinity } = template;
    if (antiAffinity.required.length + hostPorts.length === 0) return key;
    const ofTemplate = this.#templateKeys.get(template) ?? JSON.stringify([antiAffinity.required, hostPorts]);
    this.#templateKeys.set(template, ofTemplate);
    return `${key}\n${ofTemplate}`;
  }
}

/** A label that whatever meets a selector has, as `app=web`; empty where there is none. */
function labelIn(selector: Selector): string {
  const line = selector.find(
    ({ key, operator, values }) => operator === "In" && values.length === 1 && !ownLabels.has(key),
  );
  return line === undefined ? "" : `${line.key}=${line.values[0]}`;
}

function appendTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function requestsOf(pods: Iterable<Pod>): ReadonlyMap<string, number> {
  const requested = new Map<string, number>();
  for (const pod of pods) {
    if (isFinished(pod)) continue;
    for (const [resource, amount] of pod.template.requests) {
      requested.set(resource, (requested.get(resource) ?? 0) + amount);
    }
  }
  return requested;
}
