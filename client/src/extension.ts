import { extensions, workspace, type ExtensionContext } from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { trustedNotification } from "../../server/src/protocol/protocol.js";
import { createEditorBases } from "./choose-base.js";
import { registerCommands } from "./commands.js";
import { holdsStatefulSet } from "./first-manifest.js";
import { documentSelector, mayBeManifest, onFirstManifest } from "./manifest-documents.js";
import { openLinks } from "./links.js";
import { offerPaths } from "./missing-programs.js";
import { showPreviewButton } from "./preview-button.js";
import { RolloutAnswers } from "./rollout-answers.js";
import { createRolloutPanels } from "./rollout-panel.js";
import { showRunbooks } from "./runbooks.js";
import { alignItems } from "./typing.js";
import { createUpgradeCheck } from "./upgrade-check.js";
import { showSetTree } from "./set-tree.js";
import { showStatus } from "./status.js";
import { readForServer } from "./workspace-files.js";
import { otherValidators } from "./yaml-extension.js";

/**
 * Starts Ordinal in an extension host. What differs between Node and the browser is only how the language server is
 * started, which the caller does; that happens once there is something to read, or to show. Everything ends with the
 * context's subscriptions.
 */
export async function activateOrdinal(
  context: ExtensionContext,
  createClient: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<void> {
  const client = createClient({
    documentSelector,
    // A function, because a server that is started again may find the workspace trusted by then.
    initializationOptions: () => ({
      previewCommand: true,
      runbook: true,
      programPaths: true,
      readsFiles: true,
      suggestCommand: "editor.action.triggerSuggest",
      ...otherValidators(),
      trusted: workspace.isTrusted,
    }),
  });
  const answers = new RolloutAnswers(client);
  const panels = createRolloutPanels(context.extensionUri, answers, createEditorBases(client), context.workspaceState);
  const upgradeCheck = createUpgradeCheck(client);
  context.subscriptions.push(
    { dispose: () => client.dispose() },
    answers,
    panels,
    upgradeCheck,
    registerCommands(client, answers, panels, upgradeCheck),
    showPreviewButton(answers),
    showRunbooks(client),
    openLinks(answers, panels),
    ...readForServer(client),
    offerPaths(client, context.globalState),
    alignItems(),
    showSetTree(client),
    showStatus(
      client,
      documentSelector.filter(({ language }) => language === "yaml"),
    ),
  );
  const sayWhoValidates = async (): Promise<void> => {
    const settings = { ordinal: otherValidators() };
    if (client.isRunning()) await client.sendNotification("workspace/didChangeConfiguration", { settings });
  };
  context.subscriptions.push(
    workspace.onDidGrantWorkspaceTrust(async () => {
      if (client.isRunning()) await client.sendNotification(trustedNotification);
    }),
    extensions.onDidChange(sayWhoValidates),
    workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("yaml") ? sayWhoValidates() : undefined,
    ),
  );
  if (workspace.textDocuments.some(mayBeManifest)) {
    await client.start();
    return;
  }
  context.subscriptions.push(onFirstManifest(() => void client.start()));
  // Not awaited: VS Code need not wait for it. A file may be gone by the time it is read.
  void holdsStatefulSet().then(
    (isThere) => (isThere ? client.start() : undefined),
    () => undefined,
  );
}
