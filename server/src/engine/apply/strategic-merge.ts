import type { FieldType } from "../kubernetes/schema/schema.js";
import { childOf, itemTypeOf } from "./fields.js";
import { isArray, isObject, sameJson, type Json, type JsonObject } from "./json.js";

/**
 * The strategic merge of `kubectl apply` and `kubectl patch`: apimachinery pkg/util/strategicpatch/patch.go, Kubernetes
 * 1.36, function by function (their names are beside ours), with what it does to items that have one merge key.
 */

/** Why a patch cannot be made or applied: `map: ... does not contain declared merge key: name`. */
export class MergeError extends Error {}

/**
 * CreateThreeWayMergePatch: what changes `current` into `modified`, and takes away what was in `lastApplied` and no
 * longer is.
 */
export function threeWayPatch(
  lastApplied: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  type: FieldType,
): JsonObject {
  const delta = diffMaps(current, modified, type, { ignores: "deletions", retainKeys: false });
  const deletions = diffMaps(lastApplied, modified, type, { ignores: "changes", retainKeys: false });
  return mergeMap(deletions, delta, type, "patches");
}

/** StrategicMergePatch: an object with a patch applied. */
export function applyPatch(object: JsonObject, patch: JsonObject, type: FieldType): JsonObject {
  return mergeMap(object, patch, type, "object");
}

interface DiffOptions {
  readonly ignores: "deletions" | "changes" | "nothing";
  readonly retainKeys: boolean;
}

type Fields = Record<string, Json>;

const directive = "$patch";
const retainKeysDirective = "$retainKeys";
const deletePrefix = "$deleteFromPrimitiveList/";
const orderPrefix = "$setElementOrder/";

function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  type: FieldType | undefined,
  options: DiffOptions,
): JsonObject {
  const patch: Fields = {};
  for (const [key, value] of Object.entries(modified)) {
    const before = original[key];
    if (before === undefined || kindOf(before) !== kindOf(value)) {
      if (options.ignores !== "changes") patch[key] = value;
    } else if (key === directive) {
      if (before !== value) patch[key] = value;
    } else if (isObject(before) && isObject(value)) {
      const child = childOf(type, key);
      const inner = diffMaps(before, value, child.type, { ...options, retainKeys: child.patch.retainKeys });
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (isArray(before) && isArray(value)) {
      diffSlices(key, before, value, patch, type, options);
    } else if (options.ignores !== "changes" && before !== value) {
      patch[key] = value;
    }
  }
  if (options.ignores !== "deletions") {
    for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null;
  }
  if (options.retainKeys) {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null);
    const isShorter = Object.keys(original).some((key) => !Object.hasOwn(modified, key));
    if (kept.length > 0 && (Object.keys(patch).length > 0 || isShorter)) patch[retainKeysDirective] = kept.toSorted();
  }
  return patch;
}

/** handleSliceDiff */
function diffSlices(
  key: string,
  original: readonly Json[],
  modified: readonly Json[],
  patch: Fields,
  type: FieldType | undefined,
  options: DiffOptions,
): void {
  const child = childOf(type, key);
  if (!child.patch.merges) {
    if (options.ignores !== "changes" && !sameJson(original, modified)) patch[key] = modified;
    return;
  }
  const inner = { ...options, retainKeys: child.patch.retainKeys };
  const { changes, deletions, order } = diffLists(
    original,
    modified,
    itemTypeOf(child.type),
    child.patch.key ?? "",
    inner,
  );
  if (changes.length > 0) patch[key] = changes;
  if (deletions.length > 0) patch[deletePrefix + key] = deletions;
  if (order.length > 0) patch[orderPrefix + key] = order;
}

interface ListDiff {
  readonly changes: readonly Json[];
  readonly deletions: readonly Json[];
  readonly order: readonly Json[];
}

function diffLists(
  original: readonly Json[],
  modified: readonly Json[],
  type: FieldType | undefined,
  key: string,
  options: DiffOptions,
): ListDiff {
  if (original.length === 0) {
    return { changes: options.ignores === "changes" ? [] : modified, deletions: [], order: [] };
  }
  if (key === "") return diffScalars(original, modified, options);
  const { changes, deletions } = diffListsOfMaps(original, modified, type, key, options);
  const changed = [...ordered(changes, modified, key), ...deletions];
  const isOrderSame =
    original.length === modified.length &&
    original.every((item, index) => keyOf(item, key) === keyOf(modified[index], key));
  const hasOrder =
    (options.ignores !== "changes" && (changed.length > 0 || !isOrderSame)) ||
    (options.ignores !== "deletions" && changed.length > 0);
  return {
    changes: changed,
    deletions: [],
    order: hasOrder ? modified.map((item) => ({ [key]: keyOf(item, key) })) : [],
  };
}

/**
 * Both lists sorted by their key as text, item by item: of several with one key the first of one list meets the first
 * of the other.
 */
