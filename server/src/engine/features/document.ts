import type { Config } from "../config/config.js";
import type { Build } from "../builds/build.js";
import { changedIn, type ChangedObject, type createChangedObjects } from "../builds/changed-objects.js";
import { defaultBuild } from "../builds/chart.js";
import type { Simulation } from "../rollout/simulate.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { ComposedBuild, createComposedBuilds } from "../builds/composed.js";
import { chartOfTemplate, type createChartDefaults } from "../builds/chart-defaults.js";
import type { Configs } from "../workspace/config-layers.js";
import { fileAt, segments } from "../workspace/directory.js";
import { documentsIn } from "../workspace/documents-in.js";
import { changesOf, type FileChange } from "../lint/apply-fix.js";
import type { DocumentEdit } from "../lint/finding.js";
import { memoizeByName } from "../workspace/memo.js";
import type { createScopes, Scope, Unit } from "../workspace/scope.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import { isComplete, type Snapshot } from "../workspace/workspace.js";
import { lineIndex } from "../text/lines.js";
import type { Path } from "../yaml/path.js";
import { fileLink } from "../words/markdown.js";
import type { DescribedRule } from "./config-page.js";

/** A document of a file with what is known around it: what every feature of an editor is asked about. */
export interface Document {
  readonly id: DocumentId;
  /** Where the chunk begins in the file. Spans of the chunk are relative to it. */
  readonly start: number;
  readonly chunk: ParsedChunk;
  readonly config: Config;
  /** All rules, which a configuration file may name. */
  readonly rules: readonly DescribedRule[];
  /** What is around the document as it stands. */
  scope(): Scope;
  /** The resources that have something from the document, in each kustomization that reads it. */
  builds(): readonly BuiltView[];
  /** The kustomizations that read the file, as a resource, a patch or their own. */
  kustomizations(): readonly ComposedBuild[];
  /** A link to what stands at a path of a document, as Markdown: the file's name, and its line. */
  readonly linkTo: (document: DocumentId, path: Path) => string;
  /** What a chart's default values make of it; `undefined` for what is no template of a chart. */
  defaults(): Build | undefined;
  /** Edits of this document, and of others that they name, as text by file; see `changesOf`. */
  changes(edits: readonly DocumentEdit[]): readonly FileChange[] | undefined;
  /** What differs from the base: of what is written here, or of what is built of it. */
  edits(): readonly EditedObject[];
}

/** An object that is another one than at the base. */
export interface EditedObject extends ChangedObject {
  /** What a reader calls the kustomization that builds it; `undefined` for one that stands for itself. */
  readonly build: string | undefined;
  readonly cluster: Config;
  /** What happens to a StatefulSet when it is applied; `undefined` for other kinds, and where not all is known. */
  play(): Simulation | undefined;
}

/** A cursor. */
export interface DocumentPosition {
  readonly document: Document;
  /** Of the document's chunk. */
  readonly offset: number;
}

/** A resource as a kustomization builds it from the document, or from others and this one. */
export interface BuiltView {
  /** What a reader calls the kustomization. */
  readonly build: string;
  readonly resource: Resource;
  /** Whether it was read from the document, and where it begins there. */
  readonly base: { readonly root: Path } | undefined;
  readonly scope: Scope;
}

/** What the documents of all snapshots of a workspace share. */
export interface Shared {
  readonly scopes: ReturnType<typeof createScopes>;
  readonly buildsOf: ReturnType<typeof createComposedBuilds>;
  readonly configs: Configs;
  readonly defaultsOf: ReturnType<typeof createChartDefaults>;
  readonly rules: readonly DescribedRule[];
  readonly changedObjects: ReturnType<typeof createChangedObjects>;
  readonly play: (changed: ChangedObject, config: Config) => Simulation | undefined;
}

/** Makes the function that finds the documents of a file, in its order; none for a file that is not known. */
export function createDocuments(shared: Shared, snapshot: Snapshot): (uri: string) => readonly Document[] {
  return memoizeByName((uri) =>
    documentsIn(snapshot, uri).map(({ chunk, start }, document) =>
      createDocument(shared, snapshot, { uri, document }, chunk, start),
    ),
  );
}

/** The document that an offset of the file is in. */
export function positionIn(documents: readonly Document[], offset: number): DocumentPosition | undefined {
  const document = documents.findLast(({ start }) => start <= offset);
  return document && { document, offset: offset - document.start };
}

function createDocument(
  { scopes, buildsOf, configs, defaultsOf, rules, changedObjects, play }: Shared,
  snapshot: Snapshot,
  id: DocumentId,
  chunk: ParsedChunk,
  start: number,
): Document {
  const { files, layers } = snapshot;
  const configOf = (uri: string) => configs.of(segments(uri), files, layers);
  const scopeOf = (document: DocumentId, unit?: Unit) => {
    const cluster = configOf(document.uri);
    return scopes(document, {
      index: snapshot.index,
      complete: isComplete(snapshot),
      unit,
      isDraft: buildsOf(snapshot).isDraft,
      externalServices: cluster.externalServices,
      cluster,
    });
  };
  return {
    id,
    start,
    chunk,
    rules,
    get config() {
      return configOf(id.uri);
    },
    scope: () => scopeOf(id),
    kustomizations: () => buildsOf(snapshot).of(id.uri),
    builds: () =>
      buildsOf(snapshot)
        .of(id.uri)
        .flatMap((build) =>
          build.touchedBy(id).map(({ composed: { base, root }, resource }) => ({
            build: build.label,
            resource,
            base: base?.uri === id.uri && base.document === id.document ? { root } : undefined,
            scope: scopeOf(base ?? id, build.unit),
          })),
        ),
    changes: (edits) => changesOf({ edits }, id, (uri) => fileAt(files, segments(uri))),
    linkTo: (document, path) => {
      const place = documentsIn(snapshot, document.uri)[document.document];
      const file = fileAt(files, segments(document.uri));
      const offset = place === undefined ? 0 : place.start + place.chunk.document.root.at(...path).keySpan.start;
      return fileLink(document.uri, lineIndex(file?.text ?? "").position(offset).line + 1);
    },
    edits() {
      const objects = changedObjects(snapshot);
      if (objects === undefined) return [];
      const builds = buildsOf(snapshot).of(id.uri);
      const edited = (changed: ChangedObject, build: string | undefined): EditedObject => ({
        ...changed,
        build,
        cluster: configOf(id.uri),
        play: () => play(changed, configOf(id.uri)),
      });
      if (builds.length === 0) return objects.of(id).map((changed) => edited(changed, undefined));
      return builds.flatMap((build) => changedIn(id, objects, [build]).map((changed) => edited(changed, build.label)));
    },
    defaults() {
      const { template } = chunk;
      const chart = template && chartOfTemplate(segments(id.uri), files);
      return template && chart && defaultBuild({ uri: id.uri, text: template.text }, defaultsOf(chart));
    },
  };
}
