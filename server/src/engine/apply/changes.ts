import type { FieldType } from "../kubernetes/schema/schema.js";
import { parseQuantity } from "../kubernetes/quantity.js";
import { formatPath, type Path } from "../yaml/path.js";
import { childOf, itemTypeOf, statefulSetType } from "./fields.js";
import { at, isArray, isObject, sameJson, type Json, type JsonObject } from "./json.js";

/** One value of an object that is another one before than after. `undefined` where there is none. */
export interface Change {
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** What differs between two stored values, leaf by leaf, sorted by path. Empty lists and maps are leaves. */
export function changesBetween(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Change[] {
  const [old, now] = [new Map(leaves(before, path)), new Map(leaves(after, path))];
  return [...new Map([...old, ...now])]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { path: written }]) => ({ path: written, before: old.get(key)?.value, after: now.get(key)?.value }))
    .filter((change) => !sameJson(change.before, change.after));
}

interface Leaf {
  readonly path: Path;
  readonly value: Json;
}

function leaves(value: Json | undefined, path: Path): readonly (readonly [key: string, leaf: Leaf])[] {
  if (value === undefined) return [];
  const children = isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  if (children.length === 0) return [[formatPath(path), { path, value }]];
  return children.flatMap(([step, child]) => leaves(child, [...path, step]));
}

/**
 * Whether two stored values are the same to the API server: apiequality.Semantic (apimachinery pkg/api/equality), which
 * compares amounts by their size.
 */
export function isSemanticallyEqual(a: Json | undefined, b: Json | undefined, type: FieldType | undefined): boolean {
  if (type?.kind === "scalar" && type.scalar === "quantity" && isAmount(a) && isAmount(b)) {
    return a === b || parseQuantity(a)?.nanos === parseQuantity(b)?.nanos;
  }
  if (isArray(a) && isArray(b)) {
    const item = itemTypeOf(type);
    return a.length === b.length && a.every((one, index) => isSemanticallyEqual(one, b[index], item));
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      isSemanticallyEqual(a[key], b[key], childOf(type, key).type),
    );
  }
  return sameJson(a, b);
}

function isAmount(value: Json | undefined): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** A field of the spec that no update may change, and that one changes. */
export interface ImmutableChange {
  /** `serviceName` */
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Each value that differs, with its path from the root. */
  readonly changes: readonly Change[];
}

/**
 * The fields that ValidateStatefulSetUpdate compares after it has put the others aside
 * (pkg/apis/apps/validation/validation.go, Kubernetes 1.36), in the order in which 1.37 names them.
 */
export function immutableChanges(before: JsonObject, after: JsonObject): readonly ImmutableChange[] {
  const spec = childOf(statefulSetType, "spec").type;
  return immutableFields.flatMap((field) => {
    const [old, now] = [at(before, "spec", field), at(after, "spec", field)];
    const { type } = childOf(spec, field);
    if (isSemanticallyEqual(old, now, type)) return [];
    const changes = changesBetween(old, now, ["spec", field]).filter(
      (change) => !isSameAmount(change.before, change.after),
    );
    return [{ field, before: old, after: now, changes }];
  });
}

const immutableFields = ["selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy"] as const;

/** Whether two values are the same amount, written in whatever way. */
export function isSameAmount(before: Json | undefined, after: Json | undefined): boolean {
  if (!isAmount(before) || !isAmount(after)) return false;
  const [old, now] = [parseQuantity(before), parseQuantity(after)];
  return old !== undefined && now !== undefined && old.nanos === now.nanos;
}
