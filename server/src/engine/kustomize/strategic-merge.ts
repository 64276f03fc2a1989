import {
  asList,
  asMap,
  scalarOf,
  shapeOf,
  stringAt,
  unknown,
  withItems,
  withoutEntry,
  withEntry,
  type ListValue,
  type MapValue,
  type Value,
} from "./value.js";

/**
 * A resource with a strategic merge patch applied, as kustomize does it: kyaml/yaml/merge2/merge2.go and
 * kyaml/yaml/walk/ with ListIncreaseDirection "prepend", kustomize 5.6. `undefined` where the patch deletes it.
 */
export function strategicMerge(resource: Value, patch: Value): Value | undefined {
  return merge(resource, patch, "");
}

/** `way` is the path without indexes, such as `spec.template.spec.containers.env`. */
function merge(base: Value, patch: Value, way: string): Value | undefined {
  const shape = shapeOf(patch);
  // Seen with kubectl 1.33: an annotation that a patch sets to null becomes the text "null".
  if (shape === "null") return /^metadata\.(?:annotations|labels)\./.test(way) ? unknown(base) : undefined;
  if (shape === "unknown") return patch;
  const baseShape = shapeOf(base);
  if (baseShape === "null") return added(patch);
  const patchMap = asMap(patch);
  if (patchMap !== undefined) return mergeMap(base, patchMap, way);
  const patchList = asList(patch);
  if (patchList !== undefined) return mergeList(base, patchList, way);
  return patch;
}

function mergeMap(base: Value, patch: MapValue, way: string): Value | undefined {
  const how = stringAt(patch, [directive]);
  if (how === "delete") return undefined;
  if (how === "replace") return added(patch);
  const baseMap = asMap(base);
  // kustomize refuses to merge a map into something else, or it is not known what it is merged into.
  if (baseMap === undefined) return unknown(base);
  let merged = baseMap;
  for (const [key, value] of patch.entries) {
    if (key === directive) continue;
    const known = merged.entries.get(key);
    if (known === undefined && merged.open) {
      merged = withEntry(merged, key, shapeOf(value) === "map" || shapeOf(value) === "list" ? unknown(value) : value);
      continue;
    }
    const result = known === undefined ? added(value) : merge(known, value, way === "" ? key : `${way}.${key}`);
    merged = result === undefined ? withoutEntry(merged, key) : withEntry(merged, key, result);
  }
  return patch.open && !merged.open ? { ...merged, open: true } : merged;
}

/** What a patch brings that was not there: without its directives, and without nulls. */
function added(value: Value): Value | undefined {
  const map = asMap(value);
  if (map !== undefined) {
    if (stringAt(map, [directive]) === "delete") return undefined;
    let kept = withoutEntry(map, directive);
    for (const [key, entry] of map.entries) {
      if (key === directive) continue;
      const result = added(entry);
      kept = result === undefined ? withoutEntry(kept, key) : withEntry(kept, key, result);
    }
    return sameEntries(kept, map) ? value : kept;
  }
  const list = asList(value);
  if (list !== undefined) {
    if (listDirective(list) === "delete") return undefined;
    const items = list.items.filter((item) => !isListDirective(item));
    return items.length === list.items.length ? value : withItems(list, items);
  }
  return shapeOf(value) === "null" ? undefined : value;
}

function sameEntries(one: MapValue, other: MapValue): boolean {
  return (
    one.entries.size === other.entries.size &&
    [...one.entries].every(([key, entry]) => other.entries.get(key) === entry)
  );
}

function mergeList(base: Value, patch: ListValue, way: string): Value | undefined {
  const keys = mergeKeys(way);
  const baseList = asList(base);
  if (keys === undefined) return patch;
  const how = listDirective(patch);
  if (how === "delete") return undefined;
  if (how === "replace") return added(patch);
  if (baseList === undefined) return unknown(base);
  return mergeItems(baseList, patch, keys, way) ?? unknown(base);
}

/**
 * Those that the patch names come first, in its order, then the others. `undefined` where it cannot be told which are the
 * same: an item without its key, or several that fit.
 */
