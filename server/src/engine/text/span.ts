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

/** Those of some spans in order, of which no two overlap, that share text with a stretch. */
export function spansIn(sorted: readonly Span[], start: number, end: number): readonly Span[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let until = low;
  while ((sorted[until]?.start ?? Infinity) < end) until++;
  return sorted.slice(low, until);
}
