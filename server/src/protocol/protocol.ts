/** What client and server say to each other beyond LSP. Types and names only. */

import type { AskedPlay, PanelPlay } from "../engine/maintenance/panel-play.js";
import type { GateOverrides, Release } from "../engine/kubernetes/versions.js";
import type { FieldEdit } from "../engine/rollout/fields.js";
import type { PlayedApply } from "../engine/rollout/played-apply.js";
import type { WrittenSpec } from "../engine/rollout/spec.js";

/** Client to server: the StatefulSets of a document as the preview needs them. */
export const rolloutRequest = "ordinal/rollout";

export interface RolloutParams {
  readonly uri: string;
  /**
   * Read instead of the document's present text, which stays what it is: so the preview asks what the saved file says.
   */
  readonly text?: string | undefined;
}

export interface RolloutResult {
  readonly uri: string;
  readonly release: Release;
  readonly featureGates: GateOverrides;
  readonly statefulSets: readonly PreviewTarget[];
}

export interface PreviewTarget {
  /** Which StatefulSet of the document it is: its place among them, 0 for the first. */
  readonly index: number;
  readonly name: string;
  /** The lines of its YAML document, 0-based and inclusive, so that the client can tell which one the cursor is in. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** What the manifest says, for the rollout engine to play; `undefined` where it cannot be read. */
  readonly written: WrittenSpec | undefined;
  /** Why it cannot be read, in a sentence; `undefined` where it can. */
  readonly unreadable: string | undefined;
  /** The manifest as JSON, to be compared with others; `undefined` where a tool will still write some of it. */
  readonly manifest?: string | undefined;
}

/** Client to server: by what a file is judged, for the editor's status. */
export const statusRequest = "ordinal/status";

export interface StatusParams {
  readonly textDocument: { readonly uri: string };
}

/** `null` for a file that is not known. */
export type StatusResult = {
  /** `Kubernetes 1.36`, or several: `Kubernetes 1.34 - 1.36`. */
  readonly release: string;
  readonly profile: string;
  /** How many files the server has read, and whether there are more to come. */
  readonly files: number;
  readonly isReading: boolean;
} | null;

/** Client to server: the StatefulSets of the workspace, for a tree. */
export const setsRequest = "ordinal/sets";

export type SetsResult = readonly SetTreeNode[];

/** Client to server: whether there are any, which costs next to nothing. The answer is a boolean. */
export const hasSetsRequest = "ordinal/hasSets";

export interface SetTreeNode {
  readonly name: string;
  /** As in `PreviewTarget`. */
  readonly index: number;
  readonly place: TreePlace;
  readonly parts: readonly {
    readonly sort: "pods" | "claims" | "service" | "budget" | "autoscaler";
    readonly text: string;
    readonly place: TreePlace;
  }[];
  readonly findings: readonly {
    readonly severity: "error" | "warning" | "info" | "hint";
    readonly text: string;
    readonly place: TreePlace;
  }[];
}

export interface TreePlace {
  readonly uri: string;
  readonly range: { readonly start: LinePosition; readonly end: LinePosition };
}

/** Client to server: what applying a manifest does, once for each of several that may be there before. */
export const appliesRequest = "ordinal/applies";

export interface AppliesParams {
  /** The file, or a file of the directory that is built: whose settings count. */
  readonly uri: string;
  /** As in `PreviewTarget`. */
  readonly manifest: string;
  /** The manifests that were applied before; `null` where nothing was. They are taken under the name of `manifest`. */
  readonly befores: readonly (string | null)[];
}

/** In the order of `befores`; `null` where one of both holds no StatefulSet. */
export type AppliesResult = readonly (PlayedApply | null)[];

/** Client to server: what happens to the pods of a StatefulSet when something is done to their nodes. */
export const nodesRequest = "ordinal/nodes";

export interface NodesParams {
  readonly uri: string;
  /** As in `PreviewTarget`; of a build, as in the last `BuiltResult`. */
  readonly index: number;
  /** The build that makes the set; absent for what stands in the file. */
  readonly build?: Build | undefined;
  readonly asked: AskedPlay;
  /** Of the drawing, in pixels. */
  readonly width: number;
}

export type NodesResult = PanelPlay;

/** Client to server: where a field of a StatefulSet stands, for the preview to open it in the editor. */
export const placeRequest = "ordinal/place";

export interface PlaceParams {
  readonly uri: string;
  /** As in `PreviewTarget`. */
  readonly index: number;
  /** `spec.updateStrategy.rollingUpdate.partition`. */
  readonly field: string;
}

