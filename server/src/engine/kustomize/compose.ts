import { viewedKinds } from "../kubernetes/resources/kinds.js";
import type { Directory } from "../workspace/directory.js";
import { memoize } from "../workspace/memo.js";
import type { ParsedChunk, SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { builtInFields } from "./built-in-fields.js";
import { idsOf, newResource, sameId, withValue, type ComposedResource } from "./composed-resource.js";
import { createMerge, noFields, readConfiguration, type Configuration } from "./configuration.js";
import { configuredObjects, configuredTransformations } from "./configured.js";
import { opaque, patchSteps } from "./patches.js";
import type { PlannedStep } from "./step.js";
import { kustomizationNames, readKustomization } from "./read.js";
import type { Configured, Entry, GeneratedObject, Kustomization, Patch, TextPart } from "./kustomization.js";
import { asKustomizeReads, isNoText, readingRemarks, readsAsJson } from "./reading.js";
import { withoutVariables, withReferences, type Referred } from "./references.js";
import { failure, type Remark } from "./remark.js";
import { readReplacement } from "./replacements.js";
import { eachStage, replacementStage, type Stage } from "./stages.js";
import { asSteps, transformationsOf } from "./transformers.js";
import {
  asMap,
  child,
  made,
  madeText,
  openMap,
  stringAt,
  unknown,
  valueAt,
  withEntry,
  written,
  type Source,
  type Spot,
  type Value,
} from "./value.js";
import { directoryAtWay, fileAtWay, keyOfWay, wayTo, type Way } from "./way.js";

/** What `kustomize build` makes of a directory, as far as the files tell. */
export interface Composition {
  readonly resources: readonly ComposedResource[];
  /** All that kustomize reads was there and was understood: what is not among the resources is not in the build. */
  readonly known: boolean;
  /** Why the build fails, and what kustomize drops silently. */
  readonly remarks: readonly Remark[];
  /** Each file that was read or looked for, and what was there: as long as that stays, so does the result. */
  readonly reads: ReadonlyMap<string, { readonly way: Way; readonly file: SourceFile | undefined }>;
  /** Each directory that was looked for, and whether it was there: the same holds of these. */
  readonly directories: ReadonlyMap<string, { readonly way: Way; readonly exists: boolean }>;
}

/** What earlier compositions found out that later ones may take over. One for each workspace. */
export interface ComposeMemory {
  readonly kustomizations: WeakMap<ParsedChunk, { readonly id: string; readonly read: Kustomization | undefined }>;
  readonly bases: WeakMap<ParsedChunk, { readonly id: string; readonly base: Base }>;
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
  readonly claimTemplates: string | undefined;
  /** The files beside the kustomization that its steps were made of. */
  readonly reads: readonly Read[];
  /** The patch files that are not there. */
  readonly absent: readonly Entry[];
  readonly stages: readonly Stage[];
  /** Everything was there and was understood. */
  readonly known: boolean;
  readonly remarks: readonly Remark[];
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

/** Builds the kustomization in the directory at the end of `way`. `claimTemplates`: see `claimTemplateNote`. */
export function compose(
  way: Way,
  files: Directory<SourceFile>,
  memory: ComposeMemory,
  claimTemplates: string | undefined,
): Composition {
  const composer = new Composer(files, memory, claimTemplates);
  const { resources: all, configuration } = composer.accumulated(way);
  if (!composer.failed) composer.remarks.push(...all.flatMap(annotationRemarks));
  const named = withReferences(all.filter(isApplied), configuration.nameReferences, memory.references);
  const { vars, known, reads, directories, remarks } = composer;
  const resources = vars.length === 0 ? named : named.map((one) => withValue(one, withoutVariables(one.value, vars)));
  return { resources, known, remarks, reads, directories };
}

/** kustomize writes annotations without the quotes that such keys need (`SetAnnotations` in kyaml/yaml/rnode.go). */
function annotationRemarks({ value }: ComposedResource): readonly Remark[] {
  const annotations = valueAt(value, ["metadata", "annotations"]);
  const entries = annotations && asMap(annotations)?.entries;
  return [...(entries ?? [])].flatMap(([key, entry]) =>
    isNoText(key) ? [failure(entry, "annotationKey", { key }, "key")] : [],
  );
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
  readonly directories = new Map<string, { way: Way; exists: boolean }>();
  readonly vars: string[] = [];
  readonly remarks: Remark[] = [];
  /** Texts of resources that are not read in full. */
  readonly #unread: string[] = [];
  readonly #claimTemplates: string | undefined;
  known = true;
  /** How many directories and resources were gone through. */
  #effort = 0;

  constructor(files: Directory<SourceFile>, memory: ComposeMemory, claimTemplates: string | undefined) {
    this.#files = files;
    this.#memory = memory;
    this.#claimTemplates = claimTemplates;
  }

  get failed(): boolean {
    return this.remarks.some(({ message }) => message.rule === "build");
  }

  /** What follows from a build that fails is not known. */
  #remark(remarks: readonly Remark[]): void {
    this.remarks.push(...remarks);
    if (remarks.some(({ message }) => message.rule === "build")) this.known = false;
  }

  #file(way: Way): SourceFile | undefined {
    const key = keyOfWay(way);
    const seen = this.reads.get(key);
    if (seen !== undefined) return seen.file;
    const file = fileAtWay(this.#files, way);
    this.reads.set(key, { way, file });
    return file;
  }

  /** Whether any file that is known is below a directory. */
  #hasDirectory(way: Way): boolean {
    const exists = directoryAtWay(this.#files, way) !== undefined;
    this.directories.set(keyOfWay(way), { way, exists });
    return exists;
  }

  /** The kustomization of a directory; `undefined` if there is none, `ambiguous` if kustomize would not know which. */
  #kustomization(directory: Way): Kustomization | undefined {
    const found = kustomizationNames.flatMap((name) => {
      const file = this.#file([...directory, name]);
      const read = file && kustomizationIn(file, this.#memory);
      return read === undefined ? [] : [read];
    });
    const [first, second] = found;
    if (second !== undefined) {
      this.#remark([failure({ place: second.document.root, source: second.source }, "ambiguous")]);
    }
    return first;
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
    this.#remark(kustomization.remarks);
    if (!kustomization.understood || kustomization.addsUnknown || kustomization.changesUnknown) this.known = false;

    let { configuration } = before;
    let resources = [...before.resources];
    for (const entry of kustomization.resources) {
      const added = this.#entry(way, entry, within);
      this.#remark(this.#clashes(resources, added, entry));
      resources.push(...added.resources);
      configuration = merge(configuration, added.configuration);
    }
    const own = this.#ownConfiguration(kustomization, way);
    configuration = merge(configuration, merge(builtInFields, own ?? noFields));
    resources = this.#withGenerated(resources, kustomization, way);
    for (const entry of kustomization.components) {
      const accumulated = this.#component(way, entry, { resources, configuration }, within);
      resources = [...(accumulated?.resources ?? this.#unknown(resources.map(opaque)))];
      configuration = accumulated?.configuration ?? configuration;
    }
    this.vars.push(...kustomization.vars);
    this.#effort += resources.length;
    const layer = this.#layer(kustomization, way, configuration);
    this.#remark(layer.remarks);
    for (const entry of layer.absent) {
      const target = wayTo(way, entry.path);
      if (target !== undefined) this.#remark(this.#missing(target, entry));
    }
    if (!layer.known) this.known = false;
    let built: readonly ComposedResource[] = resources;
    for (const stage of layer.stages) {
      const complete: boolean = this.known && own !== undefined;
      const done = stage({ all: built, complete, mayHold: (words) => this.#mayHold(words) });
      if (!done.sure) this.known = false;
      this.#remark(done.remarks);
      built = done.resources;
    }
    return { resources: own === undefined ? this.#unknown(built.map(opaque)) : built, configuration };
  }

  #mayHold(words: readonly string[]): boolean {
    return this.#unread.some((text) => words.every((word) => text.includes(word)));
  }

  /** `may not add resource with an already registered id` (`Append` in api/resmap/reswrangler.go). */
  #clashes(before: readonly ComposedResource[], { resources }: Accumulated, { spot }: Entry): readonly Remark[] {
    if (!this.known) return [];
    const seen = [...before];
    for (const resource of resources) {
      const { id, base } = resource;
      const other = id.name === "" ? undefined : seen.find((one) => sameId(one.id, id));
      if (other !== undefined) {
        const isOwn = base !== undefined && (other.base?.uri !== base.uri || other.base.document !== base.document);
        const name = valueAt(resource.value, ["metadata", "name"]);
        const at = isOwn && name?.source.document.uri === base.uri ? name : spot;
        return [failure(at, "duplicateId", { kind: id.kind, name: id.name })];
      }
      seen.push(resource);
    }
    return [];
  }

  #component(way: Way, { path, spot }: Entry, before: Accumulated, within: readonly string[]): Accumulated | undefined {
    const directory = wayTo(way, path);
    if (directory === undefined) return undefined;
    const kustomization = this.#kustomization(directory);
    if (kustomization === undefined) this.#remark(this.#missing(directory, { path, spot }));
    else if (kustomization.kind !== "Component") this.#remark([failure(spot, "noComponent", { path })]);
    return this.#accumulate(directory, before, within);
  }

  /** Why there is nothing at an entry, as far as the files that are known can tell. */
  #missing(target: Way, { path, spot }: Entry): readonly Remark[] {
    const hasParent = this.#hasDirectory(target.slice(0, -1));
    const name = target.at(-1) ?? "";
    if (this.#hasDirectory(target)) {
      const isUnread = kustomizationNames.some((each) => this.#file([...target, each]) !== undefined);
      return isUnread ? [] : [failure(spot, "noKustomization", { path })];
    }
    // What is no manifest by its name is not read at all, and neither is what package managers and build tools keep.
    const isBelow = /^(?:\.\/)?(?:(?!(?:node_modules|bower_components)\/)[A-Za-z0-9][\w-]*\/)+[^/]+$/.test(path);
    const isTold = (hasParent || isBelow) && (/\.ya?ml$/i.test(name) || !name.includes("."));
    return isTold ? [failure(spot, "fileMissing", { path })] : [];
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

  #withGenerated(
    resources: readonly ComposedResource[],
    { generated, generators }: Kustomization,
    way: Way,
  ): ComposedResource[] {
    const configured = generators.flatMap((entry) => {
      const parts = this.#parts(way, entry, (each) => this.#file(each));
      const objects = parts?.map(configuredObjects);
      if (objects === undefined || objects.includes(undefined)) this.known = false;
      return objects?.flatMap((list) => list ?? []) ?? [];
    });
    let all = [...resources];
    for (const object of [...generated, ...configured]) {
      const made = generatedResource(object);
      const { name, isNew, value } = object;
      const isSame = (one: ComposedResource) => idsOf(one).some((id) => sameId(id, made.id));
      const isThere = all.some(isSame);
      if (isNew && isThere && this.known) {
        this.#remark([failure(nameOf(value), "generatorExists", { kind: object.kind, name })]);
      } else if (!isNew && !isThere && this.known && !this.#mayHold([object.kind, name])) {
        this.#remark([failure(nameOf(value), "generatorMissing", { kind: object.kind, name })]);
      }
      all = isNew ? [...all, made] : all.map((one) => (isSame(one) ? withUnknownData(one) : one));
    }
    return all;
  }

  #entry(way: Way, entry: Entry, within: readonly string[]): Accumulated {
    const target = wayTo(way, entry.path);
    if (target === undefined) return this.#unknown(nothing);
    const file = this.#file(target);
    if (file !== undefined) {
      // kustomize wants the directory, and takes the file for a resource without a name.
      if (kustomizationNames.includes(target.at(-1) ?? "")) {
        const isNameless = kustomizationIn(file, this.#memory)?.document.root.at("metadata", "name").exists === false;
        if (isNameless) this.#remark([failure(entry.spot, "kustomizationFile", { path: entry.path })]);
        return this.#unknown(nothing);
      }
      return { resources: this.#fileResources(file), configuration: noFields };
    }
    const key = keyOfWay(target);
    if (within.some((above) => above === key || above.startsWith(`${key}/`))) {
      this.#remark([failure(entry.spot, "cycle", { path: entry.path })]);
      return nothing;
    }
    const kustomization = this.#kustomization(target);
    if (kustomization === undefined) this.#remark(this.#missing(target, entry));
    if (kustomization?.kind === "Component") {
      this.#remark([failure(entry.spot, "component", { path: entry.path })]);
      return nothing;
    }
    return this.#accumulate(target, nothing, within) ?? this.#unknown(nothing);
  }

  #fileResources(file: SourceFile): readonly ComposedResource[] {
    return file.documents.flatMap(({ chunk, readBy }, document) => {
      if (readBy !== "both") return [];
      if (mayHoldAnything(chunk)) this.known = false;
      if (chunk.state !== "checked" && chunk.state !== "ignored") return [];
      // Such a long text holds definitions as a rule, and reading them takes its time.
      if (chunk.state === "ignored" && chunk.text.length > longestRead) {
        this.#unread.push(chunk.text);
        return [];
      }
      const { resources, remarks, isRead } = baseOf(chunk, { uri: file.uri, document }, this.#memory);
      if (!isRead) this.#unread.push(chunk.text);
      this.#remark(remarks);
      return resources;
    });
  }

  /** What a kustomization does to its resources; rebuilt only when what it reads has changed. */
  #layer(kustomization: Kustomization, way: Way, configuration: Configuration): Layer {
    const before = this.#memory.layers.get(kustomization);
    if (
      before?.configuration === configuration &&
      before.claimTemplates === this.#claimTemplates &&
      before.reads.every((one) => this.#file(one.way) === one.file)
    ) {
      return before;
    }
    const layer = this.#newLayer(kustomization, way, configuration);
    this.#memory.layers.set(kustomization, layer);
    return layer;
  }

  #newLayer(kustomization: Kustomization, way: Way, configuration: Configuration): Layer {
    const claimTemplates = this.#claimTemplates;
    const reads: Read[] = [];
    const absent: Entry[] = [];
    const remarks: Remark[] = [];
    const read = (target: Way) => {
      const file = this.#file(target);
      reads.push({ way: target, file });
      return file;
    };
    const transformations = [
      ...transformationsOf(kustomization, configuration, claimTemplates),
      ...kustomization.transformers.flatMap(
        (entry) => this.#parts(way, entry, read)?.flatMap(configuredTransformations) ?? asSteps([opaque]),
      ),
    ];
    const stages: Stage[] = [];
    let steps: PlannedStep[] = [];
    let isUnknown = false;
    const add = (more: readonly PlannedStep[]) => {
      isUnknown ||= more.some(({ step }) => step === opaque);
      steps.push(...more);
    };
    const close = () => {
      if (steps.length > 0) stages.push(eachStage(steps));
      steps = [];
    };
    for (const transformation of transformations) {
      switch (transformation.type) {
        case "step":
          add([transformation]);
          break;
        case "patch": {
          const { text } = transformation.patch;
          const parts = this.#parts(way, text, read);
          if (parts === undefined && "path" in text) absent.push(text);
          remarks.push(...(parts ?? []).flatMap(({ document, value }) => readingRemarks(document, value.source)));
          add(
            patchSteps(
              transformation.patch,
              parts?.map(({ value }) => value),
            ),
          );
          break;
        }
        case "replacement":
          close();
          stages.push(replacementStage(transformation.replacement));
          break;
        case "replacements": {
          const parts = this.#parts(way, transformation, read);
          close();
          for (const { document, value } of parts ?? []) {
            const { root } = document;
            const items = root.kind === "list" ? root.items() : [root];
            stages.push(...items.map((item) => replacementStage(readReplacement(item, value.source))));
          }
          if (parts === undefined) add(asOpaque);
          break;
        }
      }
    }
    close();
    const isUnread = ({ text }: Patch) => "path" in text && this.#parts(way, text, read) === undefined;
    const unread = transformations.some((one) => one.type === "patch" && mayRename(one.patch, isUnread(one.patch)));
    const known = !unread && !isUnknown;
    return { configuration, claimTemplates, reads, absent, stages, known, remarks };
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
      return file.documents.flatMap(({ chunk, readBy }, document) =>
        readBy === "both" ? this.#part(chunk, { uri: file.uri, document }) : [],
      );
    const found = kustomizationNames.flatMap((name) => (target && read([...target, name])) ?? []);
    const [list] = found.flatMap((each) => kustomizationIn(each, this.#memory) ?? []);
    if (target === undefined || found.length > 1 || list === undefined || !isMereList(list) || depth > deepest)
      return undefined;
    const parts = list.resources.map(({ path }) => this.#parts(target, { path }, read, depth + 1));
    return parts.includes(undefined) ? undefined : parts.flatMap((each) => each ?? []);
  }

  #part(chunk: ParsedChunk, document: DocumentId): TextPart {
    const parsed = asKustomizeReads(parsedChunk(chunk, this.#memory));
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

/**
 * Whether a text is not what is applied, or cannot be read. Objects of other kinds, such as those of Argo CD and
 * Kyverno, may have tags of their own in them.
 */
function mayHoldAnything({ state, document }: ParsedChunk): boolean {
  if (state === "broken" || state === "template") return true;
  if (!document.template) return false;
  const kind = document.root.at("kind").string();
  return kind.state !== "present" || viewedKinds.includes(kind.value) || /^Template$|List$/.test(kind.value);
}

/** Deeper than any tree of overlays. */
const deepest = 100;

/** More than any build takes: each directory may be included by many ways, and counts for a hundred resources. */
const mostEffort = 500_000;

/** Whether a patch may rename or delete what rules look for, without our knowing. */
function mayRename({ target }: Patch, isUnread: boolean): boolean {
  if (target === "unknown") return true;
  const kind = target === "none" ? undefined : target.patterns.kind;
  return isUnread && (kind === undefined || viewedKinds.some(kind));
}

/** The kustomization that a file holds: its first document that is not empty. */
export function kustomizationIn(file: SourceFile, { kustomizations }: ComposeMemory): Kustomization | undefined {
  const document = Math.max(
    file.documents.findIndex(({ chunk }) =>
      chunk.text.split(/[\r\n]/).some((line) => !/^(?:---|\s*#.*|)$/.test(line.trimEnd())),
    ),
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

/** What kustomize reads in a document of a resource file. */
interface Base {
  readonly resources: readonly ComposedResource[];
  readonly remarks: readonly Remark[];
  /** Nothing else is in it. */
  readonly isRead: boolean;
}

/** Longer texts of kinds that have no rules are not read. */
const longestRead = 65_536;

function baseOf(chunk: ParsedChunk, base: DocumentId, memory: ComposeMemory): Base {
  const id = `${base.document} ${base.uri}`;
  const known = memory.bases.get(chunk);
  if (known?.id === id) return known.base;
  const read = readBase(asKustomizeReads(parsedChunk(chunk, memory)), base);
  memory.bases.set(chunk, { id, base: read });
  return read;
}

function readBase(document: ParsedDocument, base: DocumentId): Base {
  const source: Source = { document: base, text: document.text, holds: "resource", inline: undefined };
  const { root, template, problems } = document;
  const remarks = readingRemarks(document, source);
  if (template || problems.some(({ fatal }) => fatal)) return { resources: [], remarks, isRead: false };
  if (holdsNothing(root)) return { resources: [], remarks, isRead: true };
  const objects = objectsOf(root);
  const nameless = objects.filter((place) => !mayBeResource(place));
  const resources = objects.map((place) =>
    newResource(written(place, source), base, { root: place.path, hashed: false }),
  );
  const noResources = nameless.map((place) => failure({ place, source }, "noResource", { lacks: lackOf(place) }));
  return { resources, remarks: [...remarks, ...noResources], isRead: true };
}

/** kustomize passes over empty documents, `{}` and `[]` (kustomize 5.6, by running it). */
function holdsNothing(root: Place): boolean {
  switch (root.kind) {
    case "absent":
    case "null":
      return true;
    case "map":
      return !root.isOpen && root.entries().length === 0;
    case "list":
      return root.items().length === 0;
    case "scalar":
    case "opaque":
      return false;
  }
}

/** `missing kind in object`, `missing metadata.name in object` (`FromBytes` in api/resource/factory.go). */
function mayBeResource(place: Place): boolean {
  return lackOf(place) === "";
}

function lackOf(place: Place): string {
  const isUnset = (field: Place) => field.kind === "absent" || field.kind === "null" || field.value() === "";
  if (isUnset(place.at("kind"))) return "kind";
  return isUnset(place.at("metadata", "name")) ? "metadata.name" : "";
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

const asOpaque: readonly PlannedStep[] = [{ step: opaque }];

/** Where the name stands that a generator gives. */
function nameOf(generator: Value): Spot {
  return child(generator, "name") ?? generator;
}

/** What `merge` and `replace` change: what is in the object then is not worked out. */
function withUnknownData(resource: ComposedResource): ComposedResource {
  const map = asMap(resource.value);
  if (map === undefined) return resource;
  return withValue(
    resource,
    generatedMaps(resource).reduce((changed, key) => withEntry(changed, key, unknown(map)), map),
  );
}

/** The fields that kustomize writes: it encodes what a Secret holds, and needs no `stringData`. */
function generatedMaps({ id: { kind } }: ComposedResource): readonly string[] {
  return kind === "Secret" ? ["data"] : ["data", "binaryData"];
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
