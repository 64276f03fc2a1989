import { shift, type Span } from "../../text/span.js";
import type { Document } from "../document.js";
import type { Occurrence } from "./occurrence.js";

/** The files of a workspace, as far as names in them are looked for. */
export interface Files {
  uris(): Iterable<string>;
  text(uri: string): string | undefined;
  documents(uri: string): readonly Document[];
}

/** A name where it stands. */
export interface Named {
  readonly document: Document;
  readonly occurrence: Occurrence;
}

/** Equal for the same place of the same state of a workspace. */
export function keyOf({ document, occurrence }: Named): string {
  return `${document.id.uri} ${document.start + occurrence.span.start} ${occurrence.sort}`;
}

/** A name's place in its file. */
export function spanInFile({ document, occurrence }: Named): Span {
  return shift(occurrence.span, document.start);
}
