import { equal } from "../yaml/plain.js";
import { failure, type BuildFailure, type Remark } from "./remark.js";
import {
  asList,
  asMap,
  child,
  plainOf,
  shapeOf,
  stringAt,
  unknown,
  withEntry,
  withItems,
  withoutEntry,
  type ListValue,
  type MapValue,
  type Spot,
  type Value,
} from "./value.js";

/** An operation of RFC 6902 as it is written; its parts are looked at when it is applied, as kustomize does. */
interface JsonOperation {
  readonly item: MapValue;
  readonly op: Value | undefined;
  readonly path: Value | undefined;
  readonly from: Value | undefined;
  readonly value: Value | undefined;
}

/** The operations of a patch; `undefined` if it is none. */
export function readJsonPatch(patch: Value): readonly JsonOperation[] | undefined {
  const operations = asList(patch)?.items.map((item) => {
    const map = asMap(item);
    const part = (key: string) => map?.entries.get(key);
    return map && { item: map, op: part("op"), path: part("path"), from: part("from"), value: part("value") };
  });
  if (operations === undefined || operations.length === 0) return undefined;
  const read = operations.filter((operation) => operation !== undefined);
  return read.length === operations.length ? read : undefined;
}

/** What comes of an operation: another value, the reason why kustomize refuses it, or that it is not known. */
type Outcome =
  | { readonly type: "value"; readonly value: Value }
  | { readonly type: "fails"; readonly remark: Remark }
  | { readonly type: "unknown" };

const isUnknown: Outcome = { type: "unknown" };

function becomes(value: Value): Outcome {
  return { type: "value", value };
}

/**
 * The resource with the operations applied, as github.com/evanphx/json-patch v4.12 does, which kustomize uses
 * (kustomize 5.4 to 5.8).
 */
export function applyJsonPatch(resource: Value, operations: readonly JsonOperation[]): Outcome {
  return operations.reduce<Outcome>(
    (done, operation) => (done.type === "value" ? applyOne(done.value, operation) : done),
    becomes(resource),
  );
}

function applyOne(root: Value, operation: JsonOperation): Outcome {
  const { item, value } = operation;
  if (item.open) return isUnknown;
  const fails = (at: Spot, id: BuildFailure, data: Remark["message"]["data"] = {}): Outcome => ({
    type: "fails",
    remark: failure(at, id, data),
  });
  const op = operation.op && plainOf(operation.op);
  if (operation.op !== undefined && op === undefined) return isUnknown;
  if (!isOperation(op)) {
    return fails(operation.op ?? item, operation.op === undefined ? "operationField" : "operation", {
      field: "op",
      operation: shown(op ?? null),
    });
  }
  const path = pointer(operation.path);
  if (path === "unknown") return isUnknown;
  if (path === undefined) return fails(operation.path ?? item, "operationField", { field: "path" });
  const at = { spot: operation.path ?? item, fails };
  const given = value ?? unknown(item);
  switch (op) {
    case "add":
      return change(root, path, at, (parent, key) => add(parent, key, given, at));
    case "remove":
      return change(root, path, at, (parent, key) => remove(parent, key, at));
    case "replace":
      return change(root, path, at, (parent, key) => replace(parent, key, given, at));
    case "move":
    case "copy": {
      const from = pointer(operation.from);
      if (from === "unknown") return isUnknown;
      if (from === undefined) return fails(operation.from ?? item, "operationField", { field: "from" });
      const source = { spot: operation.from ?? item, fails };
      const moved = valueAtPointer(root, from, source);
      if (moved.type === "fails" || moved.type === "unknown") return moved;
      const without =
        op === "copy" ? becomes(root) : change(root, from, source, (parent, key) => remove(parent, key, source));
      if (without.type !== "value") return without;
      return change(without.value, path, at, (parent, key) => add(parent, key, moved.value ?? unknown(item), at));
    }
    case "test": {
      const found = valueAtPointer(root, path, at);
      if (found.type !== "value") return found;
      const is = found.value === undefined ? null : plainOf(found.value);
      const shouldBe = value === undefined ? undefined : plainOf(value);
      if (is === undefined || (value !== undefined && shouldBe === undefined)) return isUnknown;
      // Without a value, kubectl 1.33 and 1.36 differ about what is not there.
      if (value === undefined && is === null) return isUnknown;
      if (shouldBe !== undefined && equal(is, shouldBe)) return becomes(root);
      return fails(value ?? at.spot, "test", { path: textOf(operation.path), found: shown(is) });
    }
  }
}

/** Where an operation stands, for what is said of it. */
interface At {
  readonly spot: Spot;
  readonly fails: (at: Spot, id: BuildFailure, data?: Remark["message"]["data"]) => Outcome;
}

function isOperation(op: unknown): op is "add" | "remove" | "replace" | "move" | "copy" | "test" {
  return typeof op === "string" && ["add", "remove", "replace", "move", "copy", "test"].includes(op);
}

