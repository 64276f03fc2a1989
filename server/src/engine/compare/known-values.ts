import type { Json, JsonObject } from "../apply/json.js";
import { isObject } from "../apply/json.js";
import type { Place } from "../yaml/place.js";
import type { Plain } from "../yaml/edit.js";

/** Two values without what a tool will still write in either of them: neither has it. */
export interface KnownValues {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Whether nothing was left out. */
  readonly isWhole: boolean;
}

/** What is known of both places, so that a value that only one of them has is a difference for sure. */
export function knownValues(before: Place, after: Place): KnownValues {
  if ([before, after].some((place) => place.kind === "opaque" || place.isOpen)) return nothing;
  if (before.kind === "map" && after.kind === "map") return knownMaps(before, after);
  if (before.kind === "list" && after.kind === "list" && before.items().length === after.items().length) {
    return knownLists(before, after);
  }
  const [old, now] = [wholeValue(before), wholeValue(after)];
  return old === "unknown" || now === "unknown" ? nothing : { before: old.value, after: now.value, isWhole: true };
}

const nothing: KnownValues = { before: undefined, after: undefined, isWhole: false };

function knownMaps(before: Place, after: Place): KnownValues {
  const keys = new Set([...before.entries(), ...after.entries()].map(([key]) => key));
  const children = [...keys].map((key) => [key, knownValues(before.at(key), after.at(key))] as const);
  const side = (which: "before" | "after"): JsonObject =>
    Object.fromEntries(
      children.flatMap(([key, child]) => {
        const value = child[which];
        return value === undefined ? [] : [[key, value]];
      }),
    );
  return { before: side("before"), after: side("after"), isWhole: children.every(([, { isWhole }]) => isWhole) };
}

/** An item of which nothing is known would move those behind it, so then nothing is known of the list. */
function knownLists(before: Place, after: Place): KnownValues {
  const items = before.items().map((item, index) => knownValues(item, after.at(index)));
  if (items.some((item) => item.before === undefined || item.after === undefined)) return nothing;
  const side = (which: "before" | "after") => items.flatMap((item) => item[which] ?? []);
  return { before: side("before"), after: side("after"), isWhole: items.every(({ isWhole }) => isWhole) };
}

function wholeValue(place: Place): "unknown" | { readonly value: Json | undefined } {
  return isUnknown(place) ? "unknown" : { value: jsonOf(place.value()) };
}

function isUnknown(place: Place): boolean {
  if (place.kind === "opaque" || place.isOpen) return true;
  return place.items().some(isUnknown) || place.entries().some(([, entry]) => isUnknown(entry));
}

/** JSON has no NaN and no infinity. */
function jsonOf(value: Plain | undefined): Json | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((item: Plain) => jsonOf(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, jsonOf(entry) ?? null]));
}
