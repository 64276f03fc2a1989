import { idOf, idsOf, renamed, sameId, withValue, type ComposedResource } from "./composed-resource.js";
import { changeFields } from "./field-specs.js";
import { applyJsonPatch, readJsonPatch, type JsonOperation } from "./json-patch.js";
import type { Patch } from "./read.js";
import { selects, type Selectable } from "./selector.js";
import { strategicMerge } from "./strategic-merge.js";
import {
  asMap,
  child,
  made,
  openMap,
  scalarOf,
  shapeOf,
  stringAt,
  unknown,
  withEntry,
  withoutEntry,
  type Value,
} from "./value.js";

/** What one transformer of a kustomization does to a resource; `undefined` where it takes the resource away. */
export type Step = (resource: ComposedResource) => ComposedResource | undefined;

/** A patch as steps. `parts`: the YAML documents of its text, or `undefined` where that cannot be read. */
export function patchSteps(patch: Patch, parts: readonly Value[] | undefined): readonly Step[] {
  if (parts === undefined || patch.target === "unknown") return [opaqueWhere(matcher(patch, undefined))];
  const documents = parts.filter((part) => shapeOf(part) !== "null");
  return documents.flatMap((part) => {
    const applies = matcher(patch, part);
    const operations = shapeOf(part) === "list" ? readJsonPatch(part) : undefined;
    if (operations !== undefined) return [jsonStep(applies, operations)];
    return shapeOf(part) === "map" ? [mergeStep(applies, part, patch)] : [opaqueWhere(applies)];
  });
}

type Applies = (resource: ComposedResource) => boolean;

/** Which resources a patch is for: those of its target, or the one that it names itself. */
function matcher({ target }: Patch, part: Value | undefined): Applies {
  if (target === "unknown") return () => true;
  if (target !== "none") return (resource) => selects(target, selectable(resource));
  if (part === undefined || shapeOf(part) !== "map") return () => true;
  const id = idOf(part);
  // A name or a kind that is not plainly there may be any.
  if (id.name === "" || id.kind === "") return ({ id: { kind } }) => id.kind === "" || id.kind === kind;
  return (resource) => idsOf(resource).some((one) => sameId(one, id));
}

export function selectable({ id, previous, value }: ComposedResource): Selectable {
  const original = previous[0] ?? id;
  return {
    group: id.group,
    version: id.version,
    kind: id.kind,
    names: [original.name, id.name],
    namespaces: [original.namespace, id.namespace],
    value,
  };
}

function mergeStep(applies: Applies, part: Value, { mayRename, mayChangeKind }: Patch): Step {
  return (resource) => {
    if (!applies(resource)) return resource;
    const merged = strategicMerge(resource.value, part);
    if (merged === undefined) return undefined;
    const kept = keep(merged, resource, { name: !mayRename, kind: !mayChangeKind });
    return mayRename || mayChangeKind ? renamed(resource, kept) : withValue(resource, kept);
  };
}

/** A patch changes neither the name, nor the kind, nor the namespace (`ApplySmPatch` in api/resource/resource.go). */
function keep(
  merged: Value,
  { value }: ComposedResource,
  what: { readonly name: boolean; readonly kind: boolean },
): Value {
  const [map, before] = [asMap(merged), asMap(value)];
  if (map === undefined || before === undefined) return merged;
  let kept = map;
  for (const key of ["apiVersion", ...(what.kind ? ["kind"] : [])]) {
    const known = before.entries.get(key);
    if (known !== undefined) kept = withEntry(kept, key, known);
  }
  const metadata = kept.entries.get("metadata");
  const metadataBefore = before.entries.get("metadata");
  let inner = metadata && asMap(metadata);
  const innerBefore = metadataBefore && asMap(metadataBefore);
  if (inner === undefined || innerBefore === undefined) return kept;
  for (const key of [...(what.name ? ["name"] : []), "namespace"]) {
    const known = innerBefore.entries.get(key);
    if (known !== undefined) inner = withEntry(inner, key, known);
    else if (key === "namespace" && stringAt(inner, ["namespace"]) !== undefined) {
      inner = withoutEntry(inner, key);
    }
  }
  return withEntry(kept, "metadata", inner);
}

function jsonStep(applies: Applies, operations: readonly JsonOperation[]): Step {
  return (resource) => {
    if (!applies(resource)) return resource;
    const changed = applyJsonPatch(resource.value, operations);
    return changed === undefined ? opaque(resource) : renamed(resource, withStringAnnotations(changed));
  };
}

/**
 * kustomize writes all annotations anew after a JSON patch (`SetAnnotations` in kyaml/yaml/rnode.go), and none if there
 * are none.
 */
function withStringAnnotations(value: Value): Value {
  return changeFields(value, ["metadata"], undefined, (found) => {
    const [metadata, annotations] = [asMap(found), child(found, "annotations")];
    const map = annotations && asMap(annotations);
    if (metadata === undefined || map === undefined || map.open) return found;
    if (map.entries.size === 0) return withoutEntry(metadata, "annotations");
    let texts = map;
    for (const [key, entry] of map.entries) {
      const scalar = scalarOf(entry);
      if (scalar === undefined || typeof scalar === "string") continue;
      const isPlain = typeof scalar === "boolean" || Number.isInteger(scalar);
      texts = withEntry(texts, key, isPlain ? made(String(scalar), entry) : unknown(entry));
    }
    return texts === map ? found : withEntry(metadata, "annotations", texts);
  });
}

function opaqueWhere(applies: Applies): Step {
  return (resource) => (applies(resource) ? opaque(resource) : resource);
}

/** The resource of which nothing is known but what it is. */
export function opaque(resource: ComposedResource): ComposedResource {
  const { value } = resource;
  const map = asMap(value);
  const metadata = map?.entries.get("metadata");
  const inner = metadata && asMap(metadata);
  if (map === undefined) return resource;
  const pick = (entries: ReadonlyMap<string, Value>, keys: readonly string[]) =>
    keys.flatMap((key) => {
      const entry = entries.get(key);
      return entry === undefined ? [] : [[key, entry] as const];
    });
  return withValue(
    resource,
    openMap(map, [
      ...pick(map.entries, ["apiVersion", "kind"]),
      ...(inner === undefined
        ? []
        : [["metadata", openMap(inner, pick(inner.entries, ["name", "namespace"]))] as const]),
    ]),
  );
}
