import { chartDepth, chartFile } from "../helm/chart.js";
import { isIgnored } from "../helm/ignore.js";
import type { TemplateProblem } from "../helm/syntax.js";
import { readValues, type LaterValues } from "../helm/values.js";
import { directoryAt, fileAt, segments } from "./directory.js";
import { ignored, type SourceDocument } from "./source-file.js";
import { chainsawTests, expectedFiles } from "./test-asserts.js";
import type { Snapshot } from "./workspace.js";

/**
 * The documents of a file as they are among the others; none for a file that is not known. Without a chart around it,
 * what looks like a chart's template is none, and assert files are never applied: neither is checked.
 */
export function documentsIn({ files }: Snapshot, uri: string): readonly SourceDocument[] {
  const way = segments(uri);
  const documents = fileAt(files, way)?.documents ?? [];
  const areExpected = isExpected(files, way);
  if (!areExpected && (!documents.some(isTemplate) || isInChart(files, way))) return documents;
  return documents.map((document) =>
    areExpected || isTemplate(document) ? { ...document, chunk: ignored(document.chunk) } : document,
  );
}

/** Why Helm cannot parse a file; nothing for a file that it does not read. Spans are in offsets of the file. */
export function templateProblemsIn({ files }: Snapshot, uri: string): readonly TemplateProblem[] {
  const way = segments(uri);
  const problems = fileAt(files, way)?.templateProblems ?? [];
  return problems.length > 0 && isInChart(files, way) ? problems : [];
}

/** The values of a chart that Helm 3 does not read and Helm 4 does. */
export function laterValuesIn({ files }: Snapshot, uri: string): LaterValues | undefined {
  const way = segments(uri);
  const directory = directoryAt(files, way.slice(0, -1));
  const file = /^values\.ya?ml$/.test(way.at(-1) ?? "") ? directory?.files.get(way.at(-1) ?? "") : undefined;
  if (file === undefined || file.documents.length < 2 || directory?.files.has(chartFile) !== true) return undefined;
  return readValues(file.text).later;
}

/** Whether Helm reads a file as a template of a chart. A Chart.yaml with tags is a scaffold that another tool fills in. */
function isInChart(files: Snapshot["files"], way: readonly string[]): boolean {
  const depth = chartDepth(way, (one) => directoryAt(files, way.slice(0, one))?.files.has(chartFile) === true);
  const chart = depth === undefined ? undefined : directoryAt(files, way.slice(0, depth));
  const ignored = chart?.files.get(".helmignore")?.text ?? "";
  return chart?.files.get(chartFile)?.text.includes("{{") === false && !isIgnored(way.slice(depth), ignored);
}

/** Whether a test in the same directory only looks whether the cluster has what the file says. */
function isExpected(files: Snapshot["files"], way: readonly string[]): boolean {
  return chainsawTests.some((name) => {
    const test = fileAt(files, [...way.slice(0, -1), name]);
    return test !== undefined && expectedFiles(test.text).has(way.at(-1) ?? "");
  });
}

export function isTemplate({ chunk }: SourceDocument): boolean {
  return chunk.state === "template";
}
