import type { ResourceKey } from "../kubernetes/object.js";
import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import type { Edit, Plain } from "../yaml/edit.js";
import type { Point, Pointed } from "../yaml/origin.js";
import type { Path } from "../yaml/path.js";
import type { Failure } from "../workspace/failure.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Severity } from "../config/severity.js";

/** What a rule says of one place. It is data: `words/message.ts` makes the sentence. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly resource: ResourceKey;
  readonly place: Point;
  /** What of the place is pointed to, in the text of its origin. */
  readonly span: Span;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** How it can be done all the same: lines of shell, ready to copy. */
  readonly runbook?: readonly string[];
  /** Of `internal-error`: what failed. */
  readonly failure?: Failure;
}

/**
 * A finding in terms of a document: `span`, `path` and the edits are of its text. What is about the text itself belongs
 * to no resource.
 */
export interface DocumentFinding extends Omit<Finding, "resource" | "place" | "fixes"> {
  readonly resource: ResourceKey | undefined;
  readonly path: Path;
  readonly fixes: readonly DocumentFix[];
  /** The labels of the builds that have it, where others that read the same document have not. */
  readonly builds?: readonly string[];
  /** What a reader has to know to see why the value is there. */
  readonly note?: string;
}

/** The message's id within its rule, and the values that its sentence names. */
export interface Message {
  readonly id: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** Another place that a reader wants to see beside the finding, in any document of the workspace; or more about its own. */
export type Related =
  | { readonly text: string; readonly document: DocumentId; readonly path: Path }
  | { readonly text: string; readonly document?: never };

/**
 * A way to mend a finding. `safe`: the meaning of the manifest stays or can only have been this, so it may be applied
 * unseen; `review`: a person should look.
 */
export interface Fix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  /** It is what was meant, whatever else could be done: a name that is misspelt. */
  readonly isMeant?: true;
  /** It gives values back that they had at the base: as they were written there. */
  readonly restores?: true;
  readonly edits: readonly FixEdit[];
}

/** An edit at a place of the resource, of another document, or a new document after the finding's own. */
export type FixEdit = EditAt<Edit> | (Edit & { readonly document: DocumentId }) | AddDocument;

type EditAt<E> = E extends Edit ? Omit<E, "path"> & { readonly at: Pick<Pointed, "place"> } : never;

/** What an edit does, wherever. */
export type What<E = Edit> = E extends Edit ? Omit<E, "path"> : never;

interface AddDocument {
  readonly op: "addDocument";
  readonly value: Plain;
}

/** A fix in terms of documents. */
export interface DocumentFix extends Omit<Fix, "edits"> {
  readonly edits: readonly DocumentEdit[];
}

/** The same for the finding's own document where none is named; for comments, a change of the finding's own text. */
export type DocumentEdit =
  | (Edit & { readonly document?: DocumentId })
  | AddDocument
  | ({ readonly op: "text"; readonly document?: DocumentId } & TextEdit);
