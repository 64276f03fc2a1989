import type { ResourceKey } from "../kubernetes/object.js";
import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import type { Edit, Plain } from "../yaml/edit.js";
import type { Path } from "../yaml/path.js";
import type { Failure } from "../workspace/failure.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Severity } from "./severity.js";

/** What a rule says of one place. It is data: `words/message.ts` makes the sentence. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly resource: ResourceKey;
  readonly path: Path;
  /** Relative to the chunk of the document that holds the resource. */
  readonly span: Span;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** Of `internal-error`: what failed. */
  readonly failure?: Failure;
}

/** A finding about the text itself belongs to no resource. */
export type FindingOfText = Omit<Finding, "resource"> & { readonly resource: undefined };

/** The message's id within its rule, and the values that its sentence names. */
export interface Message {
  readonly id: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** Another place that a reader wants to see beside the finding, in any document of the workspace. */
export interface Related {
  readonly text: string;
  readonly document: DocumentId;
  readonly path: Path;
}

/**
 * A way to mend a finding. `safe`: the meaning of the manifest stays or can only have been this, so it may be applied
 * unseen; `review`: a person should look.
 */
export interface Fix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  readonly edits: readonly FixEdit[];
}

/**
 * An edit of the finding's own document or of another one (`document`), a new document after the finding's own, or, for
 * comments, a change of the finding's own text.
 */
export type FixEdit =
  | (Edit & { readonly document?: DocumentId })
  | { readonly op: "addDocument"; readonly value: Plain }
  | ({ readonly op: "text" } & TextEdit);
