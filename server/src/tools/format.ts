import { canonicalJson } from "../engine/kubernetes/canonical-json.js";
/** One thing that was compared, as a round, a step, or the end of a stage. */
export interface Comparison {
  readonly title: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly same: boolean;
  /** Whether only the number of syncs differs, which is reported but is no failure. */
  readonly syncsDiffer: boolean;
}

/** A line of a file of recordings, and how it is replayed. */
export interface Recording {
  readonly id: string;
  readonly category: string;
  /** Throws where the recording holds something that its format does not know. */
  readonly replay: () => readonly Comparison[];
  /** What of it is not compared. */
  readonly omits?: string;
}

/** A line as a recording of one format; `undefined` where it is of another one. */
export type Format = (line: Line) => Recording | undefined;

/** A line, read as JSON. */
export type Line = Readonly<Record<string, unknown>> & { readonly id: string };

/** A comparison of two plain values; the order of keys does not count. */
export function compare(title: string, expected: unknown, actual: unknown): Comparison {
  return { title, expected, actual, same: sameJson(expected, actual), syncsDiffer: false };
}

export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
