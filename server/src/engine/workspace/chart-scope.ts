import { versionedDefines } from "../helm/chart-version.js";
import { chartDepth, chartFile } from "../helm/chart.js";
import { directoryAt, filesBelow, type Directory } from "./directory.js";
import type { FileSummary, SummaryIndex, DocumentSummary, ServiceSummary } from "./summary.js";

/** What belongs together in a chart: its templates, without those of the charts below it. */
export interface Chart {
  readonly files: readonly FileSummary[];
  /** Whether every object of the chart is known, and every name of a Service. */
  readonly isKnown: boolean;
  /** Whether a template writes objects of which nothing is known. */
  readonly hasUnknown: boolean;
  /** The named templates that write the version of the chart. */
  readonly versioned: ReadonlySet<string>;
  /** Services that the chart has with some values only, and whose names follow from the values. */
  readonly uncertainServices: readonly ServiceSummary[];
}

/** The directory of the chart that a file is a template of; `undefined` for all other files. */
export function chartDirectory<T>(way: readonly string[], index: Directory<T>): Directory<T> | undefined {
  const depth = chartDepth(way, (one) => directoryAt(index, way.slice(0, one))?.files.has(chartFile) === true);
  return depth === undefined ? undefined : directoryAt(index, way.slice(0, depth));
}

export function readChart(directory: SummaryIndex): Chart {
  const templates = directory.directories.get("templates");
  const files = templates === undefined ? [] : [...filesBelow(templates)].map(seenInChart);
  const documents = files.flat();
  const services = documents.flatMap(({ resources }) => resources.filter((resource) => resource.kind === "Service"));
  const hasUnknown = documents.some((document) => document.hasUnknown);
  const hasOtherCharts = directory.directories.has("charts") || directory.files.has("requirements.yaml");
  return {
    files,
    hasUnknown,
    versioned: versionedDefines(documents.flatMap(({ defines }) => defines)),
    isKnown: !hasUnknown && !hasOtherCharts && services.every(({ identity }) => identity !== undefined),
    uncertainServices: services.filter(({ identity, conditional }) => identity === undefined && conditional === true),
  };
}

/** A file as the other templates of its chart see it. */
export function seenInChart(file: FileSummary): FileSummary {
  return file.some(({ templated }) => templated.length > 0) ? file.map(withTemplated) : file;
}

function withTemplated(document: DocumentSummary): DocumentSummary {
  return { ...document, resources: [...document.resources, ...document.templated] };
}
