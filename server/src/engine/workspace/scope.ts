import type { ResourceKey } from "../k8s/resource.js";
import type { Labels } from "../k8s/selectors.js";
import { readChart, seenInChart, type Chart } from "./chart-scope.js";
import { fileAt, filesBelow, filesIn, type Directory } from "./directory.js";
import { isAmong } from "./external-services.js";
import { memoize } from "./memo.js";
import {
  resourceTables,
  type PoddedKind,
  type ResourceTables,
  type SelectingKind,
  type SummaryKind,
} from "./resource-tables.js";
import { whereabouts } from "./sight.js";
import type { AutoscalerSummary, DocumentId, DocumentSummary, ServiceSummary, SummaryOf } from "./summary.js";

/**
 * What belongs together with one document: the nearest first, the file, then the kustomization's build that it is in,
 * or else its directory, the sub-directories and the rest of the parent directory's subtree. In 562 real manifests the
 * governing Service was in the same file for 28 %, the same directory for 80 % and the parent's subtree for 88 %;
 * beyond that, coincidences begin.
 */
export interface Scope {
  /** The document whose surroundings these are. */
  readonly document: DocumentId;
  /** The Services of that name that may be meant from this namespace, all from the nearest place that has one. */
  services(name: string, namespace: string | undefined): readonly ServiceSummary[];
  /** All Services in scope that select pods with these labels in this namespace, nearest first. */
  servicesSelecting(labels: Labels, namespace: string | undefined): readonly ServiceSummary[];
  /**
   * All resources of a kind in scope, nearest first; only those as near as `reach`, where that is given. The others
   * below do not look at each of them, so a rule that every resource of a large file runs should ask one of those.
   */
  all<K extends SummaryKind>(kind: K, reach?: Reach): readonly SummaryOf<K>[];
  /** Those of a name, in whatever namespace. */
  named<K extends SummaryKind>(kind: K, name: string, reach?: Reach): readonly SummaryOf<K>[];
  /** Those whose selector labels meet, as any meet an empty one, and those whose selector is not known. */
  selecting<K extends SelectingKind>(kind: K, labels: Labels, reach?: Reach): readonly SummaryOf<K>[];
  /** Those whose pods have all these labels, and those whose pods' labels are not known. */
  selectedBy<K extends PoddedKind>(kind: K, selector: Labels, reach?: Reach): readonly SummaryOf<K>[];
  /** The autoscalers of whatever has this name. */
  scaling(target: string): readonly AutoscalerSummary[];
  /** Whether any text in scope names a single pod of this set through this Service. */
  usesPodDns(set: string, service: string): boolean;
  /** Whether any Service of that name is anywhere in the workspace: may silence a rule, never judge. */
  serviceElsewhere(name: string): boolean;
  /** Whether the workspace holds any Service at all. */
  readonly hasServices: boolean;
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

/** What every other file may see, by directory: its identity moves only when some summary changes. */
export type SummaryIndex = Directory<FileSummary>;
export type FileSummary = readonly DocumentSummary[];

/** What one kustomization builds: these resources, as they are built, are applied together, and no others. */
export interface Unit {
  /** The built resources by the file that they were read from, and the DNS names in all texts that were read. */
  readonly files: ReadonlyMap<string, FileSummary>;
  /** What is not among them is not in the unit. */
  readonly known: boolean;
  /** Whether a file is read by this unit or another one: then its own text is only a draft. */
  readonly isDraft: (uri: string) => boolean;
}

/** One state of the workspace. */
export interface Surroundings {
  readonly index: SummaryIndex;
  /** Whether all its files have been read. */
  readonly complete: boolean;
  /** Names and patterns of Services that others make, by the settings. */
  readonly externalServices: readonly string[];
  /** What the document is built into, if it is not applied as it stands. */
  readonly unit?: Unit | undefined;
}

/**
 * Makes scopes. The lists of a directory or a unit are kept for as long as the object lives, so one factory serves all
 * states. In a unit, what is beyond it silences and never judges: see `Scope.serviceElsewhere`.
 */
export function createScopes(): (document: DocumentId, surroundings: Surroundings) => Scope {
  const ofFile = memoize((file: FileSummary) => resourceTables([file]));
  const own = memoize((directory: SummaryIndex) => resourceTables(filesIn(directory)));
  const below = memoize((directory: SummaryIndex) => resourceTables(filesBelow(directory)));
  const ofUnit = memoize((unit: Unit) => resourceTables(unit.files.values()));
  const applied = memoize((isDraft: Unit["isDraft"]) =>
    memoize((directory: SummaryIndex) => resourceTables(appliedBelow(directory, isDraft))),
  );
  const everything = memoize((directory: SummaryIndex) => resourceTables([...filesBelow(directory)].map(seenInChart)));
  const chartAt = memoize(readChart);
  const ofChart = memoize((directory: SummaryIndex) => resourceTables(chartAt(directory).files));
  const ofTemplate = memoize((file: FileSummary) => resourceTables([seenInChart(file)]));
  return (document, { index, complete, externalServices, unit }) => {
    const { way, directory, parent, chart: chartRoot } = whereabouts(document.uri, index);
    const chart = chartRoot && chartAt(chartRoot);
    const file = unit === undefined ? directory.files.get(way.at(-1) ?? "") : unit.files.get(document.uri);
    const around = [own(directory), below(directory), below(parent)];
    const tiers =
      chartRoot === undefined
        ? [file === undefined ? nothing : ofFile(file), ...(unit === undefined ? around : [ofUnit(unit)])]
        : [file === undefined ? nothing : ofTemplate(file), ofChart(chartRoot)];
    const tiersWithin: Readonly<Record<Reach, number>> = {
      file: 1,
      together: unit === undefined ? 1 : 2,
      directory: 2,
    };
    /** What is applied beside a unit: documents of none, and what every namespace shares. */
    const beside = (kind: SummaryKind) => {
      if (unit === undefined) return [];
      return kind === "StorageClass" ? around : [directory, parent].map(applied(unit.isDraft));
    };
    /** What each tier knows, without what a nearer one has said. */
    const gathered = <R>(kind: SummaryKind, reach: Reach | undefined, from: (tier: ResourceTables) => readonly R[]) => {
      const within = reach === undefined ? [...tiers, ...beside(kind)] : tiers.slice(0, tiersWithin[reach]);
      return [...new Set(within.flatMap(from))];
    };
    return {
      document,
      complete: complete && (unit?.known ?? true) && chart?.isKnown !== false,
      all: (kind, reach) => gathered(kind, reach, (tier) => tier.all(kind)),
      named: (kind, name, reach) => gathered(kind, reach, (tier) => tier.named(kind, name)),
      selecting: (kind, labels, reach) => gathered(kind, reach, (tier) => tier.selecting(kind, labels)),
      selectedBy: (kind, selector, reach) => gathered(kind, reach, (tier) => tier.selectedBy(kind, selector)),
      scaling: (target) => gathered("Autoscaler", undefined, (tier) => tier.scaling(target)),
      services(name, namespace) {
        for (const tier of tiers) {
          const found = tier.named("Service", name).filter(({ key }) => sameNamespace(key, namespace));
          if (found.length > 0) return chart === undefined ? found : mayBeMeant(found, chart);
        }
        return [];
      },
      servicesSelecting: (labels, namespace) =>
        [...new Set(tiers.flatMap((tier) => tier.selecting("Service", labels)))].filter(
          ({ key, selector }) => sameNamespace(key, namespace) && selector !== undefined && selector.size > 0,
        ),
      usesPodDns: (set, service) =>
        [...tiers, ...around].some((tier) =>
          tier.podDnsNames(service).some((name) => name.set === undefined || name.set === set),
        ),
      get hasServices() {
        return everything(index).all("Service").length > 0;
      },
      serviceElsewhere: (name) => everything(index).named("Service", name).length > 0,
      isExternal: (service) => {
        const commented = fileAt(index, way)?.[document.document]?.externalServices ?? [];
        return isAmong(service, [...externalServices, ...commented]);
      },
    };
  };
}

function* appliedBelow(directory: SummaryIndex, isDraft: Unit["isDraft"]): Generator<FileSummary> {
  for (const file of filesBelow(directory)) {
    const [first] = file;
    if (first !== undefined && !isDraft(first.id.uri)) yield file;
  }
}

/** With values by which a Service is not there, another one that is written otherwise may have its name. */
function mayBeMeant(found: readonly ServiceSummary[], chart: Chart): readonly ServiceSummary[] {
  if (!found.every(({ conditional }) => conditional === true)) return found;
  return chart.hasUnknown ? [] : [...new Set([...found, ...chart.uncertainServices])];
}

const nothing = resourceTables([]);

/** An omitted namespace is whatever the other one is: both will be applied with the same default. */
export function sameNamespace(key: ResourceKey, namespace: string | undefined): boolean {
  return key.namespace === undefined || namespace === undefined || key.namespace === namespace;
}
