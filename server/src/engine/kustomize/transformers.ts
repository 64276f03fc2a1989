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
import { opaque, selectable, type Step } from "./patches.js";
import type { Kustomization, LabelSet, Pairs, Patch, Replacement, ReplacementTarget } from "./read.js";
import { selects } from "./selector.js";
import {
  asList,
  asMap,
  made,
  scalarOf,
  stringAt,
  unknown,
  withEntry,
  withItems,
  type MapValue,
  type Value,
} from "./value.js";

/** What one transformer does to each resource, or what it reads in another file to know that. */
export type Transformation =
  | { readonly type: "step"; readonly step: Step }
  | { readonly type: "patch"; readonly patch: Patch }
  | { readonly type: "replacements"; readonly path: string };

/**
 * What a kustomization does to resources, in the order of `configureBuiltinTransformers`
 * (api/internal/target/kusttarget_configplugin.go, kustomize 5.6).
 */
export function transformationsOf(kustomization: Kustomization, { fields }: Configuration): readonly Transformation[] {
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
      ...labels.map((set) => labelStep(set, fields)),
      ...(commonLabels.length === 0 ? [] : [pairStep(commonLabels, fields.commonLabels)]),
      ...(annotations.length === 0 ? [] : [pairStep(annotations, fields.commonAnnotations)]),
    ]),
    ...patchesJson6902.map(asPatch),
    ...asSteps([
      ...replicas.map((one) => replicaStep(one, fields.replicas)),
      ...images.map((one) => imageStep(one, fields.images)),
    ]),
    ...replacements.flatMap(replacementTransformations),
    ...asSteps(changesUnknown ? [opaque] : []),
  ];
}

export function asSteps(steps: readonly Step[]): readonly Transformation[] {
  return steps.map((step) => ({ type: "step", step }));
}

/** A replacement that is in a file of its own has to be read first. */
export function replacementTransformations(replacement: Replacement): readonly Transformation[] {
  if ("path" in replacement) return [{ type: "replacements", path: replacement.path }];
  return asSteps(replacementSteps(replacement));
}

export function replacementSteps({ targets }: Exclude<Replacement, { readonly path: string }>): readonly Step[] {
  return targets === "unknown" ? [opaque] : targets.map((target) => (resource) => replaceIn(resource, target));
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
  // kustomize 5.6 labels claim templates too; since `includeVolumeClaimTemplates` came it does not.
  const unsure = pairStep(
    pairs.map(([key, value]) => [key, unknown(value)]),
    known.volumeClaimTemplateLabels,
  );
  return (resource) => {
    const labelled = step(resource);
    return labelled && unsure(labelled);
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

/** Of a resource that has, or had, the name (ReplicaCountTransformer.go). */
export function replicaStep({ name, count }: Kustomization["replicas"][number], specs: readonly FieldSpec[]): Step {
  return (resource) => {
    const told = specs.filter((spec) => idsOf(resource).some((id) => id.name === name && specifies(spec, id)));
    const value = told.reduce(
      (changed, { path, create }) => changeFields(changed, path, create ? emptyMap(count) : undefined, () => count),
      resource.value,
    );
    return withValue(resource, value);
  };
}

/** What is put there is not worked out: it is unknown. */
function replaceIn(resource: ComposedResource, { select, rejects, fieldPaths }: ReplacementTarget): ComposedResource {
  const asked = selectable(resource);
  if (select !== "unknown" && !selects(select, asked)) return resource;
  if (rejects !== "unknown" && rejects.some((reject) => selects(reject, asked))) return resource;
  const paths = fieldPaths.map(splitReplacementPath);
  if (paths.length === 0 || paths.some((path) => path.length === 0)) return opaque(resource);
  return withValue(
    resource,
    paths.reduce((value, path) => withUnknown(value, path), resource.value),
  );
}

/** `a.b.[name=x].c` split at its dots; `SmarterPathSplitter` in kyaml/utils/pathsplitter.go. */
function splitReplacementPath(path: string): readonly string[] {
  return path.match(/\[[^\]]*\]|(?:\\\.|[^.[])+/g) ?? [];
}

function withUnknown(value: Value, path: readonly string[]): Value {
  const [step, ...rest] = path;
  if (step === undefined) return unknown(value);
  const list = asList(value);
  if (list !== undefined) {
    const isMeant = itemFilter(step);
    return withItems(
      list,
      list.items.map((item, index) => (isMeant(item, index) ? withUnknown(item, rest) : item)),
    );
  }
  const map = asMap(value);
  if (map === undefined) return value;
  if (step === "*") {
    return [...map.entries].reduce((changed, [key, entry]) => withEntry(changed, key, withUnknown(entry, rest)), map);
  }
  const key = step.replace(/^\[(.*)\]$/, "$1").replaceAll("\\.", ".");
  const known = map.entries.get(key);
  return withEntry(map, key, known === undefined ? unknown(map) : withUnknown(known, rest));
}

function itemFilter(step: string): (item: Value, index: number) => boolean {
  const [, key, wanted] = /^\[([^=]+)=(.*)\]$/.exec(step) ?? [];
  if (key === undefined) return (_, index) => !/^\d+$/.test(step) || Number(step) === index;
  return (item) => {
    const found = stringAt(item, [key]);
    return found === undefined || found === wanted;
  };
}
