import type { Span } from "../text/span.js";
import type { ParsedChunk } from "../workspace/source-file.js";

/** One line of a file's outline. Spans are in UTF-16 offsets of the file. */
export interface DocumentSymbol {
  readonly name: string;
  /** Beside the name, in a weaker colour; may be empty. */
  readonly detail: string;
  readonly kind: "resource" | "section" | "field" | "pod" | "claim";
  /** All of it, for the outline to follow the cursor. */
  readonly span: Span;
  /** What is selected by a click; within `span`. */
  readonly selectionSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of one chunk that begins at `start` in its file. */
export function symbols(chunk: ParsedChunk, start: number): readonly DocumentSymbol[] {
  return chunk.resources.map(({ key, place }) => ({
    name: `${key.kind} ${key.name}`,
    detail: key.namespace ?? "",
    kind: "resource",
    span: { start, end: start + chunk.text.length },
    selectionSpan: { start: start + place.at("kind").keySpan.start, end: start + place.at("kind").span.end },
    children: [],
  }));
}
