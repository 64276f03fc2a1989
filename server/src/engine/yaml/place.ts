import type { ParsedNode } from "yaml";
import type { Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import type { Field } from "./field.js";
import type { Origin, Pointed } from "./origin.js";
import type { Path } from "./path.js";

/**
 * A spot in a document that may or may not exist. Aliases and merge keys are resolved on the way: what is behind an
 * alias has the spans of the anchor's text. Places are made when asked for and hold nothing but references.
 */
export interface Place extends Pointed {
  /** Itself: a place points to its value. */
  readonly place: Place;
  /** Points to the key. */
  readonly key: Pointed;
  readonly path: Path;
  /** The value's text. Of a place that is absent: where to point, see {@link keySpan}. */
  readonly span: Span;
  /**
   * The key's text; the value's for items of a list and for the root. Of a place that is absent: the key of the nearest
   * ancestor that exists, or the first token of that ancestor where it is an item or the root.
   */
  readonly keySpan: Span;
  /** Where it is written; its spans are of that text. */
  readonly origin: Origin;
  /** The key is there, even if its value is null; also where it may be there, see `opaque`. */
  readonly exists: boolean;
  /** `opaque`: a tool will put a value here, or may; nothing can be said of it or of what is below. */
  readonly kind: "map" | "list" | "scalar" | "null" | "absent" | "opaque";
  /** A tool may add entries or items to this map or list, so that what is not written need not be missing. */
  readonly isOpen: boolean;
  /** What a tool surely puts here, or adds to this map, where nothing is known of it but how it is written. */
  readonly writers: readonly Writer[];
  /** The text of a scalar without quotes: `1.10` where the value is 1.1. `undefined` for all else. */
  readonly source: string | undefined;
  /** The same of the key: `on` where the key is `true`. */
  readonly keySource: string | undefined;
  /** A part of a text that begins at an index of its value; all of it where that part is written otherwise. */
  partOf(text: string, index: number): Pointed;
  at(...steps: readonly (string | number)[]): Place;
  /** The items of a list that are written; none for anything else. */
  items(): readonly Place[];
  /** The entries of a map that are written, in the order of the text, merge keys expanded; none for anything else. */
  entries(): readonly (readonly [string, Place])[];
  string(): Field<string>;
  /** Accepts `3.0` and `3e0`, as the API server does. */
  integer(): Field<number>;
  number(): Field<number>;
  boolean(): Field<boolean>;
  intOrString(): Field<number | string>;
  /** A null value counts as "", as it does to the API server. */
  stringMap(): Field<ReadonlyMap<string, string>>;
  stringList(): Field<readonly string[]>;
  /** Present too where a tool may add entries: those that are written can be asked for. */
  map(): Field<Place>;
  /** Opaque where a tool may add items: what is true of all those written need not be true of all. */
  list(): Field<readonly Place[]>;
  /**
   * The value as JSON has it (numbers may be NaN or infinite); `undefined` where it is absent. Aliases that stand for
   * nothing are null.
   */
  value(): Plain | undefined;
}

/** A template's expression, in one spelling: see `Opaque`. */
export interface Writer {
  readonly span: Span;
  readonly symbol: string;
}

/** A value that a template takes from another document: `spec.replicas` from `replicaCount` of a values.yaml. */
export interface FilledFrom {
  /** `undefined` for one that the template itself writes. */
  readonly document: { readonly uri: string; readonly document: number } | undefined;
  readonly place: Place;
}

/** A value that a tool fills in. */
export interface Filled {
  readonly value: Plain;
  /** Where it is taken from, if that is one place. */
  readonly from?: FilledFrom | undefined;
}

/** What is known of what a tool fills in. */
export interface Filling {
  /** What an opaque scalar, or a key without a value, will be. */
  filledIn?(node: ParsedNode): Filled | undefined;
  /** All entries that the tool adds to an open map, if they are known. */
  added?(node: ParsedNode): readonly (readonly [string, Filled])[] | undefined;
}

/** Which parts of a document a tool will write before Kubernetes reads it, where the scalars' texts do not tell. */
export interface Unknowns extends Filling {
  /** Whether the tool puts another value here. */
  isOpaque(node: ParsedNode): boolean;
  /** Whether the tool may add entries or items to this map or list, so that what is not written need not be missing. */
  isOpen(node: ParsedNode): boolean;
  writers?(node: ParsedNode): readonly Writer[];
  /**
   * Whether the entry of this key, or this item, may not be there: then it is passed over, and its map or list is open.
   */
  isHidden?(node: ParsedNode): boolean;
  /** The text that stands for an opaque scalar, where that is not the document's own. */
  written?(node: ParsedNode): string;
  /** A text that is equal for opaque scalars that will get the same value. */
  symbol?(node: ParsedNode): string;
}

/**
 * What a merge key (`<<`) does to the keys beside it. `in order`: the later one wins, whichever it is (go-yaml v2, so
 * kubectl, Helm and kustomization files); `below`: the keys that are written win, wherever they stand (kustomize, for
 * resources and merge patches).
 */
export type MergeKeys = "in order" | "below";
