import type { Span } from "../../text/span.js";
import type { DocumentPosition } from "../document.js";
import { spanInFile, type Files, type Named } from "./named.js";
import { occurrencesOf, symbolAt } from "./symbol.js";

/** A place in a file. Spans are in offsets of the file. */
export interface Location {
  readonly uri: string;
  readonly span: Span;
}

export interface Definition extends Location {
  /** The name that leads there, in the file that was asked about. */
  readonly origin: Span;
}

/** Where the name under the cursor is defined; of a definition, itself. */
export function definitions(files: Files, position: DocumentPosition): readonly Definition[] {
  const symbol = symbolAt(files, position);
  if (symbol === undefined) return [];
  const origin = spanInFile(symbol.at);
  return symbol.definitions.map((one) => ({ ...locationOf(one), origin }));
}

/** Everywhere that the name under the cursor is used, and where it is defined if that is asked for. */
export function references(
  files: Files,
  position: DocumentPosition,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): readonly Location[] {
  const symbol = symbolAt(files, position);
  if (symbol === undefined) return [];
  const definitionKeys = new Set(symbol.definitions.map((one) => JSON.stringify(locationOf(one))));
  return occurrencesOf(files, symbol, files.uris())
    .map(locationOf)
    .filter((one) => includeDeclaration || !definitionKeys.has(JSON.stringify(one)));
}

/** Where a file writes one name: the definition is what the others refer to. */
export interface Highlight {
  readonly span: Span;
  readonly role: "definition" | "reference";
}

/** All that goes by the name under the cursor, in its file, in the order of the text. */
export function highlights(files: Files, position: DocumentPosition): readonly Highlight[] {
  const symbol = symbolAt(files, position);
  if (symbol === undefined) return [];
  const isDefinition = new Set(symbol.definitions.map((one) => JSON.stringify(locationOf(one))));
  return occurrencesOf(files, symbol, [position.document.id.uri])
    .map((one) => locationOf(one))
    .map((one): Highlight => ({
      span: one.span,
      role: isDefinition.has(JSON.stringify(one)) ? "definition" : "reference",
    }))
    .toSorted((one, other) => one.span.start - other.span.start);
}

function locationOf(named: Named): Location {
  return { uri: named.document.id.uri, span: spanInFile(named) };
}
