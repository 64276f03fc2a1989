import type { Kustomization } from "./kustomization.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { split } from "../yaml/split.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { FieldReader, hashOption } from "./field-reader.js";
import { shapeRemarks } from "./kustomization-shape.js";
import { isNoText } from "./reading.js";
import { failure, type Remark } from "./remark.js";
import { brokenExpressions } from "./selector.js";
import type { Source } from "./value.js";

/** The names of kustomization files (`RecognizedKustomizationFileNames` in api/konfig/general.go). */
export const kustomizationNames: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** What a kustomization names, as far as other files are concerned. */
export interface KustomizationReferences {
  /** A component is only part of what includes it. */
  readonly isComponent: boolean;
  /** Whether it brings objects of its own, so that building it makes any. */
  readonly bringsObjects: boolean;
  /** Files and directories whose objects it takes in, in its order. */
  readonly included: readonly string[];
  /** Files that change those objects, in its order. */
  readonly patches: readonly string[];
  /** Other files that what is built depends on. */
  readonly others: readonly string[];
}

/** Never fails; `undefined` where the text is not for kustomize, such as an object of Flux. */
export function readKustomizationReferences(text: string): KustomizationReferences | undefined {
  const [first] = split(text);
  const read = first && readKustomization(first, { uri: "", document: 0 });
  if (read === undefined) return undefined;
  const { kind, resources, components, addsUnknown, generated, generators, transformers, replacements } = read;
  const included = [...resources, ...components].map(({ path }) => path);
  const pathsIn = (some: readonly ({ readonly path: string } | object)[]) =>
    some.flatMap((one) => ("path" in one ? [one.path] : []));
  return {
    isComponent: kind === "Component",
    bringsObjects: included.length > 0 || addsUnknown || generated.length + generators.length > 0,
    included,
    patches: pathsIn([...read.patches, ...read.patchesJson6902].map((patch) => patch.text)),
    others: [...read.configurations, ...pathsIn([...transformers, ...generators, ...replacements])],
  };
}

/** `undefined` where the file is not for kustomize: Flux has objects of this kind and often this file name. */
export function readKustomization(
  { text }: Pick<ParsedChunk, "text">,
  document: DocumentId,
): Kustomization | undefined {
  const parsed = parse(text);
  const { root } = parsed;
  const apiVersion = root.at("apiVersion").string();
  const kind = root.at("kind").string();
  if (apiVersion.state === "present" && !apiVersion.value.startsWith("kustomize.config.k8s.io/")) return undefined;
  const isOwnKind = kind.state !== "present" || kind.value in versions;
  if (!isOwnKind && apiVersion.state !== "present") return undefined;

  const source: Source = { document, text: parsed.text, holds: "other", inline: undefined };
  const reader = new FieldReader(source, parsed);
  if (root.kind !== "map" || parsed.template || parsed.problems.some(({ fatal }) => fatal)) reader.fail();
  if (root.entries().some(([key]) => !fields.has(key)) || !isOwnKind) reader.fail();
  const globalHash = hashOption(root.at("generatorOptions"));

  const read = {
    source,
    document: parsed,
    kind: kind.state === "present" && kind.value === "Component" ? ("Component" as const) : ("Kustomization" as const),
    resources: [...reader.paths("resources"), ...reader.paths("bases")],
    components: reader.paths("components"),
    configurations: reader.strings("configurations"),
    transformers: reader.configured("transformers"),
    generators: reader.configured("generators"),
    addsUnknown: ["helmCharts", "helmChartInflationGenerator"].some((key) => holdsItems(root.at(key))),
    generated: [
      ...reader.all("configMapGenerator").flatMap((place) => reader.generated(place, "ConfigMap", globalHash)),
      ...reader.all("secretGenerator").flatMap((place) => reader.generated(place, "Secret", globalHash)),
    ],
    patches: [
      ...reader.all("patchesStrategicMerge").flatMap((place) => reader.strategicPatch(place)),
      ...reader.all("patches").flatMap((place) => reader.patch(place)),
    ],
    patchesJson6902: reader.all("patchesJson6902").flatMap((place) => reader.patch(place)),
    namespace: reader.scalar(root.at("namespace")),
    namePrefix: reader.scalar(root.at("namePrefix")),
    nameSuffix: reader.scalar(root.at("nameSuffix")),
    labels: reader.all("labels").map((place) => reader.labelSet(place)),
    commonLabels: reader.pairs(root.at("commonLabels")),
    annotations: reader.pairs(root.at("commonAnnotations")),
    replicas: reader.all("replicas").flatMap((place) => reader.replica(place)),
    images: [...reader.all("images"), ...reader.all("imageTags")].flatMap((place) => reader.image(place)),
    replacements: reader.all("replacements").map((place) => reader.replacement(place)),
    vars: reader.vars(),
  };
  return {
    ...read,
    changesUnknown: parsed.problems.some(({ fatal }) => fatal) || parsed.template || root.at("openapi", "path").exists,
    understood: reader.understood,
    remarks: remarksOf(parsed, source),
  };
}

/** Of a text that another tool fills in, or that cannot be read, nothing is said here. */
function remarksOf({ root, problems, template }: ParsedDocument, source: Source): readonly Remark[] {
  if (template || root.kind === "opaque") return [];
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) {
    return [{ ...failure({ place: root, source }, "unreadable", { problem: fatal.message }), within: fatal.span }];
  }
  if (root.kind === "null" || root.kind === "absent") return [failure({ place: root, source }, "empty")];
  if (root.entries().every(([key, entry]) => ["apiVersion", "kind"].includes(key) || entry.kind === "null")) {
    return [failure({ place: root, source }, "empty")];
  }
  return [
    ...typeRemarks(root, source),
    ...shapeRemarks(root, source),
    ...choiceRemarks(root, source),
    ...replacementRemarks(root, source),
    ...expressionRemarks(root, source),
    ...keyRemarks(root, source),
  ];
}

