import { matchesLabels } from "../kubernetes/selection.js";
import type { Cluster } from "./cluster.js";
import { isCordonTolerated, meets, meetsAny, untoleratedTaint, zoneOf, type ClusterNode } from "./nodes.js";
import { isFinished, type Pod } from "./pod.js";
import type { NodeTerm, PodTerm, SpreadConstraint } from "./pod-template.js";

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

/** The pods of a cluster by what the scheduler counts. */
interface Surroundings {
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly pods: readonly Placed[];
}

interface Placed {
  readonly pod: Pod;
  readonly node: ClusterNode;
}

/**
 * Looks for a node for a pod.
 * @param nodes those that are there and answer, cordoned ones too
 */
export function placePod(
  pod: Pod,
  cluster: Cluster,
  nodes: ReadonlyMap<string, ClusterNode>,
  volumes: readonly VolumeNeed[],
): Placement {
  const pods: Placed[] = [];
  for (const other of cluster.pods) {
    const node = other === pod ? undefined : nodes.get(other.node);
    // A finished pod no longer counts for anything (AssignedPod in pkg/scheduler/eventhandlers.go).
    if (node !== undefined && !isFinished(other)) pods.push({ pod: other, node });
  }
  const surroundings = { nodes, pods };
  const filters = filtersFor(pod, surroundings, volumes);
  const fitting: ClusterNode[] = [];
  const reasons = new Map<string, number>();
  for (const node of nodes.values()) {
    const reason = firstReason(node, filters);
    if (reason === undefined) fitting.push(node);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const best = preferred(pod, fitting, surroundings);
  if (best !== undefined) return { type: "node", node: best.name };
  return { type: "none", reasons: Array.from(reasons, ([text, count]) => ({ text, nodes: count })) };
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
    // NodeUnschedulable
    ({ unschedulable }) => (unschedulable && !isCordonTolerated(template.tolerations) ? "cordoned" : undefined),
    // TaintToleration
    (node) => {
      const taint = untoleratedTaint(node, template.tolerations);
      return taint && `with a taint that it does not tolerate (${taint.key})`;
    },
    // NodeAffinity
    (node) => (isWanted(pod, node) ? undefined : "that its node selector or node affinity does not allow"),
    // NodeResourcesFit
    resourceFilter(pod, surroundings),
    // VolumeBinding and VolumeZone
    (node) => {
      const need = volumes.find(({ terms }) => !meetsAny(node, terms));
      return need && `out of reach of its volume ${need.claim}`;
    },
    ...template.spread.filter(({ isHard }) => isHard).map((constraint) => spreadFilter(pod, constraint, surroundings)),
    ...affinityFilters(pod, surroundings),
  ];
}

function isWanted({ template }: Pod, node: ClusterNode): boolean {
  for (const [key, value] of template.nodeSelector) if (node.labels.get(key) !== value) return false;
  return template.requiredNodes === undefined || meetsAny(node, template.requiredNodes);
}

function resourceFilter({ template: { requests } }: Pod, { pods }: Surroundings): Filter {
  return (node) => {
    const { allocatable } = node;
    if (allocatable === undefined) return undefined;
    const there = pods.filter((other) => other.node === node);
    if (there.length + 1 > (allocatable.get("pods") ?? Infinity)) return "full of pods";
    for (const [resource, asked] of requests) {
      if (asked === 0) continue;
      let used = asked;
      for (const { pod } of there) used += pod.template.requests.get(resource) ?? 0;
      if (used > (allocatable.get(resource) ?? 0) + 1e-6) return `without enough ${resource} left`;
    }
    return undefined;
  };
}

/**
 * PodTopologySpread (filtering.go, common.go): terminating pods are not counted, and a cordoned node still is a domain
 * unless nodeTaintsPolicy is Honor.
 */
function spreadFilter(pod: Pod, constraint: SpreadConstraint, { nodes, pods }: Surroundings): Filter {
  const { topologyKey, maxSkew, minDomains, honorsAffinity, honorsTaints } = constraint;
  const counts = new Map<string, number>();
  const isDomain = (node: ClusterNode): boolean =>
    (!honorsAffinity || isWanted(pod, node)) &&
    (!honorsTaints ||
      (untoleratedTaint(node, pod.template.tolerations) === undefined &&
        (!node.unschedulable || isCordonTolerated(pod.template.tolerations))));
  for (const node of nodes.values()) {
    const domain = node.labels.get(topologyKey);
    if (domain !== undefined && isDomain(node)) counts.set(domain, 0);
  }
  for (const { pod: other, node } of pods) {
    const domain = node.labels.get(topologyKey);
    const count = domain === undefined ? undefined : counts.get(domain);
    if (domain === undefined || count === undefined || other.terminating || !isDomain(node)) continue;
    if (isCounted(constraint, pod, other)) counts.set(domain, count + 1);
  }
  const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
  const self = isCounted(constraint, pod, pod) ? 1 : 0;
  return (node) => {
    const domain = node.labels.get(topologyKey);
    if (domain === undefined) return `without the label ${topologyKey} that it is spread by`;
    return (counts.get(domain) ?? 0) + self - least > maxSkew
      ? `where it would break its spread over ${topologyKey} (maxSkew ${maxSkew})`
      : undefined;
  };
}

function isCounted({ selector, matchLabelKeys }: SpreadConstraint, pod: Pod, other: Pod): boolean {
  return (
    selector !== undefined &&
    other.namespace === pod.namespace &&
    matchesLabels(selector, other.labels) &&
    matchLabelKeys.every((key) => pod.labels.get(key) === other.labels.get(key))
  );
}

