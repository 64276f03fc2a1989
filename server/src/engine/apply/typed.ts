import type { FieldType } from "../kubernetes/schema/schema.js";
import { apiField, isAtomicType, statefulSetType, type ListKind } from "./fields.js";
import { isArray, isObject, sameJson, type Json, type JsonObject } from "./json.js";

/**
 * Values as a server-side apply sees them: fields with paths. After sigs.k8s.io/structured-merge-diff v6 (typed/ and
 * fieldpath/), with the list types of the API.
 */

/**
 * Paths of fields: `.spec`, `.template`, `[name="app"]` joined by line breaks, so that a prefix of elements is a prefix
 * of the text.
 */
export type PathSet = ReadonlySet<string>;

/** Why a value is not valid for its type: `.spec...env: duplicate entries for key [name="ALPHA"]`. */
export class TypedError extends Error {}

export interface Comparison {
  readonly added: PathSet;
  readonly modified: PathSet;
  readonly removed: PathSet;
}

/** A type, and how the field that has it is merged. */
interface Node {
  readonly type: FieldType | undefined;
  readonly list: ListKind;
  readonly isAtomic: boolean;
}

const root: Node = { type: statefulSetType, list: { kind: "atomic" }, isAtomic: false };

/** `.spec.template.spec.containers[name="app"].image` */
export function formatFieldPath(path: string): string {
  return path.replaceAll("\n", "");
}

export function union(a: PathSet, b: PathSet): PathSet {
  return new Set([...a, ...b]);
}

export function difference(a: PathSet, b: PathSet): PathSet {
  return new Set([...a].filter((path) => !b.has(path)));
}

export function intersection(a: PathSet, b: PathSet): PathSet {
  return new Set([...a].filter((path) => b.has(path)));
}

/** toFieldSetWalker: the fields that a value has. */
export function fieldSet(value: JsonObject): PathSet {
  const paths = new Set<string>();
  collect(value, root, "", paths);
  return paths;
}

function collect(value: Json, node: Node, path: string, paths: Set<string>): void {
  const { type } = node;
  if (isLeaf(node)) {
    if (path !== "") paths.add(path);
  } else if (type?.kind === "list") {
    if (!isArray(value)) return;
    const keyed = value.map((item) => ({ item, element: elementOf(item, node.list) }));
    for (const { item, element } of keyed) {
      const below = join(path, element);
      const isDuplicate = keyed.filter((one) => one.element === element).length > 1;
      if (!isDuplicate) collect(item, itemOf(node), below, paths);
      paths.add(below);
    }
  } else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const below = join(path, `.${key}`);
      collect(entry, entryOf(node, key), below, paths);
      const isNothing = entry === null || (isObject(entry) && Object.keys(entry).length === 0);
      if (isNothing || type?.kind !== "object") paths.add(below);
    }
  }
}

/** compareWalker: what changes from one value to another. */
export function compare(before: JsonObject, after: JsonObject): Comparison {
  const comparison = { added: new Set<string>(), modified: new Set<string>(), removed: new Set<string>() };
  compareValues(before, after, root, "", comparison);
  return comparison;
}

interface MutableComparison {
  readonly added: Set<string>;
  readonly modified: Set<string>;
  readonly removed: Set<string>;
}

function compareValues(
  before: Json | undefined,
  after: Json | undefined,
  node: Node,
  path: string,
  found: MutableComparison,
): void {
  const isPromoted = !isLeaf(node) && isNothing(before) && isNothing(after);
  if (!isLeaf(node) && !isPromoted) {
    if (node.type?.kind === "list") compareItems(listOf(before), listOf(after), node, path, found);
    else {
      const [old, now] = [mapOf(before), mapOf(after)];
      for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
        compareValues(old[key], now[key], entryOf(node, key), join(path, `.${key}`), found);
      }
    }
  } else if (before !== undefined && after !== undefined && !sameJson(before, after)) found.modified.add(path);
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
}

function compareItems(
  before: readonly Json[],
  after: readonly Json[],
  node: Node,
  path: string,
  found: MutableComparison,
): void {
  const elements = new Set([...before, ...after].map((item) => elementOf(item, node.list)));
  for (const element of elements) {
    const [left = [], right = []] = [before, after].map((list) =>
      list.filter((item) => elementOf(item, node.list) === element),
    );
    const below = join(path, element);
    if (left.length <= 1 && right.length <= 1) compareValues(left[0], right[0], itemOf(node), below, found);
    else if (left.length > 1 && right.length > 1) {
      if (!sameJson(left, right)) found.modified.add(below);
    } else if (left.length > 1) {
      if (right[0] !== undefined) compareValues(undefined, right[0], itemOf(node), below, found);
      found.removed.add(below);
    } else {
      if (left[0] !== undefined) compareValues(left[0], undefined, itemOf(node), below, found);
      found.added.add(below);
    }
  }
}

