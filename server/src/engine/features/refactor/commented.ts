import { applyEdits, type TextEdit } from "../../text/edit.js";
import { joinEdits } from "../../text/pieces.js";
import type { Edit } from "../../yaml/edit.js";
import { parse, type ParsedDocument } from "../../yaml/parse.js";
import { patch } from "../../yaml/patch.js";
import type { Path } from "../../yaml/path.js";
import { detectStyle } from "../../yaml/style.js";

/**
 * What `patch` makes of the edits, with a comment above the key at a path of the result, as long as that key begins its
 * line.
 */
export function commentedPatch(
  document: ParsedDocument,
  edits: readonly Edit[],
  at: Path,
  comment: readonly string[],
): readonly TextEdit[] | undefined {
  const patched = patch(document, edits);
  if (patched === undefined) return undefined;
  const after = applyEdits(document.text, patched);
  const { start } = parse(after).root.at(...at).keySpan;
  const indent = /(?:^|[\r\n])([ \t]*)$/.exec(after.slice(0, start))?.[1];
  if (indent === undefined) return patched;
  const { eol } = detectStyle(document.text);
  const newText = comment.map((line) => `# ${line}${eol}${indent}`).join("");
  return joinEdits(document.text.length, [patched, [{ span: { start, end: start }, newText }]]);
}