/**
 * The field itself or, where the manifest leaves it out, the nearest parent that it has; `null` if there is no such
 * StatefulSet. Lines and UTF-16 characters from 0, as in LSP.
 */
export type PlaceResult = { readonly start: LinePosition; readonly end: LinePosition } | null;

/** Client to server: the field under the cursor, for the preview to show what depends on it. */
export const fieldRequest = "ordinal/field";

export interface FieldParams {
  readonly uri: string;
  readonly position: LinePosition;
}

/** `index` as in `PreviewTarget`, `field` as in `PlaceParams`; `null` outside the fields of a StatefulSet. */
export type FieldResult = { readonly index: number; readonly field: string } | null;

export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Client to server: how to write fields of a StatefulSet. The server changes nothing. */
export const editRequest = "ordinal/edit";

export interface EditParams {
  readonly uri: string;
  /** As in `PreviewTarget`; nothing is written to a set of another name that stands there by now. */
  readonly index: number;
  readonly name: string;
  readonly edits: readonly FieldEdit[];
}

export type EditResult =
  | { readonly type: "edits"; readonly edits: readonly LineEdit[] }
  /** `reason` is a sentence without its full stop. */
  | { readonly type: "refused"; readonly reason: string };

/** Lines and UTF-16 characters from 0, as in LSP; `text` has the document's line breaks. */
export interface LineEdit {
  readonly start: LinePosition;
  readonly end: LinePosition;
  readonly text: string;
}

/** A kustomization or a chart that a tool on the server's machine can build. */
export interface Build {
  readonly tool: "kustomize" | "helm";
  /** The URI of the directory that is built. */
  readonly directory: string;
}

/**
 * Client to server: the workspace is trusted, so programs may be run. A client may also say so from the start, by
 * `trusted: true` among its initialization options.
 */
export const trustedNotification = "ordinal/trusted";

/**
 * Server to a client that says `readsFiles` with `initialize`: what a file says that the server has not, because it runs in
 * a browser or the file is one of a virtual file system.
 */
export const readFileRequest = "ordinal/readFile";
export interface ReadFileParams {
  readonly uri: string;
}
export type ReadFileResult =
  | { readonly type: "text"; readonly text: string }
  /** `problem`: words that follow the file's name. */
  | { readonly type: "problem"; readonly problem: string };

/** The same for the files below a folder, as URIs: those that may be manifests, and maybe others. */
export const findFilesRequest = "ordinal/findFiles";
export interface FindFilesParams {
  readonly folder: string;
  /** About how many are wanted at most. */
  readonly limit: number;
}

/** The programs that Ordinal runs, in trusted workspaces. */
export const programNames = ["git", "helm", "kubectl", "kustomize"] as const;
export type ProgramName = (typeof programNames)[number];

/**
 * To a client that says `programPaths` with `initialize`: something that was wanted needs a program that is not on the
 * PATH, nor where the setting `paths` says.
 */
export const programMissingNotification = "ordinal/programMissing";
export interface ProgramMissingParams {
  readonly program: ProgramName;
  /** Where the setting says that it is; `undefined` where it says nothing. */
  readonly path: string | undefined;
}

/**
 * To a client that says `runbook` with `initialize`: how to make a change that the API server refuses to make of an object
 * that runs.
 */
export const runbookNotification = "ordinal/runbook";
export interface RunbookParams {
  /** Sentences. */
  readonly message: string;
  /** Commands for a shell, with comments. */
  readonly lines: readonly string[];
}

/**
 * Client to server: the user wants the cluster asked for its release, for the setting `auto`. It counts until the
 * server ends.
 */
export const clusterRequest = "ordinal/cluster";

export type ClusterResult =
  | {
      readonly type: "release";
      /** As `1.36.2`. */
      readonly release: string;
      /** Whether manifests are checked for it, because `kubernetesVersion` is `auto`. */
      readonly isUsed: boolean;
    }
  /** `reason` is a sentence without its full stop. */
  | { readonly type: "failed"; readonly reason: string };

/** Client to server: which builds a file is a part of. None before the workspace is trusted. */
export const buildsRequest = "ordinal/builds";

export interface BuildsParams {
  readonly uri: string;
}

export type BuildsResult = readonly Build[];

/** Client to server: the StatefulSets that a build makes of the files as they are saved. */
export const builtRequest = "ordinal/built";

export interface BuiltParams {
  readonly build: Build;
}

