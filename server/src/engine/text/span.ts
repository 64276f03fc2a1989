/**
 * A half-open stretch of a text, in UTF-16 offsets. Unless said otherwise it is relative to its chunk (see
 * `yaml/split.ts`).
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The same stretch, `by` code units further on: from chunk to file. */
export function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

/** Whether the two touch: an empty span touches what it lies in or at the edge of. */
export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
