import { changeFields } from "./field-specs.js";
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
  const merged = merge(resource, patch, "");
  return merged && changeFields(merged, ["spec", "template", "spec"], undefined, withoutRepetitions);
}

/**
 * The pod with one item of each key in its lists: a merge goes through all of them, also where the patch has nothing,
 * and of several items with one key it leaves the last, where the first was.
 */
function withoutRepetitions(pod: Value): Value {
  return Object.entries(listKeys).reduce((changed, [way, keys]) => {
    if (!way.startsWith("pod.")) return changed;
    return changeFields(changed, way.slice("pod.".length).split("."), undefined, (found) => {
      const list = asList(found);
      if (list === undefined) return found;
      const items = new Map(list.items.map((item) => [keyOf(item, keys), item]));
      const firstKeys = new Set([...items.keys()].map((key) => (key === "" ? "" : String(JSON.parse(key)[0]))));
      if (firstKeys.size === list.items.length) return found;
      if (!areTold([...items.keys()])) return unknown(found);
      return items.size === list.items.length ? found : withItems(list, [...items.values()]);
    });
  }, pod);
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
 * Those that the patch names come first, in its order, then the others; with several keys only the new ones come first,
 * since kustomize takes each item of the base out and appends it again (`appendListNode`). `undefined` where it cannot
 * be told which are the same.
 */
function mergeItems(base: ListValue, patch: ListValue, keys: readonly string[], way: string): ListValue | undefined {
  const known = new Map(base.items.map((item) => [keyOf(item, keys), item]));
  const named = new Map(patch.items.filter((item) => !isListDirective(item)).map((item) => [keyOf(item, keys), item]));
  const items = base.items.length + patch.items.filter((item) => !isListDirective(item)).length;
  if (known.size + named.size < items || !areTold([...known.keys(), ...named.keys()])) return undefined;

  const fresh: Value[] = [];
  const results = new Map<Value, Value | undefined>();
  for (const [key, item] of named) {
    const same = known.get(key);
    const result = same === undefined ? added(item) : merge(same, item, way);
    if (same !== undefined) results.set(same, result);
    if (result !== undefined && (same === undefined || keys.length === 1)) fresh.push(result);
  }
  const rest = base.items.flatMap((item) => {
    if (!results.has(item)) return [item];
    const result = results.get(item);
    return keys.length === 1 || result === undefined ? [] : [result];
  });
  return withItems(base, [...fresh, ...rest]);
}

/** The values of an item's keys, as text; empty where it lacks the first one. */
function keyOf(item: Value, keys: readonly string[]): string {
  const map = asMap(item);
  const parts = keys.map((name) => {
    const value = map?.entries.get(name);
    return (value && scalarOf(value)) ?? null;
  });
  return parts[0] === null ? "" : JSON.stringify(parts.map((part) => part && String(part)));
}

/**
 * Whether all items have a first key, and none differs from another one only in lacking a second one: what kustomize
 * makes of ports of which one says `protocol: TCP` and the other nothing depends on those beside them.
 */
function areTold(keys: readonly string[]): boolean {
  const forms = new Map<string, string>();
  return keys.every((key) => {
    if (key === "") return false;
    const [first, ...others] = JSON.parse(key) as readonly (string | null)[];
    const form = JSON.stringify(others.map((part) => part !== null));
    const before = forms.get(String(first)) ?? form;
    forms.set(String(first), form);
    return before === form;
  });
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
 * The keys by which kustomize merges a list; `undefined` for lists that a patch replaces. From the fields of the API
 * with `x-kubernetes-patch-strategy: merge` (OpenAPI of Kubernetes 1.21 on, which kustomize 5 has built in):
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
