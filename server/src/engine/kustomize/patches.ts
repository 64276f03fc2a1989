import type { Step, PlannedStep, Wanted } from "./step.js";
import { idOf, idsOf, renamed, sameId, withValue, type ComposedResource } from "./composed-resource.js";
import { changeFields } from "./field-specs.js";
import { applyJsonPatch, readJsonPatch } from "./json-patch.js";
import type { Patch } from "./kustomization.js";
import { failure, type Remark } from "./remark.js";
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

/** A patch as steps. `parts`: the YAML documents of its text, or `undefined` where that cannot be read. */
export function patchSteps(patch: Patch, parts: readonly Value[] | undefined): readonly PlannedStep[] {
  if (parts === undefined || patch.target === "unknown") return [{ step: opaqueWhere(matcher(patch, undefined)) }];
  const documents = parts.filter((part) => shapeOf(part) !== "null");
  const merges = documents.filter((part) => shapeOf(part) === "map");
  const [, second] = merges;
  return documents.map((part): PlannedStep => {
    const applies = matcher(patch, part);
    if (part === second && patch.target !== "none") return { step: refuse(failure(part, "twoPatches")) };
    if (merges.includes(part) && !hasIdentity(part)) return { step: refuse(failure(part, "patchIdentity")) };
    const operations = shapeOf(part) === "list" ? readJsonPatch(part) : undefined;
    if (operations !== undefined) return { step: jsonStep(applies, operations) };
    if (shapeOf(part) !== "map") return { step: opaqueWhere(applies) };
    const wanted = patch.target === "none" ? wantedBy(part) : undefined;
    const step = mergeStep(applies, part, patch);
    return wanted === undefined ? { step } : { step, wanted };
  });
}

/** `unable to parse SM or JSON patch`: kind and name are needed even where a target says what is meant. */
function hasIdentity(part: Value): boolean {
  const isThere = (value: Value | undefined) =>
    value !== undefined && shapeOf(value) !== "null" && scalarOf(value) !== "";
  const map = asMap(part);
  const metadata = child(part, "metadata");
  const inner = metadata && asMap(metadata);
  if (map?.open !== false || inner?.open === true) return true;
  const isUnknown = metadata !== undefined && shapeOf(metadata) === "unknown";
  return isThere(child(part, "kind")) && (isUnknown || isThere(metadata && child(metadata, "name")));
}

/** Whatever is built, the patch cannot be read. */
function refuse(remark: Remark): Step {
  return (resource, log) => {
    log.remark(remark);
    return resource;
  };
}

/** `no resource matches strategic merge patch`: the resource that a patch without a target names itself. */
function wantedBy(part: Value): Wanted | undefined {
  const { kind, name, group, version, namespace } = idOf(part);
  const metadata = child(part, "metadata");
  const at = metadata && child(metadata, "name");
  if (kind === "" || name === "" || at === undefined) return undefined;
  const apiVersion = [group, version].filter((text) => text !== "").join("/");
  const whose = apiVersion === "" ? "without an apiVersion" : `of ${apiVersion}`;
  const where = namespace === "" ? "" : ` in namespace ${namespace}`;
  return {
    name,
    remark: failure(at, "patchTarget", { kind, name, whose, where }),
    several: (count) => failure(at, "patchTargets", { kind, name, count }),
  };
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
  return (resource, log) => {
    if (!applies(resource)) return resource;
    log.matched();
    const merged = strategicMerge(resource.value, part, (remark) => log.remark(remark));
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

function jsonStep(applies: Applies, operations: NonNullable<ReturnType<typeof readJsonPatch>>): Step {
  return (resource, log) => {
    if (!applies(resource)) return resource;
    log.matched();
    const outcome = applyJsonPatch(withAnnotations(resource.value), operations);
    if (outcome.type === "fails") log.remark(outcome.remark);
    if (outcome.type !== "value") {
      log.unsure();
      return opaque(resource);
    }
    return renamed(resource, withStringAnnotations(outcome.value));
  };
}

/** kustomize notes in annotations what a resource was called before it applies a JSON patch: so there are some. */
function withAnnotations(value: Value): Value {
  return changeFields(value, ["metadata"], undefined, (found) => {
    const [metadata, annotations] = [asMap(found), child(found, "annotations")];
    if (metadata === undefined || (annotations !== undefined && shapeOf(annotations) !== "null")) return found;
    if (metadata.open && annotations === undefined) return found;
    const { place, source } = found;
    return withEntry(metadata, "annotations", { type: "map", entries: new Map(), open: false, place, source });
  });
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
  return (resource, log) => {
    if (!applies(resource)) return resource;
    log.unsure();
    return opaque(resource);
  };
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
