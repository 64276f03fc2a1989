import type { Config } from "./config/config.js";
import { createDocuments, positionIn, type Document, type DocumentPosition } from "./features/document.js";
import { placedSet, setsOf, type PlacedStatefulSet } from "./features/preview/sets.js";
import { createFileFindings, type FileFindings } from "./file-findings.js";
import { createChangedObjects } from "./builds/changed-objects.js";
import { createComposedBuilds } from "./builds/composed.js";
import { createPlays } from "./plays.js";
import type { Rule } from "./lint/rule.js";
import { withCoreRules } from "./rules/all.js";
import type { LineIndex } from "./text/lines.js";
import { createChartDefaults } from "./builds/chart-defaults.js";
import { changedSince, isSameSince, type Changes } from "./workspace/changes.js";
import { createConfigs } from "./workspace/config-layers.js";
import { fileAt, filesBelow, segments } from "./workspace/directory.js";
import { documentsIn } from "./workspace/documents-in.js";
import { once } from "./workspace/memo.js";
import { createScopes } from "./workspace/scope.js";
import type { DocumentSummary } from "./workspace/summary.js";
import type { Snapshot } from "./workspace/workspace.js";

/**
 * Everything that can be asked of the workspace as it was when this was made. Spans are in UTF-16 offsets of the file.
 * What editors ask beyond that are functions of documents, in `features/`.
 */
export interface Analysis extends FileFindings {
  readonly state: Changes;
  /**
   * Whether all that follows from these files and from what other files show is what it was in an earlier state. `false`
   * where that would take a look at them.
   */
  isSameSince(state: Changes, uris: Iterable<string>): boolean;
  /** The files that have changed since without another one being concerned; `undefined` where any may be. */
  changedSince(state: Changes): ReadonlySet<string> | undefined;
  /** The configuration of a file: of the settings, as the configuration files in and above its directory change it. */
  configOf(uri: string): Config;
  /** All files that are known, in no particular order. */
  uris(): Iterable<string>;
  /** The text of a file; `undefined` for one that is not known. */
  text(uri: string): string | undefined;
  /** How a file's offsets become lines; `undefined` for a file that is not known. */
  lines(uri: string): LineIndex | undefined;
  /** What is known of every document without looking into it, in the order of the files' names. */
  summaries(): Iterable<DocumentSummary>;
  /** The documents of a file, in its order; none for a file that is not known. */
  documents(uri: string): readonly Document[];
  /** The document that an offset of a file is in. */
  documentAt(uri: string, offset: number): DocumentPosition | undefined;
  /** The StatefulSets of a file, in its order. */
  statefulSets(uri: string): readonly PlacedStatefulSet[];
  /** How many documents and StatefulSets a file holds; empty documents do not count. */
  count(uri: string): { readonly documents: number; readonly statefulSets: number };
}

/** Makes analyses that share what they compute about equal parts. One for each workspace. */
export function createAnalyses(rules: readonly Rule[]): (snapshot: Snapshot) => Analysis {
  const allRules = withCoreRules(rules);
  const scopes = createScopes();
  const defaultsOf = createChartDefaults();
  const configs = createConfigs(allRules);
  const releaseOf = (way: readonly string[], { files, layers }: Snapshot) => {
    const { newerRelease, kubernetesVersion } = configs.of(way, files, layers);
    return newerRelease ?? kubernetesVersion;
  };
  const buildsOf = createComposedBuilds(releaseOf);
  const before = createComposedBuilds(releaseOf);
  const changedObjects = createChangedObjects({ now: buildsOf, before, defaultsOf });
  const play = createPlays();
  const findingsOf = createFileFindings({ rules, scopes, buildsOf, configs, changedObjects, play });
  return (snapshot) => {
    const { files, layers, changes } = snapshot;
    const documents = createDocuments(
      { scopes, buildsOf, configs, defaultsOf, rules: allRules, changedObjects, play },
      snapshot,
    );
    const areDraftsChanged = once(() => {
      const { isDraft } = buildsOf(snapshot);
      return [...changes.alone.keys()].some(isDraft);
    });
    return {
      ...findingsOf(snapshot),
      state: changes,
      // What a kustomization reads shows wherever its build does.
      isSameSince: (state, uris) => isSameSince(changes, state, uris) && !areDraftsChanged(),
      changedSince: (state) => (areDraftsChanged() ? undefined : changedSince(changes, state)),
      configOf: (uri) => configs.of(segments(uri), files, layers),
      *uris() {
        for (const { uri } of filesBelow(files)) yield uri;
      },
      text: (uri) => fileAt(files, segments(uri))?.text,
      lines: (uri) => fileAt(files, segments(uri))?.lines,
      *summaries() {
        for (const file of filesBelow(snapshot.index)) yield* file;
      },
      documents,
      documentAt: (uri, offset) => positionIn(documents(uri), offset),
      statefulSets: (uri) => setsOf(documents(uri)).map(placedSet),
      count: (uri) => ({
        documents: documentsIn(snapshot, uri).filter(
          ({ chunk, readBy }) => readBy !== "neither" && holdsContent(chunk.text),
        ).length,
        statefulSets: setsOf(documents(uri)).length,
      }),
    };
  };
}

/** Whether a line of the text is neither blank, nor a comment, nor a marker. */
function holdsContent(text: string): boolean {
  return text.split(/[\r\n]/).some((line) => !/^(?:---|\.\.\.|\s*#.*|)$/.test(line.trimEnd()));
}
