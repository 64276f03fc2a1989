import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { FieldReader, hashOption } from "./field-reader.js";
import type { FieldSpec } from "./field-specs.js";
import type { Image } from "./image.js";
import { readSelector, type Selector } from "./selector.js";
import type { Source, Value } from "./value.js";

/** A kustomization file, as far as it is understood; see api/types/kustomization.go of kustomize 5.6. */
export interface Kustomization {
  readonly source: Source;
  readonly document: ParsedDocument;
  readonly kind: "Kustomization" | "Component";
  /** Every field is one that kustomize knows and has a value that it takes. */
  readonly understood: boolean;
  /** `resources` and `bases`: files and directories, as they are written. */
  readonly resources: readonly string[];
  readonly components: readonly string[];
  /** Something else adds resources that are nowhere to be read: charts, plugins. */
  readonly addsUnknown: boolean;
  /** Files and directories with generators, or their texts. */
  readonly generators: readonly Configured[];
  /** Something may change any resource in a way that is not understood. */
  readonly changesUnknown: boolean;
  /** The same for transformers. */
  readonly transformers: readonly Configured[];
  /** Files that say which other fields hold names, labels and so on. */
  readonly configurations: readonly string[];
  readonly generated: readonly GeneratedObject[];
  /** `patchesStrategicMerge` and `patches`, in the order in which kustomize applies them. */
  readonly patches: readonly Patch[];
  readonly patchesJson6902: readonly Patch[];
  readonly namespace: Value | undefined;
  readonly namePrefix: Value | undefined;
  readonly nameSuffix: Value | undefined;
  readonly labels: readonly LabelSet[];
  readonly commonLabels: Pairs;
  readonly annotations: Pairs;
  readonly images: readonly Image[];
  readonly replicas: readonly { readonly name: string; readonly count: Value }[];
  readonly replacements: readonly Replacement[];
  /** The names of `vars`. */
  readonly vars: readonly string[];
}

/** What is configured in texts of its own: the path to them, or the texts themselves. */
export type Configured = { readonly path: string } | { readonly parts: readonly TextPart[] };

export type Pairs = readonly (readonly [key: string, value: Value])[];

export interface GeneratedObject {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string | undefined;
  /** `merge` and `replace` change one that is there. */
  readonly isNew: boolean;
  /** Its name gets a hash of what it holds. */
  readonly hashed: boolean;
  /** Where it is asked for. */
  readonly value: Value;
}

export interface Patch {
  readonly text: { readonly path: string } | { readonly parts: readonly TextPart[] };
  /** `none`: the patch itself says what it is for; `unknown`: it is not understood. */
  readonly target: Selector | "none" | "unknown";
  readonly mayRename: boolean;
  readonly mayChangeKind: boolean;
}

/** A YAML document of a patch. */
export interface TextPart {
  readonly document: ParsedDocument;
  readonly value: Value;
}

export interface LabelSet {
  readonly pairs: Pairs;
  readonly selectors: boolean;
  readonly templates: boolean;
  readonly claimTemplates: boolean;
  /** Fields that it sets beside those that kustomize knows to hold labels. */
  readonly fields: readonly FieldSpec[] | "unknown";
}

/** A replacement, or the file that holds one or several. */
export type Replacement = { readonly path: string } | { readonly targets: readonly ReplacementTarget[] | "unknown" };

export interface ReplacementTarget {
  readonly select: Selector | "unknown";
  readonly rejects: readonly Selector[] | "unknown";
  readonly fieldPaths: readonly string[];
}

/** The names of kustomization files (`RecognizedKustomizationFileNames` in api/konfig/general.go). */
export const kustomizationNames: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** The files and directories that a kustomization names, as they are written: what is built depends on them. */
export function kustomizationPaths(text: string): readonly string[] {
  const read = readKustomization({ text }, { uri: "", document: 0 });
  if (read === undefined) return [];
  const { resources, components, configurations, transformers, generators, replacements } = read;
  const texts = [...read.patches, ...read.patchesJson6902].map(({ text: patch }) => patch);
  return [
    ...resources,
    ...components,
    ...configurations,
    ...[...texts, ...transformers, ...generators, ...replacements].flatMap((one) => ("path" in one ? [one.path] : [])),
  ];
}

/** `undefined` where the file is none of kustomize's: Flux has objects of this kind and often this file name. */
export function readKustomization(
  { text }: Pick<ParsedChunk, "text">,
  document: DocumentId,
): Kustomization | undefined {
  const parsed = parse(text);
  const { root } = parsed;
  const apiVersion = root.at("apiVersion").string();
  const kind = root.at("kind").string();
  if (apiVersion.state === "present" && !apiVersion.value.startsWith("kustomize.config.k8s.io/")) return undefined;
  if (kind.state === "present" && kind.value !== "Kustomization" && kind.value !== "Component") return undefined;

  const source: Source = { document, text: parsed.text, holds: "other", inline: undefined };
  const reader = new FieldReader(source, parsed);
  if (root.kind !== "map" || parsed.template || parsed.problems.some(({ fatal }) => fatal)) reader.fail();
  if (root.entries().some(([key]) => !fields.has(key))) reader.fail();
  const globalHash = hashOption(root.at("generatorOptions"));

  const read = {
    source,
    document: parsed,
    kind: kind.state === "present" && kind.value === "Component" ? ("Component" as const) : ("Kustomization" as const),
    resources: [...reader.strings("resources"), ...reader.strings("bases")],
    components: reader.strings("components"),
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
    replacements: reader.all("replacements").map(readReplacement),
    vars: reader.vars(),
  };
  return {
    ...read,
    changesUnknown: parsed.problems.some(({ fatal }) => fatal) || parsed.template || root.at("openapi", "path").exists,
    understood: reader.understood,
  };
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

/** The replacement at a place of a kustomization, or of a file that holds some. */
export function readReplacement(place: Place): Replacement {
  const path = place.at("path").string();
  if (path.state === "present") return { path: path.value };
  const targets = place.at("targets");
  return { targets: targets.kind === "list" ? targets.items().map(readReplacementTarget) : "unknown" };
}

function readReplacementTarget(target: Place): ReplacementTarget {
  const paths = target.at("fieldPaths").stringList();
  const select = target.at("select");
  const rejects = target.at("reject").items().map(readSelector);
  const read = rejects.filter((reject) => reject !== undefined);
  return {
    select: (select.kind === "map" ? readSelector(select) : undefined) ?? "unknown",
    rejects: read.length === rejects.length ? read : "unknown",
    fieldPaths: paths.state === "present" ? paths.value : ["metadata.name"],
  };
}