/** mergingWalker: what a configuration gives wins, and stays in its order; all else stays. */
export function merge(live: JsonObject, configuration: JsonObject): JsonObject {
  const merged = mergeValues(live, configuration, root);
  return isObject(merged) ? merged : {};
}

function mergeValues(left: Json | undefined, right: Json | undefined, node: Node): Json | undefined {
  if (isLeaf(node) || (isNothing(left) && isNothing(right))) return right === undefined ? left : right;
  if (node.type?.kind === "list") {
    const merged = mergeItems(listOf(left), listOf(right), node);
    return merged.length > 0 ? merged : undefined;
  }
  const [old, now] = [mapOf(left), mapOf(right)];
  const merged: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const value = mergeValues(old[key], now[key], entryOf(node, key));
    if (value !== undefined) merged[key] = value;
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/** visitListItems: both lists side by side, so that new items come where the configuration has them. */
function mergeItems(left: readonly Json[], right: readonly Json[], node: Node): readonly Json[] {
  const [leftKeys, rightKeys] = [left, right].map((list) => list.map((item) => elementOf(item, node.list)));
  if (leftKeys === undefined || rightKeys === undefined) return [];
  const inLeft = valuesByKey(left, leftKeys);
  const inRight = valuesByKey(right, rightKeys);
  const shared = rightKeys.filter((key) => inLeft.has(key));
  const out: Json[] = [];
  const push = (key: string, live: Json | undefined, given: Json | undefined) => {
    if (live === undefined && given === undefined) return;
    const merged = mergeValues(live, given, itemOf(node));
    if (merged !== undefined) out.push(merged);
    if (shared[0] === key) shared.shift();
  };
  const done = new Set<string>();
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const [leftKey, rightKey] = [leftKeys[i], rightKeys[j]];
    if (leftKey !== undefined && leftKey === rightKey) {
      done.add(leftKey);
      push(leftKey, inLeft.get(leftKey), inRight.get(leftKey));
      i++;
      j++;
      continue;
    }
    if (
      leftKey !== undefined &&
      rightKey !== undefined &&
      inRight.has(leftKey) &&
      shared[0] !== undefined &&
      shared[0] !== leftKey
    ) {
      i++;
      continue;
    }
    if (leftKey !== undefined && !inRight.has(leftKey)) {
      push(leftKey, left[i], undefined);
      i++;
      continue;
    }
    if (leftKey !== undefined && done.has(leftKey)) i++;
    if (rightKey !== undefined) {
      done.add(rightKey);
      push(rightKey, inLeft.get(rightKey), inRight.get(rightKey));
      j++;
    }
  }
  return out;
}

/** Of several items with one key none is merged. */
function valuesByKey(items: readonly Json[], keys: readonly string[]): ReadonlyMap<string, Json | undefined> {
  const values = new Map<string, Json | undefined>();
  for (const [index, key] of keys.entries()) values.set(key, values.has(key) ? undefined : items[index]);
  return values;
}

/**
 * removingWalker: the value without fields and items. What becomes empty is null, except in structured-merge-diff 6.3.1
 * and 6.3.2, where it stays as an empty list or map: Kubernetes 1.36, but for patch releases with 6.3.3.
 */
export function removeItems(value: JsonObject, paths: PathSet, emptied: Emptied): JsonObject {
  const prefixes = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("\n"); end >= 0; end = path.indexOf("\n", end + 1)) prefixes.add(path.slice(0, end));
  }
  const rest = without(value, root, "", { paths, prefixes, emptied });
  return isObject(rest) ? rest : {};
}

export type Emptied = "null" | "kept";

interface Removal {
  readonly emptied: Emptied;
  readonly paths: PathSet;
  readonly prefixes: PathSet;
}

function without(value: Json, node: Node, path: string, removal: Removal): Json | undefined {
  const { paths, prefixes } = removal;
  if (node.type?.kind === "scalar" || node.type === undefined) return value;
  if (isLeaf(node)) return undefined;
  const emptiedOf = (child: Json): Json =>
    removal.emptied === "null" ? null : isArray(child) ? [] : isObject(child) ? {} : null;
  const keep = (child: Json, childNode: Node, below: string): Json | undefined => {
    if (paths.has(below)) return undefined;
    return prefixes.has(below) ? (without(child, childNode, below, removal) ?? emptiedOf(child)) : child;
  };
  if (node.type.kind === "list") {
    const items = listOf(value).map((item) => keep(item, itemOf(node), join(path, elementOf(item, node.list))));
    const kept = items.filter((item) => item !== undefined);
    return kept.length > 0 ? kept : undefined;
  }
  const entries: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(mapOf(value))) {
    const kept = keep(entry, entryOf(node, key), join(path, `.${key}`));
    if (kept !== undefined) entries[key] = kept;
  }
  return Object.keys(entries).length > 0 ? entries : undefined;
}

