import { readResource, type Resource } from "../kubernetes/resources/resource.js";
import type { Release } from "../kubernetes/versions.js";
import type { Unit } from "../workspace/scope.js";
import { segments, type Directory } from "../workspace/directory.js";
import { attempt, type Failure } from "../workspace/failure.js";
import { memoize, once } from "../workspace/memo.js";
import type { SourceFile } from "../workspace/source-file.js";
import type { Snapshot } from "../workspace/workspace.js";
import {
  type FileSummary,
  sameSummaries,
  summarise,
  type DocumentId,
  type DocumentSummary,
} from "../workspace/summary.js";
import { composedPlace } from "../kustomize/composed-place.js";
import { compose, createMemory, type Composition } from "../kustomize/compose.js";
import type { ComposedResource } from "../kustomize/composed-resource.js";
import { createGraphs, type FailedKustomization, type Graph } from "../kustomize/graph.js";
import { kustomizationNames } from "../kustomize/read.js";
import type { Remark } from "../kustomize/remark.js";
import { sourcesOf } from "../kustomize/value.js";
import { claimTemplateNote } from "../kustomize/version.js";
import { directoryAtWay, fileAtWay, keyOfWay, type Way } from "../kustomize/way.js";
import type { SourcePlace } from "../render/source.js";
import { shift } from "../text/span.js";
import type { Place } from "../yaml/place.js";
import type { Build, BuiltResource } from "./build.js";

/** What one top-level kustomization builds. Its label is its directory, as a reader would call it. */
export interface ComposedBuild extends Build {
  /** The directory of its kustomization, for comparisons. */
  readonly key: string;
  resources(): readonly ComposedObject[];
  /** What belongs together in it. Its identity moves only when some summary changes. */
  readonly unit: Unit;
  /**
   * What objects are called in it, with their names in the documents where these differ. `undefined` where kustomize
   * changes more than names, namespaces and labels: then what is built does not tell what to write.
   */
  readonly renamed: ReadonlyMap<string, string> | undefined;
  /** Why it fails, and what kustomize drops silently. */
  readonly remarks: readonly Remark[];
  /** The resources that have something from this document: that were read from it, or that it patches. */
  touchedBy(document: DocumentId): readonly ComposedObject[];
  /** The documents that an object has something from: first the one that it was read from. */
  documentsOf(object: ComposedObject): readonly DocumentId[];
  /** Why nothing is known of it, and the kustomization's file: a part of Ordinal failed. */
  readonly failed?: { readonly uri: string; readonly failure: Failure };
}

export interface ComposedObject extends BuiltResource {
  readonly composed: ComposedResource;
}

/** The builds of one state of the workspace. */
export interface ComposedBuilds {
  /** Those that read a file, as a resource, a patch or a kustomization. */
  of(uri: string): readonly ComposedBuild[];
  /** Makes them one after another, for who has to stop in between. */
  making(uri: string): Iterable<ComposedBuild>;
  /** Whether some kustomization names the file as a patch, and none as a resource. */
  isPatch(uri: string): boolean;
  /** Whether a kustomization stands in the file's own directory, and none reads the file. */
  isLeftOut(uri: string): boolean;
  /** Whether some kustomization reads the file. The same function as long as they read the same files. */
  readonly isDraft: (uri: string) => boolean;
}

/**
 * Makes the builds of the workspace's states. A build is made when it is asked for, and again only when one of the
 * files that it reads has changed, or another kustomization changes what it is called; of those that did not change,
 * every resource stays the same object.
 */