export interface BuiltResult {
  readonly release: Release;
  readonly featureGates: GateOverrides;
  /** Those of the last build that succeeded, unreadable where this one did not. Their lines mean nothing. */
  readonly statefulSets: readonly BuiltTarget[];
  /** Why nothing was built, in a sentence without its full stop. */
  readonly problem: string | undefined;
}

export interface BuiltTarget extends PreviewTarget {
  /** The URI of the file that the set comes from. */
  readonly source: string;
}

/** Client to server: where a field of a built StatefulSet is written. */
export const builtPlaceRequest = "ordinal/builtPlace";

export interface BuiltPlaceParams {
  readonly build: Build;
  /** As in the last `BuiltResult`. */
  readonly index: number;
  /** As in `PlaceParams`. */
  readonly field: string;
}

/** The field, or the object that it comes from; `null` if there is no such StatefulSet. */
export type BuiltPlaceResult = {
  readonly uri: string;
  readonly start: LinePosition;
  readonly end: LinePosition;
} | null;

/** Client to server: the releases that the cluster of the workspace's manifests can be upgraded to. */
export const upgradeTargetsRequest = "ordinal/upgradeTargets";

export interface UpgradeTargets {
  /** The releases that the manifests are for, as `1.36`; oldest first. */
  readonly current: readonly string[];
  /** Newest first. `isKnown` is false for the release that comes next. */
  readonly targets: readonly { readonly release: string; readonly isKnown: boolean }[];
}

/** Client to server: what an upgrade of the cluster changes for the manifests of the workspace. */
export const upgradeRequest = "ordinal/upgrade";

export interface UpgradeParams {
  /** As `1.37`. */
  readonly to: string;
}

export type UpgradeResult =
  | {
      readonly type: "changes";
      /** Only files for which something changes. */
      readonly files: readonly { readonly uri: string; readonly changes: readonly UpgradeChange[] }[];
      /** The releases that the upgrade starts from, as `1.36`; oldest first. */
      readonly from: readonly string[];
      /** What a user should know beside the changes, as a sentence without its full stop. */
      readonly note: string | undefined;
    }
  /** `reason` is a sentence without its full stop. */
  | { readonly type: "refused"; readonly reason: string };

export interface UpgradeChange {
  readonly severity: "error" | "warning" | "info" | "hint";
  /** `upgrade` where no rule speaks of it. */
  readonly rule: string;
  readonly text: string;
  /** An address where the change is written down. */
  readonly source: string;
  readonly start: LinePosition;
  readonly end: LinePosition;
}

/** Client to server: what a StatefulSet was at the base that the files are compared with. */
export const formerRequest = "ordinal/former";

export interface FormerParams {
  readonly uri: string;
  /** Its place among the StatefulSets of the file. */
  readonly index: number;
}

/** `null` where it has not changed, or is not known there. */
export type FormerResult = {
  /** What the base is called: `HEAD (1a2b3c4)` */
  readonly base: string;
  /** The set as it was applied there, as a manifest. */
  readonly text: string;
} | null;

/** To a client that provides the preview: what files are compared with is something else now. */
export const baseChangedNotification = "ordinal/baseChanged";

/** Client to server: the current context of the user's kubectl, to be shown before its cluster is asked anything. */
export const contextRequest = "ordinal/context";

/** `reason` is a sentence without its full stop. */
export type ContextResult =
  { readonly type: "context"; readonly context: string } | { readonly type: "failed"; readonly reason: string };

/** Client to server: what an open file is compared with from now on, instead of what the setting `base` says. */
export const compareRequest = "ordinal/compare";

export interface CompareParams {
  readonly uri: string;
  readonly with:
    /** What the setting says, as before. */
    | { readonly type: "setting" }
    | { readonly type: "file"; readonly uri: string }
    /** What the cluster has, if this is still the current context of kubectl: it is read now, and once. */
    | { readonly type: "cluster"; readonly context: string };
}

export type CompareResult =
  /** `notes`: a sentence each, with its full stop. */
  | { readonly type: "compared"; readonly notes: readonly string[] }
  /** `reason` is a sentence without its full stop. */
  | { readonly type: "failed"; readonly reason: string };

/** The command behind a code action, which the client provides: copies its argument, a text. */
export const copyRunbookCommand = "ordinal.copyRunbook";

/**
 * The command behind the code lens, which the client provides: opens the preview of one StatefulSet. Arguments: uri and
 * index, and `"base"` to compare it with what it was there, or `{ play }` to play that of its nodes (`AskedPlay`);
 * without them the StatefulSet under the cursor.
 */
export const previewCommand = "ordinal.previewRollout";
