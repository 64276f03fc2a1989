import {
  commands,
  ConfigurationTarget,
  ProgressLocation,
  type Uri,
  window,
  workspace,
  type QuickPickItem,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  compareRequest,
  contextRequest,
  type CompareParams,
  type CompareResult,
  type ContextResult,
} from "../../server/src/protocol/protocol.js";
import { chooseFile } from "./former-file.js";

const setting = "base";
const title = "Compare Edits With";

type Choice = { readonly setting: string } | "revision" | "file" | "cluster";

interface BaseItem extends QuickPickItem {
  readonly choice: Choice;
}

const items: readonly BaseItem[] = [
  { label: "HEAD", description: "the last commit; outside of git, the saved file", choice: { setting: "HEAD" } },
  { label: "Merge base", description: "where this branch parted from the main one", choice: { setting: "merge-base" } },
  { label: "Saved file", description: "the file on the disk", choice: { setting: "saved" } },
  { label: "Another revision...", description: "a branch, a tag or a commit", choice: "revision" },
  { label: "Another file...", description: "for this file only", choice: "file" },
  { label: "The cluster...", description: "for this file only: what kubectl reads of it", choice: "cluster" },
  { label: "Off", description: "edits are not judged", choice: { setting: "off" } },
];

/** Asks the user what edits are compared with: for all files by a setting, or for the file in the editor. */
export async function chooseBase(client: BaseLanguageClient): Promise<void> {
  const placeHolder = `Now: ${chosenSetting()}`;
  const item = await window.showQuickPick(items, { title, placeHolder });
  if (item === undefined) return;
  const uri = window.activeTextEditor?.document.uri;
  const { choice } = item;
  if (choice === "revision") await chooseRevision(client, uri);
  else if (choice === "file") await compareWithFile(client, uri);
  else if (choice === "cluster") await compareWithCluster(client, uri);
  else await compareBySetting(client, uri, choice.setting);
}

/** What the panel asks of the bases of the editor. */
export interface EditorBases {
  /** The revision of git that the setting names; `undefined` where it names something else. */
  revision(): string | undefined;
  /** Compares a file with what the user wants, and asks what that is; `false` where it stays as it was. */
  choose(uri: Uri, from: "base" | "revision" | "cluster"): Promise<boolean>;
}

export function createEditorBases(client: BaseLanguageClient): EditorBases {
  return {
    revision() {
      const value = chosenSetting();
      return value === "saved" || value === "off" || value.startsWith("file:") ? undefined : value;
    },
    async choose(uri, from) {
      if (from === "revision") return chooseRevision(client, uri);
      if (from === "cluster") return compareWithCluster(client, uri);
      await compareBySetting(client, uri, undefined);
      return true;
    },
  };
}

/** The value of the setting `ordinal.base`. */
function chosenSetting(): string {
  return workspace.getConfiguration("ordinal").get<string>(setting) ?? "HEAD";
}

/** Compares with a revision that the user types; `false` if none was. */
async function chooseRevision(client: BaseLanguageClient, uri: Uri | undefined): Promise<boolean> {
  const revision = (await window.showInputBox({ title, prompt: "origin/main, v1.2.0" }))?.trim() ?? "";
  if (revision === "") return false;
  await compareBySetting(client, uri, revision);
  return true;
}

/** Compares a file with what the setting says, which is changed if a value is given. */
async function compareBySetting(
  client: BaseLanguageClient,
  uri: Uri | undefined,
  value: string | undefined,
): Promise<void> {
  if (uri !== undefined) await compare(client, uri, { type: "setting" });
  if (value === undefined || value === chosenSetting()) return;
  const { Global, Workspace } = ConfigurationTarget;
  const target = workspace.workspaceFolders === undefined ? Global : Workspace;
  await workspace.getConfiguration("ordinal").update(setting, value, target);
}

async function compareWithFile(client: BaseLanguageClient, uri: Uri | undefined): Promise<void> {
  if (uri === undefined) return askForManifest();
  const other = await chooseFile(uri);
  if (other !== undefined) {
    await compare(client, uri, { type: "file", uri: client.code2ProtocolConverter.asUri(other) });
  }
}

/**
 * Compares a file with what its StatefulSets are in the cluster of kubectl's current context. The user sees the context
 * first: until the answer, the cluster is asked nothing. `false` where nothing is compared.
 */
export async function compareWithCluster(client: BaseLanguageClient, uri: Uri | undefined): Promise<boolean> {
  if (uri === undefined) {
    askForManifest();
    return false;
  }
  if (!workspace.isTrusted) {
    const trust = "Manage Workspace Trust";
    const chosen = await window.showWarningMessage("Comparing with the cluster requires a trusted workspace.", trust);
    if (chosen === trust) await commands.executeCommand("workbench.trust.manage");
    return false;
  }
  if (!client.isRunning()) await client.start();
  const found = await client.sendRequest<ContextResult>(contextRequest, {});
  if (found.type === "failed") return failed(found.reason);
  const { context } = found;
  const read = "Read";
  const chosen = await window.showInformationMessage(
    `Read the StatefulSets of this file from the cluster of context "${context}"?`,
    { modal: true, detail: "Ordinal runs `kubectl get` and changes nothing." },
    read,
  );
  if (chosen !== read) return false;
  const options = { location: ProgressLocation.Window, title: `Reading from context ${context}` };
  const answer = await window.withProgress(options, () => compare(client, uri, { type: "cluster", context }));
  if (answer.type === "failed") return failed(answer.reason);
  void window.showInformationMessage(answer.notes.join(" "));
  return true;
}

function compare(client: BaseLanguageClient, uri: Uri, choice: CompareParams["with"]): Promise<CompareResult> {
  const params: CompareParams = { uri: client.code2ProtocolConverter.asUri(uri), with: choice };
  return client.sendRequest<CompareResult>(compareRequest, params);
}

function failed(reason: string): false {
  void window.showWarningMessage(`Not compared with the cluster: ${reason}.`);
  return false;
}

function askForManifest(): void {
  void window.showInformationMessage("Open a manifest to choose what it is compared with.");
}
