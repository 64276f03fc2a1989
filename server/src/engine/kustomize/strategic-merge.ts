import { changeFields } from "./field-specs.js";
import { failure, type Remark } from "./remark.js";
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
  type Shape,
  type Value,
} from "./value.js";

/**
 * A resource with a strategic merge patch applied, as kustomize does it: kyaml/yaml/merge2/merge2.go and
 * kyaml/yaml/walk/ with ListIncreaseDirection "prepend", kustomize 5.6. `undefined` where the patch deletes it.
 * `remark` gets why it cannot be applied, and what it drops.
 */
export function strategicMerge(resource: Value, patch: Value, remark: Tell): Value | undefined {
  // Kinds that kustomize has no schema of: every list is replaced.
  if (!isOfKubernetes(stringAt(resource, ["apiVersion"]) ?? "")) return merge(resource, patch, customResource, remark);
  const merged = merge(resource, patch, "", remark);
  return merged && changeFields(merged, ["spec", "template", "spec"], undefined, withoutRepetitions);
}

/** Whether the schema of Kubernetes, which kustomize has built in, has kinds of an API version. */
function isOfKubernetes(apiVersion: string): boolean {
  return /^(?:(?:apps|autoscaling|batch|extensions|policy|[a-z.]+\.k8s\.io)\/)?v\w+$/.test(apiVersion);
}

/** Begins no way of {@link listKeys}. */
const customResource = "custom";

type Tell = (remark: Remark) => void;

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
function merge(base: Value, patch: Value, way: string, remark: Tell): Value | undefined {
  const shape = shapeOf(patch);
  // Seen with kubectl 1.33: an annotation that a patch sets to null becomes the text "null".
  if (shape === "null") return /^(?:custom\.)?metadata\.(?:annotations|labels)\./.test(way) ? unknown(base) : undefined;
  if (shape === "unknown") return patch;
  const baseShape = shapeOf(base);
  if (baseShape === "null") return added(patch);
  const patchMap = asMap(patch);
  if (patchMap !== undefined) return mergeMap(base, patchMap, way, remark);
  if (baseShape !== "unknown" && shape !== baseShape) return mismatched(base, patch, { shape, baseShape }, remark);
  const patchList = asList(patch);
  if (patchList !== undefined) return mergeList(base, patchList, way, remark);
  return patch;
}

/** `wrong node kind: expected SequenceNode but got MappingNode` (`ErrorIfInvalid` in kyaml/yaml/types.go). */
function mismatched(
  base: Value,
  patch: Value,
  { shape, baseShape }: { readonly shape: Shape; readonly baseShape: Shape },
  remark: Tell,
): Value {
  remark(failure(patch, "patchShape", { is: nameOf(shape), base: nameOf(baseShape) }));
  return unknown(base);
}

function nameOf(shape: Shape): string {
  return shape === "scalar" ? "single value" : shape;
}

function mergeMap(base: Value, patch: MapValue, way: string, remark: Tell): Value | undefined {
  const how = directiveOf(patch, remark);
  if (how === "delete") return undefined;
  if (how === "replace") return added(patch);
  const baseMap = asMap(base);
  if (baseMap === undefined) {
    const baseShape = shapeOf(base);
    return baseShape === "unknown" ? unknown(base) : mismatched(base, patch, { shape: "map", baseShape }, remark);
  }
  let merged = baseMap;
  for (const [key, value] of patch.entries) {
    if (key === directive) continue;
    const known = merged.entries.get(key);
    if (known === undefined && merged.open) {
      merged = withEntry(merged, key, shapeOf(value) === "map" || shapeOf(value) === "list" ? unknown(value) : value);
      continue;
    }
    const result = known === undefined ? added(value) : merge(known, value, way === "" ? key : `${way}.${key}`, remark);
    merged = result === undefined ? withoutEntry(merged, key, value) : withEntry(merged, key, result);
  }
  return patch.open && !merged.open ? { ...merged, open: true } : merged;
}