/** EnsureNamedFieldsAreMembers: with the fields of structs on the way to each. */
export function withNamedFields(paths: PathSet): PathSet {
  const all = new Set(paths);
  for (const path of paths) {
    let node = root;
    let way = "";
    for (const element of path.split("\n")) {
      const isField = node.type?.kind === "object" && apiField(node.type.type, element.slice(1)) !== undefined;
      way = join(way, element);
      if (isField) all.add(way);
      node = element.startsWith(".") ? entryOf(node, element.slice(1)) : itemOf(node);
    }
  }
  return all;
}

/**
 * Throws where a configuration has something twice, an unknown field or a value of another type (typed/validate.go).
 */
export function validateConfiguration(configuration: JsonObject): void {
  validate(configuration, root, "");
}

function validate(value: Json, node: Node, path: string): void {
  const { type } = node;
  const fail = (message: string) => new TypedError(`${formatFieldPath(path)}: ${message}`);
  if (value === null || type === undefined) return;
  switch (type.kind) {
    case "scalar":
      validateScalar(value, type.scalar, fail);
      return;
    case "list": {
      if (!isArray(value)) throw fail(`expected list, got ${describe(value)}`);
      const isKeyed = !isLeaf(node);
      const seen = new Set<string>();
      for (const [index, item] of value.entries()) {
        const element = isKeyed ? elementOf(item, node.list) : `[${index}]`;
        if (seen.has(element)) throw fail(`duplicate entries for key ${element}`);
        seen.add(element);
        validate(item, itemOf(node), join(path, element));
      }
      return;
    }
    case "map":
    case "object":
      if (!isObject(value)) throw fail(`expected map, got ${describe(value)}`);
      for (const [key, entry] of Object.entries(value)) {
        if (type.kind === "object" && apiField(type.type, key) === undefined)
          throw new TypedError(`${formatFieldPath(join(path, `.${key}`))}: field not declared in schema`);
        validate(entry, entryOf(node, key), join(path, `.${key}`));
      }
  }
}

function validateScalar(value: Json, scalar: string, fail: (message: string) => TypedError): void {
  const is = typeof value;
  switch (scalar) {
    case "string":
    case "time":
    case "bytes":
      if (is !== "string") throw fail(`expected string, got ${describe(value)}`);
      return;
    case "bool":
      if (is !== "boolean") throw fail(`expected boolean, got ${describe(value)}`);
      return;
    case "int32":
    case "int64":
      if (is !== "number") throw fail(`expected numeric (int or float), got ${is}`);
      return;
    case "intOrString":
    case "quantity":
      if (is === "object") throw fail(`expected scalar, got ${describe(value)}`);
  }
}

function describe(value: Json): string {
  return `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}

function isLeaf({ type, list, isAtomic }: Node): boolean {
  if (type === undefined || type.kind === "scalar" || isAtomic) return true;
  return type.kind === "list" && list.kind === "atomic";
}

function entryOf({ type }: Node, key: string): Node {
  if (type?.kind === "object") {
    const field = apiField(type.type, key);
    return {
      type: field?.schema.type,
      list: field?.list ?? { kind: "atomic" },
      isAtomic: field !== undefined && (field.isAtomic || isAtomicType(field.schema.type)),
    };
  }
  return { type: type?.kind === "map" ? type.value : undefined, list: { kind: "atomic" }, isAtomic: false };
}

function itemOf({ type }: Node): Node {
  const item = type?.kind === "list" ? type.item : undefined;
  return { type: item, list: { kind: "atomic" }, isAtomic: item !== undefined && isAtomicType(item) };
}

/** listItemToPathElement: `[containerPort=8080,protocol="TCP"]`, `[="value"]`. */
function elementOf(item: Json, list: ListKind): string {
  if (list.kind !== "map") return `[=${JSON.stringify(item)}]`;
  if (!isObject(item)) throw new TypedError("associative list with keys may not have non-map elements");
  const keys = list.keys.toSorted().flatMap((key) => {
    const value = item[key] ?? keyDefaults[key];
    return value === undefined ? [] : [`${key}=${JSON.stringify(value)}`];
  });
  if (keys.length === 0) {
    const names = list.keys.map((key) => JSON.stringify(key)).join(" ");
    throw new TypedError(`associative list with keys has an element that omits all key fields [${names}]`);
  }
  return `[${keys.join(",")}]`;
}

/** The defaults of key fields in the API's schema: of ContainerPort, and of names of references. */
const keyDefaults: Readonly<Record<string, Json>> = { protocol: "TCP" };

function isNothing(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    (isArray(value) && value.length === 0) ||
    (isObject(value) && Object.keys(value).length === 0)
  );
}

function listOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function join(path: string, element: string): string {
  return path === "" ? element : `${path}\n${element}`;
}
