import { commands, Disposable, Uri, window } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { previewCommand, type PreviewTarget } from "../../server/src/protocol/protocol.js";
import { targetAt } from "./preview-target.js";
import type { RolloutAnswers } from "./rollout-answers.js";
import type { RolloutPanels } from "./rollout-panel.js";

/** Everything a user can call by name. */
export function registerCommands(
  client: BaseLanguageClient,
  answers: RolloutAnswers,
  panels: RolloutPanels,
): Disposable {
  return Disposable.from(
    commands.registerCommand(previewCommand, (uri?: unknown, index?: unknown) =>
      previewRollout(answers, panels, uri, index),
    ),
    commands.registerCommand("ordinal.restartServer", async () => {
      await client.stop();
      await client.start();
    }),
  );
}

/**
 * A code lens passes the document as text and which of its StatefulSets it stands above; the button in the editor's
 * title passes the document as a Uri; the command palette passes nothing.
 */
async function previewRollout(
  answers: RolloutAnswers,
  panels: RolloutPanels,
  place: unknown,
  index: unknown,
): Promise<void> {
  const uri = asUri(place) ?? window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void window.showInformationMessage("Open a manifest with a StatefulSet to preview its rollout.");
    return;
  }
  const { statefulSets } = await answers.now(uri);
  const target = statefulSets.find((other) => other.index === index) ?? (await chooseTarget(uri, statefulSets));
  if (target !== undefined) await panels.show({ uri: uri.toString(), index: target.index, name: target.name });
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
