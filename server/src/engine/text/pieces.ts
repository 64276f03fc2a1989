import type { TextEdit } from "./edit.js";

/**
 * Joins steps of edits into one: the edits of each step refer to the text as the steps before leave it, those returned
 * to the text before all of them, which is `length` code units long.
 */
export function joinEdits(length: number, steps: readonly (readonly TextEdit[])[]): readonly TextEdit[] {
  let pieces: readonly Piece[] = [{ start: 0, end: length, text: undefined }];
  for (const step of steps) {
    // From the last to the first, so that the offsets of those to come stay right.
    pieces = step
      .toReversed()
      .toSorted((a, b) => b.span.start - a.span.start)
      .reduce(applied, pieces);
  }
  return differences(pieces, length);
}

/** A stretch of the first text, or new text in its place. */
interface Piece {
  readonly start: number;
  readonly end: number;
  /** `undefined`: the first text from `start` to `end`. */
  readonly text: string | undefined;
}

function applied(pieces: readonly Piece[], { span, newText }: TextEdit): readonly Piece[] {
  return [
    ...cut(pieces, 0, span.start),
    { start: 0, end: newText.length, text: newText },
    ...cut(pieces, span.end, Infinity),
  ];
}

/** What lies between two offsets of the text that the pieces make. */
function cut(pieces: readonly Piece[], from: number, to: number): readonly Piece[] {
  const kept: Piece[] = [];
  let offset = 0;
  for (const { start, end, text } of pieces) {
    const first = Math.max(start, start + from - offset);
    const last = Math.min(end, start + to - offset);
    if (first < last) kept.push({ start: first, end: last, text });
    offset += end - start;
  }
  return kept;
}

function differences(pieces: readonly Piece[], length: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let done = 0;
  let newText = "";
  for (const { start, end, text } of [...pieces, { start: length, end: length, text: undefined }]) {
    if (text !== undefined) {
      newText += text.slice(start, end);
    } else {
      if (newText !== "" || start > done) edits.push({ span: { start: done, end: start }, newText });
      newText = "";
      done = end;
    }
  }
  return edits;
}
