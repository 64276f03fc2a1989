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
import {
  applyEdits,
  planEdit,
  playedBehaviour,
  printable,
  runbookLines,
  simulate,
  type FileChange,
} from "../../engine/api.js";
import type { LiveEffect } from "../../engine/features/navigation/live-effects.js";
import { rename, renameable, type Renaming } from "../../engine/features/navigation/rename.js";
import { runbookNotification, type RunbookParams } from "../../protocol/protocol.js";
import { toConfirmedEdit } from "../to-lsp.js";
import type { AskedPosition, Server } from "./feature.js";

/** What may be renamed at the cursor; an error says why it may not. */
export function prepareRename({ analysis, at, range }: AskedPosition): PrepareRenameResult | null {
  const found = renameable(analysis, at);
  if (found === undefined) return null;
  if (found.type === "refused") throw refusal(found.reason);
  return { range: range(found.span), placeholder: printable(found.name) };
}

/**
 * The edits of a rename in all files. Where it affects what runs already the user has to confirm it: in a preview of the
 * changes, or by the answer to a message; an editor that can ask neither gets a message.
 */
export async function applyRename(
  { analysis, at, client, server, uri }: AskedPosition,
  { newName }: RenameParams,
): Promise<WorkspaceEdit | null> {
  const found = rename(analysis, at, newName);
  if (found === undefined) return null;
  if (found.type === "refused") throw refusal(found.reason);
  const reasons = found.effects.map(({ text }) => text);
  sendRunbook(server, found);
  const edit = toConfirmedEdit(found.changes, "Affects running StatefulSets", reasons, server.files(uri), client);
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

/** Tells a client that can show it how the sets that refuse the change are recreated. */
function sendRunbook(server: Server, { changes, effects }: Renaming): void {
  const refused = effects.filter(({ refused: isRefused, kind }) => isRefused && kind === "StatefulSet");
  const [first] = refused;
  if (!server.client.runbooks || first === undefined) return;
  const lines = refused.flatMap((effect) => runbookOf(server, effect, changes));
  if (lines.length === 0) return;
  const message = printable(`${first.text}. A runbook shows how to recreate the set.`);
  const params: RunbookParams = { message, lines: lines.map(printable) };
  server.guard.background(runbookNotification, server.connection.sendNotification(runbookNotification, params));
}

/** How a set comes to be as the changes want it, where the API server does not take them. */
function runbookOf(
  { manifests, makeWorkspace }: Server,
  { uri, name }: LiveEffect,
  changes: readonly FileChange[],
): readonly string[] {
  const analysis = manifests.analysisOf(uri);
  const config = analysis.configOf(uri);
  const edits = changes.find((change) => change.uri === uri)?.edits ?? [];
  const changed = makeWorkspace(config);
  changed.setFile(uri, applyEdits(analysis.text(uri) ?? "", edits));
  const sets = analysis.statefulSets(uri);
  const index = sets.findIndex(({ statefulSet }) => statefulSet.key.name === name);
  const [before, after] = [sets, changed.snapshot().statefulSets(uri)].map((all) => all[index]?.statefulSet);
  const planned = before && after && planEdit(before, after, "client", config);
  if (planned === undefined) return [];
  const { outcome } = simulate({ scenario: planned.scenario, behaviour: playedBehaviour(config) });
  return outcome.type === "rejected" && outcome.runbook !== undefined ? runbookLines(outcome.runbook) : [];
}

const anyway: MessageActionItem = { title: "Rename anyway" };

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, printable(reason));
}
