import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { split } from "../yaml/split.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { readFieldSpec, type FieldSpec } from "./field-specs.js";
import { readSelector, type Selector } from "./selector.js";
import { written, type Source, type Value } from "./value.js";

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
  /** Something may change any resource in a way that is not understood. */
  readonly changesUnknown: boolean;
  /** Files with transformers, or their texts. */
  readonly transformers: readonly (string | ParsedDocument)[];
  /** Files that say which other fields hold names, labels and so on. */
  readonly configurations: readonly string[];
  readonly generated: readonly GeneratedObject[];
  /** `patchesStrategicMerge` and `patches`, in the order in which kustomize applies them. */
  readonly patches: readonly Patch[];
  readonly patchesJson6902: readonly Patch[];
  readonly namespace: Value | undefined;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly LabelSet[];
  readonly annotations: Pairs;
  readonly replicas: readonly { readonly name: string; readonly count: Value }[];
  readonly replacements: readonly ReplacementTarget[];
  /** The names of `vars`. */
  readonly vars: readonly string[];
}

export type Pairs = readonly (readonly [key: string, value: Value])[];

export interface GeneratedObject {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string | undefined;
  /** `merge` and `replace` change one that is there. */
  readonly isNew: boolean;
  /** Its name gets a hash of what it holds. */
  readonly hashed: boolean;
  readonly place: Place;
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

export interface ReplacementTarget {
  readonly select: Selector | "unknown";
  readonly fieldPaths: readonly string[];
}

/** The names of kustomization files (`RecognizedKustomizationFileNames` in api/konfig/general.go). */
export const kustomizationNames: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** The files and directories that a kustomization names, as they are written: what is built depends on them. */
export function kustomizationPaths(text: string): readonly string[] {
  const read = readKustomization({ text }, { uri: "", document: 0 });
  if (read === undefined) return [];
  const { resources, components, configurations, transformers, patches, patchesJson6902 } = read;
  return [
    ...resources,
    ...components,
    ...configurations,
    ...transformers.filter((one) => typeof one === "string"),
    ...[...patches, ...patchesJson6902].flatMap(({ text: patch }) => ("path" in patch ? [patch.path] : [])),
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

  const source: Source = { document, holds: "other", inline: undefined };
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
    transformers: reader.strings("transformers").map((text) => (isInline(text) ? parse(text) : text)),
    addsUnknown: ["helmCharts", "helmChartInflationGenerator", "generators"].some((key) => holdsItems(root.at(key))),
    generated: [
      ...reader.generated("configMapGenerator", "ConfigMap", globalHash),
      ...reader.generated("secretGenerator", "Secret", globalHash),
    ],
    patches: [...reader.strategicPatches(), ...reader.patches("patches")],
    patchesJson6902: reader.patches("patchesJson6902"),
    namespace: reader.scalar("namespace"),
    namePrefix: reader.string("namePrefix"),
    nameSuffix: reader.string("nameSuffix"),
    labels: reader.labels(),
    annotations: reader.pairs(root.at("commonAnnotations")),
    replicas: reader.replicas(),
    replacements: reader.replacements(),
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

/** `undefined` where it says nothing. */
function hashOption(options: Place): boolean | undefined {
  const disabled = options.at("disableNameSuffixHash").boolean();
  return disabled.state === "present" ? !disabled.value : undefined;
}

export function fieldSpecs(place: Place): readonly FieldSpec[] | "unknown" {
  if (place.kind === "absent" || place.kind === "null") return [];
  const specs = place.items().map(readFieldSpec);
  const read = specs.filter((spec) => spec !== undefined);
  return place.kind === "list" && read.length === specs.length ? read : "unknown";
}

/** Where a path may stand, a text of several lines, or with a `key:` in it, is the thing itself. */
function isInline(text: string): boolean {
  return /\n|:\s/.test(text.trim());
}

/** Reads fields, and remembers whether all of them could be read. */
class FieldReader {
  readonly #source: Source;
  readonly #document: ParsedDocument;
  understood = true;

  constructor(source: Source, document: ParsedDocument) {
    this.#source = source;
    this.#document = document;
  }

  fail(): void {
    this.understood = false;
  }

  get #root(): Place {
    return this.#document.root;
  }

  #items(place: Place): readonly Place[] {
    if (place.kind !== "list" && place.kind !== "absent" && place.kind !== "null") this.fail();
    return place.items();
  }

  #text(place: Place): string | undefined {
    const text = place.string();
    if (text.state === "present") return text.value;
    if (text.state !== "absent") this.fail();
    return undefined;
  }

