import { canonicalJson } from "../canonical-json.js";
import { valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { repairedName, repairedValue, type Form } from "../names.js";
import { invalid, invalidFor, missing, type Refusal, type RefusalReason, type RefusalType } from "../refusal.js";
import { alternatives } from "../../text/code.js";

/** The text at a place, "" where it is unset; `undefined` where it cannot be read, or a tool will replace it. */
export function textAt(place: Place): string | undefined {
  return valueOr(place.string(), "");
}

/** The number at a place; `undefined` where it is unset or cannot be read. */
export function numberAt(place: Place): number | undefined {
  return valueOr(place.integer(), undefined);
}

/** Whether a key is there with a value: a pointer that is not nil. What a tool may write is neither set nor unset. */
export function isSet(place: Place): boolean {
  return !isUnset(place) && place.kind !== "opaque";
}

/** Also what a patch takes away: `secret: { $patch: delete }`. */
export function isUnset(place: Place): boolean {
  const { kind } = place;
  return kind === "absent" || kind === "null" || (kind === "map" && textAt(place.at("$patch")) === "delete");
}

/** Whether a list or a map is left out or empty, whatever a tool adds. */
export function isEmpty(place: Place): boolean {
  return (
    isUnset(place) || (isSet(place) && !place.isOpen && place.items().length === 0 && place.entries().length === 0)
  );
}

export function isTrue(place: Place): boolean {
  return valueOr(place.boolean(), false) === true;
}

/** What may only be given where a switch is on. */
export function* onlyWhereTrue(place: Place, on: Place, must: string): Iterable<Refusal> {
  if (valueOr(on.boolean(), false) === false) yield { ...conflict(place, must), missing: on.kind === "absent" };
}

/** A text that is given must have the form; "" is unset. */
export function* formRefusals(place: Place, form: Form, reason: RefusalReason = "name"): Iterable<Refusal> {
  const text = textAt(place);
  const must = text === undefined || text === "" ? undefined : form(text);
  if (text !== undefined && must !== undefined) yield malformed(place, text, must, form, reason);
}

function malformed(place: Place, text: string, must: string, form: Form, reason: RefusalReason): Refusal {
  const repaired = reason === "value" ? repairedValue : repairedName;
  return invalidFor(reason, place, must, repaired(text, form));
}

/** An item of a list must have the form, an empty one too; null is "". */
export function* itemRefusals(items: Place, form: Form, reason: RefusalReason = "name"): Iterable<Refusal> {
  for (const item of items.items()) yield* textRefusals(item, form, reason);
}

/** A text that is given must have the form, and "" is given: a pointer in k8s.io/api. */
export function* pointerRefusals(place: Place, form: Form, reason: RefusalReason = "name"): Iterable<Refusal> {
  if (isSet(place)) yield* textRefusals(place, form, reason);
}

function* textRefusals(place: Place, form: Form, reason: RefusalReason): Iterable<Refusal> {
  const text = textAt(place);
  const must = text === undefined ? undefined : form(text);
  if (text !== undefined && must !== undefined) yield malformed(place, text, must, form, reason);
}

/** A number that is given must lie between the two, both included. */
export function* rangeRefusals(place: Place, least: number, most = Infinity): Iterable<Refusal> {
  const number = numberAt(place);
  if (number === undefined || (number >= least && number <= most)) return;
  const must = most === Infinity ? `must be ${least} or more` : `must be between ${least} and ${most}`;
  yield invalid("range", place, must);
}

/** Greatest value of a port, and of a user or group id: apimachinery pkg/util/validation/validation.go. */
export const maxPort = 65535;
export const maxId = 2 ** 31 - 1;

/** ValidatePortNumOrName: a port's number, or the name of a container's port. */
export function* portRefusals(place: Place, isPortName: Form): Iterable<Refusal> {
  const port = valueOr(place.intOrString(), undefined);
  if (typeof port === "number") yield* rangeRefusals(place, 1, maxPort);
  else if (port === "") yield invalid("name", place, "must not be empty");
  else if (typeof port === "string") yield* formRefusals(place, isPortName);
}

/** A value that must be there, where only these checks can say so. */
export function* requiredText(place: Place, why = ""): Iterable<Refusal> {
  if (textAt(place) === "") yield missing(place, why);
}

/** Each text that stands at `part` of an item must be another one. */
export function* duplicateRefusals(
  places: Iterable<Place>,
  seen: Set<string>,
  reason: RefusalReason = "duplicate",
): Iterable<Refusal> {
  for (const place of places) {
    const text = textAt(place);
    if (text === undefined || text === "") continue;
    if (seen.has(text)) yield invalid(reason, place, "is used twice, but must be unique");
    seen.add(text);
  }
}

/** The same for the value at `key` of each item; an item that is the same as an earlier one can go. */
export function* duplicateItemRefusals(
  items: readonly Place[],
  key: string,
  reason: RefusalReason = "duplicate",
): Iterable<Refusal> {
  const seen = new Map<string, string>();
  for (const item of items) {
    const text = textAt(item.at(key));
    if (text === undefined || text === "") continue;
    const before = seen.get(text);
    const whole = item.isOpen ? "" : canonicalJson(item.value());
    if (before === undefined) seen.set(text, whole);
    else {
      const found = invalid(reason, item.at(key), "is used twice, but must be unique");
      yield before !== "" && before === whole ? { ...found, remedies: [{ op: "remove", at: item }] } : found;
    }
  }
}

/** Of these keys at most one may have a value: the second one and those behind it are too many. */
export function* exclusiveRefusals(
  place: Place,
  keys: readonly string[],
  what: string,
  type: RefusalType = "FieldValueForbidden",
): Iterable<Refusal> {
  const given = keys.map((key) => place.at(key)).filter(isSet);
  for (const extra of given.slice(1)) {
    const first = given[0]?.path.at(-1) ?? "";
    yield {
      type,
      reason: "oneOf",
      message: "several",
      data: { first, extra: extra.path.at(-1) ?? "", what },
      at: extra.key,
      missing: false,
    };
  }
}

/** Of these keys one must have a value. */
export function* oneOfRefusals(
  place: Place,
  keys: readonly string[],
  what: string,
  type: RefusalType = "FieldValueRequired",
): Iterable<Refusal> {
  if (!keys.every((key) => isUnset(place.at(key)))) return;
  yield {
    type,
    reason: "oneOf",
    message: "none",
    data: { keys: alternatives(keys), what },
    at: place.key,
    missing: true,
  };
}

/** Whether a tool writes the items of a list or one of their names. */
export function hidesNames(list: Place, way: readonly string[]): boolean {
  return (
    list.list().state === "opaque" ||
    list.items().some((item) => item.kind === "scalar" || item.at(...way).string().state === "opaque")
  );
}

/**
 * Two things that exclude each other: `place` is where it is reported, `must` why. Of the type that the function of the API
 * server gives it, as far as it is not Forbidden.
 */
export function conflict(place: Place, must: string, type: RefusalType = "FieldValueForbidden"): Refusal {
  return {
    ...invalid("conflict", place, must),
    type,
    message: "conflict",
    at: place.kind === "absent" || place.kind === "map" ? place.key : place,
    missing: false,
  };
}