/** The API version of each kind that kustomize builds (`EnforceFields` in api/types/kustomization.go, kustomize 5.8). */
const versions: Readonly<Record<string, string>> = {
  Kustomization: "kustomize.config.k8s.io/v1beta1",
  Component: "kustomize.config.k8s.io/v1alpha1",
};

function typeRemarks(root: Place, source: Source): readonly Remark[] {
  const kind = root.at("kind").string();
  const apiVersion = root.at("apiVersion").string();
  const built = kind.state === "present" ? kind.value : "Kustomization";
  const version = versions[built];
  if (version === undefined) return [failure({ place: root.at("kind"), source }, "wrongKind", { kind: built })];
  if (apiVersion.state !== "present" || apiVersion.value === "" || apiVersion.value === version) return [];
  return [failure({ place: root.at("apiVersion"), source }, "wrongVersion", { kind: built, version })];
}

/** `replacements must specify a source and at least one target` (ReplacementTransformer.go). */
function replacementRemarks(root: Place, source: Source): readonly Remark[] {
  const isUnset = (place: Place) =>
    ["absent", "null"].includes(place.kind) || (place.kind === "list" && place.items().length === 0 && !place.isOpen);
  return root
    .at("replacements")
    .items()
    .filter((item) => item.kind === "map" && !item.isOpen && isUnset(item.at("path")))
    .filter((item) => isUnset(item.at("targets")) || (isUnset(item.at("source")) && isUnset(item.at("sourceValue"))))
    .map((place) => failure({ place, source }, "replacementChoice"));
}

/** `error parsing regexp` (`NewSelectorRegex` in api/types/selector.go). */
function expressionRemarks(root: Place, source: Source): readonly Remark[] {
  const targets = ["patches", "patchesJson6902"].flatMap((key) =>
    root
      .at(key)
      .items()
      .map((item) => item.at("target")),
  );
  return targets
    .flatMap((target) => brokenExpressions(target))
    .map(({ place, expression }) => failure({ place, source }, "expression", { expression }));
}

/** Keys of labels, annotations and generated data that kustomize writes without the quotes that they need. */
function keyRemarks(root: Place, source: Source): readonly Remark[] {
  const pairs = [
    ...root
      .at("labels")
      .items()
      .map((item) => item.at("pairs")),
    root.at("commonLabels"),
  ];
  return [
    ...pairs
      .flatMap((place) => place.entries())
      .flatMap(([key, place]) => (isNoText(key) ? [failure({ place, source }, "literalKey", { key }, "key")] : [])),
    ...["configMapGenerator", "secretGenerator"].flatMap((field) =>
      root
        .at(field)
        .items()
        .flatMap((item) => [...nameRemarks(item, source), ...literalRemarks(item.at("literals"), source)]),
    ),
  ];
}

/** `a configmap must have a name`. */
function nameRemarks(item: Place, source: Source): readonly Remark[] {
  const name = item.at("name");
  const isUnset = name.kind === "absent" || name.kind === "null" || name.value() === "";
  return isUnset && item.kind === "map" && !item.isOpen ? [failure({ place: item, source }, "noName")] : [];
}

/** `invalid literal source`, `illegally repeats the key` (api/kv/kv.go, api/internal/generators/utils.go). */
function literalRemarks(literals: Place, source: Source): readonly Remark[] {
  const seen = new Set<string>();
  return literals.items().flatMap((place) => {
    const text = place.string();
    if (text.state !== "present") return [];
    const spot = { place, source };
    const equals = text.value.indexOf("=");
    if (equals < 1) return [failure(spot, "literal", { literal: text.value })];
    const key = text.value.slice(0, equals);
    if (isNoText(key)) return [failure(spot, "literalKey", { key })];
    if (seen.has(key)) return [failure(spot, "literalTwice", { key })];
    seen.add(key);
    return [];
  });
}

/** `must specify one of patch and path`, `patch and path can't be set at the same time` (PatchTransformer.go). */
function choiceRemarks(root: Place, source: Source): readonly Remark[] {
  return root
    .at("patches")
    .items()
    .filter((item) => item.kind === "map" && !item.isOpen)
    .flatMap((item) => {
      const [path, patch] = ["path", "patch"].map((key) => item.at(key));
      const isSet = (place: Place | undefined) => {
        const text = place?.value();
        return place?.kind === "opaque" || (typeof text === "string" && text.trim() !== "");
      };
      return isSet(path) === isSet(patch) ? [failure({ place: item, source }, "patchChoice")] : [];
    });
}

const fields: ReadonlySet<string> = new Set(
  `apiVersion kind metadata openapi namePrefix nameSuffix namespace commonLabels labels commonAnnotations
  patchesStrategicMerge patchesJson6902 patches images imageTags replacements replicas vars sortOptions resources
  components crds bases configMapGenerator secretGenerator helmGlobals helmCharts helmChartInflationGenerator
  generatorOptions configurations generators transformers validators buildMetadata`.split(/\s+/),
);

function holdsItems(place: Place): boolean {
  return place.kind === "opaque" || place.items().length > 0;
}
