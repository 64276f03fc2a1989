import {
  LSPErrorCodes,
  MessageType,
  ResponseError,
  ShowMessageNotification,
  ShowMessageRequest,
  type MessageActionItem,
  type PrepareRenameResult,
  type RenameParams,
  type ShowMessageParams,
  type ShowMessageRequestParams,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { printable } from "../../engine/api.js";
import { rename, renameable } from "../../engine/features/navigation/rename.js";
import { toConfirmedEdit } from "../to-lsp.js";
import type { AskedPosition } from "./feature.js";

/** What may be renamed at the cursor; an error says why it may not. */
export function prepareRename({ analysis, at, range }: AskedPosition): PrepareRenameResult | null {
  const found = renameable(analysis, at);
  if (found === undefined) return null;
  if (found.type === "refused") throw refusal(found.reason);
  return { range: range(found.span), placeholder: printable(found.name) };
}

/**
 * The edits of a rename in all files. Where it affects what runs already the user has to confirm it: in a preview of the
 * changes, or by the answer to a message; an editor that can ask neither is told.
 */
export async function applyRename(
  { analysis, at, client, server, uri }: AskedPosition,
  { newName }: RenameParams,
): Promise<WorkspaceEdit | null> {
  const found = rename(analysis, at, newName);
  if (found === undefined) return null;
  if (found.type === "refused") throw refusal(found.reason);
  const reasons = found.effects.map(({ text }) => text);
  const edit = toConfirmedEdit(found.changes, reasons, server.files(uri), client);
  if (reasons.length === 0 || client.changeAnnotations) return edit;
  const message = printable(`Renaming affects running objects. ${reasons.join(". ")}`);
  if (!client.messageActions) {
    const params: ShowMessageParams = { type: MessageType.Warning, message };
    server.guard.background(
      "window/showMessage",
      server.connection.sendNotification(ShowMessageNotification.type, params),
    );
    return edit;
  }
  const question: ShowMessageRequestParams = { type: MessageType.Warning, message, actions: [anyway] };
  const answer = await server.connection.sendRequest(ShowMessageRequest.type, question);
  if (answer?.title !== anyway.title) throw refusal(`Not renamed. ${reasons.join(". ")}`);
  return edit;
}

const anyway: MessageActionItem = { title: "Rename anyway" };

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, printable(reason));
}
