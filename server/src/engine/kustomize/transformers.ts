import {
  idsOf,
  isClusterScoped,
  renamed,
  withValue,
  type ComposedResource,
  type ResourceId,
} from "./composed-resource.js";
import type { Configuration } from "./configuration.js";
import { changeFields, mergeFieldSpecs, specifies, type FieldSpec } from "./field-specs.js";
import { imageStep } from "./image.js";
import { opaque } from "./patches.js";
import type { PlannedStep, Step } from "./step.js";
import { failure } from "./remark.js";
import type { Kustomization, LabelSet, Pairs, Patch, ReplacementEntry, Replacement } from "./kustomization.js";
import { asMap, made, scalarOf, stringAt, unknown, withEntry, withItems, type MapValue, type Value } from "./value.js";

/** What one transformer does to each resource, or what it reads in another file to know that. */
export type Transformation =
  | ({ readonly type: "step" } & PlannedStep)
  | { readonly type: "patch"; readonly patch: Patch }
  | { readonly type: "replacement"; readonly replacement: Replacement }
  | { readonly type: "replacements"; readonly path: string };

/**
 * What a kustomization does to resources, in the order of `configureBuiltinTransformers`
 * (api/internal/target/kusttarget_configplugin.go, kustomize 5.6).
 */
export function transformationsOf(
  kustomization: Kustomization,
  { fields }: Configuration,
  claimTemplates: string | undefined,
): readonly Transformation[] {
  const { patches, patchesJson6902, namespace, namePrefix, nameSuffix, labels, commonLabels, annotations } =
    kustomization;
  const { replicas, images, replacements, changesUnknown } = kustomization;
  const asPatch = (patch: Patch): Transformation => ({ type: "patch", patch });
  return [
    ...patches.map(asPatch),
    ...asSteps([
      ...(namespace === undefined ? [] : [namespaceStep(namespace, fields.namespace, "all")]),
      ...(namePrefix === undefined ? [] : [prefixStep(namePrefix, fields.namePrefix)]),
      ...(nameSuffix === undefined ? [] : [suffixStep(nameSuffix, fields.nameSuffix)]),
      ...labels.map((set) => labelStep(set, fields, claimTemplates)),
      ...(commonLabels.length === 0 ? [] : [pairStep(commonLabels, fields.commonLabels)]),
      ...(annotations.length === 0 ? [] : [pairStep(annotations, fields.commonAnnotations)]),
    ]),
    ...patchesJson6902.map(asPatch),
    ...replicas.map((one) => replicaTransformation(one, fields.replicas)),
    ...asSteps(images.map((one) => imageStep(one, fields.images))),
    ...replacements.flatMap(replacementTransformations),
    ...asSteps(changesUnknown ? [opaque] : []),
  ];
}

export function asSteps(steps: readonly Step[]): readonly Transformation[] {
  return steps.map((step) => ({ type: "step", step }));
}

/** A replacement that is in a file of its own has to be read first. */
export function replacementTransformations(entry: ReplacementEntry): readonly Transformation[] {
  if ("path" in entry) return [{ type: "replacements", path: entry.path }];
  return [{ type: "replacement", replacement: entry }];
}

/** Sets the namespace of what has one; with `unset`, only where none is given. */
export function namespaceStep(namespace: Value, specs: readonly FieldSpec[], which: "all" | "unset"): Step {
  const others = specs.filter(({ path }) => !["metadata/namespace", "metadata/name"].includes(path.join("/")));
  const isKept = (found: Value | undefined) => which === "unset" && found !== undefined && textOf(found) !== "";
  return (resource) => {
    const { value, id } = resource;
    const told = others
      .filter((spec) => specifies(spec, id))
      .reduce(
        (changed, { path, create }) =>
          changeFields(changed, path, create ? emptyMap(namespace) : undefined, (found) =>
            isKept(found) ? found : namespace,
          ),
        value,
      );
    const metadata = asMap(asMap(told)?.entries.get("metadata") ?? told);
    // The namespace itself is called so, too (`removeUnneededMetaFieldSpecs` in api/filters/namespace/namespace.go).
    if (id.kind === "Namespace" && id.group === "" && id.version === "v1" && which === "all") {
      return renamed(
        resource,
        changeFields(told, ["metadata", "name"], undefined, () => namespace),
      );
    }
    const known = metadata?.entries.get("namespace");
    const isSame = (known && stringAt(known, [])) === stringAt(namespace, []);
    if (isClusterScoped(id.group, id.kind) || metadata === undefined || isKept(known) || isSame) {
      return withValue(resource, told);
    }
    return renamed(
      resource,
      changeFields(told, ["metadata"], undefined, (found) =>
        withEntry(asMap(found) ?? metadata, "namespace", namespace),
      ),
    );
  };
}

/** `prefixFieldSpecsToSkip` in PrefixTransformer.go. */
function keepsName({ kind, group }: ResourceId): boolean {
  return (
    kind === "CustomResourceDefinition" ||
    kind === "Namespace" ||
    (kind === "APIService" && group === "apiregistration.k8s.io")
  );
}

export function prefixStep(prefix: Value, specs: readonly FieldSpec[]): Step {
  const text = stringAt(prefix, []) ?? "";
  return affixStep(
    specs,
    prefix,
    (name) => text + name,
    (resource) => ({
      ...resource,
      prefixes: [...resource.prefixes, text],
    }),
  );
}