  /** The same for what only looks like another tool's placeholder: a patch with `$patch`, a variable `SET_NAME`. */
  #literal(place: Place): string | undefined {
    const text = place.value();
    if (typeof text === "string") return text;
    if (place.exists && place.kind !== "null") this.fail();
    return undefined;
  }

  strings(key: string): readonly string[] {
    return this.#items(this.#root.at(key)).flatMap((item) => {
      const text = this.#text(item);
      if (text === undefined) this.fail();
      return text ?? [];
    });
  }

  string(key: string): string {
    return this.#text(this.#root.at(key)) ?? "";
  }

  scalar(key: string): Value | undefined {
    const place = this.#root.at(key);
    const text = this.#text(place);
    return text === undefined || text === "" ? undefined : written(place, this.#source);
  }

  pairs(place: Place): Pairs {
    if (place.kind !== "map" && place.kind !== "absent" && place.kind !== "null") this.fail();
    return place.entries().map(([key, value]) => {
      if (value.string().state !== "present") this.fail();
      return [key, written(value, this.#source)];
    });
  }

  labels(): readonly LabelSet[] {
    const sets = this.#items(this.#root.at("labels")).map((item) => ({
      pairs: this.pairs(item.at("pairs")),
      selectors: this.#flag(item.at("includeSelectors")),
      templates: this.#flag(item.at("includeTemplates")),
      claimTemplates: this.#flag(item.at("includeVolumeClaimTemplates")),
      fields: fieldSpecs(item.at("fields")),
    }));
    const common = this.pairs(this.#root.at("commonLabels"));
    const all = { selectors: true, templates: true, claimTemplates: true, fields: [] };
    return common.length === 0 ? sets : [...sets, { pairs: common, ...all }];
  }

  #flag(place: Place): boolean {
    const flag = place.boolean();
    if (flag.state === "opaque" || flag.state === "invalid") this.fail();
    return flag.state === "present" && flag.value;
  }

  generated(key: string, kind: GeneratedObject["kind"], global: boolean | undefined): readonly GeneratedObject[] {
    return this.#items(this.#root.at(key)).flatMap((place) => {
      const name = this.#text(place.at("name"));
      if (name === undefined) {
        this.fail();
        return [];
      }
      const behavior = this.#text(place.at("behavior")) ?? "create";
      return {
        kind,
        name,
        namespace: this.#text(place.at("namespace")),
        isNew: behavior === "create" || behavior === "unspecified",
        hashed: hashOption(place.at("options")) ?? global ?? true,
        place,
      };
    });
  }

  strategicPatches(): readonly Patch[] {
    return this.#items(this.#root.at("patchesStrategicMerge")).flatMap((place) => {
      const text = this.#literal(place);
      if (text === undefined) {
        this.fail();
        return [];
      }
      return {
        text: isInline(text) ? { parts: this.#inline(place, text) } : { path: text.trim() },
        target: "none" as const,
        mayRename: false,
        mayChangeKind: false,
      };
    });
  }

  patches(key: string): readonly Patch[] {
    return this.#items(this.#root.at(key)).flatMap((item): readonly Patch[] => {
      // Before kustomize 1.0.9 the list held paths.
      const legacy = item.string();
      if (legacy.state === "present") {
        this.fail();
        return [{ text: { path: legacy.value }, target: "none", mayRename: false, mayChangeKind: false }];
      }
      const place = item.at("patch");
      const inline = this.#literal(place) ?? "";
      const path = this.#text(item.at("path"));
      if ((inline.trim() === "") === (path === undefined)) {
        this.fail();
        return [{ text: { parts: [] }, target: "unknown", mayRename: false, mayChangeKind: false }];
      }
      const target = item.at("target");
      const selector = target.kind === "map" ? readSelector(target) : undefined;
      if (target.exists && target.kind !== "null" && selector === undefined) this.fail();
      return [
        {
          text: path === undefined ? { parts: this.#inline(place, inline) } : { path },
          target: selector ?? (target.kind === "absent" || target.kind === "null" ? "none" : "unknown"),
          mayRename: this.#flag(item.at("options", "allowNameChange")),
          mayChangeKind: this.#flag(item.at("options", "allowKindChange")),
        },
      ];
    });
  }

  #inline(place: Place, text: string): readonly TextPart[] {
    const toOuter = innerSpans(this.#document.text, place.span, text);
    return textParts(text).map(({ document, start }) => {
      if (document.problems.some(({ fatal }) => fatal)) this.fail();
      const span = ({ start: from, end }: Span) => toOuter({ start: from + start, end: end + start });
      const source: Source = { ...this.#source, inline: { path: place.path, span } };
      return { document, value: written(document.root, source) };
    });
  }

  replicas(): Kustomization["replicas"] {
    return this.#items(this.#root.at("replicas")).flatMap((item) => {
      const name = this.#text(item.at("name"));
      const count = item.at("count");
      if (name === undefined || count.integer().state !== "present") this.fail();
      return name === undefined ? [] : { name, count: written(count, this.#source) };
    });
  }

  replacements(): readonly ReplacementTarget[] {
    return this.#items(this.#root.at("replacements")).flatMap((item) => {
      const targets = item.at("targets");
      // One that is in a file of its own: anything may be its target.
      if (targets.kind !== "list") return { select: "unknown" as const, fieldPaths: [] };
      return targets.items().map((target) => {
        const paths = target.at("fieldPaths").stringList();
        const select = target.at("select");
        return {
          select: (select.kind === "map" ? readSelector(select) : undefined) ?? ("unknown" as const),
          fieldPaths: paths.state === "present" ? paths.value : ["metadata.name"],
        };
      });
    });
  }

  vars(): readonly string[] {
    return this.#items(this.#root.at("vars")).flatMap((item) => this.#literal(item.at("name")) ?? []);
  }
}

