import { env, window, type Disposable } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { runbookNotification, type RunbookParams } from "../../server/src/protocol/protocol.js";

/** Shows the runbooks that the server sends, each in a message with a button that copies it. */
export function showRunbooks(client: BaseLanguageClient): Disposable {
  return client.onNotification(runbookNotification, async ({ message, lines }: RunbookParams) => {
    const copy = "Copy Runbook";
    if ((await window.showWarningMessage(message, copy)) === copy)
      await env.clipboard.writeText(`${lines.join("\n")}\n`);
  });
}
