import type { FieldId } from "../field-docs/field-page.js";
import type { Span } from "../../text/span.js";

/** What may be written at a place, in the order in which it is to be offered. Spans are relative to the chunk. */
export interface Completions {
  /** The word that a choice replaces; what stands behind the cursor is the word's end. */
  readonly word: Span;
  readonly items: readonly CompletionItem[];
}

export interface CompletionItem {
  readonly label: string;
  readonly kind: "field" | "value" | "reference" | "skeleton";
  /** A few words beside the label: a type, where a name comes from. */
  readonly detail: string;
  /** Markdown, or the field whose page is to be shown on request. */
  readonly documentation: string | FieldId | undefined;
  readonly insert: Insertion;
  /** Whether there is something to choose from right behind what is inserted. */
  readonly choiceFollows: boolean;
  readonly deprecated: boolean;
}

/** A value that may be written, in the order in which it is to be offered. */
export interface Value {
  readonly value: string | number;
  readonly detail: string;
  readonly documentation?: string;
}

/** What takes the place of the word. */
export interface Insertion {
  readonly parts: readonly Part[];
  /**
   * How it goes on, from the line break on, with the indentation that is due. Who cannot tell what its editor does with
   * the indentation of several lines leaves it out, and what is inserted is whole without it.
   */
  readonly below: readonly Part[];
}

/**
 * Text, or a stop: text that the user is led to, and may change. Stops of one number change together; 0 is the last.
 */
export type Part = string | { readonly stop: number; readonly text: string };
