import { matchesLabels, type Selector } from "../kubernetes/selection.js";
import { isCordonTolerated, meets, meetsAny, untoleratedTaint, zoneOf, type ClusterNode, type Nodes } from "./nodes.js";
import { ownLabels, type Occupancy, type PodGroup } from "./occupancy.js";
import type { Pod } from "./pod.js";
import type { HostPort, NodeTerm, PodTerm, SpreadConstraint } from "./pod-template.js";

/*
 * The scheduler, as far as it decides which nodes a pod may have: the filters of pkg/scheduler/framework/plugins
 * (Kubernetes 1.36), whose names are given beside them. Its choice among those nodes depends on
 * scores that are not modelled: here the pod gets the node that its preferences ask for, and otherwise the emptiest.
 */

export type Placement =
  | { readonly type: "node"; readonly node: string }
  /** What keeps the pod from how many nodes. */
  | { readonly type: "none"; readonly reasons: readonly NodeReason[] };

export interface NodeReason {
  /** `2 nodes {text}`, as in `are cordoned`. */
  readonly text: string;
  readonly nodes: number;
}

/** Where a volume of a pod can be reached: a node must meet one of the terms. */
export interface VolumeNeed {
  readonly claim: string;
  readonly terms: readonly NodeTerm[];
}

interface Surroundings {
  readonly nodes: Nodes;
  readonly occupancy: Occupancy;
}

/**
 * Looks for a node for a pod.
 * @param occupancy where the other pods are
 * @param nodes all that are there, cordoned ones and such that do not answer too
 */
