import type { Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import type { Path } from "./path.js";

/** The text that a place comes from, and what may be edited there. */
export interface Origin {
  /** The file and the number of the document in it; `undefined` for the text that was read to have the place. */
  readonly document: { readonly uri: string; readonly document: number } | undefined;
  /** In the document's own text. */
  readonly path: Path;
  /** It stands in a text within that document: the path is that of the text. */
  readonly isInline: boolean;
  /** Nothing has touched the value, or what is missing, since it was read from there. */
  readonly untouched: boolean;
  /** What a fix may edit: a resource, a strategic merge patch of one, or neither. */
  readonly holds: "resource" | "patch" | "other";
  /** What a reader has to know to see why the value is there. */
  readonly note: string | undefined;
}

/** A spot in a document that may not exist, as far as a finding about it or an edit of it needs it. */
export interface Point {
  /** Itself. */
  readonly place: Point;
  readonly path: Path;
  readonly origin: Origin;
  /** As those of a `Place`. */
  readonly source: string | undefined;
  value(): Plain | undefined;
  /** As that of a `Place`. */
  partOf(text: string, index: number): Pointed;
  at(...steps: readonly (string | number)[]): Point;
}

/** What a user points to: the value of a place, its key, or for what is not there the nearest key above it. */
export interface Pointed {
  readonly place: Point;
  /** In the text of the place's origin. */
  readonly span: Span;
}