/** The documents of a text that a kustomization holds, and where each begins in it. */
function textParts(text: string): readonly { readonly document: ParsedDocument; readonly start: number }[] {
  return split(text).map((chunk) => ({ document: parse(chunk.text), start: chunk.start }));
}

/**
 * How spans within a text that stands in a block of literal lines (`|`) become spans of the outer text. Those of other
 * forms become the span of the whole.
 */
function innerSpans(outer: string, whole: Span, inner: string): (span: Span) => Span {
  const lines = outer.slice(whole.start, whole.end).split("\n");
  const innerLines = inner.split("\n");
  const indentation = /^ */.exec(lines[1] ?? "")?.[0].length ?? 0;
  const isLiteral =
    /^\|[+-]?[ \t]*(?:#.*)?\r?$/.test(lines[0] ?? "") &&
    innerLines.every((line, index) => {
      const text = lines[index + 1]?.replace(/\r$/, "");
      return text === undefined ? line === "" : text.slice(indentation) === line;
    });
  if (!isLiteral) return () => whole;
  const outerStarts: number[] = [];
  let outerStart = whole.start;
  for (const line of lines) {
    outerStarts.push(outerStart);
    outerStart += line.length + 1;
  }
  const offset = (at: number) => {
    const before = inner.slice(0, at).split("\n");
    const start = outerStarts[before.length];
    return start === undefined ? whole.end : Math.min(start + indentation + (before.at(-1)?.length ?? 0), whole.end);
  };
  return ({ start, end }) => ({ start: offset(start), end: offset(end) });
}
