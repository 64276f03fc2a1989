import { commands, Disposable, env, Uri, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { playArgument } from "../../server/src/engine/maintenance/panel-play.js";
import { read } from "../../server/src/engine/rollout/schema.js";
import { copyRunbookCommand, previewCommand, type PreviewTarget } from "../../server/src/protocol/protocol.js";
import { askCluster } from "./ask-cluster.js";
import { baseUri } from "./base-set.js";
import { chooseBase, compareWithCluster } from "./choose-base.js";
import { chooseBuilt } from "./choose-built.js";
import { openExample } from "./example.js";
import { targetAt } from "./preview-target.js";
import type { RolloutAnswers } from "./rollout-answers.js";
import type { RolloutPanels } from "./rollout-panel.js";
import type { TreeNode } from "./set-tree.js";
import type { UpgradeCheck } from "./upgrade-check.js";

/** Everything a user can call by name. */
export function registerCommands(
  client: BaseLanguageClient,
  answers: RolloutAnswers,
  panels: RolloutPanels,
  upgradeCheck: UpgradeCheck,
): Disposable {
  return Disposable.from(
    commands.registerCommand(previewCommand, (uri?: unknown, index?: unknown, since?: unknown) =>
      previewRollout(answers, panels, uri, index, since),
    ),
    commands.registerCommand("ordinal.previewEdit", (uri?: unknown) =>
      previewRollout(answers, panels, uri, undefined, "base"),
    ),
    // In the tree of StatefulSets.
    ...(["ordinal.previewSet", "ordinal.compareSet"] as const).map((command) =>
      commands.registerCommand(command, (node?: TreeNode) => {
        if (node?.type !== "set") return undefined;
        const { place, index } = node.set;
        const since = command === "ordinal.compareSet" ? "base" : undefined;
        return previewRollout(answers, panels, client.protocol2CodeConverter.asUri(place.uri), index, since);
      }),
    ),
    commands.registerCommand("ordinal.openExample", openExample),
    commands.registerCommand("ordinal.showOutput", () => client.outputChannel.show()),
    commands.registerCommand(copyRunbookCommand, copyRunbook),
    commands.registerCommand("ordinal.chooseBase", () => chooseBase(client)),
    commands.registerCommand("ordinal.compareWithCluster", (uri?: unknown) =>
      compareWithCluster(client, asUri(uri) ?? window.activeTextEditor?.document.uri),
    ),
    commands.registerCommand("ordinal.previewBuiltRollout", (uri?: unknown) => previewBuilt(answers, panels, uri)),
    commands.registerCommand("ordinal.checkUpgrade", (to?: unknown) =>
      upgradeCheck.run(typeof to === "string" ? to : undefined),
    ),
    commands.registerCommand("ordinal.askCluster", () => askCluster(client)),
    commands.registerCommand("ordinal.clearUpgradeCheck", () => upgradeCheck.clear()),
    commands.registerCommand("ordinal.restartServer", async () => {
      await client.stop();
      await client.start();
    }),
  );
}

/** A code action passes the text. */
async function copyRunbook(text?: unknown): Promise<void> {
  if (typeof text !== "string") return;
  await env.clipboard.writeText(text);
  void window.showInformationMessage("The runbook is in the clipboard. Read it before you run it.");
}

/**
 * A code lens passes the document as text and which of its StatefulSets it stands above, and `base` where it is about
 * the change since then; a code action passes a play of its nodes; the button in the editor's
 * title passes the document as a Uri; the command palette passes nothing.
 */
async function previewRollout(
  answers: RolloutAnswers,
  panels: RolloutPanels,
  place: unknown,
  index: unknown,
  since: unknown,
): Promise<void> {
  const uri = asUri(place) ?? window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void window.showInformationMessage("Open a manifest with a StatefulSet to preview its rollout.");
    return;
  }
  const { statefulSets } = await answers.now(uri);
  // A patch or a template cannot be played as it is written, but perhaps as it is built.
  const isWritten = statefulSets.some(({ written }) => written !== undefined);
  if (!isWritten && workspace.isTrusted && (await answers.builds(uri)).length > 0) {
    await previewBuilt(answers, panels, uri);
    return;
  }
  const target = statefulSets.find((other) => other.index === index) ?? (await chooseTarget(uri, statefulSets));
  if (target === undefined) return;
  const { name } = target;
  const former =
    since === "base" ? { uri: baseUri({ uri, index: target.index }).toString(), index: 0, name } : undefined;
  const asked = read(playArgument, since)?.play;
  await panels.show({ uri: uri.toString(), index: target.index, name }, { former, asked });
}

/** Previews what kustomize or helm builds from a file, as it was last saved. */
async function previewBuilt(answers: RolloutAnswers, panels: RolloutPanels, place: unknown): Promise<void> {
  const uri = asUri(place) ?? window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void window.showInformationMessage("Open a file of a kustomization or a chart to preview what is built from it.");
    return;
  }
  const source = await chooseBuilt(answers, uri);
  if (source !== undefined) await panels.show(source);
}

/** The StatefulSet under the cursor, or else one that the user picks. */
async function chooseTarget(uri: Uri, targets: readonly PreviewTarget[]): Promise<PreviewTarget | undefined> {
  const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const underCursor = editor && targetAt(targets, editor.selection.active.line);
  if (underCursor !== undefined) return underCursor;
  if (targets.length === 0) void window.showInformationMessage("There is no StatefulSet in this file.");
  if (targets.length < 2) return targets[0];
  const items = targets.map((target) => ({
    label: target.name,
    description: `line ${target.firstLine + 1}`,
    target,
  }));
  const picked = await window.showQuickPick(items, { placeHolder: "Which StatefulSet?" });
  return picked?.target;
}

function asUri(place: unknown): Uri | undefined {
  if (place instanceof Uri) return place;
  return typeof place === "string" ? Uri.parse(place, true) : undefined;
}
