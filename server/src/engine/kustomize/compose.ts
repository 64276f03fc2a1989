import type { Directory } from "../workspace/directory.js";
import { memoize } from "../workspace/memo.js";
import type { ParsedChunk, SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { builtInFields } from "./built-in-fields.js";
import { newResource, withValue, type ComposedResource } from "./composed-resource.js";
import { createMerge, noFields, readConfiguration, type Configuration } from "./configuration.js";
import { configuredObjects, configuredTransformations } from "./configured.js";
import { readsAsJson } from "./field-reader.js";
import { opaque, patchSteps, type Step } from "./patches.js";
import {
  kustomizationNames,
  readKustomization,
  readReplacement,
  type Configured,
  type GeneratedObject,
  type Kustomization,
  type Patch,
  type TextPart,
} from "./read.js";
import { withoutVariables, withReferences, type Referred } from "./references.js";
import { asSteps, replacementSteps, transformationsOf, type Transformation } from "./transformers.js";
import { openMap, made, madeText, stringAt, valueAt, written, type Source } from "./value.js";
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
  readonly configurations: (file: SourceFile) => Configuration | undefined;
  readonly merge: ReturnType<typeof createMerge>;
}

export function createMemory(): ComposeMemory {
  return {
    kustomizations: new WeakMap(),
    bases: new WeakMap(),
    documents: new WeakMap(),
    layers: new WeakMap(),
    references: new WeakMap(),
    configurations: memoize(configurationIn),
    merge: createMerge(),
  };
}

/** Everything that one kustomization does to a resource, and what that came to. */
interface Layer {
  readonly configuration: Configuration;
  /** The files beside the kustomization that its steps were made of. */
  readonly reads: readonly Read[];
  readonly steps: readonly Step[];
  /** Everything was there and was understood. */
  readonly known: boolean;
  readonly results: WeakMap<ComposedResource, { readonly result: ComposedResource | undefined }>;
}

interface Read {
  readonly way: Way;
  readonly file: SourceFile | undefined;
}

/** What a kustomization hands on to the one that includes it. */
interface Accumulated {
  readonly resources: readonly ComposedResource[];
  readonly configuration: Configuration;
}

const nothing: Accumulated = { resources: [], configuration: noFields };