/** InterPodAffinity (filtering.go): its own terms, and those of the pods that are there already. */
function affinityFilters(pod: Pod, { pods }: Surroundings): readonly Filter[] {
  const { affinity, antiAffinity } = pod.template;
  const filters: Filter[] = [];
  for (const term of antiAffinity.required) {
    const taken = domainsOf(term, pod, pods);
    filters.push(({ labels }) =>
      taken.has(labels.get(term.topologyKey) ?? "")
        ? `that its required anti-affinity keeps it from (${term.topologyKey})`
        : undefined,
    );
  }
  const guarded = new Map<string, Set<string>>();
  for (const { pod: other, node } of pods) {
    for (const term of other.template.antiAffinity.required) {
      const domain = node.labels.get(term.topologyKey);
      if (domain === undefined || !isMeant(term, other, pod)) continue;
      guarded.set(term.topologyKey, (guarded.get(term.topologyKey) ?? new Set()).add(domain));
    }
  }
  for (const [key, taken] of guarded) {
    filters.push(({ labels }) =>
      taken.has(labels.get(key) ?? "") ? `with a pod whose required anti-affinity keeps it away (${key})` : undefined,
    );
  }
  for (const term of affinity.required) {
    const near = domainsOf(term, pod, pods);
    // The first of a group that is to be together goes anywhere.
    const isFirst = near.size === 0 && isMeant(term, pod, pod);
    filters.push(({ labels }) => {
      const domain = labels.get(term.topologyKey);
      return domain !== undefined && (isFirst || near.has(domain))
        ? undefined
        : `away from the pods that its required affinity asks for (${term.topologyKey})`;
    });
  }
  return filters;
}

/** The domains in which a term of a pod finds pods. */
function domainsOf(term: PodTerm, pod: Pod, pods: readonly Placed[]): ReadonlySet<string> {
  const domains = new Set<string>();
  for (const { pod: other, node } of pods) {
    const domain = node.labels.get(term.topologyKey);
    if (domain !== undefined && isMeant(term, pod, other)) domains.add(domain);
  }
  return domains;
}

/** Whether a term of `owner` is about `other`. */
function isMeant(term: PodTerm, owner: Pod, other: Pod): boolean {
  const { selector, namespaces, matchLabelKeys, mismatchLabelKeys } = term;
  const isThere =
    namespaces === "all" ||
    (namespaces === "own" ? owner.namespace === other.namespace : namespaces.includes(other.namespace));
  return (
    isThere &&
    selector !== undefined &&
    matchesLabels(selector, other.labels) &&
    matchLabelKeys.every((key) => owner.labels.get(key) === other.labels.get(key)) &&
    mismatchLabelKeys.every((key) => owner.labels.get(key) !== other.labels.get(key))
  );
}

/** What the pod's preferences ask for, then the spread of its set over zones and nodes, then the emptiest node. */
function preferred(pod: Pod, fitting: readonly ClusterNode[], { pods }: Surroundings): ClusterNode | undefined {
  if (fitting.length <= 1) return fitting[0];
  const all = new Map<ClusterNode, number>();
  const own = new Map<ClusterNode, number>();
  const ownInZone = new Map<string, number>();
  for (const { pod: other, node } of pods) {
    all.set(node, (all.get(node) ?? 0) + 1);
    if (other.controller === undefined || other.controller.uid !== pod.controller?.uid || other.terminating) continue;
    own.set(node, (own.get(node) ?? 0) + 1);
    const zone = zoneOf(node) ?? "";
    ownInZone.set(zone, (ownInZone.get(zone) ?? 0) + 1);
  }
  const { preferredNodes, affinity, antiAffinity, spread } = pod.template;
  const near = affinity.preferred.map(({ weight, term }) => ({ weight, term, domains: domainsOf(term, pod, pods) }));
  const away = antiAffinity.preferred.map(({ weight, term }) => ({
    weight,
    term,
    domains: domainsOf(term, pod, pods),
  }));
  const crowds = spread
    .filter(({ isHard }) => !isHard)
    .map((constraint) => ({ key: constraint.topologyKey, counts: countsOf(constraint, pod, pods) }));
  const rankOf = (node: ClusterNode): readonly number[] => {
    let wish = 0;
    for (const { weight, term } of preferredNodes) if (meets(node, term)) wish += weight;
    for (const { weight, term, domains } of near)
      if (domains.has(node.labels.get(term.topologyKey) ?? "")) wish += weight;
    for (const { weight, term, domains } of away)
      if (domains.has(node.labels.get(term.topologyKey) ?? "")) wish -= weight;
    const crowd = crowds.reduce((sum, { key, counts }) => sum + (counts.get(node.labels.get(key) ?? "") ?? 0), 0);
    return [-wish, crowd, ownInZone.get(zoneOf(node) ?? "") ?? 0, own.get(node) ?? 0, all.get(node) ?? 0];
  };
  let best = fitting[0];
  let bestRank = best === undefined ? [] : rankOf(best);
  for (const node of fitting) {
    const rank = rankOf(node);
    if (compareRanks(rank, bestRank) >= 0) continue;
    best = node;
    bestRank = rank;
  }
  return best;
}

/** How many pods that a constraint counts are in each domain. */
function countsOf(constraint: SpreadConstraint, pod: Pod, pods: readonly Placed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { pod: other, node } of pods) {
    const domain = node.labels.get(constraint.topologyKey);
    if (domain === undefined || other.terminating || !isCounted(constraint, pod, other)) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return counts;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