function mergeItems(base: ListValue, patch: ListValue, keys: readonly string[], way: string): ListValue | undefined {
  const rest = new Set(base.items);
  const first: Value[] = [];
  const merged = new Map<Value, Value | undefined>();
  for (const item of patch.items) {
    if (isListDirective(item)) continue;
    const key = keyOf(item, keys);
    if (key === undefined || base.items.some((other) => keyOf(other, keys) === undefined)) return undefined;
    const [same, ...others] = base.items.filter((other) => fits(key, keyOf(other, keys)));
    if (others.length > 0) return undefined;
    if (same === undefined) {
      const result = added(item);
      if (result !== undefined) first.push(result);
      continue;
    }
    const result = merge(merged.get(same) ?? same, item, way);
    merged.set(same, result);
    rest.delete(same);
  }
  // With several keys kustomize takes each item of the base out and appends it again (`appendListNode`).
  if (keys.length > 1) {
    const kept = base.items.flatMap((item) => (merged.has(item) ? (merged.get(item) ?? []) : item));
    return withItems(base, [...first, ...kept]);
  }
  const named = patch.items.flatMap((item) => {
    const key = keyOf(item, keys);
    const same = key && base.items.find((other) => fits(key, keyOf(other, keys)));
    return same === undefined ? [] : [same];
  });
  const order: Value[] = [];
  let fresh = 0;
  for (const item of patch.items) {
    if (isListDirective(item)) continue;
    const key = keyOf(item, keys);
    const same = key && named.find((other) => fits(key, keyOf(other, keys)));
    if (same !== undefined) order.push(...[merged.get(same)].filter((value) => value !== undefined));
    else order.push(...first.slice(fresh, ++fresh));
  }
  return withItems(base, [...new Set(order), ...rest]);
}

type Key = readonly (string | undefined)[];

function keyOf(item: Value, keys: readonly string[]): Key | undefined {
  const map = asMap(item);
  const key = keys.map((name) => {
    const value = map?.entries.get(name);
    const scalar = value && scalarOf(value);
    return scalar === undefined ? undefined : String(scalar);
  });
  return key[0] === undefined ? undefined : key;
}

/** A secondary key that only one of them has does not tell them apart (`match` in associative_sequence.go). */
function fits(one: Key, other: Key | undefined): boolean {
  return (
    other !== undefined &&
    one.every((part, index) =>
      index > 0 && (part === undefined || other[index] === undefined) ? true : part === other[index],
    )
  );
}

const directive = "$patch";

function listDirective(list: ListValue): string | undefined {
  const item = list.items.find(isListDirective);
  return item && stringAt(item, [directive]);
}

/** `- $patch: replace` is about the list; with other keys beside it, it is about the item. */
function isListDirective(item: Value): boolean {
  const map = asMap(item);
  return map !== undefined && map.entries.size === 1 && map.entries.has(directive);
}

/**
 * The keys by which kustomize merges a list; `undefined` for lists that a patch replaces. From the fields of the API with
 * `x-kubernetes-patch-strategy: merge` (OpenAPI of Kubernetes 1.21 on, which kustomize 5 has built in):
 * `x-kubernetes-list-map-keys` where there are any, else `x-kubernetes-patch-merge-key`.
 */
function mergeKeys(way: string): readonly string[] | undefined {
  return listKeys[way.replace(/^spec\.(?:jobTemplate\.spec\.)?template\.spec\./, "pod.")];
}

const container = {
  env: ["name"],
  ports: ["containerPort", "protocol"],
  volumeDevices: ["devicePath"],
  volumeMounts: ["mountPath"],
} as const;

const listKeys: Readonly<Record<string, readonly string[]>> = {
  "pod.containers": ["name"],
  "pod.initContainers": ["name"],
  "pod.ephemeralContainers": ["name"],
  ...Object.fromEntries(
    ["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
      Object.entries(container).map(([key, keys]) => [`pod.${list}.${key}`, keys]),
    ),
  ),
  "pod.hostAliases": ["ip"],
  "pod.imagePullSecrets": ["name"],
  "pod.resourceClaims": ["name"],
  "pod.schedulingGates": ["name"],
  "pod.topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
  "pod.volumes": ["name"],
  "spec.ports": ["port", "protocol"],
  "metadata.ownerReferences": ["uid"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
};
