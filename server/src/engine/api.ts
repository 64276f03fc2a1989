/**
 * The engine's whole public surface: adapters (language server, command line, webview) import nothing deeper.
 * No file system, no clock, no protocol: text comes in, findings, edits and plain data go out.
 */
import { createAnalyses, type Analysis } from "./analysis.js";
import type { Config } from "./config/config.js";
import type { Rule } from "./lint/rule.js";
import { rules } from "./rules/registry.js";
import { readChunk, type ReadChunk } from "./workspace/source-file.js";
import { WorkspaceFiles, type Base } from "./workspace/workspace.js";

export type { Analysis } from "./analysis.js";
export type { AppliedBase, Base } from "./workspace/workspace.js";
export type { Document, DocumentPosition } from "./features/document.js";
export { unknownParts } from "./compare/unknown-parts.js";
export {
  appliedSets,
  configObjectsBeside,
  isChanged,
  pairSets,
  writtenAt,
  type Comparable,
  type SetPair,
} from "./features/preview/changed-sets.js";
export { playToShow, type PlayToShow } from "./features/preview/shown-play.js";
export { playedInBuild, playedInFile } from "./features/preview/played-objects.js";
export type { PlacedStatefulSet } from "./features/preview/sets.js";
export { failedFile, type FileFinding, type FileFix, type FileSilence } from "./file-findings.js";
export { defaultConfig, loadRestrictors, profiles, type Config } from "./config/config.js";
export { configFileName, isConfigFile } from "./config/config-file.js";
export { newerText, readSettings, resolveConfig, withSettings } from "./config/resolve.js";
export { asHtml, changesAsHtml } from "./drawing/html.js";
export { playForPanel } from "./drawing/panel-play.js";
export { playHtml, playSvg } from "./drawing/play-files.js";
export { asSvg } from "./drawing/svg.js";
export type { FileChange } from "./lint/apply-fix.js";
export { internalError, unreadableRules } from "./lint/core-rules.js";
export { reasonOf } from "./lint/internal-error.js";
export { severities, type Severity } from "./config/severity.js";
export { allRules } from "./rules/all.js";
export { memoizeByName } from "./workspace/memo.js";
export { counted } from "./words/counted.js";
export { attempt, type Attempt, type Failure } from "./workspace/failure.js";
export { isPartial, type StatefulSet } from "./kubernetes/kinds/statefulset.js";
export { nearest } from "./kubernetes/schema/nearest.js";
export {
  behaviourOf,
  playedBehaviour,
  playedGates,
  describedReleases,
  formatRelease,
  isSince,
  newestRelease,
  parseRelease,
  type Release,
} from "./kubernetes/versions.js";
export { dumpCommand } from "./maintenance/dump.js";
export { startOfDump, startOfManifests, type AppliedManifest } from "./maintenance/manifests.js";
export type { ShownPlay } from "./maintenance/panel-play.js";
export { readNode, type ClusterNode } from "./maintenance/nodes.js";
export { readObjects } from "./maintenance/objects.js";
export { readNodeList, readPlayOptions, resolvePlay, type PlayOptions } from "./maintenance/play-options.js";
export { playJson, playText, playVerdict } from "./maintenance/play-report.js";
export { playMaintenance, playTypes, volumeBindings } from "./maintenance/plays.js";
export { calmWorld } from "./rollout/world.js";
export { areFieldEdits } from "./rollout/fields.js";
export { configNotes, configObjectsOf, type ConfigObject } from "./rollout/config-changes.js";
export { planJson, type PlanJson } from "./rollout/plan-json.js";
export { planText } from "./rollout/plan-text.js";
export { readSetDumps, type SetDump } from "./maintenance/set-dump.js";
export {
  changedInTemplate,
  manifestText,
  planEdit,
  planFromDump,
  playedApplyOf,
  setFromText,
  refusalsOfNew,
  type PlannedEdit,
} from "./planned-edit.js";
export type { ApplyWay } from "./apply/kubectl.js";
export { readWrittenSpec } from "./rollout/read.js";
export { builtSets, type BuiltResource, type BuiltSet } from "./builds/build.js";
export { readRendered, toolOptions, type RenderedBuild, type ToolOptions } from "./builds/rendered.js";
export { buildNames, withBuilt } from "./builds/told-once.js";
export { playedAs, readPlayable, whyNot, type FailurePlace, type WhyNot } from "./builds/why-not.js";
export { readDeployments, type Deployment, type Release as DeployedRelease } from "./render/deployments.js";
export { kustomizationNames, readKustomizationReferences, type KustomizationReferences } from "./kustomize/read.js";
export { acrossBuilds, renderedFindings, seenFrom, type BuiltFinding } from "./rendered-findings.js";
export type { Source, ToolOutput } from "./render/source.js";
export { acting, creating, editing, withAdditions, type ScenarioAdditions } from "./rollout/scenario.js";
export { effectOf, restartedPods } from "./rollout/verdict.js";
export { formatApiError } from "./rollout/spec.js";
export { sameNamespace } from "./workspace/namespace.js";
export { runbookLines } from "./rollout/runbook.js";
export { readScenarioFile } from "./rollout/scenario-file.js";
export { startProblems } from "./rollout/start.js";
export { asMermaid, notesOf, sharedOf, type Shared } from "./rollout/share.js";
export { simulate, type Simulation } from "./rollout/simulate.js";
export { applyEdits, type TextEdit } from "./text/edit.js";
export { grouped, groupedByEach } from "./text/grouped.js";
export { lineIndex, type LineIndex, type Position } from "./text/lines.js";
export { touches, type Span } from "./text/span.js";
export { issuesUrl, version } from "./text/version.js";
export { printable, printableJson } from "./text/printable.js";
export { code, codeBlock, folded, table } from "./words/markdown.js";
export { escapeProse } from "./words/prose.js";
export { previewTitle, rulePage, rulePageUrl } from "./words/rule-page.js";
export { formatPath, parsePath } from "./yaml/path.js";
export { isMapping } from "./yaml/plain.js";

