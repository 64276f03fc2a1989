import { commands, Disposable, Uri, window, workspace } from "vscode";
import { followTarget } from "./preview-target.js";
import type { RolloutAnswers } from "./rollout-answers.js";
import type { RolloutPanels } from "./rollout-panel.js";
import { readLinkQuery, type Linked } from "./webview/play-link.js";

/** Opens what links lead to: those that VS Code is given, and those that the user pastes. */
export function openLinks(answers: RolloutAnswers, panels: RolloutPanels): Disposable {
  const handleUri = async (uri: Uri): Promise<void> => {
    const linked = uri.path === "/play" ? readLinkQuery(uri.query) : undefined;
    if (linked === undefined) void window.showWarningMessage("This link does not lead to a preview of Ordinal.");
    else await openLinked(answers, panels, linked);
  };
  return Disposable.from(
    window.registerUriHandler({ handleUri }),
    commands.registerCommand("ordinal.openLink", async (given?: unknown) => {
      const prompt = "The link to a preview";
      const text = typeof given === "string" ? given : await window.showInputBox({ prompt, ignoreFocusOut: true });
      if (text !== undefined) await handleUri(Uri.parse(text.trim()));
    }),
  );
}

async function openLinked(answers: RolloutAnswers, panels: RolloutPanels, linked: Linked): Promise<void> {
  const { path, name, choices } = linked;
  const uri = await find(path);
  if (uri === undefined) {
    void window.showWarningMessage(`No folder of this workspace has the file ${path}.`);
    return;
  }
  await window.showTextDocument(uri);
  const { statefulSets } = await answers.now(uri);
  const target = followTarget(statefulSets, { index: -1, name });
  if (target === undefined) void window.showWarningMessage(`${path} has no StatefulSet ${name}.`);
  else await panels.show({ uri: uri.toString(), index: target.index, name }, { choices });
}

async function find(path: string): Promise<Uri | undefined> {
  for (const { uri: folder } of workspace.workspaceFolders ?? []) {
    const uri = Uri.joinPath(folder, path);
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      // It may be in another folder.
    }
  }
  return undefined;
}