export function placePod(pod: Pod, occupancy: Occupancy, nodes: Nodes, volumes: readonly VolumeNeed[]): Placement {
  const surroundings = { nodes, occupancy };
  const filters = filtersFor(pod, surroundings, volumes);
  const best = bestOf(inReach(nodes, volumes), measuresFor(pod, surroundings), filters);
  if (best !== undefined) return { type: "node", node: best.name };
  const reasons = new Map<string, number>();
  for (const node of nodes) {
    const reason = firstReason(node, filters);
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { type: "none", reasons: Array.from(reasons, ([text, count]) => ({ text, nodes: count })) };
}

/** Nodes without those that a volume that asks for one label, as most do, cannot be reached from. */
function inReach(nodes: Nodes, volumes: readonly VolumeNeed[]): Iterable<ClusterNode> {
  for (const { terms } of volumes) {
    const [term] = terms;
    if (term === undefined || terms.length !== 1) continue;
    for (const { key, operator, values } of term.expressions) {
      const [value] = values;
      if (operator === "In" && value !== undefined && values.length === 1)
        return nodes.labelled(key, value).flatMap((name) => nodes.get(name) ?? []);
    }
  }
  return nodes;
}

/** `2 nodes are cordoned, 1 node has the taint gpu`, or `there is no node`. */
export function describeReasons(reasons: readonly NodeReason[]): string {
  if (reasons.length === 0) return "there is no node";
  return reasons.map(({ text, nodes }) => `${nodes} ${nodes === 1 ? "node" : "nodes"} ${text}`).join(", ");
}

/** Why a pod may not have a node; `undefined` where it may. */
type Filter = (node: ClusterNode) => string | undefined;

function firstReason(node: ClusterNode, filters: readonly Filter[]): string | undefined {
  for (const filter of filters) {
    const reason = filter(node);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function filtersFor(pod: Pod, surroundings: Surroundings, volumes: readonly VolumeNeed[]): readonly Filter[] {
  const { template } = pod;
  return [
    // It has the taint node.kubernetes.io/unreachable; a pod that tolerates it would not start there either.
    ({ answers }) => (answers ? undefined : "that does not answer"),
    // NodeUnschedulable and TaintToleration
    ({ unschedulable, taints }) => {
      if (unschedulable && !isCordonTolerated(template.tolerations)) return "cordoned";
      const taint = taints.length === 0 ? undefined : untoleratedTaint({ taints }, template.tolerations);
      return taint && `with a taint that it does not tolerate (${taint.key})`;
    },
    ...nodeAffinityFilters(pod),
    // NodePorts
    ...hostPortFilters(pod, surroundings),
    // NodeResourcesFit
    resourceFilter(pod, surroundings),
    // VolumeBinding and VolumeZone
    ...volumes.map(
      ({ claim, terms }): Filter =>
        (node) =>
          meetsAny(node, terms) ? undefined : `out of reach of its volume ${claim}`,
    ),
    ...spreadFilters(pod, surroundings),
    ...antiAffinityFilters(pod, surroundings),
    ...affinityFilters(pod, surroundings),
  ];
}

/** NodeAffinity, where anything is asked of nodes. */
function nodeAffinityFilters(pod: Pod): readonly Filter[] {
  const { nodeSelector, requiredNodes } = pod.template;
  if (nodeSelector.size === 0 && requiredNodes === undefined) return [];
  return [(node) => (isWanted(pod, node) ? undefined : "that its node selector or node affinity does not allow")];
}

function isWanted({ template }: Pod, node: ClusterNode): boolean {
  for (const [key, value] of template.nodeSelector) if (node.labels.get(key) !== value) return false;
  return template.requiredNodes === undefined || meetsAny(node, template.requiredNodes);
}

function resourceFilter({ template: { requests } }: Pod, { occupancy }: Surroundings): Filter {
  return ({ name, allocatable }) => {
    if (allocatable === undefined) return undefined;
    if (occupancy.countOn(name) + 1 > (allocatable.get("pods") ?? Infinity)) return "full of pods";
    const requested = occupancy.requestedOn(name);
    for (const [resource, asked] of requests) {
      if (asked === 0) continue;
      const used = asked + (requested.get(resource) ?? 0);
      if (used > (allocatable.get(resource) ?? 0) + 1e-6) return `without enough ${resource} left`;
    }
    return undefined;
  };
}

/** HostPortInfo.CheckConflict (k8s.io/kube-scheduler framework types): the same port and protocol on one address. */
function hostPortFilters({ template: { hostPorts } }: Pod, surroundings: Surroundings): readonly Filter[] {
  const conflicts = (one: HostPort, other: HostPort): boolean =>
    one.port === other.port &&
    one.protocol === other.protocol &&
    (one.ip === other.ip || one.ip === anyAddress || other.ip === anyAddress);
  return hostPorts.map((port) => {
    const taken = new Set<ClusterNode>();
    const isTaken = (group: PodGroup): boolean => group.hostPorts.some((other) => conflicts(port, other));
    visitGroups(
      surroundings,
      surroundings.occupancy.groups,
      (group) => (isTaken(group) ? "all" : "none"),
      (node) => taken.add(node),
    );
    return (node) => (taken.has(node) ? `where host port ${port.port} is taken` : undefined);
  });
}

const anyAddress = "0.0.0.0";

/**
 * PodTopologySpread (filtering.go, common.go): terminating pods are not counted, a cordoned node still is a domain
 * unless nodeTaintsPolicy is Honor, and a node must have the labels of all constraints to be counted for any.
 */
function spreadFilters(pod: Pod, surroundings: Surroundings): readonly Filter[] {
  const constraints = pod.template.spread.filter(({ isHard }) => isHard);
  const hasAllKeys = ({ labels }: ClusterNode): boolean =>
    constraints.every(({ topologyKey }) => labels.has(topologyKey));
  return constraints.map((constraint) => spreadFilter(pod, constraint, hasAllKeys, surroundings));
}

function spreadFilter(
  pod: Pod,
  constraint: SpreadConstraint,
  hasAllKeys: (node: ClusterNode) => boolean,
  surroundings: Surroundings,
): Filter {
  const { topologyKey, maxSkew, minDomains, honorsAffinity, honorsTaints } = constraint;
  const counts = new Map<string, number>();
  const isDomain = (node: ClusterNode): boolean =>
    hasAllKeys(node) &&
    (!honorsAffinity || isWanted(pod, node)) &&
    (!honorsTaints ||
      (untoleratedTaint(node, pod.template.tolerations) === undefined &&
        (!node.unschedulable || isCordonTolerated(pod.template.tolerations))));
  for (const node of surroundings.nodes) {
    const domain = node.labels.get(topologyKey);
    if (domain !== undefined && isDomain(node)) counts.set(domain, 0);
  }
  visitSpread(constraint, pod, surroundings, (node, staying) => {
    const domain = node.labels.get(topologyKey);
    const count = domain === undefined ? undefined : counts.get(domain);
    if (domain !== undefined && count !== undefined && isDomain(node)) counts.set(domain, count + staying);
  });
  const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
  const self = constraint.selector !== undefined && matchesLabels(constraint.selector, pod.labels) ? 1 : 0;
  const without = `without the label ${topologyKey} that it is spread by`;
  const uneven = `where it would break its spread over ${topologyKey} (maxSkew ${maxSkew})`;
  return (node) => {
    const domain = node.labels.get(topologyKey);
    if (domain === undefined) return without;
    return (counts.get(domain) ?? 0) + self - least > maxSkew ? uneven : undefined;
  };
}

/** What is said of a group of pods: the same of all, or of each something else. */
type OfGroup = "all" | "none" | ((pod: Pod) => boolean);

/** Called with a node and how many pods are meant there that are not being deleted. */
type Visit = (node: ClusterNode, staying: number) => void;

function visitGroups(
  surroundings: Surroundings,
  groups: Iterable<PodGroup>,
  ask: (group: PodGroup) => OfGroup,
  visit: Visit,
): void {
  for (const group of groups) if (group.nodes.size > 0) visitGroup(surroundings, group, ask(group), visit);
}

function visitGroup({ nodes }: Surroundings, group: PodGroup, answer: OfGroup, visit: Visit): void {
  if (answer === "none") return;
  for (const [name, there] of group.nodes) {
    const node = nodes.get(name);
    if (node === undefined) continue;
    if (answer === "all") visit(node, there.staying);
    else {
      const pods = Array.from(there.pods).filter(answer);
      if (pods.length > 0) visit(node, pods.filter(({ terminating }) => !terminating).length);
    }
  }
}

/** The pods that a constraint of a pod counts. */
function visitSpread(constraint: SpreadConstraint, pod: Pod, surroundings: Surroundings, visit: Visit): void {
  const { selector, matchLabelKeys } = constraint;
  if (selector === undefined) return;
  const own = selectorWith(selector, pod, { matchLabelKeys, mismatchLabelKeys: [] });
  const ask = (group: PodGroup): OfGroup => (group.namespace === pod.namespace ? matches(own, group) : "none");
  visitGroups(surroundings, surroundings.occupancy.selectable(own), ask, visit);
}

function matches(selector: Selector, group: PodGroup): OfGroup {
  const shared = selector.filter(({ key }) => !ownLabels.has(key));
  if (!matchesLabels(shared, group.labels)) return "none";
  return shared.length === selector.length ? "all" : ({ labels }) => matchesLabels(selector, labels);
}

/**
 * The API server and the scheduler add the values that a pod has for these keys to its selectors; keys that it does not
 * have do not count (pkg/registry/core/pod/strategy.go and podtopologyspread/common.go, Kubernetes 1.36).
 */
function selectorWith(
  selector: Selector,
  { labels }: Pick<Pod, "labels">,
  { matchLabelKeys, mismatchLabelKeys }: Pick<PodTerm, "matchLabelKeys" | "mismatchLabelKeys">,
): Selector {
  if (matchLabelKeys.length + mismatchLabelKeys.length === 0) return selector;
  const line = (operator: "In" | "NotIn") => (key: string) => {
    const value = labels.get(key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  };
  return [...selector, ...matchLabelKeys.flatMap(line("In")), ...mismatchLabelKeys.flatMap(line("NotIn"))];
}

/** InterPodAffinity (filtering.go): its own terms, and those of the pods that are there already. */
function antiAffinityFilters(pod: Pod, surroundings: Surroundings): readonly Filter[] {
  const { nodes, occupancy } = surroundings;
  const kept = new Map<string, string>();
  const domains = new Map<string, Set<string>>();
  const keepFrom = (key: string, domain: string, reason: string): void => {
    const ofKey = domains.get(key) ?? new Set();
    if (ofKey.has(domain)) return;
    domains.set(key, ofKey.add(domain));
    for (const name of nodes.labelled(key, domain)) if (!kept.has(name)) kept.set(name, reason);
  };
  for (const term of pod.template.antiAffinity.required) {
    const { topologyKey } = term;
    const reason = `that its required anti-affinity keeps it from (${topologyKey})`;
    for (const domain of domainsOf(term, pod, surroundings)) keepFrom(topologyKey, domain, reason);
  }
  for (const group of occupancy.guardingAgainst(pod.labels)) {
    for (const term of group.guards) {
      const { topologyKey } = term;
      const reason = `with a pod whose required anti-affinity keeps it away (${topologyKey})`;
      visitGroup(surroundings, group, guardsAgainst(term, group, pod), ({ labels }) => {
        const domain = labels.get(topologyKey);
        if (domain !== undefined) keepFrom(topologyKey, domain, reason);
      });
    }
  }
  return kept.size === 0 ? [] : [({ name }) => kept.get(name)];
}

/** Which pods of a group a term of theirs keeps away from a pod. */
function guardsAgainst(term: PodTerm, group: PodGroup, pod: Pod): OfGroup {
  const isAbout = (owner: Labelled): boolean => isThere(term, owner, pod) && meetsTerm(term, owner, pod.labels);
  if ([...term.matchLabelKeys, ...term.mismatchLabelKeys].some((key) => ownLabels.has(key))) return isAbout;
  return isAbout(group) ? "all" : "none";
}

/** InterPodAffinity (filtering.go): only pods that all terms are about count for any. */
function affinityFilters(pod: Pod, surroundings: Surroundings): readonly Filter[] {
  const terms = pod.template.affinity.required;
  if (terms.length === 0) return [];
  const found: ClusterNode[] = [];
  visitGroups(
    surroundings,
    surroundings.occupancy.groups,
    (group) => meantByAll(terms, pod, group),
    (node) => found.push(node),
  );
  const domainsBy = new Map(
    terms.map(({ topologyKey: key }) => [key, new Set(found.flatMap(({ labels }) => labels.get(key) ?? []))]),
  );
  // The first of a group that is to be together goes anywhere.
  const isFirst =
    Array.from(domainsBy.values()).every(({ size }) => size === 0) &&
    terms.every((term) => isThere(term, pod, pod) && meetsTerm(term, pod, pod.labels));
  return terms.map(({ topologyKey }) => ({ labels }) => {
    const domain = labels.get(topologyKey);
    return domain !== undefined && (isFirst || domainsBy.get(topologyKey)?.has(domain) === true)
      ? undefined
      : `away from the pods that its required affinity asks for (${topologyKey})`;
  });
}

type Labelled = Pick<Pod, "namespace" | "labels">;

function meantByAll(terms: readonly PodTerm[], owner: Pod, group: PodGroup): OfGroup {
  const answers = terms.map((term) => meantBy(term, owner, group));
  if (answers.includes("none")) return "none";
  const ofEach = answers.filter((answer) => typeof answer === "function");
  return ofEach.length === 0 ? "all" : (pod) => ofEach.every((answer) => answer(pod));
}

/** Which pods of a group a term of `owner` is about. */
function meantBy(term: PodTerm, owner: Pod, group: PodGroup): OfGroup {
  if (term.selector === undefined || !isThere(term, owner, group)) return "none";
  return matches(selectorWith(term.selector, owner, term), group);
}

/** Whether a required affinity of a pod is about another one: it only runs beside such pods. */
export function needsNearby({ template, ...pod }: Pod, other: Pod): boolean {
  return template.affinity.required.some((term) => isThere(term, pod, other) && meetsTerm(term, pod, other.labels));
}

function isThere({ namespaces }: PodTerm, owner: Labelled, other: Labelled): boolean {
  if (namespaces === "all") return true;
  return namespaces === "own" ? owner.namespace === other.namespace : namespaces.includes(other.namespace);
}

function meetsTerm(term: PodTerm, owner: Labelled, labels: Pod["labels"]): boolean {
  return term.selector !== undefined && matchesLabels(selectorWith(term.selector, owner, term), labels);
}

/** The domains in which a term of a pod finds pods. */
function domainsOf(term: PodTerm, pod: Pod, surroundings: Surroundings): ReadonlySet<string> {
  const domains = new Set<string>();
  visitGroups(
    surroundings,
    surroundings.occupancy.selectable(term.selector ?? []),
    (group) => meantBy(term, pod, group),
    ({ labels }) => {
      const domain = labels.get(term.topologyKey);
      if (domain !== undefined) domains.add(domain);
    },
  );
  return domains;
}

/** What speaks against a node; the lower the better. */
type Measure = (node: ClusterNode) => number;

/** What the pod's preferences ask for, then the spread of its set over zones and nodes, then the emptiest node. */
function measuresFor(pod: Pod, surroundings: Surroundings): readonly Measure[] {
  const { occupancy } = surroundings;
  const own = new Map<ClusterNode, number>();
  const ownInZone = new Map<string, number>();
  visitGroups(
    surroundings,
    pod.controller === undefined ? [] : occupancy.controlledBy(pod.controller.uid),
    () => "all",
    (node, staying) => {
      own.set(node, (own.get(node) ?? 0) + staying);
      const zone = zoneOf(node) ?? "";
      ownInZone.set(zone, (ownInZone.get(zone) ?? 0) + staying);
    },
  );
  return [
    ...wishMeasures(pod, surroundings),
    ...crowdMeasures(pod, surroundings),
    (node) => ownInZone.get(zoneOf(node) ?? "") ?? 0,
    (node) => own.get(node) ?? 0,
    ({ name }) => occupancy.countOn(name),
  ];
}

function wishMeasures(pod: Pod, surroundings: Surroundings): readonly Measure[] {
  const { preferredNodes, affinity, antiAffinity } = pod.template;
  const wishes = ({ preferred: terms }: typeof affinity) =>
    terms.map(({ weight, term }) => ({ weight, term, domains: domainsOf(term, pod, surroundings) }));
  const near = wishes(affinity);
  const away = wishes(antiAffinity);
  if (preferredNodes.length + near.length + away.length === 0) return [];
  return [
    (node) => {
      let wish = 0;
      const isIn = ({ topologyKey }: PodTerm, domains: ReadonlySet<string>): boolean =>
        domains.has(node.labels.get(topologyKey) ?? "");
      for (const { weight, term } of preferredNodes) if (meets(node, term)) wish += weight;
      for (const { weight, term, domains } of near) if (isIn(term, domains)) wish += weight;
      for (const { weight, term, domains } of away) if (isIn(term, domains)) wish -= weight;
      return -wish;
    },
  ];
}

function crowdMeasures(pod: Pod, surroundings: Surroundings): readonly Measure[] {
  const crowds = pod.template.spread
    .filter(({ isHard }) => !isHard)
    .map((constraint) => ({ key: constraint.topologyKey, counts: countsOf(constraint, pod, surroundings) }));
  if (crowds.length === 0) return [];
  return [
    ({ labels }) => {
      let crowd = 0;
      for (const { key, counts } of crowds) crowd += counts.get(labels.get(key) ?? "") ?? 0;
      return crowd;
    },
  ];
}

/** The first of the nodes that pass that is best by the first measure, among those by the second, and so on. */
function bestOf(
  nodes: Iterable<ClusterNode>,
  measures: readonly Measure[],
  filters: readonly Filter[],
): ClusterNode | undefined {
  let best: ClusterNode | undefined;
  let least: readonly number[] = [];
  for (const node of nodes) {
    // Few nodes are better than all before them, so few are asked whether they pass.
    if (best !== undefined && !isBelow(node, measures, least)) continue;
    if (firstReason(node, filters) !== undefined) continue;
    best = node;
    least = measures.map((measure) => measure(node));
  }
  return best;
}

function isBelow(node: ClusterNode, measures: readonly Measure[], least: readonly number[]): boolean {
  let index = 0;
  for (const measure of measures) {
    const value = measure(node);
    const other = least[index++] ?? Infinity;
    if (value !== other) return value < other;
  }
  return false;
}

/** How many pods that a constraint counts are in each domain. */
function countsOf(constraint: SpreadConstraint, pod: Pod, surroundings: Surroundings): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  visitSpread(constraint, pod, surroundings, ({ labels }, staying) => {
    const domain = labels.get(constraint.topologyKey);
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + staying);
  });
  return counts;
}
