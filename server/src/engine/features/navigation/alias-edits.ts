import type { TextEdit } from "../../text/edit.js";
import type { ParsedChunk } from "../../workspace/source-file.js";
import { stringText } from "../../yaml/render.js";
import type { Place } from "../../yaml/place.js";
import type { Span } from "../../text/span.js";
import { detectStyle } from "../../yaml/style.js";
import { objectsOf } from "./document-names.js";
import type { Occurrence } from "./occurrence.js";

/**
 * The edits that keep aliases right where names change: one that stands for a changed name and means something else gets
 * the old text, and one that means the changed name while its anchor does not gets the new one.
 */
export function aliasEdits(
  chunk: ParsedChunk,
  names: readonly Occurrence[],
  edits: readonly TextEdit[],
  { old, newName }: { readonly old: string; readonly newName: string },
): readonly TextEdit[] {
  const { text } = chunk;
  if (!/&\w/.test(text)) return [];
  const meant = new Set(names.map(({ span }) => span.start));
  const changed = new Map(edits.map(({ span }) => [span.start, span]));
  const written = (name: string) => stringText(name, { flow: true, quotes: undefined, style: detectStyle("") });
  return aliasesIn(chunk).flatMap((alias) => {
    const anchor = text.slice(alias.start + 1, alias.end);
    const isChanged = [...changed.values()].some(
      ({ start }) =>
        start < alias.start && text.slice(0, start).trimEnd().replace(/["']$/, "").trimEnd().endsWith(`&${anchor}`),
    );
    if (meant.has(alias.start) === isChanged) return [];
    return [{ span: alias, newText: written(isChanged ? old : newName) }];
  });
}

/** The aliases of a document that stand for scalars. */
function aliasesIn(chunk: ParsedChunk): readonly Span[] {
  const found = new Map<number, Span>();
  const collect = (place: Place, text: string) => {
    const { span, kind } = place;
    if (kind === "scalar" && text[span.start] === "*") found.set(span.start, span);
    for (const item of place.items()) collect(item, text);
    for (const [, entry] of place.entries()) collect(entry, text);
  };
  for (const { document } of objectsOf(chunk)) collect(document.root, document.text);
  return [...found.values()];
}
