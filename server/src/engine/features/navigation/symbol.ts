import { touches, type Span } from "../../text/span.js";
import type { DocumentPosition } from "../document.js";
import { namesOf } from "./document-names.js";
import { keyOf, type Files, type Named } from "./named.js";
import { definitionsOf, holdsAll } from "./resolve.js";

/** The name under a cursor and what it is the name of. */
export interface Symbol {
  readonly at: Named;
  /** None where no file defines it. */
  readonly definitions: readonly Named[];
}

/** The name at a position; of several the shortest that is defined somewhere: `db` in `data-db-0`. */
export function symbolAt(files: Files, { document, offset }: DocumentPosition): Symbol | undefined {
  const cursor = { start: offset, end: offset };
  const found = namesOf(document)
    .filter(({ reach, span }) => touches(reach, cursor) || touches(span, cursor))
    .toSorted((one, other) => distance(one.span, cursor) - distance(other.span, cursor) || length(one) - length(other))
    .map((occurrence) => ({ document, occurrence }))
    .map((at) => ({ at, definitions: definitionsOf(files, at) }));
  return found.find(({ definitions }) => definitions.length > 0) ?? found.find(({ at }) => isWhole(at)) ?? found[0];
}

/** A name that no file defines is taken for all of its text. */
function isWhole({ occurrence: { span, scalar } }: Named): boolean {
  return scalar.end - scalar.start - length({ span }) <= 2;
}

function distance(span: Span, cursor: Span): number {
  return touches(span, cursor) ? 0 : 1;
}

function length({ span }: { readonly span: Span }): number {
  return span.end - span.start;
}

/**
 * Everywhere in these files that a name is written, its definitions first. Of a name that no file defines, the same in
 * the file itself.
 */
export function occurrencesOf(files: Files, symbol: Symbol, uris: Iterable<string>): readonly Named[] {
  const { at, definitions } = symbol;
  const wanted = new Set(definitions.map(keyOf));
  const own = at.document.id.uri;
  const searched = definitions.length === 0 ? [own] : uris;
  const words = wordsOf(definitions.length === 0 ? [at] : definitions);
  const found = new Map<string, Named>();
  for (const uri of searched) {
    const text = files.text(uri);
    if (!words.some((word) => holdsAll(text, [word]))) continue;
    for (const document of files.documents(uri)) {
      for (const occurrence of namesOf(document)) {
        const one = { document, occurrence };
        if (occurrence.sort !== at.occurrence.sort || !mayMean(one, symbol)) continue;
        const theirs = definitionsOf(files, one);
        const isSame = wanted.size === 0 ? theirs.length === 0 : theirs.some((other) => wanted.has(keyOf(other)));
        if (isSame) found.set(keyOf(one), one);
      }
    }
  }
  const all = [...found.values()];
  return [...all.filter((one) => wanted.has(keyOf(one))), ...all.filter((one) => !wanted.has(keyOf(one)))];
}

/** By the name alone: kustomize may have put something before or behind the name of an object. */
function mayMean({ occurrence: { text, sort } }: Named, { at, definitions }: Symbol): boolean {
  const names = definitions.length === 0 ? [at] : definitions;
  return names.some(({ occurrence: name }) => (sort === "object" ? text.includes(name.text) : text === name.text));
}

/** What a file must hold for any of the names to be in it. */
function wordsOf(names: readonly Named[]): readonly string[] {
  return names.map(({ occurrence: { sort, text } }) => {
    if (text.includes("{{")) return "{{";
    switch (sort) {
      case "label":
        return text.slice(text.indexOf("=") + 1);
      case "value":
        return text.slice(text.lastIndexOf(".") + 1);
      default:
        return text;
    }
  });
}