/** Files come in, analyses come out. What is computed about equal text, in equal surroundings, is computed once. */
export interface Workspace {
  /** A file was opened, edited or found on the disk; `text` is decoded. */
  setFile(uri: string, text: string): void;
  removeFile(uri: string): void;
  /**
   * With what all is compared, for the rules about edits; none at first. What is not among its files is the same there.
   */
  setBase(base: Base | undefined): void;
  /** What holds where no configuration file says otherwise. */
  setConfig(config: Config): void;
  /** Whether every file of the workspace has been read, so that what is not there is missing. False at first. */
  setComplete(complete: boolean): void;
  /** Whether each file is by itself: its findings are reported, and nothing is called missing. False at first. */
  setLone(lone: boolean): void;
  /** All as it is now. The analysis stays as it is when the workspace changes. */
  snapshot(): Analysis;
}

/** The parts of a workspace that find and read. Each may throw: it then fails alone, with an `internal-error`. */
export interface Parts {
  readonly rules: readonly Rule[];
  readonly read: ReadChunk;
}

/** Makes workspaces, from `createWorkspace` itself or with other parts. */
export type WorkspaceMaker = (config: Config, flags?: Partial<Config>, parts?: Parts) => Workspace;

/** For those who read manifests and ask for no finding but that a text cannot be read. */
export const withoutRules: Parts = { rules: [], read: readChunk };

/** `flags` hold whatever the configuration files among the workspace's files say. */
export function createWorkspace(
  config: Config,
  flags: Partial<Config> = {},
  { rules: used, read }: Parts = { rules, read: readChunk },
): Workspace {
  const files = new WorkspaceFiles({ settings: config, flags }, read);
  const analyse = createAnalyses(used);
  return {
    setFile: (uri, text) => files.setFile(uri, text),
    removeFile: (uri) => files.removeFile(uri),
    setBase: (base) => files.setBase(base),
    setConfig: (next) => files.setConfig(next),
    setComplete: (complete) => files.setComplete(complete),
    setLone: (lone) => files.setLone(lone),
    snapshot: () => analyse(files.snapshot),
  };
}
