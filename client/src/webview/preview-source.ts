import * as v from "valibot";
import { natural, optional, type Read } from "../../../server/src/engine/rollout/schema.js";
import { writtenSpec } from "../../../server/src/engine/rollout/spec.js";

/** Which StatefulSet a panel shows. It is followed by its name where the manifest changes around it. */
export const previewSource = v.object({
  uri: v.string(),
  /** Its place among the StatefulSets of the document, 0 for the first. */
  index: natural,
  name: v.string(),
});
export type PreviewSource = Read<typeof previewSource>;

/** A StatefulSet of another file, which an edit can be compared with. */
export const formerFile = v.object({
  /** Its file, as a person would name it. */
  label: v.string(),
  /** It is the base of the editor, no other file. */
  isBase: v.boolean(),
  /** What it says, or said when it could last be read; `undefined` if it never could. */
  written: optional(writtenSpec),
  /** Why it cannot be read at this moment. */
  problem: optional(v.string()),
});
export type FormerFile = Read<typeof formerFile>;