/** What a patch brings that was not there: without its directives, and without nulls. */
export function added(value: Value): Value | undefined {
  const map = asMap(value);
  if (map !== undefined) {
    if (stringAt(map, [directive]) === "delete") return undefined;
    let kept = withoutEntry(map, directive);
    for (const [key, entry] of map.entries) {
      if (key === directive) continue;
      const result = added(entry);
      kept = result === undefined ? withoutEntry(kept, key, entry) : withEntry(kept, key, result);
    }
    return sameEntries(kept, map) ? value : kept;
  }
  const list = asList(value);
  if (list !== undefined) {
    // Where there is nothing to merge it into, kustomize leaves a list with its directives (5.6 and 5.8).
    return list.items.some((item) => asMap(item)?.entries.has(directive) === true) ? unknown(value) : value;
  }
  return shapeOf(value) === "null" ? undefined : value;
}

function sameEntries(one: MapValue, other: MapValue): boolean {
  return (
    one.entries.size === other.entries.size &&
    [...one.entries].every(([key, entry]) => other.entries.get(key) === entry)
  );
}

function mergeList(base: Value, patch: ListValue, way: string, remark: Tell): Value | undefined {
  const keys = mergeKeys(way);
  const baseList = asList(base);
  if (keys === undefined) return patch;
  const how = listDirective(patch);
  if (how === "delete") return undefined;
  if (how === "replace")
    return withItems(
      patch,
      patch.items.filter((item) => !isListDirective(item)),
    );
  if (baseList === undefined) return unknown(base);
  return mergeItems(baseList, patch, keys, { way, remark }) ?? unknown(base);
}

/**
 * Those that the patch names come first, in its order, then the others; with several keys only the new ones come first,
 * since kustomize takes each item of the base out and appends it again (`appendListNode`). `undefined` where it cannot
 * be known which are the same.
 */
function mergeItems(
  base: ListValue,
  patch: ListValue,
  keys: readonly string[],
  { way, remark }: { readonly way: string; readonly remark: Tell },
): ListValue | undefined {
  const keyless = patch.items.filter((item) => !isListDirective(item) && lacksKey(item, keys));
  if (base.items.length > 0) keyless.forEach((item) => remark(loss(item, keys, way)));
  if (keyless.length > 0 && keys.length === 1) {
    // Nothing else of the base is left, and of the patch only the items with a key are: seen with kubectl 1.31 to 1.36.
    return keyless.length === patch.items.length ? withItems(base, []) : undefined;
  }
  const known = new Map(base.items.map((item) => [keyOf(item, keys), item]));
  const named = new Map(patch.items.filter((item) => !isListDirective(item)).map((item) => [keyOf(item, keys), item]));
  const items = base.items.length + patch.items.filter((item) => !isListDirective(item)).length;
  if (known.size + named.size < items || !areTold([...known.keys(), ...named.keys()])) return undefined;

  const fresh: Value[] = [];
  const results = new Map<Value, Value | undefined>();
  for (const [key, item] of named) {
    const same = known.get(key);
    const result = same === undefined ? added(item) : merge(same, item, way, remark);
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

/** Whether an item certainly has not even the first key. */
function lacksKey(item: Value, [first = ""]: readonly string[]): boolean {
  const map = asMap(item);
  return map === undefined ? shapeOf(item) === "scalar" : !map.open && !map.entries.has(first);
}

/** What kustomize drops because of an item without the key by which its list is merged. */
function loss(item: Value, keys: readonly string[], way: string): Remark {
  const list = way.slice(way.lastIndexOf(".") + 1);
  const [key = ""] = keys;
  return {
    spot: item,
    on: "value",
    message: { rule: "loss", id: keys.length === 1 ? "list" : "item", data: { list, key } },
  };
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

/** What a map asks to be done with it; kustomize knows three ways (`determineSmpDirective` in kyaml/yaml/merge2). */
function directiveOf(map: MapValue, remark: Tell): string | undefined {
  const value = map.entries.get(directive);
  const how = value && scalarOf(value);
  if (value !== undefined && how !== undefined && !["delete", "merge", "replace"].includes(String(how))) {
    remark(failure(value, "directive", { value: String(how) }));
  }
  return typeof how === "string" ? how : undefined;
}

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
  "pod.topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
  "pod.volumes": ["name"],
  "spec.ports": ["port", "protocol"],
  "metadata.ownerReferences": ["uid"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
};
