/** What client and server say to each other beyond LSP. Types and names only. */

import type { Release } from "../engine/k8s/versions.js";
import type { WrittenSpec } from "../engine/rollout/spec.js";

/** Client to server: the StatefulSets of a document as the preview needs them. */
export const rolloutRequest = "ordinal/rollout";

export interface RolloutParams {
  readonly uri: string;
}

export interface RolloutResult {
  readonly uri: string;
  readonly release: Release;
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
}

/**
 * The command behind the code lens, which the client provides: opens the preview of one StatefulSet. Arguments: uri and
 * index; without them the StatefulSet under the cursor.
 */
export const previewCommand = "ordinal.previewRollout";