/** Builds the kustomization in the directory at the end of `way`. */
export function compose(way: Way, files: Directory<SourceFile>, memory: ComposeMemory): Composition {
  const composer = new Composer(files, memory);
  const { resources: all, configuration } = composer.accumulated(way);
  const named = withReferences(all.filter(isApplied), configuration.nameReferences, memory.references);
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

  accumulated(way: Way): Accumulated {
    return this.#accumulate(way, nothing, []) ?? this.#unknown(nothing);
  }

  #unknown<T>(value: T): T {
    this.known = false;
    return value;
  }

  /**
   * What comes of `before` and all that the directory adds; `undefined` where there is nothing to build. `above`: the
   * directories that are being built, so that one that leads to itself ends.
   */
  #accumulate(way: Way, before: Accumulated, above: readonly string[]): Accumulated | undefined {
    const kustomization = this.#kustomization(way);
    const key = keyOfWay(way);
    this.#effort += 100;
    if (kustomization === undefined || above.includes(key) || above.length > deepest || this.#effort > mostEffort) {
      return undefined;
    }
    const within = [...above, key];
    const { merge } = this.#memory;
    if (!kustomization.understood || kustomization.addsUnknown || kustomization.changesUnknown) this.known = false;

    let { configuration } = before;
    let resources = [...before.resources];
    for (const entry of kustomization.resources) {
      const added = this.#entry(way, entry, within);
      resources.push(...added.resources);
      configuration = merge(configuration, added.configuration);
    }
    const own = this.#ownConfiguration(kustomization, way);
    configuration = merge(configuration, merge(builtInFields, own ?? noFields));
    resources.push(...this.#generated(kustomization, way));
    for (const entry of kustomization.components) {
      const directory = wayTo(way, entry);
      const accumulated = directory && this.#accumulate(directory, { resources, configuration }, within);
      resources = [...(accumulated?.resources ?? this.#unknown(resources.map(opaque)))];
      configuration = accumulated?.configuration ?? configuration;
    }
    this.vars.push(...kustomization.vars);
    this.#effort += resources.length;
    const layer = this.#layer(kustomization, way, configuration);
    if (!layer.known) this.known = false;
    const built = resources.flatMap((resource) => applyLayer(layer, resource) ?? []);
    return { resources: own === undefined ? this.#unknown(built.map(opaque)) : built, configuration };
  }

  /** `undefined` where some of its files cannot be read. */
  #ownConfiguration({ configurations }: Kustomization, way: Way): Configuration | undefined {
    return configurations.reduce<Configuration | undefined>((merged, entry) => {
      const target = wayTo(way, entry);
      const file = target && this.#file(target);
      const read = file && this.#memory.configurations(file);
      return merged && read && this.#memory.merge(merged, read);
    }, noFields);
  }

  #generated({ generated, generators }: Kustomization, way: Way): readonly ComposedResource[] {
    const configured = generators.flatMap((entry) => {
      const parts = this.#parts(way, entry, (each) => this.#file(each));
      const objects = parts?.map(configuredObjects);
      if (objects === undefined || objects.includes(undefined)) this.known = false;
      return objects?.flatMap((list) => list ?? []) ?? [];
    });
    return [...generated, ...configured].filter(({ isNew }) => isNew).map(generatedResource);
  }

  #entry(way: Way, entry: string, within: readonly string[]): Accumulated {
    const target = wayTo(way, entry);
    if (target === undefined) return this.#unknown(nothing);
    const file = this.#file(target);
    if (file !== undefined) {
      // kustomize wants the directory, and takes the file for a resource without a name.
      if (kustomizationNames.includes(target.at(-1) ?? "")) return this.#unknown(nothing);
      return { resources: this.#fileResources(file), configuration: noFields };
    }
    // kustomize refuses a Component here.
    if (this.#kustomization(target)?.kind === "Component") return this.#unknown(nothing);
    return this.#accumulate(target, nothing, within) ?? this.#unknown(nothing);
  }

  #fileResources(file: SourceFile): readonly ComposedResource[] {
    return file.documents.flatMap(({ chunk }, document) => {
      if (mayHoldAnything(chunk)) this.known = false;
      return chunk.state === "checked" ? baseResources(chunk, { uri: file.uri, document }, this.#memory) : [];
    });
  }

  #layer(kustomization: Kustomization, way: Way, configuration: Configuration): Layer {
    const before = this.#memory.layers.get(kustomization);
    if (before?.configuration === configuration && before.reads.every((one) => this.#file(one.way) === one.file)) {
      return before;
    }
    const reads: Read[] = [];
    const read = (target: Way) => {
      const file = this.#file(target);
      reads.push({ way: target, file });
      return file;
    };
    const transformations = [
      ...transformationsOf(kustomization, configuration),
      ...kustomization.transformers.flatMap(
        (entry) => this.#parts(way, entry, read)?.flatMap(configuredTransformations) ?? asSteps([opaque]),
      ),
    ];
    const stepsOf = (transformation: Transformation): readonly Step[] => {
      switch (transformation.type) {
        case "step":
          return [transformation.step];
        case "patch": {
          const { patch } = transformation;
          return patchSteps(
            patch,
            this.#parts(way, patch.text, read)?.map(({ value }) => value),
          );
        }
        case "replacements": {
          const parts = this.#parts(way, transformation, read);
          const items = parts?.flatMap(({ document: { root } }) => (root.kind === "list" ? root.items() : [root]));
          return (
            items?.map(readReplacement).flatMap((one) => ("path" in one ? [opaque] : replacementSteps(one))) ?? [opaque]
          );
        }
      }
    };
    const steps = transformations.flatMap(stepsOf);
    const isUnread = ({ text }: Patch) => "path" in text && this.#parts(way, text, read) === undefined;
    const unread = transformations.some((one) => one.type === "patch" && mayRename(one.patch, isUnread(one.patch)));
    const known = !unread && !steps.includes(opaque);
    const layer: Layer = { configuration, reads, steps, known, results: new WeakMap() };
    this.#memory.layers.set(kustomization, layer);
    return layer;
  }

  /** The documents of a text, or of the files that it names; `undefined` where they cannot be read. */
  #parts(
    way: Way,
    entry: Configured,
    read: (way: Way) => SourceFile | undefined,
    depth = 0,
  ): readonly TextPart[] | undefined {
    if ("parts" in entry) return entry.parts;
    const target = wayTo(way, entry.path);
    const file = target && read(target);
    if (file !== undefined)
      return file.documents.map(({ chunk }, document) => this.#part(chunk, { uri: file.uri, document }));
    const found = kustomizationNames.flatMap((name) => (target && read([...target, name])) ?? []);
    const [list] = found.flatMap((each) => kustomizationIn(each, this.#memory) ?? []);
    if (target === undefined || found.length > 1 || list === undefined || !isMereList(list) || depth > deepest)
      return undefined;
    const parts = list.resources.map((path) => this.#parts(target, { path }, read, depth + 1));
    return parts.includes(undefined) ? undefined : parts.flatMap((each) => each ?? []);
  }

  #part(chunk: ParsedChunk, document: DocumentId): TextPart {
    const parsed = parsedChunk(chunk, this.#memory);
    const source: Source = {
      document,
      text: readsAsJson(parsed) ? undefined : parsed.text,
      holds: chunk.state === "checked" ? "patch" : "other",
      inline: undefined,
    };
    return { document: parsed, value: written(parsed.root, source) };
  }
}

/** Whether a kustomization says nothing but which files it is made of. */
function isMereList({ document: { root } }: Kustomization): boolean {
  return root.entries().every(([key]) => ["apiVersion", "kind", "metadata", "resources"].includes(key));
}

function configurationIn({ documents }: SourceFile): Configuration | undefined {
  const [document, ...others] = documents.map(({ chunk }) => parse(chunk.text)).filter(({ root }) => root.exists);
  if (others.length > 0 || document?.problems.some(({ fatal }) => fatal) === true || document?.template === true) {
    return undefined;
  }
  return document === undefined ? noFields : readConfiguration(document.root);
}

/** The kinds that have a view; see `readers` in k8s/resource.ts. */
const readKinds: ReadonlySet<string> = new Set(
  `DaemonSet Deployment HorizontalPodAutoscaler PersistentVolumeClaim PodDisruptionBudget ReplicaSet ScaledObject
  Service StatefulSet StorageClass`.split(/\s+/),
);

/**
 * Whether a text is not what is applied, or nobody can read it. Objects of other kinds, such as those of Argo CD and
 * Kyverno, may have tags of their own in them.
 */
function mayHoldAnything({ state, document }: ParsedChunk): boolean {
  if (state === "broken" || state === "template") return true;
  if (!document.template) return false;
  const kind = document.root.at("kind").string();
  return kind.state !== "present" || readKinds.has(kind.value) || /^Template$|List$/.test(kind.value);
}

/** Deeper than any tree of overlays. */
const deepest = 100;

/** More than any build takes: each directory may be included by many ways, and counts for a hundred resources. */
const mostEffort = 500_000;

/** Whether a patch may rename or delete what rules look for, without our knowing. */
function mayRename({ target }: Patch, isUnread: boolean): boolean {
  if (target === "unknown") return true;
  const kind = target === "none" ? undefined : target.patterns.kind;
  return isUnread && (kind === undefined || [...readKinds].some(kind));
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
  const source: Source = { document: base, text: chunk.text, holds: "resource", inline: undefined };
  const resources = objectsOf(chunk.document.root).map((place) =>
    newResource(written(place, source), base, { root: place.path, hashed: false }),
  );
  bases.set(chunk, { id, resources });
  return resources;
}

/**
 * A list stands for its items (`FromBytes` in api/resource/factory.go); what a Template holds, kustomize does not
 * touch.
 */
function objectsOf(root: Place): readonly Place[] {
  const kind = root.at("kind").string();
  const items = root.at("items");
  return kind.state === "present" && kind.value.endsWith("List") && items.kind === "list" ? items.items() : [root];
}

function generatedResource({ kind, name, namespace, hashed, value: spot }: GeneratedObject): ComposedResource {
  const metadata = openMap(spot, [
    ["name", madeText(name, spot)],
    ...(namespace === undefined ? [] : [["namespace", made(namespace, spot)] as const]),
  ]);
  const value = openMap(spot, [
    ["apiVersion", made("v1", spot)],
    ["kind", made(kind, spot)],
    ["metadata", metadata],
  ]);
  return newResource(value, undefined, { root: [], hashed });
}