function diffListsOfMaps(
  original: readonly Json[],
  modified: readonly Json[],
  type: FieldType | undefined,
  key: string,
  options: DiffOptions,
): { readonly changes: readonly Json[]; readonly deletions: readonly Json[] } {
  const changes: Json[] = [];
  const deletions: Json[] = [];
  const [left, right] = [sortedByKey(original, key), sortedByKey(modified, key)];
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const [before, after] = [left[i], right[j]];
    const [beforeText, afterText] = [before, after].map((item) =>
      item === undefined ? undefined : textOf(keyOf(item, key)),
    );
    if (isObject(before) && isObject(after) && beforeText === afterText) {
      const inner = diffMaps(before, after, type, options);
      if (Object.keys(inner).length > 0) changes.push({ ...inner, [key]: keyOf(after, key) });
      i++;
      j++;
    } else if (isObject(after) && (beforeText === undefined || (afterText !== undefined && beforeText > afterText))) {
      if (options.ignores !== "changes") changes.push(after);
      j++;
    } else {
      if (options.ignores !== "deletions") deletions.push({ [key]: keyOf(before, key), [directive]: "delete" });
      i++;
    }
  }
  return { changes, deletions };
}

/** diffListsOfScalars, with the order of what is set. */
function diffScalars(original: readonly Json[], modified: readonly Json[], options: DiffOptions): ListDiff {
  const added = options.ignores === "changes" ? [] : modified.filter((item) => !original.includes(item));
  const removed = options.ignores === "deletions" ? [] : original.filter((item) => !modified.includes(item));
  const hasOrder =
    (options.ignores !== "deletions" && removed.length > 0) ||
    (options.ignores !== "changes" && !sameJson(original, modified));
  return { changes: added, deletions: [...new Set(removed)], order: hasOrder ? modified : [] };
}

/** `patches` merges two patches into one, whose directives stay; `object` carries them out. */
type MergeGoal = "patches" | "object";

