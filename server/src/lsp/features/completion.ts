import { CompletionTriggerKind, type CompletionItem, type CompletionParams } from "vscode-languageserver";
import { isMapping, type Analysis } from "../../engine/api.js";
import { completions } from "../../engine/features/completion/completion.js";
import { fieldPage, type FieldId } from "../../engine/features/field-docs/field-page.js";
import type { Client } from "../client.js";
import { toCompletionItem, toMarkup } from "../to-lsp.js";
import type { AskedPosition } from "./feature.js";

/** The characters after which the editor asks by itself, beside letters: a space may be where a value begins. */
export const completionTriggers: readonly string[] = [" "];

export function completion(
  { at, client, lines, uri }: AskedPosition,
  { context, position }: CompletionParams,
): CompletionItem[] {
  const cause = context?.triggerKind === CompletionTriggerKind.TriggerCharacter ? "space" : "user";
  const found = completions(at, cause);
  if (found === undefined) return [];
  const offset = lines.offset(position);
  return found.items.map((item, index) => {
    const shown = toCompletionItem(item, { word: found.word, offset, index, lines }, client);
    const { documentation } = item;
    return typeof documentation === "object" ? { ...shown, data: { uri, ...documentation } } : shown;
  });
}

/** An item with its documentation, which most items get only when it is shown. */
export function resolveCompletion(
  item: CompletionItem,
  analysisOf: (uri: string) => Analysis,
  client: Client,
): CompletionItem {
  const data: unknown = item.data;
  if (!isFieldData(data)) return item;
  const page = fieldPage(data, analysisOf(data.uri).configOf(data.uri));
  return page === undefined ? item : { ...item, documentation: toMarkup(page, client.completion.markdown) };
}

/** Data go through the client, which may give back anything. */
function isFieldData(data: unknown): data is FieldId & { readonly uri: string } {
  if (!isMapping(data)) return false;
  const { uri, apiVersion, kind, path } = data;
  return (
    [uri, apiVersion, kind].every((one) => typeof one === "string") &&
    Array.isArray(path) &&
    path.every((step) => typeof step === "string" || typeof step === "number")
  );
}
