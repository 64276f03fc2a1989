import * as v from "valibot";
import { askedPlay, drawnWidth, panelPlay } from "../../../server/src/engine/maintenance/panel-play.js";
import { fieldEdits } from "../../../server/src/engine/rollout/fields.js";
import { optional, type Read } from "../../../server/src/engine/rollout/schema.js";
import { writtenSpec } from "../../../server/src/engine/rollout/spec.js";
import { choices, manifest } from "./choices.js";
import { previewSource } from "./preview-source.js";

/*
 * What the extension host and the preview page say to each other: two unions. Each side reads what it receives with the
 * schema before it looks at it.
 */

export const toPage = v.variant("type", [
  v.object({ type: v.literal("show"), ...manifest.entries }),
  /** The user has just chosen another file to compare with: the one in the last `show`. */
  v.object({ type: v.literal("formerChosen") }),
  /** The manifest cannot be read at this moment: what was shown last stays, marked as old. */
  v.object({ type: v.literal("stale"), reason: v.string() }),
  /** The field of the StatefulSet that the editor's cursor is on, such as `spec.replicas`. */
  v.object({ type: v.literal("cursor"), field: optional(v.string()) }),
  /** What the user had chosen when a panel of this StatefulSet was last open. Comes when the page starts. */
  v.object({ type: v.literal("choices"), choices }),
  /** What the user wants to see done to the nodes. */
  v.object({ type: v.literal("playNodes"), asked: askedPlay }),
  /** The answer to the last question about nodes, and again when the manifests have changed. */
  v.object({ type: v.literal("nodesPlayed"), play: panelPlay }),
]);
export type ToPage = Read<typeof toPage>;

/** What the host can compare with: the base of the editor, another revision, another file, or the cluster. */
export const formerSource = v.picklist(["base", "revision", "file", "cluster"]);
export type FormerSource = Read<typeof formerSource>;

export const toHost = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  /** Compare with something that the page does not have; the host may ask the user which. */
  v.object({ type: v.literal("chooseFormer"), from: formerSource }),
  /** Remember what the user has chosen for the next panel of this StatefulSet. */
  v.object({ type: v.literal("choices"), choices }),
  /** Open the manifest at a field, such as `spec.replicas`. */
  v.object({ type: v.literal("reveal"), field: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9.[\]]*$/)) }),
  /** Write what is supposed to the manifest, as an edit that the user can undo. */
  v.object({ type: v.literal("write"), edits: fieldEdits }),
  /** Play what is asked, drawn in so many pixels. */
  v.object({ type: v.literal("playNodes"), asked: askedPlay, width: drawnWidth }),
  v.object({ type: v.literal("copy"), text: v.string() }),
  /** Copy a link to this preview, with what is chosen in it. */
  v.object({ type: v.literal("copyLink") }),
  /** Ask the user where to save a picture; `content` is Base64. */
  v.object({
    type: v.literal("save"),
    format: v.picklist(["svg", "png"]),
    content: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
  }),
]);
export type ToHost = Read<typeof toHost>;

/** What the page keeps for the day it is restored; an older version of it may have written it. */
export const pageMemory = v.object({
  source: previewSource,
  opened: writtenSpec,
  openedManifest: optional(v.string()),
});
export type PageMemory = Read<typeof pageMemory>;
