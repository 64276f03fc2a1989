import { lineStartAt } from "../text/lines.js";
import type { Span } from "../text/span.js";
import type { ParsedDocument } from "./parse.js";
import type { Path } from "./path.js";
import type { Place } from "./place.js";

/**
 * What is at an offset. `gap`: white space or a comment; the path is that of the map or list in which a new line there
 * would be.
 */
export interface Located {
  readonly path: Path;
  readonly on: "key" | "value" | "gap";
}

/**
 * The deepest path whose key or value holds the offset (of the chunk; both edges count). The rest of a key's line is
 * its value's, if the value is not written yet. On empty lines the indentation decides: right of `spec:` and below it,
 * the path is `spec`.
 */
export function pathAt(document: Pick<ParsedDocument, "text" | "root">, offset: number): Located {
  const { text, root } = document;
  return onText(text, root, offset) ?? { path: gapPath(text, root, offset), on: "gap" };
}

function onText(text: string, place: Place, offset: number): Located | undefined {
  if (place.kind === "scalar" || place.kind === "opaque")
    return holds(place.span, offset) ? { path: place.path, on: "value" } : undefined;
  for (const child of ownChildren(place)) {
    if (isEntry(child) && holds(child.keySpan, offset)) return { path: child.path, on: "key" };
    const found = onText(text, child, offset);
    if (found !== undefined) return found;
    if (child.kind === "null" && isRestOfLine(text, child.keySpan.end, offset))
      return { path: child.path, on: "value" };
  }
  return isFlow(text, place) && holds(place.span, offset) ? { path: place.path, on: "gap" } : undefined;
}

/** Down the last lines above the offset, as long as it stands further right than they do. */
function gapPath(text: string, place: Place, offset: number): Path {
  const child = ownChildren(place).findLast(({ keySpan }) => keySpan.start < offset);
  if (child === undefined || isFlow(text, place)) return place.path;
  const column = columnOf(text, isEntry(child) ? child.keySpan.start : place.span.start);
  if (columnOf(text, offset) <= column && !isRestOfLine(text, child.keySpan.end, offset)) return place.path;
  switch (child.kind) {
    case "map":
    case "null":
      return gapPath(text, child, offset);
    case "list":
      // Dashes may stand right below their list's key.
      return columnOf(text, offset) < columnOf(text, child.span.start) ? child.path : gapPath(text, child, offset);
    case "scalar":
    case "opaque":
    case "absent":
      return place.path;
  }
}

/** The entries or items written at the place itself: what comes through an alias or a merge key is written before. */
function ownChildren(place: Place): readonly Place[] {
  const children = place.kind === "list" ? place.items() : place.entries().map(([, child]) => child);
  return children.filter(({ keySpan }) => keySpan.start >= place.span.start);
}

function isEntry(place: Place): boolean {
  return typeof place.path.at(-1) === "string";
}

function isFlow(text: string, { kind, span }: Place): boolean {
  return (kind === "map" && text[span.start] === "{") || (kind === "list" && text[span.start] === "[");
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Whether the offset is behind `from` on the same line, before any comment. */
function isRestOfLine(text: string, from: number, offset: number): boolean {
  return from <= offset && !/[\n\r#]/.test(text.slice(from, offset));
}

function columnOf(text: string, offset: number): number {
  return offset - lineStartAt(text, offset);
}
