import type { Edit, Plain } from "./edit.js";
import type { Path } from "./path.js";

export type Mapping = { readonly [key: string]: Plain };

/**
 * Whether a value, wherever it comes from, has values by names, as an object of JSON has: it is no list and not null.
 */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

export function equal(a: Plain | undefined, b: Plain | undefined): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isMapping(a) || !isMapping(b)) return a === b || (Number.isNaN(a) && Number.isNaN(b));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** The value at the path; `undefined` where there is none. */
export function valueAt(value: Plain | undefined, [step, ...rest]: Path): Plain | undefined {
  return step === undefined ? value : valueAt(child(value, step), rest);
}

function child(value: Plain | undefined, step: string | number): Plain | undefined {
  if (isList(value)) return typeof step === "number" ? value[step] : undefined;
  return isMapping(value) && typeof step === "string" && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** The value after an edit other than `insert`; `undefined` where it cannot have that edit, or nothing is left. */
export function applyToValue(value: Plain | undefined, edit: Exclude<Edit, { op: "insert" }>): Plain | undefined {
  const last = edit.path.at(-1);
  switch (edit.op) {
    case "set":
      return withValueAt(value, edit.path, () => edit.value);
    case "remove":
      return withValueAt(value, edit.path.slice(0, -1), (parent) => without(parent, last));
    case "rename":
      return withValueAt(value, edit.path.slice(0, -1), (parent) => renamed(parent, last, edit.to));
  }
}

function withValueAt(
  value: Plain | undefined,
  [step, ...rest]: Path,
  change: (value: Plain | undefined) => Plain | undefined,
): Plain | undefined {
  if (step === undefined) return change(value);
  const changed = withValueAt(child(value, step), rest, change);
  if (changed === undefined) return undefined;
  if (typeof step === "number") {
    const list = value ?? [];
    return isList(list) && step <= list.length ? [...list.slice(0, step), changed, ...list.slice(step + 1)] : undefined;
  }
  const map = value ?? {};
  return isMapping(map)
    ? fromEntries([...Object.entries(map).filter(([key]) => key !== step), [step, changed]])
    : undefined;
}

function without(parent: Plain | undefined, step: string | number | undefined): Plain | undefined {
  if (isList(parent)) return parent.filter((_, index) => index !== step);
  return isMapping(parent) ? fromEntries(Object.entries(parent).filter(([key]) => key !== step)) : undefined;
}

function renamed(parent: Plain | undefined, from: string | number | undefined, to: string): Plain | undefined {
  if (!isMapping(parent) || Object.hasOwn(parent, to)) return undefined;
  return fromEntries(Object.entries(parent).map(([key, value]) => [key === from ? to : key, value]));
}

function fromEntries(entries: readonly (readonly [string, Plain])[]): Mapping {
  return Object.fromEntries(entries);
}
