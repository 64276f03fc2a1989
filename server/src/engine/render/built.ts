import { createAnalyses } from "../analysis.js";
import type { PlacedStatefulSet } from "../features/preview/sets.js";
import type { FileFinding } from "../file-findings.js";
import type { Config } from "../config/config.js";
import { duplicateKey, unusedSuppression } from "../lint/core-rules.js";
import { suppressions, type Suppression } from "../lint/suppress.js";
import { rules } from "../rules/registry.js";
import { lineIndex } from "../text/lines.js";
import { fileAt, segments } from "../workspace/directory.js";
import type { SourceDocument } from "../workspace/source-file.js";
import { WorkspaceFiles } from "../workspace/workspace.js";
import { pathAt } from "../yaml/locate.js";
import { parse } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { split, type Chunk } from "../yaml/split.js";
import { helmTracer } from "./helm.js";
import { kustomizeTracer } from "./kustomize.js";
import type { Source, SourcePlace, Trace } from "./source.js";

/** What `kustomize build` or `helm template` wrote, and the files that it wrote it from. */
export interface Built {
  readonly tool: "kustomize" | "helm";
  /**
   * YAML documents. Each says where it is from: in an origin annotation (kustomize) or a `# Source:` comment (helm).
   */
  readonly output: string;
  /** In the order in which they take effect: a later one may change what an earlier one says. */
  readonly sources: readonly Source[];
  /** Files with values for a chart that are no part of it; a later one wins. */
  readonly values: readonly Source[];
  /** The kustomization or the Chart.yaml: the place of all that belongs to no other source. */
  readonly root: Source;
}

/** What is known of built documents, in the order of the output. */
export interface BuiltAnalysis {
  readonly findings: readonly BuiltFinding[];
  readonly statefulSets: readonly BuiltStatefulSet[];
}

/** A finding about the output, at the place in the sources that is to be changed. */
export interface BuiltFinding extends Pick<
  FileFinding,
  "rule" | "severity" | "text" | "resource" | "path" | "failure"
> {
  readonly place: SourcePlace;
  readonly related: readonly { readonly place: SourcePlace; readonly text: string }[];
}

export interface BuiltStatefulSet extends Pick<PlacedStatefulSet, "statefulSet"> {
  /** Where a field of it is written; of one that nobody writes, the nearest above it. */
  place(path: Path): SourcePlace;
}

/**
 * Checks what a tool has built as one unit, in which everything is known. Comments in the sources that silence a rule
 * count, although the output has none.
 */
export function analyseBuilt(built: Built, config: Config): BuiltAnalysis {
  const uri = "built:/output.yaml";
  const files = new WorkspaceFiles({ settings: config, flags: {} });
  files.setFile(uri, built.output);
  files.setComplete(true);
  const analysis = createAnalyses(rules)(files.snapshot);
  const documents = fileAt(files.snapshot.files, segments(uri))?.documents ?? [];
  const trace = tracerFor(built);
  const placeOf = (offset: number, isRepeated: boolean): SourcePlace => {
    const { chunk, start } = documentAt(documents, offset);
    return trace(chunk.document, { ...pathAt(chunk.document, offset - start), isRepeated });
  };
  return {
    findings: analysis.findings(uri).flatMap(({ rule, severity, text, resource, path, span, related, failure }) => {
      const place = placeOf(span.start, rule === duplicateKey.id);
      const home = trace(documentAt(documents, span.start).chunk.document, { path: [], on: "gap" });
      if (rule === unusedSuppression.id || isSilenced(rule, place, home)) return [];
      const others = related.map((other) => ({ text: other.text, place: placeOf(other.span.start, false) }));
      if (place.filledFrom !== undefined) others.unshift({ text: "the value is set here", place: place.filledFrom });
      const failed = failure === undefined ? {} : { failure };
      return [{ rule, severity, text, resource, path, place, related: others, ...failed }];
    }),
    statefulSets: analysis.statefulSets(uri).map(({ statefulSet, span }) => ({
      statefulSet,
      place(path) {
        const { path: written } = writtenAbove(statefulSet.place.at(...path), statefulSet.place);
        return trace(documentAt(documents, span.start).chunk.document, { path: written, on: "key" });
      },
    })),
  };
}

function tracerFor(built: Built): Trace {
  switch (built.tool) {
    case "kustomize":
      return kustomizeTracer(built);
    case "helm":
      return helmTracer(built);
  }
}

/** There is always one: that of the text's beginning. */
function documentAt(documents: readonly SourceDocument[], offset: number): SourceDocument {
  const document = documents.findLast(({ start }) => start <= offset) ?? documents[0];
  if (document === undefined) throw new Error("a text without documents");
  return document;
}

/** A place on the way to another one, the last that is written. */
function writtenAbove(place: Place, from: Place): Place {
  let written = from;
  for (const step of place.path.slice(from.path.length)) {
    const next = written.at(step);
    if (!next.exists) break;
    written = next;
  }
  return written;
}

/** Whether a comment beside the field, or one for all of its own document or of the object's, silences the rule. */
function isSilenced(rule: string, place: SourcePlace, home: SourcePlace): boolean {
  const names = ({ rules }: Suppression) => rules.includes(rule);
  return (
    suppressionsAt(place).some((one) => names(one) && (one.line === undefined || one.line === lineInDocument(place))) ||
    suppressionsAt(home).some((one) => names(one) && one.line === undefined)
  );
}

function suppressionsAt(place: SourcePlace): readonly Suppression[] {
  // The parser is asked only where there may be such a comment.
  return place.source.text.includes("ordinal-disable") ? suppressions(parse(chunkAt(place).text)) : [];
}

function lineInDocument(place: SourcePlace): number {
  const { text, start } = chunkAt(place);
  return lineIndex(text).position(place.span.start - start).line;
}

function chunkAt({ source, span }: SourcePlace): Chunk {
  return (
    split(source.text).findLast(({ start }) => start <= span.start) ?? { text: source.text, start: 0, readBy: "both" }
  );
}
