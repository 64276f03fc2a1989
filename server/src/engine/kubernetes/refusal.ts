import type { Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

/**
 * Something that the API server refuses, or warns of, in one resource. One walk over a resource finds them all; the
 * rule of that id reports them.
 */
export interface Refusal {
  readonly rule: RefusalRule;
  /** One of the rule's messages, and what its sentence names. */
  readonly message: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly at: Pick<Field<unknown>, "path" | "span">;
  /**
   * It is about what is not there, or may be in a patch alone (`$patch`): so it means nothing in a patch or a fragment.
   */
  readonly missing: boolean;
}

/** The rules that report refusals. */
export type RefusalRule =
  | "cluster-policy"
  | "dead-volume-plugin"
  | "deprecated-topology-key"
  | "duplicate-env"
  | "duplicate-port"
  | "duplicate-value"
  | "field-gated"
  | "field-removed"
  | "field-since"
  | "fields-conflict"
  | "fractional-bytes"
  | "label-invalid"
  | "mount-unknown-volume"
  | "name-invalid"
  | "name-not-dns-label"
  | "not-exactly-one"
  | "null-labelselector"
  | "quantity-invalid"
  | "recreate-gated"
  | "resources-invalid"
  | "schema-enum"
  | "schema-required"
  | "schema-type"
  | "schema-unknown-field"
  | "server-warning"
  | "value-invalid"
  | "value-out-of-range";

/** The value at a place is not what it must be: `containerPort 70000: must be between 1 and 65535`. */
export function invalid(rule: RefusalRule, place: Place, must: string): Refusal {
  const missing = place.kind === "absent";
  const data = { field: fieldName(place), value: describe(place), must };
  return { rule, message: "invalid", data, at: missing ? pointAt(place) : place, missing };
}

/** The value of a place is not there, and must be: `image is missing`. `at` is the place that the message is about. */
export function missing(place: Place, why = ""): Refusal {
  const data = { field: fieldName(place), why: why === "" ? "" : `: ${why}` };
  return { rule: "schema-required", message: "missing", data, at: pointAt(place), missing: true };
}

/** Where to point for something that is not there: at the key, if that is there. */
function pointAt(place: Place): Refusal["at"] {
  return { path: place.path, span: place.kind === "null" || place.kind === "absent" ? place.keySpan : place.span };
}

/** The last key of the path with the indexes behind it: `image`, `accessModes[0]`. */
export function fieldName({ path }: Pick<Place, "path">): string {
  const last = path.findLastIndex((step) => typeof step === "string");
  return path
    .slice(Math.max(last, 0))
    .reduce<string>((text, step) => text + (typeof step === "number" ? `[${step}]` : step), "");
}

/** What stands at a place, short enough for a sentence. */
function describe(place: Place): string {
  switch (place.kind) {
    case "absent":
    case "null":
      return "(unset)";
    case "map":
      return "(a map)";
    case "list":
      return "(a list)";
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