export function suffixStep(suffix: Value, specs: readonly FieldSpec[]): Step {
  const text = stringAt(suffix, []) ?? "";
  return affixStep(
    specs,
    suffix,
    (name) => name + text,
    (resource) => ({
      ...resource,
      suffixes: [...resource.suffixes, text],
    }),
  );
}

/** PrefixTransformer.go: whether a specification is for a resource is asked of what it was at first. */
function affixStep(
  specs: readonly FieldSpec[],
  affix: Value,
  change: (text: string) => string,
  remember: (resource: ComposedResource) => ComposedResource,
): Step {
  return (resource) => {
    const { id, previous } = resource;
    const original = previous[0] ?? id;
    if (keepsName(original)) return resource;
    return specs
      .filter((spec) => specifies(spec, original))
      .reduce((changed, { path, create }) => {
        const isName = path.join("/") === "metadata/name";
        if (isName && id.name === "") return changed;
        const value = changeFields(changed.value, path, create && !isName ? emptyMap(affix) : undefined, (found) => {
          const text = textOf(found);
          return text === undefined ? unknown(found) : made(change(text), found);
        });
        return isName ? remember(renamed(changed, value)) : withValue(changed, value);
      }, resource);
  };
}

/** The text of a scalar, also of one that was made just now, see `changeFields`, and is an empty map still. */
function textOf(found: Value): string | undefined {
  if (found.type === "map") return found.entries.size === 0 ? "" : undefined;
  const scalar = scalarOf(found);
  return scalar === undefined ? undefined : String(scalar);
}

function labelStep(
  { pairs, selectors, templates, claimTemplates, fields }: LabelSet,
  known: Configuration["fields"],
  note: string | undefined,
): Step {
  if (fields === "unknown") return opaque;
  const own = mergeFieldSpecs(fields, known.labels);
  if (selectors) return pairStep(pairs, mergeFieldSpecs(own, known.commonLabels));
  const lists = [
    ...(templates ? [known.templateLabels] : []),
    ...(claimTemplates ? [known.volumeClaimTemplateLabels] : []),
    [{ path: ["metadata", "labels"], create: true }],
  ];
  const step = pairStep(pairs, lists.reduce(mergeFieldSpecs, own));
  if (claimTemplates || !templates) return step;
  const onClaims = pairStep(
    pairs.map(([key, value]) => [key, note === undefined ? unknown(value) : { ...value, note }]),
    known.volumeClaimTemplateLabels,
  );
  return (resource, log) => {
    const labelled = step(resource, log);
    return labelled && onClaims(labelled, log);
  };
}

/** Labels or annotations, at all fields that hold some. */
export function pairStep(pairs: Pairs, specs: readonly FieldSpec[]): Step {
  const [first] = pairs;
  if (first === undefined) return (resource) => resource;
  const empty = emptyMap(first[1]);
  return (resource) => {
    let { value } = resource;
    const replaced = new Set<Value>();
    for (const spec of specs) {
      if (!specifies(spec, resource.id)) continue;
      value = changeFields(value, spec.path, spec.create ? empty : undefined, (found) => {
        const map = asMap(found);
        if (map === undefined) return found;
        for (const [key, pair] of pairs) {
          const before = map.entries.get(key);
          if (before !== undefined && before !== pair) replaced.add(before);
        }
        return pairs.reduce((changed, [key, pair]) => withEntry(changed, key, pair), map);
      });
    }
    return withValue(resource, replaced.size === 0 ? value : withoutShared(value, replaced));
  };
}

function emptyMap({ place, source }: Value): MapValue {
  return { type: "map", entries: new Map(), open: false, place, source };
}

/**
 * A label that a kustomization has put in several places is one node to kustomize: where a later one replaces it in
 * some of them, the others may change too, seen with kubectl 1.33.
 */
function withoutShared(value: Value, replaced: ReadonlySet<Value>): Value {
  if (replaced.has(value)) return unknown(value);
  switch (value.type) {
    case "map": {
      const entries = [...value.entries].map(([key, entry]) => [key, withoutShared(entry, replaced)] as const);
      return entries.reduce((changed, [key, entry]) => withEntry(changed, key, entry), value);
    }
    case "list":
      return withItems(
        value,
        value.items.map((item) => withoutShared(item, replaced)),
      );
    case "written":
    case "made":
    case "unknown":
      return value;
  }
}

export function replicaTransformation(
  replica: Kustomization["replicas"][number],
  specs: readonly FieldSpec[],
): Transformation {
  const { name, spot } = replica;
  return {
    type: "step",
    step: replicaStep(replica, specs),
    wanted: { name, remark: failure(spot, "replicas", { name }) },
  };
}

/** Of a resource that has, or had, the name (ReplicaCountTransformer.go). */
function replicaStep({ name, count }: Kustomization["replicas"][number], specs: readonly FieldSpec[]): Step {
  return (resource, log) => {
    const told = specs.filter((spec) => idsOf(resource).some((id) => id.name === name && specifies(spec, id)));
    if (told.length > 0) log.matched();
    const value = told.reduce(
      (changed, { path, create }) => changeFields(changed, path, create ? emptyMap(count) : undefined, () => count),
      resource.value,
    );
    return withValue(resource, value);
  };
}
