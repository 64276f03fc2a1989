import type { Span } from "../text/span.js";
import type { Located } from "../yaml/locate.js";
import type { ParsedDocument } from "../yaml/parse.js";

export interface SourceText {
  readonly uri: string;
  readonly text: string;
}

/** A file that something was built from. */
export interface Source extends SourceText {
  /** As the output of the tool calls it: `../base/db.yaml`, `chart/templates/db.yaml`. */
  readonly name: string;
}

/** What `kustomize build` or `helm template` wrote, and the files that it wrote it from. */
export interface ToolOutput {
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

/** A stretch of a source. */
export interface SourcePlace {
  readonly source: SourceText;
  readonly span: Span;
  /** Whether the very field is here; otherwise it is the head of the document or file that the field is from. */
  readonly exact: boolean;
  /** Where the value is that a template fills in here, if that is known. */
  readonly filledFrom?: Omit<SourcePlace, "filledFrom">;
  /** What a reader has to know to see why the value is there. */
  readonly note?: string | undefined;
}

/**
 * Finds the place of a built document's field in the sources; of the document itself where the path is empty. The
 * document begins at `start` in the output.
 */
export type Trace = (document: ParsedDocument, at: Traced, start: number) => SourcePlace;

export interface Traced extends Located {
  /** Of a key that is written twice, the later one is meant. */
  readonly isRepeated?: boolean;
}

/**
 * The first line with content, better one that is not a template's: of what stands in the file, nothing nearer is
 * known.
 */
export function headOf(source: Source): SourcePlace {
  const { text } = source;
  const line =
    /^(?!---|[ \t]*#|[ \t]*$|[ \t]*\{\{)[^\r\n]+/m.exec(text) ?? /^(?!---|[ \t]*#|[ \t]*$)[^\r\n]+/m.exec(text);
  const start = line?.index ?? 0;
  return { source, span: { start, end: start + (line?.[0].trimEnd().length ?? 0) }, exact: false };
}
