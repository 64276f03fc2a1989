import type { Config } from "../config/config.js";
import type { Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import { readChart, seenInChart, type Chart } from "./chart-scope.js";
import { fileAt, filesBelow, filesIn, segments } from "./directory.js";
import { isOfOthers, nearestOfEach, twins } from "./environment.js";
import { isAmong } from "./external-services.js";
import { memoize } from "./memo.js";
import { sameNamespace } from "./namespace.js";
import {
  resourceTables,
  type PoddedKind,
  type ResourceTables,
  type SelectingKind,
  type SummaryKind,
} from "./resource-tables.js";
import { whereabouts } from "./sight.js";
import type {
  FileSummary,
  SummaryIndex,
  AutoscalerSummary,
  DocumentId,
  ResourceSummary,
  ServiceSummary,
  SummaryOf,
} from "./summary.js";

/**
 * What belongs together with one document: the nearest first, the file, then the kustomization's build that it is in,
 * or else its directory, the sub-directories and the rest of the parent directory's subtree. In 562 real manifests the
 * governing Service was in the same file for 28 %, the same directory for 80 % and the parent's subtree for 88 %;
 * beyond that, coincidences begin. What belongs to another environment is left out, see `environment.ts`.
 */
export interface Scope {
  /** The document whose surroundings these are. */
  readonly document: DocumentId;
  /** The cluster that the document is for. */
  readonly cluster: Cluster;
  /** What is judged is built by a kustomization. */
  readonly isBuilt: boolean;
  /** The Services of that name that may be meant from this namespace, all from the nearest place that has one. */
  services(name: string, namespace: string | undefined): readonly ServiceSummary[];
  /** All Services in scope that may select pods with these labels in this namespace, nearest first. */
  servicesSelecting(labels: Labels, namespace: string | undefined): readonly ServiceSummary[];
  /**
   * All resources of a kind in scope, nearest first; only those as near as `reach`, where that is given. The others
   * below do not look at each of them, so a rule that every resource of a large file runs should ask one of those.
   */
  all<K extends SummaryKind>(kind: K, reach?: Reach): readonly SummaryOf<K>[];
  /** Those of a name, in whatever namespace. */
  named<K extends SummaryKind>(kind: K, name: string, reach?: Reach): readonly SummaryOf<K>[];
  /** Those that may select pods whose template has these labels: `select` tells. */
  selecting<K extends SelectingKind>(kind: K, labels: Labels, reach?: Reach): readonly SummaryOf<K>[];
  /** Those of which such a selector may select pods. */
  selectedBy<K extends PoddedKind>(kind: K, selector: Selector, reach?: Reach): readonly SummaryOf<K>[];
  /** The autoscalers of whatever has this name. */
  scaling(target: string): readonly AutoscalerSummary[];
  /** Whether any text in scope names a single pod of this set through this Service. */
  usesPodDns(set: string, service: string): boolean;
  /** The Services of that name anywhere in the workspace: they may silence a rule, and never judge. */
  servicesAnywhere(name: string): readonly ServiceSummary[];
  /** The StatefulSets in the directory of some resource, wherever that is. */
  setsBeside(resource: ResourceSummary): readonly SummaryOf<"StatefulSet">[];
  /** Whether the workspace holds any Service at all. */
  readonly hasServices: boolean;
  /** Whether the document's file lies in a chart. */
  readonly isOfChart: boolean;
  /** Whether a named template of the chart writes the chart's version. */
  isVersioned(template: string): boolean;
  /** Whether others make the Service of that name, so that nothing is known of it: by a setting or a comment. */
  isExternal(service: string): boolean;
  /** Whether every file in scope has been read, so that what is not there is missing. */
  readonly complete: boolean;
}

/**
 * The same file; what is surely applied together: the build, or the file of what is in none; the same directory without
 * what is below it, or all of the build.
 */
export type Reach = "file" | "together" | "directory";

/** What one kustomization builds: these resources, as they are built, are applied together, and no others. */
export interface Unit {
  /** The built resources by the file that they were read from, and the DNS names in all texts that were read. */
  readonly files: ReadonlyMap<string, FileSummary>;
  /** What is not among them is not in the unit. */
  readonly known: boolean;
}

/** What is known of a cluster. */
export type Cluster = Pick<Config, "kubernetesVersion" | "featureGates">;

/** One state of the workspace. */
export interface Surroundings {
  readonly index: SummaryIndex;
  /** Whether all its files have been read. */
  readonly complete: boolean;
  /** Names and patterns of Services that others make, by the settings. */
  readonly externalServices: readonly string[];
  readonly cluster: Cluster;
  /** Whether a kustomization reads a file: then its own text is only a draft, and concerns no document that is none. */
  readonly isDraft: (uri: string) => boolean;
  /** What the document is built into, if it is not applied as it stands. */
  readonly unit?: Unit | undefined;
}

/**
 * Makes scopes. The lists of a directory or a unit are kept for as long as the object lives, so one factory serves all
 * states. In a unit, what is beyond it silences and never judges: see `Scope.servicesAnywhere`.
 */
export function createScopes(): (document: DocumentId, surroundings: Surroundings) => Scope {
  const tables = new Tables();
  return (document, surroundings) => scopeOf(document, surroundings, tables);
}

/** What files, directories, charts and units hold; each table is made once, and those of the same files are one. */
class Tables {
  readonly ofFile = memoize((file: FileSummary) => resourceTables([file]));
  readonly ofTemplate = memoize((file: FileSummary) => resourceTables([seenInChart(file)]));
  readonly ofUnit = memoize((unit: Unit) => resourceTables(unit.files.values()));
  readonly chartAt = memoize(readChart);
  readonly ofChart = memoize((directory: SummaryIndex) => resourceTables(this.chartAt(directory).files));
  readonly own: (directory: SummaryIndex) => ResourceTables = memoize((directory) => {
    const [file, ...others] = filesIn(directory);
    return file === undefined || others.length > 0 ? resourceTables(filesIn(directory)) : this.ofFile(file);
  });
  readonly below: (directory: SummaryIndex) => ResourceTables = memoize((directory) => {
    const [child, ...others] = directory.directories.values();
    if (child === undefined) return this.own(directory);
    if (directory.files.size === 0 && others.length === 0) return this.below(child);
    return resourceTables(filesBelow(directory));
  });
  readonly ownApplied = memoize((isDraft: Surroundings["isDraft"]) =>
    memoize((directory: SummaryIndex) => {
      const files = filesIn(directory);
      return hasDrafts(files, isDraft) ? resourceTables(withoutDrafts(files, isDraft)) : this.own(directory);
    }),
  );
  readonly appliedBelow = memoize((isDraft: Surroundings["isDraft"]) =>
    memoize((directory: SummaryIndex) => {
      const files = [...filesBelow(directory)];
      return hasDrafts(files, isDraft) ? resourceTables(withoutDrafts(files, isDraft)) : this.below(directory);
    }),
  );
  /** With what templates write for certain values only. */
  readonly everything = memoize((directory: SummaryIndex) =>
    resourceTables([...filesBelow(directory)].map(seenInChart)),
  );
}

/** The tables in which a document's surroundings are found. */
interface Nearby {
  readonly file: FileSummary | undefined;
  readonly chart: Chart | undefined;
  /** The nearest first. */
  readonly tiers: readonly ResourceTables[];
  /** The document's directory, all below it, and all below its parent, drafts among them. */
  readonly around: readonly ResourceTables[];
  /** All below its parent. */
  readonly parent: ResourceTables;
  /** What is applied beside a unit: documents of none, and what every namespace shares. */
  readonly beside: (kind: SummaryKind) => readonly ResourceTables[];
}

function nearby({ uri }: DocumentId, { index, isDraft, unit }: Surroundings, tables: Tables): Nearby {
  const { way, directory, parent, chart } = whereabouts(uri, index);
  const file = unit === undefined ? directory.files.get(way.at(-1) ?? "") : unit.files.get(uri);
  const around = [tables.own(directory), tables.below(directory), tables.below(parent)];
  const applied = tables.appliedBelow(isDraft);
  const further = () => {
    if (unit !== undefined) return [tables.ofUnit(unit)];
    return isDraft(uri) ? around : [tables.ownApplied(isDraft)(directory), applied(directory), applied(parent)];
  };
  return {
    file,
    chart: chart && tables.chartAt(chart),
    tiers:
      chart === undefined
        ? [file === undefined ? nothing : tables.ofFile(file), ...further()]
        : [file === undefined ? nothing : tables.ofTemplate(file), tables.ofChart(chart)],
    around,
    parent: tables.below(parent),
    beside: (kind) => {
      if (unit === undefined) return [];
      return kind === "StorageClass" ? around : [applied(directory), applied(parent)];
    },
  };
}

function scopeOf(document: DocumentId, surroundings: Surroundings, tables: Tables): Scope {
  const { index, complete, externalServices, cluster, unit } = surroundings;
  const { file, chart, tiers, around, parent, beside } = nearby(document, surroundings, tables);
  const tiersWithin: Readonly<Record<Reach, number>> = { file: 1, together: unit === undefined ? 1 : 2, directory: 2 };
  // All of a unit or a chart is applied together.
  const isTogether = unit !== undefined || chart !== undefined;
  const others = () => twins(parent, file?.[document.document]);
  const isOurs = (resource: ResourceSummary) => isTogether || !isOfOthers(resource, document.uri, others());
  /** What each tier knows, without what a nearer one has said. */
  const gathered = <R extends ResourceSummary>(
    kind: SummaryKind,
    reach: Reach | undefined,
    from: (tier: ResourceTables) => readonly R[],
  ): readonly R[] => {
    const within = reach === undefined ? [...tiers, ...beside(kind)] : tiers.slice(0, tiersWithin[reach]);
    // What a nearer tier has said is not asked again.
    const found = within.map((tier, place) => (within.indexOf(tier) === place ? from(tier) : []));
    if (isTogether) return [...new Set(found.flat())];
    // Variants in one directory are all as near.
    const [inFile = [], inDirectory = [], ...further] = found;
    return nearestOfEach([[...inFile, ...inDirectory], ...further]).filter(isOurs);
  };
  return {
    document,
    cluster,
    isBuilt: unit !== undefined,
    complete: complete && (unit?.known ?? true) && chart?.isKnown !== false,
    all: (kind, reach) => gathered(kind, reach, (tier) => tier.all(kind)),
    named: (kind, name, reach) => gathered(kind, reach, (tier) => tier.named(kind, name)),
    selecting: (kind, labels, reach) => gathered(kind, reach, (tier) => tier.selecting(kind, labels)),
    selectedBy: (kind, selector, reach) => gathered(kind, reach, (tier) => tier.selectedBy(kind, selector)),
    scaling: (target) => gathered("Autoscaler", undefined, (tier) => tier.scaling(target)),
    services(name, namespace) {
      for (const tier of tiers) {
        const found = tier
          .named("Service", name)
          .filter((service) => sameNamespace(service.key, namespace) && isOurs(service));
        if (found.length > 0) return chart === undefined ? found : mayBeMeant(found, chart);
      }
      return [];
    },
    servicesSelecting: (labels, namespace) =>
      [...new Set([...new Set(tiers)].flatMap((tier) => tier.selecting("Service", labels)))].filter(
        (service) => sameNamespace(service.key, namespace) && (service.selector?.size ?? 0) > 0 && isOurs(service),
      ),
    usesPodDns: (set, service) =>
      [...new Set([...tiers, ...around])].some((tier) =>
        tier.podDnsNames(service).some((name) => name.set === undefined || name.set === set),
      ),
    get hasServices() {
      return tables.everything(index).all("Service").length > 0;
    },
    servicesAnywhere: (name) => tables.everything(index).named("Service", name),
    setsBeside: ({ document: { uri } }) => tables.own(whereabouts(uri, index).directory).all("StatefulSet"),
    isOfChart: chart !== undefined,
    isVersioned: (template) => chart?.versioned.has(template) === true,
    isExternal: (service) => {
      const commented = fileAt(index, segments(document.uri))?.[document.document]?.externalServices ?? [];
      return isAmong(service, [...externalServices, ...commented]);
    },
  };
}

function hasDrafts(files: readonly FileSummary[], isDraft: Surroundings["isDraft"]): boolean {
  return files.some(([first]) => first !== undefined && isDraft(first.id.uri));
}

function withoutDrafts(files: readonly FileSummary[], isDraft: Surroundings["isDraft"]): readonly FileSummary[] {
  return files.filter(([first]) => first !== undefined && !isDraft(first.id.uri));
}

/** With values by which a Service is not there, another one that is written otherwise may have its name. */
function mayBeMeant(found: readonly ServiceSummary[], chart: Chart): readonly ServiceSummary[] {
  if (!found.every(({ conditional }) => conditional === true)) return found;
  return chart.hasUnknown ? [] : [...new Set([...found, ...chart.uncertainServices])];
}

const nothing = resourceTables([]);
