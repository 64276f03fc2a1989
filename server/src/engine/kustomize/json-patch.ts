import { equal } from "../yaml/plain.js";
import {
  asList,
  asMap,
  child,
  plainOf,
  withEntry,
  withItems,
  withoutEntry,
  type ListValue,
  type MapValue,
  type Value,
} from "./value.js";

/** An operation of RFC 6902; `path` and `from` are split at their slashes, `~0` and `~1` read. */
export interface JsonOperation {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  readonly path: readonly string[];
  readonly from: readonly string[] | undefined;
  readonly value: Value | undefined;
}

/** The operations of a patch; `undefined` if it is none. */
export function readJsonPatch(patch: Value): readonly JsonOperation[] | undefined {
  const operations = asList(patch)?.items.map(readOperation);
  if (operations === undefined || operations.length === 0) return undefined;
  const read = operations.filter((operation) => operation !== undefined);
  return read.length === operations.length ? read : undefined;
}

function readOperation(item: Value): JsonOperation | undefined {
  const map = asMap(item);
  const text = (key: string) => {
    const value = map?.entries.get(key);
    const plain = value && plainOf(value);
    return typeof plain === "string" ? plain : undefined;
  };
  const op = text("op");
  const path = pointer(text("path"));
  if (path === undefined || !isOperation(op)) return undefined;
  return { op, path, from: pointer(text("from")), value: map?.entries.get("value") };
}

function isOperation(op: string | undefined): op is JsonOperation["op"] {
  return op !== undefined && ["add", "remove", "replace", "move", "copy", "test"].includes(op);
}

function pointer(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || !text.startsWith("/")) return undefined;
  return text
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * The resource with the operations applied, as github.com/evanphx/json-patch v4 does, which kustomize uses.
 * `undefined` where one of them cannot be applied, so that kustomize builds nothing, or nobody knows what comes of it.
 */
export function applyJsonPatch(resource: Value, operations: readonly JsonOperation[]): Value | undefined {
  return operations.reduce<Value | undefined>((value, operation) => value && applyOne(value, operation), resource);
}

function applyOne(root: Value, { op, path, from, value }: JsonOperation): Value | undefined {
  switch (op) {
    case "add":
      return value && change(root, path, (parent, key) => add(parent, key, value));
    case "remove":
      return change(root, path, remove);
    case "replace":
      return value && change(root, path, (parent, key) => replace(parent, key, value));
    case "move":
    case "copy": {
      const moved = from && find(root, from);
      if (from === undefined || moved === undefined) return undefined;
      const without = op === "copy" ? root : change(root, from, remove);
      return without && change(without, path, (parent, key) => add(parent, key, moved));
    }
    case "test": {
      const found = find(root, path);
      const [is, shouldBe] = [found && plainOf(found), value && plainOf(value)];
      if (is === undefined || shouldBe === undefined) return undefined;
      return equal(is, shouldBe) ? root : undefined;
    }
  }
}

type Parent = MapValue | ListValue;

function parentOf(value: Value): Parent | undefined {
  return asMap(value) ?? asList(value);
}

/** The value with the container of the path's last step changed. */
function change(
  value: Value,
  [step, ...rest]: readonly string[],
  apply: (parent: Parent, key: string) => Value | undefined,
): Value | undefined {
  const parent = parentOf(value);
  if (parent === undefined || step === undefined) return undefined;
  if (rest.length === 0) return apply(parent, step);
  const below = partOf(parent, step);
  const changed = below && change(below, rest, apply);
  if (changed === undefined) return undefined;
  return replace(parent, step, changed);
}

function find(value: Value, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((above, step) => {
    const parent = above && parentOf(above);
    return parent && partOf(parent, step);
  }, value);
}

function partOf(parent: Parent, key: string): Value | undefined {
  if (parent.type === "map") return child(parent, key);
  const index = indexOf(key, parent.items.length);
  return index === undefined ? undefined : parent.items[index];
}

/** Negative ones count from the end (`SupportNegativeIndices`). */
function indexOf(key: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(key)) return undefined;
  const index = Number(key) < 0 ? Number(key) + length : Number(key);
  return index >= 0 && index < length ? index : undefined;
}

function add(parent: Parent, key: string, value: Value): Value | undefined {
  if (parent.type === "map") return withEntry(parent, key, value);
  if (key === "-") return withItems(parent, [...parent.items, value]);
  // One may be added behind the last.
  const index = indexOf(key, parent.items.length + 1);
  return index === undefined ? undefined : withItems(parent, parent.items.toSpliced(index, 0, value));
}

function remove(parent: Parent, key: string): Value | undefined {
  if (partOf(parent, key) === undefined) return undefined;
  if (parent.type === "map") return withoutEntry(parent, key);
  return withItems(parent, parent.items.toSpliced(indexOf(key, parent.items.length) ?? 0, 1));
}

/** Unlike RFC 6902 has it, a key that is not there is added, see test/kustomize/fixtures/json.yaml; an item is not. */
function replace(parent: Parent, key: string, value: Value): Value | undefined {
  if (parent.type === "map") return withEntry(parent, key, value);
  if (partOf(parent, key) === undefined) return undefined;
  return withItems(parent, parent.items.with(indexOf(key, parent.items.length) ?? 0, value));
}
