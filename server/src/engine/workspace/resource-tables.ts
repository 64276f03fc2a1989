import { equalities, isMadeByController, selectorFor, type Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import { groupedByEach } from "../text/grouped.js";
import { memoizeByName } from "./memo.js";
import type { PodDnsName } from "./pod-dns.js";
import type { AutoscalerSummary, DocumentSummary, ResourceSummary, SummaryOf } from "./summary.js";

export type SummaryKind = ResourceSummary["kind"];
/** The kinds that have a pod template. */
export type PoddedKind = "StatefulSet" | "Workload";
/** The kinds that select pods by their labels. */
export type SelectingKind = "Service" | "PodDisruptionBudget" | PoddedKind;

/**
 * The resources of some files, found without a look at each: where one file holds thousands, every one of them asks.
 * All answers are in the order of the files.
 */
export interface ResourceTables {
  all<K extends SummaryKind>(kind: K): readonly SummaryOf<K>[];
  named<K extends SummaryKind>(kind: K, name: string): readonly SummaryOf<K>[];
  /**
   * Those that may select pods whose template has these labels, as an empty selector may, and those whose selector is
   * not known. Only labels are looked at that a selector asks for with one value: `select` tells the rest.
   */
  selecting<K extends SelectingKind>(kind: K, labels: Labels): readonly SummaryOf<K>[];
  /** Those of which a selector may select pods, by the same labels, and those whose pods' labels are not known. */
  selectedBy<K extends PoddedKind>(kind: K, selector: Selector): readonly SummaryOf<K>[];
  /** The autoscalers of whatever has this name. */
  scaling(target: string): readonly AutoscalerSummary[];
  /** The names of single pods in the texts of the files that go through this Service. */
  podDnsNames(service: string): readonly PodDnsName[];
}

/** Each table is made when it is asked for; for a few resources none pays. */
export function resourceTables(files: Iterable<readonly DocumentSummary[]>): ResourceTables {
  const documents = [...files].flat();
  return documents.reduce((count, { resources }) => count + resources.length, 0) > few
    ? indexed(documents)
    : listed(documents);
}

const few = 8;

/** Answers by a look at each. */
function listed(documents: readonly DocumentSummary[]): ResourceTables {
  const resources = documents.flatMap((document) => document.resources);
  const all = <K extends SummaryKind>(kind: K) =>
    resources.filter((resource): resource is SummaryOf<K> => resource.kind === kind);
  return {
    all,
    named: (kind, name) => all(kind).filter(({ key }) => key.name === name),
    selecting: (kind, labels) => maySelect(selectorEntries(all(kind)), labels),
    selectedBy: (kind, selector) => maySelectAny(podEntries(all(kind)), askedOfTemplates(selector)),
    scaling: (target) => all("Autoscaler").filter(({ targetName }) => targetName === target),
    podDnsNames: (service) =>
      documents.flatMap(({ podDnsNames }) => podDnsNames.filter((name) => name.service === service)),
  };
}

function indexed(documents: readonly DocumentSummary[]): ResourceTables {
  const resources = groupedByEach(
    documents.flatMap((document) => document.resources),
    ({ kind }) => [kind],
  );
  const all = <K extends SummaryKind>(kind: K) => (resources.get(kind) ?? []) as readonly SummaryOf<K>[];

  const byName = memoizeByName((kind: SummaryKind) => groupedByEach(all(kind), ({ key }) => [key.name]));
  const bySelector = memoizeByName((kind: SelectingKind) => selectorTable(all(kind)));
  const byPodLabels = memoizeByName((kind: PoddedKind) => podTable(all(kind)));
  const byTarget = memoizeByName((kind: "Autoscaler") => groupedByEach(all(kind), ({ targetName }) => [targetName]));
  const dnsNames = groupedByEach(
    documents.flatMap(({ podDnsNames }) => podDnsNames),
    ({ service }) => [service],
  );
  // What a table holds is of the kind that it was asked for.
  return {
    all,
    named: <K extends SummaryKind>(kind: K, name: string) => (byName(kind).get(name) ?? []) as readonly SummaryOf<K>[],
    selecting: <K extends SelectingKind>(kind: K, labels: Labels) =>
      bySelector(kind)(labels) as readonly SummaryOf<K>[],
    selectedBy: <K extends PoddedKind>(kind: K, selector: Selector) =>
      byPodLabels(kind)(selector) as readonly SummaryOf<K>[],
    scaling: (target) => byTarget("Autoscaler").get(target) ?? [],
    podDnsNames: (service) => dnsNames.get(service) ?? [],
  };
}

/** A resource with labels that it has or asks for, and its place in the order. */
interface Labelled<R> {
  readonly resource: R;
  readonly labels: Labels | undefined;
  readonly place: number;
}

/** From labels of pods to what may select them. A selector is kept under the rarest of its labels. */
function selectorTable<R extends SummaryOf<SelectingKind>>(resources: readonly R[]): (labels: Labels) => readonly R[] {
  const entries = selectorEntries(resources);
  const byLabel = groupedByEach(entries, ({ labels }) => textsOf(labels));
  const count = (label: string) => byLabel.get(label)?.length ?? 0;
  const byRarest = groupedByEach(entries, ({ labels }) =>
    textsOf(labels)
      .toSorted((a, b) => count(a) - count(b))
      .slice(0, 1),
  );
  const withoutLabels = entries.filter(({ labels }) => textsOf(labels).length === 0);
  return (labels) =>
    maySelect([...withoutLabels, ...textsOf(labels).flatMap((label) => byRarest.get(label) ?? [])], labels);
}

function selectorEntries<R extends SummaryOf<SelectingKind>>(resources: readonly R[]): readonly Labelled<R>[] {
  return resources.flatMap((resource, place): readonly Labelled<R>[] => {
    const selector =
      resource.kind === "Service" ? resource.selector && selectorFor(resource.selector) : resource.selector;
    return selector === "nothing" ? [] : [{ resource, labels: selector && askedOfTemplates(selector), place }];
  });
}

function maySelect<R>(entries: readonly Labelled<R>[], labels: Labels): readonly R[] {
  return inOrder(entries.filter((entry) => entry.labels === undefined || hasAll(labels, entry.labels)));
}

/** From a selector to the resources with pods that it may select. */
function podTable<R extends SummaryOf<PoddedKind>>(resources: readonly R[]): (selector: Selector) => readonly R[] {
  const entries = podEntries(resources);
  const byLabel = groupedByEach(entries, ({ labels }) => textsOf(labels));
  const unknown = entries.filter(({ labels }) => labels === undefined);
  return (selector) => {
    const asked = askedOfTemplates(selector);
    const [fewest] = textsOf(asked)
      .map((label) => byLabel.get(label) ?? [])
      .toSorted((a, b) => a.length - b.length);
    return maySelectAny(fewest === undefined ? entries : [...unknown, ...fewest], asked);
  };
}

function podEntries<R extends SummaryOf<PoddedKind>>(resources: readonly R[]): readonly Labelled<R>[] {
  return resources.map((resource, place) => ({ resource, labels: resource.podLabels, place }));
}

function maySelectAny<R>(entries: readonly Labelled<R>[], asked: Labels): readonly R[] {
  return inOrder(entries.filter(({ labels }) => labels === undefined || hasAll(labels, asked)));
}

/** The labels that a template must have for any of its pods to be selected: controllers add others. */
function askedOfTemplates(selector: Selector): Labels {
  return new Map([...equalities(selector)].filter(([key]) => !isMadeByController(key)));
}

function hasAll(labels: Labels, asked: Labels): boolean {
  return [...asked].every(([key, value]) => labels.get(key) === value);
}

function inOrder<R>(entries: readonly Labelled<R>[]): readonly R[] {
  return entries.toSorted((a, b) => a.place - b.place).map(({ resource }) => resource);
}

function textsOf(labels: Labels | undefined): readonly string[] {
  return [...(labels ?? [])].map(([key, value]) => `${key}=${value}`);
}
