import type { Pointed } from "../yaml/origin.js";
import { inCode } from "../text/code.js";
import type { Place } from "../yaml/place.js";

/**
 * Something that the API server refuses, or warns of, in one resource. One walk over a resource finds them all. It says
 * what the server says; which of our rules reports it in which words is the business of `lint/refusal-rules.ts`.
 */
export interface Refusal {
  readonly type: RefusalType;
  /** What was checked. */
  readonly reason: RefusalReason;
  /** Which case of the reason it is, and what a sentence about it names. */
  readonly message: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly at: Pointed;
  /**
   * It is about what is not there, or may be in a patch alone (`$patch`): so it means nothing in a patch or a fragment.
   */
  readonly missing: boolean;
  /** What would be accepted and was probably meant; several where none is more likely than another. */
  readonly remedies?: readonly Remedy[];
}

/** A change that the API server accepts, where `at` does not say otherwise at the place of the refusal. */
export type Remedy =
  | { readonly op: "set"; readonly value: string | number | boolean; readonly at?: Place }
  | { readonly op: "remove"; readonly at?: Place }
  | { readonly op: "rename"; readonly to: string };

/**
 * How the API server answers. `FieldValue...` are the types of `field.Error`, which a Status gives as the reasons of its
 * causes (apimachinery pkg/util/validation/field/errors.go, Kubernetes 1.36).
 */
export type RefusalType =
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueInvalid"
  | "FieldValueNotFound"
  | "FieldValueNotSupported"
  | "FieldValueRequired"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  /** Strict decoding finds a field that the type does not have. */
  | "UnknownField"
  /** Decoding finds a value that the field's type cannot hold. */
  | "TypeMismatch"
  /** The object is stored without the field. */
  | "Dropped"
  /** The object is stored, and the answer has a warning. */
  | "Warning";

/** What is checked, with the type that the answer mostly has; functions that differ say so. */
const usualTypes = {
  clusterPolicy: "FieldValueForbidden",
  conflict: "FieldValueForbidden",
  deprecatedTopologyKey: "Warning",
  duplicate: "FieldValueDuplicate",
  duplicateEnv: "Warning",
  duplicatePort: "Warning",
  enum: "FieldValueNotSupported",
  fractionalBytes: "Warning",
  futureField: "UnknownField",
  gatedField: "Dropped",
  label: "FieldValueInvalid",
  name: "FieldValueInvalid",
  noSelector: "Warning",
  oneOf: "FieldValueForbidden",
  podBaseName: "FieldValueInvalid",
  quantity: "TypeMismatch",
  range: "FieldValueInvalid",
  recreateStrategy: "FieldValueInvalid",
  removedField: "UnknownField",
  removedVolumePlugin: "Warning",
  required: "FieldValueRequired",
  resources: "FieldValueInvalid",
  type: "TypeMismatch",
  unknownField: "UnknownField",
  unknownVolume: "FieldValueNotFound",
  value: "FieldValueInvalid",
  warning: "Warning",
} as const satisfies Readonly<Record<string, RefusalType>>;

export type RefusalReason = keyof typeof usualTypes;

/** A refusal of the type that its reason mostly has. */
export function refusal(parts: Omit<Refusal, "type">): Refusal {
  return { type: usualTypes[parts.reason], ...parts };
}

/**
 * The value at a place is not what it must be: `containerPort: 70000` must be between 1 and 65535. `must` is the end of
 * that sentence.
 */
export function invalid(reason: RefusalReason, place: Place, must: string): Refusal {
  const missing = place.kind === "absent";
  const field = fieldName(place);
  const value = describe(place);
  const data = { field, value: value ?? "", what: inCode(value === undefined ? field : `${field}: ${value}`), must };
  return refusal({ reason, message: "invalid", data, at: missing ? pointAt(place) : place, missing });
}

/** The same, with the value that was meant where that is known. */
export function invalidFor(
  reason: RefusalReason,
  place: Place,
  must: string,
  meant: string | number | undefined,
): Refusal {
  const found = invalid(reason, place, must);
  return meant === undefined ? found : mendedBy(found, { op: "set", value: meant });
}

/** A refusal with what would be accepted. */
export function mendedBy(found: Refusal, ...remedies: readonly Remedy[]): Refusal {
  return { ...found, remedies };
}

/** The value of a place is not there, and must be: `image` is missing. `at` is the place that the message is about. */
export function missing(place: Place, why = ""): Refusal {
  const data = { field: fieldName(place), why: why === "" ? "" : `: ${why}` };
  return refusal({ reason: "required", message: "missing", data, at: pointAt(place), missing: true });
}

/** Where to point for something that is not there: at the key, if that is there. */
function pointAt(place: Place): Refusal["at"] {
  return place.kind === "null" || place.kind === "absent" ? place.key : place;
}

/** The last key of the path with the indexes behind it: `image`, `accessModes[0]`. */
export function fieldName({ path }: Pick<Place, "path">): string {
  const last = path.findLastIndex((step) => typeof step === "string");
  return path
    .slice(Math.max(last, 0))
    .reduce<string>((text, step) => text + (typeof step === "number" ? `[${step}]` : step), "");
}

/** The scalar at a place, short enough for a sentence. */
function describe(place: Place): string | undefined {
  switch (place.kind) {
    case "absent":
    case "null":
    case "map":
    case "list":
      return undefined;
    case "opaque":
    case "scalar": {
      const text = scalarText(place);
      return text === "" ? '""' : text.length > 60 ? `${text.slice(0, 57)}...` : text;
    }
  }
}

/** A scalar as text, "" for anything else. */
export function scalarText(place: Place): string {
  const value = place.value();
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}
