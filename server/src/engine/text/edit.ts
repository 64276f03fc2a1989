import type { Span } from "./span.js";

/** Replaces the text of `span` by `newText`. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/**
 * The text after the edits, all of which refer to the text as it is before any of them.
 * Edits must not overlap; insertions at one offset are applied in the order given.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .toSorted((a, b) => a.edit.span.start - b.edit.span.start || a.index - b.index);
  let result = "";
  let done = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < done) throw new Error(`overlapping edits at offset ${edit.span.start}`);
    result += text.slice(done, edit.span.start) + edit.newText;
    done = edit.span.end;
  }
  return result + text.slice(done);
}