/** A scalar as it is, and what else is found as what it is. */
function shown(is: ReturnType<typeof plainOf>): string {
  if (Array.isArray(is)) return "a list";
  return typeof is === "object" && is !== null ? "a map" : String(is);
}

function textOf(value: Value | undefined): string {
  return (value && stringAt(value, [])) ?? "";
}

/**
 * The steps of a pointer, `~0` and `~1` read; `undefined` for what kustomize cannot read. What stands before the first
 * slash is passed over by it, which is not worked out here.
 */
function pointer(value: Value | undefined): readonly string[] | "unknown" | undefined {
  const text = value && plainOf(value);
  if (value !== undefined && text === undefined) return "unknown";
  if (typeof text !== "string" || !text.includes("/")) return undefined;
  if (!text.startsWith("/")) return "unknown";
  return text
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

type Parent = MapValue | ListValue;

function parentOf(value: Value): Parent | undefined {
  return asMap(value) ?? asList(value);
}

/** What a step leads to; `absent` where it certainly leads nowhere. */
function partOf(value: Value, step: string): Value | "absent" | "unknown" {
  const parent = parentOf(value);
  if (parent === undefined) return ["unknown", "list"].includes(shapeOf(value)) ? "unknown" : "absent";
  const index = parent.type === "list" ? indexOf(step, parent.items.length) : undefined;
  const found = parent.type === "map" ? child(parent, step) : index === undefined ? undefined : parent.items[index];
  if (found !== undefined) return shapeOf(found) === "unknown" ? "unknown" : found;
  return parent.type === "map" && parent.open ? "unknown" : "absent";
}

/** The value with the container of the path's last step changed. */
function change(
  value: Value,
  [step = "", ...rest]: readonly string[],
  at: At,
  apply: (parent: Parent, key: string) => Outcome,
): Outcome {
  const parent = parentOf(value);
  if (parent === undefined)
    return partOf(value, step) === "unknown" ? isUnknown : at.fails(at.spot, "parentMissing", { step });
  if (rest.length === 0) return apply(parent, step);
  const below = partOf(parent, step);
  if (below === "unknown") return isUnknown;
  if (below === "absent") return at.fails(at.spot, "parentMissing", { step });
  const changed = change(below, rest, at, apply);
  return changed.type === "value" ? becomes(withPart(parent, step, changed.value)) : changed;
}

/** What a pointer leads to, `undefined` for a key that a map does not have. */
function valueAtPointer(
  root: Value,
  path: readonly string[],
  at: At,
): { readonly type: "value"; readonly value: Value | undefined } | Exclude<Outcome, { readonly type: "value" }> {
  let found: Value | "absent" | "unknown" = root;
  for (const [index, step] of path.entries()) {
    const above: Value = found;
    found = partOf(above, step);
    if (found === "unknown") return { type: "unknown" };
    if (found !== "absent") continue;
    if (index === path.length - 1 && asMap(above) !== undefined) return { type: "value", value: undefined };
    const outcome = at.fails(at.spot, "parentMissing", { step });
    return outcome.type === "value" ? { type: "unknown" } : outcome;
  }
  return { type: "value", value: found };
}

/** Negative ones count from the end (`SupportNegativeIndices`). */
function indexOf(key: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(key)) return undefined;
  const index = Number(key) < 0 ? Number(key) + length : Number(key);
  return index >= 0 && index < length ? index : undefined;
}

function withPart(parent: Parent, key: string, value: Value): Value {
  if (parent.type === "map") return withEntry(parent, key, value);
  return withItems(parent, parent.items.with(indexOf(key, parent.items.length) ?? 0, value));
}

function add(parent: Parent, key: string, value: Value, at: At): Outcome {
  if (parent.type === "map") return becomes(withEntry(parent, key, value));
  if (key === "-") return becomes(withItems(parent, [...parent.items, value]));
  // One may be added behind the last.
  const index = indexOf(key, parent.items.length + 1);
  if (index === undefined) return noItem(parent, key, at);
  return becomes(withItems(parent, parent.items.toSpliced(index, 0, value)));
}

function remove(parent: Parent, key: string, at: At): Outcome {
  if (parent.type === "map") {
    if (parent.entries.has(key)) return becomes(withoutEntry(parent, key, at.spot));
    return parent.open ? isUnknown : at.fails(at.spot, "keyMissing", { key });
  }
  const index = indexOf(key, parent.items.length);
  return index === undefined ? noItem(parent, key, at) : becomes(withItems(parent, parent.items.toSpliced(index, 1)));
}

/** Unlike RFC 6902 has it, a key that is not there is added, see test/engine/kustomize/fixtures/json.yaml; an item is not. */
function replace(parent: Parent, key: string, value: Value, at: At): Outcome {
  if (parent.type === "list" && indexOf(key, parent.items.length) === undefined) return noItem(parent, key, at);
  return becomes(withPart(parent, key, value));
}

function noItem({ items }: ListValue, key: string, at: At): Outcome {
  return at.fails(at.spot, "indexMissing", { index: key, count: items.length });
}
