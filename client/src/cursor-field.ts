import { Disposable, window, type TextEditor, type Uri } from "vscode";
import type { FieldResult } from "../../server/src/protocol/protocol.js";
import type { RolloutAnswers } from "./rollout-answers.js";

/** Long enough that a cursor on its way through the document is asked about once, in milliseconds. */
const patience = 120;

/**
 * Calls back with the field under the cursor of an editor that shows the document, now and whenever the cursor has come
 * to rest elsewhere, until the result is disposed; `null` where the cursor is on none.
 */
export function followCursor(uri: Uri, answers: RolloutAnswers, listener: (field: FieldResult) => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const ask = async ({ document, selection }: TextEditor): Promise<void> => {
    asked += 1;
    const question = asked;
    const field = await answers.field(document.uri, selection.active).catch(() => undefined);
    // No answer: the server is restarting. A late answer is about another place.
    if (field !== undefined && question === asked) listener(field);
  };
  const wait = (editor: TextEditor): void => {
    if (editor.document.uri.toString() !== uri.toString()) return;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(editor), patience);
  };

  const events = window.onDidChangeTextEditorSelection(({ textEditor }) => wait(textEditor));
  window.visibleTextEditors.forEach(wait);
  return new Disposable(() => {
    events.dispose();
    clearTimeout(timer);
    asked += 1;
  });
}