export function createComposedBuilds(
  releaseOf: (way: Way, snapshot: Snapshot) => Release,
): (snapshot: Snapshot) => ComposedBuilds {
  const memory = createMemory();
  const graphOf = createGraphs(memory);
  const latest = new Map<
    string,
    { readonly composition: Composition; readonly build: ComposedBuild; readonly claimTemplates: string | undefined }
  >();
  const viewOf = memoize(({ value, root }: ComposedResource) => readResource(composedPlace(value, root)));
  const seen = createSeers(viewOf);
  const documentsOf = memoize(documentsIn);

  const buildAt = (way: Way, snapshot: Snapshot, graph: Graph): ComposedBuild => {
    const { files } = snapshot;
    const key = keyOfWay(way);
    const known = latest.get(key);
    const label = graph.nameOf(way);
    const isTraceable = graph.isTraceable(key);
    const claimTemplates = claimTemplateNote(releaseOf([...way, "kustomization.yaml"], snapshot));
    if (known !== undefined && known.claimTemplates === claimTemplates && isUpToDate(known.composition, files)) {
      const { build: before } = known;
      if (before.label === label && (before.renamed !== undefined) === isTraceable) return before;
    }
    const composition = compose(way, files, memory, claimTemplates);
    const unit = unitOf(composition, seen, known?.build.unit);
    const { remarks } = composition;
    const isKnown = unit.known;
    const renamed = isTraceable ? renamedIn(composition) : undefined;
    const build = { key, label, isKnown, unit, renamed, remarks, ...createFinder(composition, viewOf, documentsOf) };
    latest.set(key, { composition, build, claimTemplates });
    return build;
  };

  const tryBuildAt = (way: Way, snapshot: Snapshot, graph: Graph): ComposedBuild => {
    const built = attempt("Composing this kustomization", () => buildAt(way, snapshot, graph));
    if (built.type === "done") return built.value;
    const [file] = kustomizationNames.flatMap((name) => fileAtWay(snapshot.files, [...way, name]) ?? []);
    return failedBuild(way, graph, { uri: file?.uri ?? "", failure: built.failure });
  };

  return memoize((snapshot: Snapshot): ComposedBuilds => {
    const graph = graphOf(snapshot.files);
    for (const key of latest.keys()) if (!graph.isTopLevel(key)) latest.delete(key);
    const made = new Map<string, ComposedBuild>();
    const unread = memoize((failed: FailedKustomization) => failedBuild(failed.way, graph, failed));
    function* making(uri: string) {
      for (const way of graph.buildsOf(uri)) {
        const key = keyOfWay(way);
        const build = made.get(key) ?? tryBuildAt(way, snapshot, graph);
        made.set(key, build);
        yield build;
      }
    }
    return {
      making,
      of: (uri) => [
        ...making(uri),
        // What it reads is not known: nothing beside it or below it counts as applied as it stands.
        ...graph.failures
          .filter(({ way }) => keyOfWay(segments(uri)).startsWith(`${keyOfWay(way)}/`))
          .map((failed) => unread(failed)),
      ],
      isPatch: graph.isPatch,
      isLeftOut: graph.isLeftOut,
      isDraft: graph.isDraft,
    };
  });
}

/** A build of which nothing is known. */
function failedBuild(way: Way, graph: Graph, failed: NonNullable<ComposedBuild["failed"]>): ComposedBuild {
  const unit = { files: new Map<string, FileSummary>(), known: false };
  const none = { resources: () => [], touchedBy: () => [], documentsOf: () => [] };
  const nothing = { isKnown: false, unit, renamed: undefined, remarks: [], ...none };
  return { ...nothing, key: keyOfWay(way), label: graph.nameOf(way), failed };
}

/** Names in a build by which one object of the documents is called, and its own name. */
function renamedIn({ resources }: Composition): ReadonlyMap<string, string> {
  const names = new Map<string, string | undefined>();
  for (const { id, previous } of resources) {
    const written = previous[0]?.name ?? id.name;
    const isOther = names.has(id.name) && names.get(id.name) !== written;
    names.set(id.name, isOther ? undefined : written);
  }
  return new Map(
    [...names].flatMap(([name, written]) => (written === undefined || written === name ? [] : [[name, written]])),
  );
}

function isUpToDate({ reads, directories }: Composition, files: Directory<SourceFile>): boolean {
  for (const { way, file } of reads.values()) if (fileAtWay(files, way) !== file) return false;
  for (const { way, exists } of directories.values()) {
    if ((directoryAtWay(files, way) !== undefined) !== exists) return false;
  }
  return true;
}

