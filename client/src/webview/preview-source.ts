import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { isMapping } from "../../../server/src/engine/yaml/plain.js";
import { isCount, isString } from "./guards.js";

/** Which StatefulSet a panel shows. It is followed by its name where the manifest changes around it. */
export interface PreviewSource {
  readonly uri: string;
  /** Its place among the StatefulSets of the document, 0 for the first. */
  readonly index: number;
  readonly name: string;
}

/** A StatefulSet of another file, which an edit can be compared with. */
export interface FormerFile {
  /** Its file, as a person would name it. */
  readonly label: string;
  /** What it says, or said when it could last be read; `undefined` if it never could. */
  readonly written: WrittenSpec | undefined;
  /** Why it cannot be read at this moment. */
  readonly problem: string | undefined;
}

export function isPreviewSource(value: unknown): value is PreviewSource {
  return isMapping(value) && isString(value["uri"]) && isCount(value["index"]) && isString(value["name"]);
}
