import { chartFile } from "../helm/chart.js";
import { canonicalJson } from "../kubernetes/canonical-json.js";
import type { ResourceKey } from "../kubernetes/object.js";
import { isPartial, type Resource } from "../kubernetes/resources/resource.js";
import { directoryAt, filesBelow, segments, type Directory } from "../workspace/directory.js";
import { documentsIn } from "../workspace/documents-in.js";
import { memoize } from "../workspace/memo.js";
import type { ParsedChunk, ReadChunk, SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { applyEdits } from "../text/edit.js";
import type { AppliedObjects, Snapshot } from "../workspace/workspace.js";
import { formatPath } from "../yaml/path.js";
import { patch } from "../yaml/patch.js";
import { defaultBuild } from "./chart.js";
import { chartOfTemplate, type ChartDefaults } from "./chart-defaults.js";
import type { ComposedBuild, ComposedBuilds } from "./composed.js";
import { pairsBy } from "./pairs.js";

/** An object that is another one than at the base. */
export interface ChangedObject {
  /** What the base is called: `HEAD (1a2b3c4)` */
  readonly base: string;
  readonly before: Resource;
  readonly after: Resource;
  /** Where it is written, or the template that makes it; `undefined` for one that a kustomization builds. */
  readonly document?: DocumentId | undefined;
}

/** What differs from the base, object by object. What is new or gone is not among it. */
export interface ChangedObjects {
  /**
   * Those of a document that stands for itself, or what a chart's default values make of a template; of these values all
   * that the templates of the chart make.
   */
  of(document: DocumentId): readonly ChangedObject[];
  /** The change of an object that a kustomization builds. */
  built(resource: Resource): ChangedObject | undefined;
}

interface Builds {
  readonly now: (snapshot: Snapshot) => ComposedBuilds;
  /** Of the base: with memories of their own. */
  readonly before: (snapshot: Snapshot) => ComposedBuilds;
  readonly defaultsOf: (chart: Directory<SourceFile>) => ChartDefaults;
}

/**
 * Makes the function that compares the objects of files that may have changed, and of the builds that read one of them,
 * as they are applied: the results of kustomizations, and of charts with their default values. An object is found by
 * its kind, namespace and name, also in another file if it is nowhere else.
 */
export function createChangedObjects(builds: Builds): (snapshot: Snapshot) => ChangedObjects | undefined {
  const textOf = memoize(({ place }: Resource) => canonicalJson(place.value()));
  const filledOf = createFilled(builds.defaultsOf);
  const renamed = createRenamed();
  return memoize((snapshot: Snapshot): ChangedObjects | undefined => {
    const { base } = snapshot;
    if (base === undefined || (base.changed.size === 0 && base.applied.size === 0)) return undefined;
    const applied = (state: Snapshot, buildsOf: Builds["now"]) => [
      ...appliedObjects(state, buildsOf(state), withTemplates(base.changed, snapshot, base.snapshot), filledOf),
    ];
    const pairs = pairsBy(applied(base.snapshot, builds.before), applied(snapshot, builds.now), [
      ({ home, resource }) => JSON.stringify([home, nameKey(resource.key)]),
      ({ resource }) => nameKey(resource.key),
    ]);
    const ofDocuments = new Map<string, ChangedObject[]>();
    const ofBuilds = new Map<Resource, ChangedObject>();
    const compare = (title: string, before: Resource, { document, values, resource }: AppliedObject) => {
      if (before === resource || textOf(before) === textOf(resource)) return;
      const changed = { base: title, before, after: resource, document };
      if (document === undefined) ofBuilds.set(resource, changed);
      for (const one of [document, values]) {
        if (one !== undefined) ofDocuments.set(keyOf(one), [...(ofDocuments.get(keyOf(one)) ?? []), changed]);
      }
    };
    const { title, titles } = base.base;
    for (const { before, after } of pairs) {
      if (before === undefined || after === undefined) continue;
      compare(titles?.get(before.uri) ?? title, before.resource, after);
    }
    for (const [uri, objects] of base.applied) {
      const own = [...appliedObjects(snapshot, builds.now(snapshot), new Set([uri]), filledOf)];
      for (const one of own) {
        const before = counterpart(one.resource, own, objects);
        if (before !== undefined) compare(objects.title, renamed(before, one.resource.key, snapshot.read), one);
      }
    }
    return {
      of: (document) => ofDocuments.get(keyOf(document)) ?? [],
      built: (resource) => ofBuilds.get(resource),
    };
  });
}

/** The same object among those that are applied elsewhere: where that says no namespace, in any. */
function counterpart(
  after: Resource,
  own: readonly AppliedObject[],
  { documents, anyName }: AppliedObjects,
): PlacedResource | undefined {
  const found = documents
    .flatMap(({ chunk }) => (chunk.state === "checked" ? chunk.resources.map((resource) => ({ resource, chunk })) : []))
    .filter(({ resource }) => resource.key.kind === after.key.kind && isComparable(resource));
  const named = found.filter(({ resource }) => resource.key.name === after.key.name);
  const exact = named.filter(({ resource }) => resource.key.namespace === after.key.namespace);
  const [one, another] = exact.length > 0 ? exact : named;
  if (one !== undefined) return another === undefined ? one : undefined;
  const isLone = own.filter(({ resource }) => resource.kind === "StatefulSet").length === 1 && found.length === 1;
  return anyName && after.kind === "StatefulSet" && isLone ? found[0] : undefined;
}

interface PlacedResource {
  readonly resource: Resource;
  readonly chunk: ParsedChunk;
}

/** Gives an object another name and namespace, so that only the rest of it is compared; the same object each time. */
function createRenamed() {
  const known = new WeakMap<Resource, { readonly key: ResourceKey; readonly resource: Resource }>();
  return (placed: PlacedResource, key: ResourceKey, read: ReadChunk): Resource => {
    if (isSameName(placed.resource.key, key)) return placed.resource;
    const before = known.get(placed.resource);
    if (before !== undefined && isSameName(before.key, key)) return before.resource;
    const resource = underName(placed, key, read);
    known.set(placed.resource, { key, resource });
    return resource;
  };
}

function isSameName(one: ResourceKey, other: ResourceKey): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

function underName({ resource, chunk }: PlacedResource, { name, namespace }: ResourceKey, read: ReadChunk): Resource {
  const { path } = resource.place;
  const metadata = [...path, "metadata"];
  const edits = patch(chunk.document, [
    { op: "set", path: [...metadata, "name"], value: name },
    namespace === undefined
      ? { op: "remove", path: [...metadata, "namespace"] }
      : { op: "set", path: [...metadata, "namespace"], value: namespace },
  ]);
  if (edits === undefined) return resource;
  const text = applyEdits(chunk.text, edits);
  const found = read(text, "manifest", text).resources;
  return found.find(({ place }) => formatPath(place.path) === formatPath(path)) ?? resource;
}

function keyOf({ uri, document }: DocumentId): string {
  return `${document} ${uri}`;
}

function nameKey({ kind, namespace, name }: ResourceKey): string {
  return JSON.stringify([kind, namespace, name]);
}

interface AppliedObject {
  readonly resource: Resource;
  /** The file that it is looked at for. */
  readonly uri: string;
  /** The file or the build that it is of. */
  readonly home: string;
  /** Where it is written; `undefined` for one of a build. */
  readonly document: DocumentId | undefined;
  /** The default values that a template is filled in with. */
  readonly values?: DocumentId | undefined;
}

/** What differs from the base of what a document writes, or of what is built of it. */
export function changedIn(
  document: DocumentId,
  objects: ChangedObjects,
  builds: readonly ComposedBuild[],
): readonly ChangedObject[] {
  if (builds.length === 0) return objects.of(document);
  return builds.flatMap((build) => build.touchedBy(document).flatMap(({ resource }) => objects.built(resource) ?? []));
}

/** Files, and for those of a chart all of its templates: each may read each value. */
function withTemplates(uris: ReadonlySet<string>, ...states: readonly Snapshot[]): ReadonlySet<string> {
  const all = new Set(uris);
  for (const { files } of states) {
    const charts = new Set([...uris].flatMap((uri) => chartAround(segments(uri), files) ?? []));
    for (const chart of charts) {
      const templates = chart.directories.get("templates");
      for (const { uri } of templates === undefined ? [] : filesBelow(templates)) all.add(uri);
    }
  }
  return all;
}

/** The directory of the nearest chart around a file, whatever the file is in it. */
function chartAround(way: readonly string[], files: Directory<SourceFile>): Directory<SourceFile> | undefined {
  for (let length = way.length - 1; length > 0; length--) {
    const directory = directoryAt(files, way.slice(0, length));
    if (directory?.files.has(chartFile) === true) return directory;
  }
  return undefined;
}

type Filled = ReturnType<typeof createFilled>;

function* appliedObjects(
  snapshot: Snapshot,
  builds: ComposedBuilds,
  uris: ReadonlySet<string>,
  filledOf: Filled,
): Generator<AppliedObject> {
  const seen = new Set<string>();
  for (const uri of uris) {
    const own = builds.of(uri);
    for (const build of own) {
      if (seen.has(build.key)) continue;
      seen.add(build.key);
      // The result of a failing build is never applied.
      if (build.remarks.some(({ message }) => message.rule === "build")) continue;
      for (const { resource, composed } of build.resources()) {
        // A hash in the name makes another object of each change.
        if (isComparable(resource) && !composed.hashed) {
          yield { resource, uri, home: `build ${build.key}`, document: undefined };
        }
      }
    }
    if (own.length > 0 || builds.isPatch(uri)) continue;
    for (const [number, { chunk }] of documentsIn(snapshot, uri).entries()) {
      const document = { uri, document: number };
      const filled = chunk.state === "template" ? filledOf(snapshot, uri, chunk) : undefined;
      const resources = chunk.state === "checked" ? chunk.resources : (filled?.resources ?? []);
      for (const resource of resources) {
        if (isComparable(resource)) yield { resource, uri, home: uri, document, values: filled?.values };
      }
    }
  }
}

function isComparable(resource: Resource): boolean {
  return resource.name.state === "present" && !isPartial(resource);
}

/** What the default values make of a chart's templates, once for each chunk and each state of the values. */
function createFilled(defaultsOf: Builds["defaultsOf"]) {
  const known = new WeakMap<ParsedChunk, { readonly defaults: ChartDefaults; readonly filled: FilledTemplate }>();
  return ({ files }: Snapshot, uri: string, chunk: ParsedChunk): FilledTemplate | undefined => {
    const chart = chartOfTemplate(segments(uri), files);
    if (chart === undefined || chunk.template === undefined) return undefined;
    const defaults = defaultsOf(chart);
    const before = known.get(chunk);
    if (before?.defaults === defaults) return before.filled;
    const build = defaultBuild({ uri, text: chunk.template.text }, defaults);
    const resources = build.resources().map(({ resource }) => resource);
    const filled = { resources, values: defaults.file && { uri: defaults.file.uri, document: 0 } };
    known.set(chunk, { defaults, filled });
    return filled;
  };
}

interface FilledTemplate {
  readonly resources: readonly Resource[];
  readonly values: DocumentId | undefined;
}
