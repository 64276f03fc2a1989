import { chartDirectory } from "./chart-scope.js";
import { fileAt, segments } from "./directory.js";
import { ignored, type SourceDocument } from "./source-file.js";
import { chainsawTests, expectedFiles } from "./test-asserts.js";
import type { Snapshot } from "./workspace.js";

/**
 * The documents of a file as they are among the others; none for a file that is not known. Without a chart around it,
 * what looks like a chart's template is none, and what a test expects is applied by nobody: of both nothing is said.
 */
export function documentsIn({ files, index }: Snapshot, uri: string): readonly SourceDocument[] {
  const way = segments(uri);
  const documents = fileAt(files, way)?.documents ?? [];
  const areExpected = isExpected(files, way);
  if (!areExpected && (!documents.some(isTemplate) || chartDirectory(way, index) !== undefined)) return documents;
  return documents.map((document) =>
    areExpected || isTemplate(document) ? { ...document, chunk: ignored(document.chunk) } : document,
  );
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
