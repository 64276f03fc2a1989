import type { Span } from "../text/span.js";
import type { Point } from "./origin.js";
import type { Path } from "./path.js";

/**
 * A value and its place in one read. Rules switch on `state`:
 * - `present`: the document holds a value of the type asked for.
 * - `absent`: no such key, or its value is null (Kubernetes reads both as unset). `span` is where to point: the key of
 *   the nearest ancestor that is there.
 * - `opaque`: a value is there but a tool will replace it (a template expression), so nothing may be said of it.
 * - `invalid`: a value of another type is there.
 */
export type Field<T> = Present<T> | Absent | Opaque | Invalid;

interface Placed {
  readonly place: Point;
  readonly path: Path;
  /** The value's text; for `absent`, where to point. Relative to the chunk. */
  readonly span: Span;
}
export interface Present<T> extends Placed {
  readonly state: "present";
  readonly value: T;
  /** The key's text; equal to `span` for items of a sequence and for the root. */
  readonly keySpan: Span;
}
export interface Absent extends Placed {
  readonly state: "absent";
}
export interface Opaque extends Placed {
  readonly state: "opaque";
  /** Equal for values of one chart that will be the same, whatever they will be: `{{ include "db.fullname" . }}`. */
  readonly symbol?: string;
}
export interface Invalid extends Placed {
  readonly state: "invalid";
  /** What was asked for, as a reader would say it: `string`, `integer`, `one of Retain, Delete`. */
  readonly expected: string;
}

/** The value, or `fallback` where it is absent; `undefined` where nothing may be said (opaque or invalid). */
export function valueOr<T, F>(field: Field<T>, fallback: F): T | F | undefined {
  switch (field.state) {
    case "present":
      return field.value;
    case "absent":
      return fallback;
    case "opaque":
    case "invalid":
      return undefined;
  }
}

/** The value, or what stands for it as long as it is not known: names made of it tell a reader enough. */
export function textOrSymbol(field: Field<string>): string | undefined {
  return field.state === "opaque" ? field.symbol : valueOr(field, undefined);
}

/** `""` counts as unset, as for most optional strings of the Kubernetes API (`json:",omitempty"`). */
export function unsetIfEmpty(field: Field<string>): Field<string> {
  return field.state === "present" && field.value === ""
    ? { state: "absent", place: field.place, path: field.path, span: field.span }
    : field;
}
