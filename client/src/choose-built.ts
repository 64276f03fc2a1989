import { Uri, window, workspace, type QuickPickItem } from "vscode";
import type { BuiltTarget } from "../../server/src/protocol/protocol.js";
import type { RolloutAnswers } from "./rollout-answers.js";
import type { PreviewSource } from "./webview/preview-source.js";
import { builtUri, labelOf } from "./built.js";

/**
 * Asks the user for a StatefulSet that is built from a file, as far as there is a choice, and says why there is none;
 * `undefined` then, and where the user wants none.
 */
export async function chooseBuilt(answers: RolloutAnswers, file: Uri): Promise<PreviewSource | undefined> {
  const builds = (await answers.builds(file)).map(builtUri);
  if (builds.length === 0) {
    void window.showInformationMessage(`No kustomization and no chart of this workspace holds ${labelOfFile(file)}.`);
    return undefined;
  }
  const build = await pick(
    builds.map((uri) => ({ label: labelOf(uri), description: uri.query, value: uri })),
    "Which build?",
  );
  if (build === undefined) return undefined;
  const { statefulSets, problem } = await answers.built(build);
  const own = statefulSets.filter(({ source }) => Uri.parse(source, true).fsPath === file.fsPath);
  const target = await pick(itemsOf(own.length > 0 ? own : statefulSets), "Which StatefulSet?");
  if (target !== undefined) return { uri: build.toString(), index: target.index, name: target.name };
  if (problem !== undefined) void window.showWarningMessage(`${labelOf(build)} was not built: ${problem}.`);
  else if (statefulSets.length === 0) void window.showInformationMessage(`${labelOf(build)} builds no StatefulSet.`);
  return undefined;
}

function itemsOf(targets: readonly BuiltTarget[]): readonly (QuickPickItem & { readonly value: BuiltTarget })[] {
  return targets.map((target) => ({ label: target.name, value: target }));
}

/** One needs no question. */
async function pick<T>(
  items: readonly (QuickPickItem & { readonly value: T })[],
  placeHolder: string,
): Promise<T | undefined> {
  const [only, ...others] = items;
  if (others.length === 0) return only?.value;
  return (await window.showQuickPick(items, { placeHolder }))?.value;
}

function labelOfFile(uri: Uri): string {
  return workspace.asRelativePath(uri);
}
