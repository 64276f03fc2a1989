import { readResource, type Resource } from "../k8s/resource.js";
import type { FileSummary, Unit } from "../workspace/scope.js";
import { fileAt, type Directory } from "../workspace/directory.js";
import { memoize } from "../workspace/memo.js";
import type { SourceFile } from "../workspace/source-file.js";
import { fingerprint, summarise, type DocumentId, type DocumentSummary } from "../workspace/summary.js";
import { composedPlace } from "./composed-place.js";
import { compose, createMemory, type Composition } from "./compose.js";
import type { ComposedResource } from "./composed-resource.js";
import { createGraphs, type Graph } from "./graph.js";
import { sourcesOf } from "./value.js";
import type { Way } from "./way.js";

/** What one top-level kustomization builds. */
export interface Build {
  /** The directory of the kustomization, as a reader would call it. */
  readonly name: string;
  /** What belongs together in it. Its identity moves only when some summary changes. */
  readonly unit: Unit;
  /** Whether kustomize writes names and labels as they stand in the documents. */
  readonly plain: boolean;
  /** The resources that have something from this document: that were read from it, or that it patches. */
  touchedBy(document: DocumentId): readonly BuiltResource[];
}

/** A resource as it is built, in the words of its kind. */
export interface BuiltResource {
  readonly composed: ComposedResource;
  readonly resource: Resource;
}

/** The builds of one state of the workspace. */
export interface Builds {
  /** Those that read a file, as a resource, a patch or a kustomization. */
  of(uri: string): readonly Build[];
  /** Whether some kustomization names the file as a patch, and none as a resource. */
  isPatch(uri: string): boolean;
}

/**
 * Makes the builds of the workspace's states. A build is made when it is asked for, and again only when one of the files
 * that it reads has changed; of those that did not change, every resource stays the same object.
 */
export function createBuilds(): (files: Directory<SourceFile>) => Builds {
  const memory = createMemory();
  const graphOf = createGraphs(memory);
  const latest = new Map<string, { readonly composition: Composition; readonly build: Build }>();
  const viewOf = memoize(({ value, root }: ComposedResource) => readResource(composedPlace(value, root)));

  const buildAt = (way: Way, files: Directory<SourceFile>, graph: Graph): Build => {
    const key = way.join("/");
    const known = latest.get(key);
    if (known !== undefined && isUpToDate(known.composition, files)) return known.build;
    const composition = compose(way, files, memory);
    const unit = unitOf(composition, graph, viewOf, known?.build.unit);
    const build = { name: graph.nameOf(way), unit, plain: graph.isPlain(key), touchedBy: finder(composition, viewOf) };
    latest.set(key, { composition, build });
    return build;
  };

  return memoize((files: Directory<SourceFile>): Builds => {
    const graph = graphOf(files);
    const made = new Map<string, Build>();
    return {
      of: (uri) =>
        graph.buildsOf(uri).map((way) => {
          const key = way.join("/");
          const build = made.get(key) ?? buildAt(way, files, graph);
          made.set(key, build);
          return build;
        }),
      isPatch: graph.isPatch,
    };
  });
}

function isUpToDate({ reads }: Composition, files: Directory<SourceFile>): boolean {
  for (const { way, file } of reads.values()) if (fileAt(files, way) !== file) return false;
  return true;
}

type ViewOf = (composed: ComposedResource) => Resource | undefined;

function finder({ resources }: Composition, viewOf: ViewOf): Build["touchedBy"] {
  let found: Map<string, ComposedResource[]> | undefined;
  return (document) => {
    found ??= byDocument(resources);
    return (found.get(keyOf(document)) ?? []).flatMap((composed) => {
      const resource = viewOf(composed);
      return resource === undefined ? [] : [{ composed, resource }];
    });
  };
}

function byDocument(resources: readonly ComposedResource[]): Map<string, ComposedResource[]> {
  const found = new Map<string, ComposedResource[]>();
  for (const resource of resources) {
    const documents = new Set([...sourcesOf(resource.value)].map(({ document }) => keyOf(document)));
    if (resource.base !== undefined) documents.add(keyOf(resource.base));
    for (const key of documents) {
      const others = found.get(key);
      if (others === undefined) found.set(key, [resource]);
      else others.push(resource);
    }
  }
  return found;
}

function keyOf({ uri, document }: DocumentId): string {
  return `${document} ${uri}`;
}

/** What the resources of a build may see of each other; the one from before, if nothing of it has changed. */
function unitOf(
  { resources, known, reads }: Composition,
  { isDraft }: Graph,
  viewOf: ViewOf,
  before: Unit | undefined,
): Unit {
  const documents = new Map<string, { readonly id: DocumentId; readonly resources: Resource[] }>();
  for (const composed of resources) {
    const resource = viewOf(composed);
    if (composed.base === undefined || resource === undefined) continue;
    const key = keyOf(composed.base);
    const document = documents.get(key) ?? { id: composed.base, resources: [] };
    document.resources.push(resource);
    documents.set(key, document);
  }
  const byFile = new Map<string, DocumentSummary[]>();
  for (const { id, resources: own } of documents.values()) {
    byFile.set(id.uri, [...(byFile.get(id.uri) ?? []), summarise(id, own, [], [])]);
  }
  for (const { file } of reads.values()) {
    for (const [document, { chunk }] of (file?.documents ?? []).entries()) {
      if (file === undefined || chunk.podDnsNames.length === 0) continue;
      const id = { uri: file.uri, document };
      byFile.set(file.uri, [...(byFile.get(file.uri) ?? []), summarise(id, [], chunk.podDnsNames, [])]);
    }
  }
  const isSame = before?.known === known && before.isDraft === isDraft && sameSummaries(before.files, byFile);
  return isSame ? before : { files: byFile, known, isDraft };
}

function sameSummaries(one: ReadonlyMap<string, FileSummary>, other: ReadonlyMap<string, FileSummary>): boolean {
  return (
    one.size === other.size &&
    [...one].every(([uri, summaries]) => {
      const others = other.get(uri);
      return (
        others?.length === summaries.length &&
        summaries.every((summary, index) => fingerprint(summary) === fingerprint(others[index] ?? summary))
      );
    })
  );
}
