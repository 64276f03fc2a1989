import { ConfigurationTarget, ProgressLocation, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { clusterRequest, type ClusterResult } from "../../server/src/protocol/protocol.js";
import { offer } from "./offer.js";

/**
 * Asks the cluster of kubectl's current context for its release. `kubernetesVersion: auto` takes it; with any other
 * value the user is offered to set it.
 */
export async function askCluster(client: BaseLanguageClient): Promise<void> {
  if (!client.isRunning()) await client.start();
  const title = "Asking the cluster for its Kubernetes version";
  const answer = await window.withProgress({ location: ProgressLocation.Window, title }, (): Promise<ClusterResult> =>
    client.sendRequest(clusterRequest, {}),
  );
  if (answer.type === "failed") {
    void window.showWarningMessage(`The cluster was not asked: ${answer.reason}.`);
    return;
  }
  const runs = `The cluster runs Kubernetes ${answer.release}`;
  if (answer.isUsed) {
    void window.showInformationMessage(`${runs}. Manifests are checked for it.`);
    return;
  }
  void offer(`${runs}.`, `Check for ${answer.release}`, () => {
    const { Global, Workspace } = ConfigurationTarget;
    const target = workspace.workspaceFolders === undefined ? Global : Workspace;
    return workspace.getConfiguration("ordinal").update("kubernetesVersion", answer.release, target);
  });
}
