import { editsOf } from "../../engine/features/preview/lenses.js";
import { setsOf } from "../../engine/features/preview/sets.js";
import type { FormerParams, FormerResult } from "../../protocol/protocol.js";
import type { AskedFile } from "./feature.js";

/** What a StatefulSet of a file was at the base, as it was applied there. */
export function former({ documents }: AskedFile, { index }: FormerParams): FormerResult {
  const set = setsOf(documents)[index];
  const [edit] = set === undefined ? [] : editsOf(set);
  if (edit === undefined) return null;
  // JSON is YAML.
  return { base: edit.base, text: `${JSON.stringify(edit.before.place.value(), null, 2)}\n` };
}