type ViewOf = (composed: ComposedResource) => Resource | undefined;

function createFinder(
  { resources, reads }: Composition,
  viewOf: ViewOf,
  documentsOf: (resource: ComposedResource) => ReadonlyMap<string, DocumentId>,
): Pick<ComposedBuild, "resources" | "touchedBy" | "documentsOf"> {
  const files = new Map([...reads.values()].flatMap(({ file }) => (file === undefined ? [] : [[file.uri, file]])));
  const origin = (place: Place): SourcePlace => {
    const { document, note } = place.origin;
    const file = files.get(document?.uri ?? "");
    const start = file?.documents[document?.document ?? 0]?.start ?? 0;
    const source = file ?? { uri: document?.uri ?? "", text: "" };
    return { source, span: shift(place.span, start), exact: place.exists, note };
  };
  const objectOf = (composed: ComposedResource): readonly ComposedObject[] => {
    const resource = viewOf(composed);
    return resource === undefined ? [] : [{ composed, resource, origin }];
  };
  const byDocument = once(() => {
    const found = new Map<string, ComposedResource[]>();
    for (const resource of resources) {
      for (const key of documentsOf(resource).keys()) {
        const others = found.get(key);
        if (others === undefined) found.set(key, [resource]);
        else others.push(resource);
      }
    }
    return found;
  });
  return {
    resources: () => resources.flatMap(objectOf),
    touchedBy: (document) => (byDocument().get(keyOf(document)) ?? []).flatMap(objectOf),
    documentsOf: ({ composed }) => [...documentsOf(composed).values()],
  };
}

/** The documents that a resource has something from: first the one that it was read from. */
function documentsIn({ value, base }: ComposedResource): ReadonlyMap<string, DocumentId> {
  const documents = [...(base === undefined ? [] : [base]), ...[...sourcesOf(value)].map(({ document }) => document)];
  return new Map(documents.map((document) => [keyOf(document), document]));
}

function keyOf({ uri, document }: DocumentId): string {
  return `${document} ${uri}`;
}

/** What the resources of a build may see of each other; the one from before, if nothing of it has changed. */
function unitOf({ resources, known, reads }: Composition, seen: Seers, before: Unit | undefined): Unit {
  const files = new Map<string, DocumentSummary[]>();
  const add = (summary: DocumentSummary | undefined) => {
    if (summary === undefined) return;
    const others = files.get(summary.id.uri);
    if (others === undefined) files.set(summary.id.uri, [summary]);
    else others.push(summary);
  };
  for (const composed of resources) add(seen.resource(composed));
  for (const { file } of reads.values()) if (file !== undefined) add(seen.dnsNames(file));
  const isSame = before?.known === known && sameFiles(before.files, files);
  return isSame ? before : { files, known };
}

/** Summaries, each made once. */
interface Seers {
  readonly resource: (composed: ComposedResource) => DocumentSummary | undefined;
  readonly dnsNames: (file: SourceFile) => DocumentSummary | undefined;
}

function createSeers(viewOf: ViewOf): Seers {
  return {
    resource: memoize((composed) => {
      const resource = viewOf(composed);
      return composed.base && resource && summarise(composed.base, [resource], [], []);
    }),
    dnsNames: memoize(({ uri, documents }) => {
      const names = documents.flatMap(({ chunk }) => chunk.podDnsNames);
      return names.length === 0 ? undefined : summarise({ uri, document: 0 }, [], names, []);
    }),
  };
}

function sameFiles(one: ReadonlyMap<string, FileSummary>, other: ReadonlyMap<string, FileSummary>): boolean {
  return (
    one.size === other.size &&
    // Of equally near objects the first is shown, so their order counts.
    [...one.keys()].join() === [...other.keys()].join() &&
    [...one].every(([uri, summaries]) => sameSummaries(summaries, other.get(uri) ?? []))
  );
}
