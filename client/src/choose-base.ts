import { ConfigurationTarget, window, workspace, type QuickPickItem } from "vscode";

const setting = "base";

interface BaseItem extends QuickPickItem {
  /** A value of the setting; `undefined` for one that the user types. */
  readonly value: string | undefined;
}

const items: readonly BaseItem[] = [
  { label: "HEAD", description: "the last commit; outside of git, the saved file", value: "HEAD" },
  { label: "Merge base", description: "where this branch parted from the main one", value: "merge-base" },
  { label: "Saved file", description: "the file on the disk", value: "saved" },
  { label: "Another revision...", description: "a branch, a tag or a commit", value: undefined },
  { label: "Off", description: "edits are not judged", value: "off" },
];

/** Asks the user what edits are compared with, and writes it to the settings. */
export async function chooseBase(): Promise<void> {
  const placeHolder = `Now: ${workspace.getConfiguration("ordinal").get<string>(setting) ?? "HEAD"}`;
  const item = await window.showQuickPick(items, { title: "Compare Edits With", placeHolder });
  if (item === undefined) return;
  const chosen =
    item.value ?? (await window.showInputBox({ title: "Compare Edits With", prompt: "origin/main, v1.2.0" }));
  if (chosen === undefined || chosen.trim() === "") return;
  const { Global, Workspace } = ConfigurationTarget;
  const target = workspace.workspaceFolders === undefined ? Global : Workspace;
  await workspace.getConfiguration("ordinal").update(setting, chosen.trim(), target);
}
