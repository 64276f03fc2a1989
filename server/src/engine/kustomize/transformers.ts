import type { Place } from "../yaml/place.js";
import { isClusterScoped, renamed, withValue, type ComposedResource, type ResourceId } from "./composed-resource.js";
import {
  annotationFields,
  changeFields,
  claimTemplateLabels,
  metadataLabels,
  replicaFields,
  selectorLabels,
  specifies,
  templateLabels,
  type FieldSpec,
} from "./field-specs.js";
import { opaque, selectable, type Step } from "./patches.js";
import { fieldSpecs, type Kustomization, type LabelSet, type Pairs, type ReplacementTarget } from "./read.js";
import { selects } from "./selector.js";
import {
  asList,
  asMap,
  made,
  stringAt,
  unknown,
  withEntry,
  withItems,
  written,
  type MapValue,
  type Source,
  type Value,
} from "./value.js";

/**
 * What a kustomization does to resources beside its patches, in the order of `configureBuiltinTransformers`
 * (api/internal/target/kusttarget_configplugin.go, kustomize 5.6). Images are left out: no rule reads them.
 */
export function stepsBeforeJsonPatches(kustomization: Kustomization): readonly Step[] {
  const { namespace, namePrefix, nameSuffix, labels, annotations } = kustomization;
  return [
    ...(namespace === undefined ? [] : [namespaceStep(namespace)]),
    ...(namePrefix === "" ? [] : [prefixStep(namePrefix)]),
    ...(nameSuffix === "" ? [] : [suffixStep(nameSuffix)]),
    ...labels.map(labelStep),
    ...(annotations.length === 0 ? [] : [pairStep(annotations, annotationFields)]),
  ];
}

export function stepsAfterJsonPatches(kustomization: Kustomization): readonly Step[] {
  const { replicas, replacements, changesUnknown } = kustomization;
  return [...replicas.map(replicaStep), ...replacements.map(replacementStep), ...(changesUnknown ? [opaque] : [])];
}

function namespaceStep(namespace: Value): Step {
  return (resource) => {
    const { value, id } = resource;
    if (isClusterScoped(id.group, id.kind)) return resource;
    const metadata = asMap(asMap(value)?.entries.get("metadata") ?? value);
    if (metadata === undefined || stringAt(value, ["metadata", "namespace"]) === stringAt(namespace, []))
      return resource;
    return renamed(
      resource,
      changeFields(value, ["metadata"], undefined, (found) =>
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

function prefixStep(prefix: string): Step {
  return (resource) => {
    if (keepsName(resource.id)) return resource;
    return { ...withName(resource, (name) => prefix + name), prefixes: [...resource.prefixes, prefix] };
  };
}

function suffixStep(suffix: string): Step {
  return (resource) => {
    if (keepsName(resource.id)) return resource;
    return { ...withName(resource, (name) => name + suffix), suffixes: [...resource.suffixes, suffix] };
  };
}

function withName(resource: ComposedResource, change: (name: string) => string): ComposedResource {
  const { value, id } = resource;
  if (id.name === "") return resource;
  return renamed(
    resource,
    changeFields(value, ["metadata", "name"], undefined, (name) => made(change(id.name), name)),
  );
}

/** A transformer that is configured in a text of its own (`builtin` in api/internal/plugins/builtinhelpers/builtins.go). */
export function configuredStep(root: Place, source: Source): Step {
  const specs = fieldSpecs(root.at("fieldSpecs"));
  const kind = root.at("kind").value();
  const pairs = root.at(kind === "LabelTransformer" ? "labels" : "annotations");
  const isPairs = (kind === "LabelTransformer" || kind === "AnnotationsTransformer") && pairs.kind === "map";
  if (root.at("apiVersion").value() !== "builtin" || specs === "unknown") return opaque;
  if (kind === "ImageTagTransformer") return (resource) => resource;
  if (!isPairs) return opaque;
  return pairStep(
    pairs.entries().map(([key, value]) => [key, written(value, source)]),
    specs,
  );
}

function labelStep({ pairs, selectors, templates, claimTemplates, fields }: LabelSet): Step {
  if (fields === "unknown") return opaque;
  const specs = [
    ...fields,
    ...(selectors ? selectorLabels : []),
    ...(selectors || templates ? templateLabels : []),
    ...(selectors || claimTemplates ? [claimTemplateLabels] : []),
    metadataLabels,
  ];
  const step = pairStep(pairs, specs);
  if (selectors || claimTemplates || !templates) return step;
  // kustomize 5.6 labels claim templates too; since `includeVolumeClaimTemplates` came it does not.
  const unsure = pairStep(
    pairs.map(([key, value]) => [key, unknown(value)]),
    [claimTemplateLabels],
  );
  return (resource) => {
    const labelled = step(resource);
    return labelled && unsure(labelled);
  };
}

function pairStep(pairs: Pairs, specs: readonly FieldSpec[]): Step {
  const [first] = pairs;
  if (first === undefined) return (resource) => resource;
  const [, spot] = first;
  const empty: MapValue = { type: "map", entries: new Map(), open: false, place: spot.place, source: spot.source };
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

/**
 * A label that a kustomization has put in several places is one node to kustomize: where a later one replaces it in some
 * of them, the others may change too, seen with kubectl 1.33.
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

function replicaStep({ name, count }: Kustomization["replicas"][number]): Step {
  return (resource) => {
    const { id, previous, value } = resource;
    if (![...previous, id].some((one) => one.name === name)) return resource;
    const spec = replicaFields.find((one) => specifies(one, id));
    if (spec === undefined) return resource;
    const changed = changeFields(value, ["spec"], undefined, (found) => {
      const map = asMap(found);
      return map === undefined ? found : withEntry(map, "replicas", count);
    });
    return withValue(resource, changed);
  };
}

/** What is put there is not worked out: it is unknown. */
function replacementStep({ select, fieldPaths }: ReplacementTarget): Step {
  return (resource) => {
    if (select !== "unknown" && !selects(select, selectable(resource))) return resource;
    const paths = fieldPaths.map(splitFieldPath);
    if (paths.length === 0 || paths.some((path) => path.length === 0)) return opaque(resource);
    return withValue(
      resource,
      paths.reduce((value, path) => withUnknown(value, path), resource.value),
    );
  };
}

/** `a.b.[name=x].c` split at its dots; `SmarterPathSplitter` in kyaml/utils/pathsplitter.go. */
function splitFieldPath(path: string): readonly string[] {
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
