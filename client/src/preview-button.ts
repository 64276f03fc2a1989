import { commands, Disposable, window, type TextEditor } from "vscode";
import { mayBeManifest } from "./manifest-documents.js";
import type { RolloutAnswers } from "./rollout-answers.js";

/**
 * Keeps the context key `ordinal.hasStatefulSet`, by which package.json shows the preview button in the title of an
 * editor that has something to preview.
 */
export function showPreviewButton(answers: RolloutAnswers): Disposable {
  let following: Disposable | undefined;
  const setKey = (hasStatefulSet: boolean): void => {
    void commands.executeCommand("setContext", "ordinal.hasStatefulSet", hasStatefulSet);
  };
  const followEditor = (editor: TextEditor | undefined): void => {
    following?.dispose();
    following = undefined;
    if (editor === undefined || !mayBeManifest(editor.document)) setKey(false);
    else following = answers.follow(editor.document.uri, ({ statefulSets }) => setKey(statefulSets.length > 0));
  };
  followEditor(window.activeTextEditor);
  const events = window.onDidChangeActiveTextEditor(followEditor);
  return new Disposable(() => {
    events.dispose();
    following?.dispose();
  });
}
