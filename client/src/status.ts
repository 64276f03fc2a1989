import { Disposable, languages, window, workspace, type DocumentSelector } from "vscode";
import { State, type BaseLanguageClient } from "vscode-languageclient";
import { statusRequest, type StatusParams, type StatusResult } from "../../server/src/protocol/protocol.js";
import { afterPause } from "./after-pause.js";
import { counted } from "./counted.js";

const setting = "ordinal.kubernetesVersion";

/**
 * Shows in the language status by what the file in the editor is judged: the release, the profile and how many files
 * are read; a click opens the setting.
 */
export function showStatus(client: BaseLanguageClient, selector: DocumentSelector): Disposable {
  const item = languages.createLanguageStatusItem(setting, selector);
  item.name = "Ordinal: Kubernetes release and profile";
  item.command = { title: "Change", command: "workbench.action.openSettings", arguments: [setting] };
  let questions = 0;
  const update = async (): Promise<void> => {
    questions += 1;
    const question = questions;
    const status = await askStatus(client, selector);
    // Asked again meanwhile.
    if (question !== questions) return;
    item.text = status?.release ?? `Kubernetes ${workspace.getConfiguration().get<string>(setting) ?? ""}`.trimEnd();
    item.detail = status === null ? "Ordinal" : `Ordinal: profile ${status.profile}, ${counted(status.files, "file")}`;
    item.busy = status?.isReading === true;
  };
  void update();
  const soon = afterPause(() => void update());
  const events = Disposable.from(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("ordinal")) void update();
    }),
    window.onDidChangeActiveTextEditor(() => void update()),
    soon,
    languages.onDidChangeDiagnostics(soon.call),
    client.onDidChangeState(() => void update()),
  );
  return Disposable.from(item, events);
}

async function askStatus(client: BaseLanguageClient, selector: DocumentSelector): Promise<StatusResult> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || client.state !== State.Running || languages.match(selector, document) === 0)
    return null;
  const params: StatusParams = { textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document) };
  return client.sendRequest<StatusResult>(statusRequest, params).catch(() => null);
}
