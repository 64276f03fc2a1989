import type { Span } from "../text/span.js";
import type { Located } from "../yaml/locate.js";
import type { ParsedDocument } from "../yaml/parse.js";

/** A file that something was built from. */
export interface Source {
  readonly uri: string;
  /** As the output of the tool calls it: `../base/db.yaml`, `chart/templates/db.yaml`. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source. */
export interface SourcePlace {
  readonly source: Source;
  readonly span: Span;
  /** Whether the very field is here; otherwise it is the head of the document or file that the field is from. */
  readonly exact: boolean;
  /** Where the value is that a template fills in here, if that is known. */
  readonly filledFrom?: Omit<SourcePlace, "filledFrom">;
}

/** Finds the place of a built document's field in the sources; of the document itself where the path is empty. */
export type Trace = (document: ParsedDocument, at: Traced) => SourcePlace;

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