function mergeMap(original: JsonObject, patch: JsonObject, type: FieldType | undefined, goal: MergeGoal): JsonObject {
  const how = patch[directive];
  if (how === "replace") return without(patch, directive);
  if (how === "delete") return {};
  if (how !== undefined) throw new MergeError(`unknown patch type: ${JSON.stringify(how)}`);
  const merged: Fields = { ...original };
  const rest: Fields = { ...patch };
  retain(merged, rest, goal);
  mergeOrdered(merged, rest, type, goal);
  for (const [written, value] of Object.entries(rest)) {
    const deletes = written.startsWith(deletePrefix);
    if (deletes && goal === "patches") {
      merged[written] = value;
      continue;
    }
    const key = deletes ? written.slice(deletePrefix.length) : written;
    if (value === null) {
      delete merged[key];
      if (goal === "object") continue;
    }
    const before = merged[key];
    if (before === undefined || kindOf(before) !== kindOf(value)) {
      if (deletes) continue;
      const carried = carriedOut(goal === "object" ? withoutNulls(value) : value);
      if (carried === undefined) delete merged[key];
      else merged[key] = carried;
    } else if (isObject(before) && isObject(value)) {
      merged[key] = mergeMap(before, value, childOf(type, key).type, goal);
    } else if (isArray(before) && isArray(value)) {
      const child = childOf(type, key);
      if (deletes) merged[key] = before.filter((item) => !value.includes(item));
      else if (child.patch.merges)
        merged[key] = mergeSlice(before, value, itemTypeOf(child.type), child.patch.key ?? "", goal);
      else merged[key] = value;
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/** applyRetainKeysDirective */
function retain(merged: Fields, patch: Fields, goal: MergeGoal): void {
  const kept = patch[retainKeysDirective];
  if (!isArray(kept)) return;
  delete patch[retainKeysDirective];
  if (goal === "patches") {
    merged[retainKeysDirective] ??= kept;
    return;
  }
  for (const key of Object.keys(merged)) if (!kept.includes(key)) delete merged[key];
}

/** mergePatchIntoOriginal: the lists whose order the patch gives. */
function mergeOrdered(merged: Fields, patch: Fields, type: FieldType | undefined, goal: MergeGoal): void {
  for (const [written, order] of Object.entries(patch)) {
    if (!written.startsWith(orderPrefix) || !isArray(order)) continue;
    if (goal === "patches") merged[written] ??= order;
    delete patch[written];
    const key = written.slice(orderPrefix.length);
    const child = childOf(type, key);
    const mergeKey = child.patch.key ?? "";
    const [before, changes] = [merged[key], patch[key]];
    let list: readonly Json[];
    if (isArray(before) && isArray(changes)) {
      list = child.patch.merges ? mergeSlice(before, changes, itemTypeOf(child.type), mergeKey, goal) : changes;
    } else if (isArray(before)) {
      list = before;
    } else if (isArray(changes)) {
      const carried = carriedOut(changes);
      list = isArray(carried) ? carried : [];
    } else continue;
    merged[key] = inOrder(list, order, isArray(before) ? before : [], mergeKey);
    delete patch[key];
  }
}

function mergeSlice(
  original: readonly Json[],
  patch: readonly Json[],
  type: FieldType | undefined,
  key: string,
  goal: MergeGoal,
): readonly Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (key === "") return inOrder([...new Set([...original, ...patch])], patch, original, key);
  const { base, changes } = withoutSpecialItems(original, patch, key);
  const merged = [...base];
  for (const change of changes) {
    const value = keyOf(change, key);
    const index = merged.findIndex((item) => keyOf(item, key) === value);
    const found = merged[index];
    if (isObject(found) && isObject(change)) merged[index] = mergeMap(found, change, type, goal);
    else merged.push(change);
  }
  return inOrder(merged, changes, base, key);
}

/** mergeSliceWithSpecialElements: `$patch: delete` takes every item with the key away, `$patch: replace` the list. */
function withoutSpecialItems(
  original: readonly Json[],
  patch: readonly Json[],
  key: string,
): { readonly base: readonly Json[]; readonly changes: readonly Json[] } {
  let base = original;
  let replaces = false;
  const changes = patch.filter((item) => {
    const how = isObject(item) ? item[directive] : undefined;
    if (how === undefined) return true;
    if (how === "delete") {
      const value = keyOf(item, key);
      base = base.filter((one) => keyOf(one, key) !== value);
    } else if (how === "replace") replaces = true;
    else throw new MergeError(`unknown patch type: ${JSON.stringify(how)}`);
    return false;
  });
  return replaces ? { base: changes, changes: [] } : { base, changes };
}

/** normalizeElementOrder: what `order` names in its order, what only the server has where it stood. */
function inOrder(
  list: readonly Json[],
  order: readonly Json[],
  serverOrder: readonly Json[],
  key: string,
): readonly Json[] {
  const named = ordered(
    list.filter((item) => indexIn(order, item, key) >= 0),
    order,
    key,
  );
  const others = ordered(
    list.filter((item) => indexIn(order, item, key) < 0),
    serverOrder,
    key,
  );
  const result: Json[] = [];
  for (let i = 0, j = 0; i < others.length || j < named.length;) {
    const [left, right] = [others[i], named[j]];
    const [leftIndex, rightIndex] = [left, right].map((item) =>
      item === undefined ? -1 : indexIn(serverOrder, item, key),
    );
    const isLeft =
      left !== undefined &&
      (right === undefined ||
        (leftIndex !== undefined &&
          rightIndex !== undefined &&
          leftIndex >= 0 &&
          rightIndex >= 0 &&
          leftIndex < rightIndex));
    if (isLeft) {
      result.push(left);
      i++;
    } else if (right !== undefined) {
      result.push(right);
      j++;
    }
  }
  return result;
}

/**
 * normalizeSliceOrder: an insertion sort as sort.SliceStable does it for up to 20 items, since its comparison says
 * "less" of every item that the order does not name. Directives to delete come last.
 */
function ordered(list: readonly Json[], order: readonly Json[], key: string): readonly Json[] {
  const isDeletion = (item: Json) => isObject(item) && item[directive] === "delete";
  const sorted = list.filter((item) => !isDeletion(item));
  const less = (a: Json | undefined, b: Json | undefined): boolean => {
    const [first, second] = [a, b].map((item) => indexIn(order, item, key));
    return first === undefined || second === undefined || first < 0 || second < 0 || first < second;
  };
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && less(sorted[j], sorted[j - 1]); j--) {
      const [before, after] = [sorted[j - 1], sorted[j]];
      if (before !== undefined && after !== undefined) [sorted[j - 1], sorted[j]] = [after, before];
    }
  }
  return [...sorted, ...list.filter(isDeletion)];
}

function indexIn(list: readonly Json[], item: Json | undefined, key: string): number {
  if (key === "") return list.findIndex((one) => one === item);
  const value = keyOf(item, key);
  return list.findIndex((one) => keyOf(one, key) === value);
}

function keyOf(item: Json | undefined, key: string): Json {
  if (!isObject(item)) throw new MergeError(`expected a map in a list that is merged by ${key}`);
  const value = item[key];
  if (value === undefined)
    throw new MergeError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  return value;
}

/**
 * sortMapsBasedOnField: its comparison says "less" of equal keys too, so that an insertion sort, as sort.Sort does for
 * up to 12 items, turns their order round.
 */
function sortedByKey(list: readonly Json[], key: string): readonly Json[] {
  const sorted: Json[] = [];
  for (const item of list) {
    const text = textOf(keyOf(item, key));
    const index = sorted.findIndex((one) => text <= textOf(keyOf(one, key)));
    sorted.splice(index < 0 ? sorted.length : index, 0, item);
  }
  return sorted;
}

/** fmt.Sprintf("%v") */
function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** removeDirectives: `undefined` where the value itself is a directive. */
function carriedOut(value: Json): Json | undefined {
  if (isArray(value)) return value.map(carriedOut).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      const kept = carriedOut(entry);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

/** discardNullValuesFromPatch */
function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === null ? [] : [[key, withoutNulls(entry)]])),
  );
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object;
  return rest;
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return isArray(value) ? "list" : typeof value;
}
