import type { Directory } from "../workspace/directory.js";
import type { ParsedChunk, SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { newResource, withValue, type ComposedResource } from "./composed-resource.js";
import { opaque, patchSteps, type Step } from "./patches.js";
import { kustomizationNames, readKustomization, type Kustomization, type Patch } from "./read.js";
import { withoutVariables, withReferences, type Referred } from "./references.js";
import { configuredStep, stepsAfterJsonPatches, stepsBeforeJsonPatches } from "./transformers.js";
import { openMap, made, stringAt, valueAt, written, type Value } from "./value.js";
import { fileAtWay, keyOfWay, wayTo, type Way } from "./way.js";

/** What `kustomize build` makes of a directory, as far as the files tell. */
export interface Composition {
  readonly resources: readonly ComposedResource[];
  /** All that kustomize reads was there and was understood: what is not among the resources is not in the build. */
  readonly known: boolean;
  /** Each file that was read or looked for, and what was there: as long as that stays, so does the result. */
  readonly reads: ReadonlyMap<string, { readonly way: Way; readonly file: SourceFile | undefined }>;
}

/** What earlier compositions found out that later ones may take over. One for each workspace. */
export interface ComposeMemory {
  readonly kustomizations: WeakMap<ParsedChunk, { readonly id: string; readonly read: Kustomization | undefined }>;
  readonly bases: WeakMap<ParsedChunk, { readonly id: string; readonly resources: readonly ComposedResource[] }>;
  readonly documents: WeakMap<ParsedChunk, ParsedDocument>;
  readonly layers: WeakMap<Kustomization, Layer>;
  readonly references: WeakMap<ComposedResource, Referred>;
}

export function createMemory(): ComposeMemory {
  return {
    kustomizations: new WeakMap(),
    bases: new WeakMap(),
    documents: new WeakMap(),
    layers: new WeakMap(),
    references: new WeakMap(),
  };
}

/** Everything that one kustomization does to a resource, and what that came to. */
interface Layer {
  /** The texts of its patch files, which its steps were made of. */
  readonly files: readonly (SourceFile | undefined)[];
  readonly steps: readonly Step[];
  readonly results: WeakMap<ComposedResource, { readonly result: ComposedResource | undefined }>;
}

/** Builds the kustomization in the directory at the end of `way`. */
export function compose(way: Way, files: Directory<SourceFile>, memory: ComposeMemory): Composition {
  const composer = new Composer(files, memory);
  const all = composer.kustomizationResources(way, []);
  const named = withReferences(all.filter(isApplied), memory.references);
  const { vars, known, reads } = composer;
  const resources = vars.length === 0 ? named : named.map((one) => withValue(one, withoutVariables(one.value, vars)));
  return { resources, known, reads };
}

/** `config.kubernetes.io/local-config`: read by kustomize, and not for the cluster (`DropLocalNodes`). */
function isApplied({ value }: ComposedResource): boolean {
  const local = valueAt(value, ["metadata", "annotations", "config.kubernetes.io/local-config"]);
  return local === undefined || stringAt(local, []) === "false";
}

/** One run of kustomize. */
class Composer {
  readonly #files: Directory<SourceFile>;
  readonly #memory: ComposeMemory;
  readonly reads = new Map<string, { way: Way; file: SourceFile | undefined }>();
  readonly vars: string[] = [];
  known = true;
  /** How many directories and resources were gone through. */
  #effort = 0;

  constructor(files: Directory<SourceFile>, memory: ComposeMemory) {
    this.#files = files;
    this.#memory = memory;
  }

  #file(way: Way): SourceFile | undefined {
    const key = keyOfWay(way);
    const seen = this.reads.get(key);
    if (seen !== undefined) return seen.file;
    const file = fileAtWay(this.#files, way);
    this.reads.set(key, { way, file });
    return file;
  }

  /** The kustomization of a directory; `undefined` if there is none, `ambiguous` if kustomize would not know which. */
  #kustomization(directory: Way): Kustomization | undefined {
    const found = kustomizationNames.flatMap((name) => {
      const file = this.#file([...directory, name]);
      const read = file && kustomizationIn(file, this.#memory);
      return read === undefined ? [] : [read];
    });
    if (found.length > 1) this.known = false;
    return found[0];
  }

  /** `above`: the directories that are being built, so that one that leads to itself ends. */
  kustomizationResources(way: Way, above: readonly string[]): readonly ComposedResource[] {
    return this.#accumulate(way, [], above) ?? this.#unknown([]);
  }

  #unknown<T>(value: T): T {
    this.known = false;
    return value;
  }

  /** What comes of `before` and all that the directory adds; `undefined` where there is nothing to build. */
  #accumulate(
    way: Way,
    before: readonly ComposedResource[],
    above: readonly string[],
  ): readonly ComposedResource[] | undefined {
    const kustomization = this.#kustomization(way);
    const key = keyOfWay(way);
    this.#effort += 100;
    if (kustomization === undefined || above.includes(key) || above.length > deepest || this.#effort > mostEffort) {
      return undefined;
    }
    const within = [...above, key];
    if (!kustomization.understood || kustomization.addsUnknown || kustomization.changesUnknown) this.known = false;

    let resources = [...before];
    for (const entry of kustomization.resources) resources.push(...this.#entryResources(way, entry, within));
    resources.push(...generatedResources(kustomization));
    for (const entry of kustomization.components) {
      const directory = wayTo(way, entry);
      const accumulated = directory && this.#accumulate(directory, resources, within);
      resources = [...(accumulated ?? this.#unknown(resources.map(opaque)))];
    }
    this.vars.push(...kustomization.vars);
    this.#effort += resources.length;
    const layer = this.#layer(kustomization, way);
    if (layer.steps.includes(opaque)) this.known = false;
    const built = resources.flatMap((resource) => applyLayer(layer, resource) ?? []);
    return kustomization.configurations.every((entry) => this.#isAboutOthers(way, entry))
      ? built
      : this.#unknown(built.map(opaque));
  }

  /** Whether a transformer configuration names only fields of kinds that no rule looks into. */
  #isAboutOthers(way: Way, entry: string): boolean {
    const target = wayTo(way, entry);
    const file = target && this.#file(target);
    return file?.documents.every(({ chunk }) => namesOnlyOthers(parsedChunk(chunk, this.#memory).root)) ?? false;
  }

  #entryResources(way: Way, entry: string, within: readonly string[]): readonly ComposedResource[] {
    const target = wayTo(way, entry);
    if (target === undefined) return this.#unknown([]);
    const file = this.#file(target);
    if (file !== undefined) {
      // kustomize wants the directory, and takes the file for a resource without a name.
      return kustomizationNames.includes(target.at(-1) ?? "") ? this.#unknown([]) : this.#fileResources(file);
    }
    // kustomize refuses a Component here.
    if (this.#kustomization(target)?.kind === "Component") return this.#unknown([]);
    return this.#accumulate(target, [], within) ?? this.#unknown([]);
  }

  #fileResources(file: SourceFile): readonly ComposedResource[] {
    return file.documents.flatMap(({ chunk }, document) => {
      // Its text is not what is applied, or nobody can read it: there may be anything in it.
      if (chunk.state === "broken" || chunk.state === "template" || chunk.document.template) this.known = false;
      return chunk.state === "checked" ? baseResources(chunk, { uri: file.uri, document }, this.#memory) : [];
    });
  }

  #layer(kustomization: Kustomization, way: Way): Layer {
    const { patches, patchesJson6902, transformers } = kustomization;
    const all = [...patches, ...patchesJson6902];
    const paths = [...all.map(({ text }) => ("path" in text ? text.path : undefined)), ...transformers];
    const files = paths.map((path) => {
      const target = typeof path === "string" ? wayTo(way, path) : undefined;
      return target && this.#file(target);
    });
    if (patchesAreUnread(all, files)) this.known = false;
    if (transformers.some((one, index) => typeof one === "string" && files[all.length + index] === undefined)) {
      this.known = false;
    }
    const before = this.#memory.layers.get(kustomization);
    if (before !== undefined && files.every((file, index) => file === before.files[index])) return before;

    const steps = (list: readonly Patch[], from: number) =>
      list.flatMap((patch, index) => patchSteps(patch, this.#parts(patch, files[from + index])));
    const layer: Layer = {
      files,
      steps: [
        ...steps(patches, 0),
        ...stepsBeforeJsonPatches(kustomization),
        ...steps(patchesJson6902, patches.length),
        ...stepsAfterJsonPatches(kustomization),
        ...transformers.flatMap((one, index) => this.#configured(kustomization, one, files[all.length + index])),
      ],
      results: new WeakMap(),
    };
    this.#memory.layers.set(kustomization, layer);
    return layer;
  }

  #configured(
    { source }: Kustomization,
    transformer: string | ParsedDocument,
    file: SourceFile | undefined,
  ): readonly Step[] {
    if (typeof transformer !== "string") return [configuredStep(transformer.root, { ...source, inline: nowhere })];
    return (
      file?.documents.map(({ chunk }, document) =>
        configuredStep(parsedChunk(chunk, this.#memory).root, {
          document: { uri: file.uri, document },
          inline: undefined,
          holds: "other",
        }),
      ) ?? [opaque]
    );
  }

  #parts({ text }: Patch, file: SourceFile | undefined): readonly Value[] | undefined {
    if ("parts" in text) return text.parts.map(({ value }) => value);
    return file?.documents.map(({ chunk }, document) =>
      written(parsedChunk(chunk, this.#memory).root, {
        document: { uri: file.uri, document },
        holds: chunk.state === "checked" ? "patch" : "other",
        inline: undefined,
      }),
    );
  }
}

/** A text within a kustomization whose parts are not told apart. */
const nowhere = { path: [], span: () => ({ start: 0, end: 0 }) };

/** Each field specification stands in a list of a section, or in `fieldSpecs` of a `nameReference`. */
function namesOnlyOthers(configuration: Place): boolean {
  return configuration.entries().every(([, section]) =>
    section.items().every((item) => {
      const nested = item.at("fieldSpecs");
      const specs = nested.exists ? nested.items() : [item];
      return specs.every((spec) => {
        const kind = spec.at("kind").string();
        return kind.state === "present" && !readKinds.has(kind.value);
      });
    }),
  );
}

/** The kinds that have a view; see `readers` in k8s/resource.ts. */
const readKinds: ReadonlySet<string> = new Set(
  `DaemonSet Deployment HorizontalPodAutoscaler PersistentVolumeClaim PodDisruptionBudget ReplicaSet ScaledObject
  Service StatefulSet StorageClass`.split(/\s+/),
);

/** Deeper than any tree of overlays. */
const deepest = 100;

/** More than any build takes: each directory may be included by many ways, and counts for a hundred resources. */
const mostEffort = 500_000;

/** Whether some patch cannot be read that may rename or delete what rules look for. */
function patchesAreUnread(patches: readonly Patch[], files: readonly (SourceFile | undefined)[]): boolean {
  return patches.some(({ text, target }, index) => {
    if (target === "unknown") return true;
    if (!("path" in text) || files[index] !== undefined) return false;
    const kind = target === "none" ? undefined : target.patterns.kind;
    return kind === undefined || [...readKinds].some(kind);
  });
}

function applyLayer({ steps, results }: Layer, resource: ComposedResource): ComposedResource | undefined {
  const known = results.get(resource);
  if (known !== undefined) return known.result;
  let result: ComposedResource | undefined = resource;
  for (const step of steps) result &&= step(result);
  results.set(resource, { result });
  return result;
}

/** The kustomization that a file holds: its first document that is not empty. */
export function kustomizationIn(file: SourceFile, { kustomizations }: ComposeMemory): Kustomization | undefined {
  const document = Math.max(
    file.documents.findIndex(({ chunk }) => /^(?!---\s*$|\s*#|\s*$)./m.test(chunk.text)),
    0,
  );
  const chunk = file.documents[document]?.chunk;
  if (chunk === undefined) return undefined;
  const id = `${document} ${file.uri}`;
  const known = kustomizations.get(chunk);
  if (known?.id === id) return known.read;
  const read = readKustomization(chunk, { uri: file.uri, document });
  kustomizations.set(chunk, { id, read });
  return read;
}

function parsedChunk(chunk: ParsedChunk, { documents }: ComposeMemory): ParsedDocument {
  if (chunk.state !== "ignored") return chunk.document;
  const known = documents.get(chunk) ?? parse(chunk.text);
  documents.set(chunk, known);
  return known;
}

function baseResources(chunk: ParsedChunk, base: DocumentId, { bases }: ComposeMemory): readonly ComposedResource[] {
  const id = `${base.document} ${base.uri}`;
  const known = bases.get(chunk);
  if (known?.id === id) return known.resources;
  const source = { document: base, holds: "resource", inline: undefined } as const;
  const resources = objectsOf(chunk.document.root).map((place) =>
    newResource(written(place, source), base, { root: place.path, hashed: false }),
  );
  bases.set(chunk, { id, resources });
  return resources;
}

/** A list stands for its items (`FromBytes` in api/resource/factory.go); what a Template holds, kustomize does not touch. */
function objectsOf(root: Place): readonly Place[] {
  const kind = root.at("kind").string();
  const items = root.at("items");
  return kind.state === "present" && kind.value.endsWith("List") && items.kind === "list" ? items.items() : [root];
}

function generatedResources({ generated, source }: Kustomization): readonly ComposedResource[] {
  return generated
    .filter(({ isNew }) => isNew)
    .map(({ kind, name, namespace, hashed, place }) => {
      const spot = { place, source };
      const metadata = openMap(spot, [
        ["name", made(name, spot)],
        ...(namespace === undefined ? [] : [["namespace", made(namespace, spot)] as const]),
      ]);
      const value = openMap(spot, [
        ["apiVersion", made("v1", spot)],
        ["kind", made(kind, spot)],
        ["metadata", metadata],
      ]);
      return newResource(value, undefined, { root: [], hashed });
    });
}
