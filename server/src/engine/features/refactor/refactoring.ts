import type { FileChange } from "../../lint/apply-fix.js";
import type { DocumentEdit } from "../../lint/finding.js";
import { shift, type Span } from "../../text/span.js";
import type { Metadata } from "../../kubernetes/object.js";
import type { Place } from "../../yaml/place.js";
import type { Document } from "../document.js";

/** A change that an author may want although nothing is wrong. */
export interface Refactoring {
  readonly title: string;
  /** As LSP groups them: what is there is written otherwise, or goes to another file. */
  readonly sort: "rewrite" | "move";
  /** Where it is offered without being asked for, in offsets of the file. */
  readonly spans: readonly Span[];
  /** What it does, worked out only where it is asked for. */
  readonly result: () => Change | Unavailable;
}

export interface Change {
  readonly type: "change";
  readonly changes: readonly FileChange[];
  readonly created: readonly NewFile[];
  /** What the author should know before it is applied: sentences. None where there is nothing to say. */
  readonly notes: readonly string[];
}

/** A file beside another one. */
export interface NewFile {
  readonly beside: string;
  readonly name: string;
  readonly text: string;
}

export interface Unavailable {
  readonly type: "unavailable";
  /** A sentence. */
  readonly reason: string;
}

export function unavailable(reason: string): Unavailable {
  return { type: "unavailable", reason };
}

/** The change that edits of a document and of others make; not available where they cannot be made in the text. */
export function changeOf(
  document: Document,
  edits: readonly DocumentEdit[],
  { notes = [], created = [] }: Partial<Pick<Change, "notes" | "created">> = {},
): Change | Unavailable {
  const changes = document.changes(edits);
  if (changes === undefined) return unavailable("The text is written in a way that cannot be changed safely.");
  return { type: "change", changes, created, notes };
}

/** Where a document writes some fields, and their values on one line, in offsets of the file. */
export function spansOf({ start }: Document, fields: readonly Place[]): readonly Span[] {
  return fields.flatMap(({ exists, kind, keySpan, span }) =>
    exists ? [shift(keySpan, start), ...(kind === "scalar" ? [shift(span, start)] : [])] : [],
  );
}

/** Where an object says what it is. */
export function headOf(document: Document, { place }: Metadata): readonly Span[] {
  return spansOf(document, [place.at("kind"), place.at("metadata", "name")]);
}
