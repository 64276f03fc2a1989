import type { Place } from "../yaml/place.js";
import { unsetIfEmpty } from "../yaml/field.js";
import { mergeFieldSpecs, readFieldSpecs, type FieldSpec, type KindPattern } from "./field-specs.js";

/**
 * Which fields hold what the transformers of a kustomization write: `TransformerConfig` in
 * api/internal/plugins/builtinconfig/transformerconfig.go, kustomize 5.6.
 */
export interface Configuration {
  readonly fields: Readonly<Record<FieldSection, readonly FieldSpec[]>>;
  readonly nameReferences: readonly NameReference[];
}

type FieldSection =
  | "namePrefix"
  | "nameSuffix"
  | "namespace"
  | "commonLabels"
  | "labels"
  | "templateLabels"
  | "volumeClaimTemplateLabels"
  | "commonAnnotations"
  | "images"
  | "replicas";

/** A field that holds the name of an object. */
export interface NameReference {
  readonly target: KindPattern;
  readonly field: FieldSpec;
}

export const noFields: Configuration = { fields: inEachSection(() => []), nameReferences: [] };

function inEachSection(specs: (section: FieldSection) => readonly FieldSpec[]): Configuration["fields"] {
  return {
    namePrefix: specs("namePrefix"),
    nameSuffix: specs("nameSuffix"),
    namespace: specs("namespace"),
    commonLabels: specs("commonLabels"),
    labels: specs("labels"),
    templateLabels: specs("templateLabels"),
    volumeClaimTemplateLabels: specs("volumeClaimTemplateLabels"),
    commonAnnotations: specs("commonAnnotations"),
    images: specs("images"),
    replicas: specs("replicas"),
  };
}

/** What a file of `configurations` adds; `undefined` where it is not understood, or kustomize refuses it. */
export function readConfiguration(root: Place): Configuration | undefined {
  if (root.kind !== "map" && root.kind !== "null" && root.kind !== "absent") return undefined;
  // An object is refused by every kustomize: what else there is can be judged as if it were not listed.
  if (root.at("kind").exists && root.at("apiVersion").exists) return noFields;
  const known = new Set([...Object.keys(noFields.fields), "nameReference", "varReference"]);
  if (root.entries().some(([key]) => !known.has(key))) return undefined;
  let understood = true;
  const fields = inEachSection((section) => {
    const specs = readFieldSpecs(root.at(section));
    if (specs === "unknown") understood = false;
    return specs === "unknown" ? [] : specs;
  });
  const references = root.at("nameReference").items().map(readNameReferences);
  if (references.includes(undefined)) understood = false;
  return understood ? { fields, nameReferences: references.flatMap((list) => list ?? []) } : undefined;
}

function readNameReferences(place: Place): readonly NameReference[] | undefined {
  const specs = readFieldSpecs(place.at("fieldSpecs"));
  const [kind, group, version] = ["kind", "group", "version"].map((key) => unsetIfEmpty(place.at(key).string()));
  const text = (field: typeof kind) => (field?.state === "present" ? field.value : undefined);
  const target = { kind: text(kind), group: text(group), version: text(version) };
  return specs === "unknown" ? undefined : specs.map((field) => ({ target, field }));
}

/**
 * What two configurations come to. The result for the same two is the same object for as long as they live, so that
 * what was made with it can be kept.
 */
export function createMerge(): (one: Configuration, other: Configuration) => Configuration {
  const results = new WeakMap<Configuration, WeakMap<Configuration, Configuration>>();
  return (one, other) => {
    if (one === other) return one;
    const known = results.get(one) ?? new WeakMap<Configuration, Configuration>();
    results.set(one, known);
    const merged = known.get(other) ?? merge(one, other);
    known.set(other, merged);
    return merged;
  };
}

function merge(one: Configuration, other: Configuration): Configuration {
  const fields = inEachSection((section) => {
    const merged = mergeFieldSpecs(one.fields[section], other.fields[section]).toSorted(byKind);
    return sameItems(merged, one.fields[section]) ? one.fields[section] : merged;
  });
  const nameReferences = [...new Set([...one.nameReferences, ...other.nameReferences])];
  const isSame =
    sameItems(Object.values(fields), Object.values(one.fields)) && sameItems(nameReferences, one.nameReferences);
  return isSame ? one : { fields, nameReferences };
}

function sameItems(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}

/** `IsLessThan` in kyaml/resid/gvk.go, as far as it matters: what is for any kind comes last. */
function byKind(one: FieldSpec, other: FieldSpec): number {
  const parts = ({ kind, group, version }: FieldSpec) => [kind, group, version].filter((part) => part !== undefined);
  return parts(other).length - parts(one).length;
}
