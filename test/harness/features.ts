import type { Analysis } from "../../server/src/engine/api.js";
import { completions, type Cause } from "../../server/src/engine/features/completion/completion.js";
import type { Completions } from "../../server/src/engine/features/completion/item.js";
import { hover, type Hover } from "../../server/src/engine/features/hover/hover.js";
import { fieldAt } from "../../server/src/engine/features/preview/field-at.js";
import { lenses, type PreviewLens } from "../../server/src/engine/features/preview/lenses.js";
import { writeFields, type WrittenFields } from "../../server/src/engine/features/preview/write-fields.js";
import { symbols, type DocumentSymbol } from "../../server/src/engine/features/symbols/symbols.js";
import type { FieldEdit } from "../../server/src/engine/rollout/fields.js";

// The features of an editor, asked about a file as an editor does.

export function hoverIn(analysis: Analysis, uri: string, offset: number): Hover | undefined {
  const at = analysis.documentAt(uri, offset);
  return at && hover(at);
}

export function completionsIn(analysis: Analysis, uri: string, offset: number, cause: Cause): Completions | undefined {
  const at = analysis.documentAt(uri, offset);
  return at && completions(at, cause);
}

export function symbolsIn(analysis: Analysis, uri: string): readonly DocumentSymbol[] {
  return symbols(analysis.documents(uri));
}

export function lensesIn(analysis: Analysis, uri: string): readonly PreviewLens[] {
  return lenses(analysis.documents(uri));
}

export function fieldIn(analysis: Analysis, uri: string, offset: number): ReturnType<typeof fieldAt> {
  const at = analysis.documentAt(uri, offset);
  return at && fieldAt(analysis.documents(uri), at);
}

export function writeFieldsIn(
  analysis: Analysis,
  uri: string,
  index: number,
  edits: readonly FieldEdit[],
): WrittenFields | undefined {
  return writeFields(analysis.documents(uri), index, edits);
}
