import assert from "node:assert/strict";
import {
  commands,
  languages,
  Position,
  Range,
  Uri,
  window,
  workspace,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type Disposable,
  type Event,
  type Hover,
  type TextEditor,
} from "vscode";

/** A file of the workspace, which is a copy of `examples/`. */
export function file(name: string): Uri {
  const [folder] = workspace.workspaceFolders ?? [];
  assert.ok(folder, "VS Code has opened a folder");
  return Uri.joinPath(folder.uri, name);
}

export async function writeFile(name: string, text: string): Promise<Uri> {
  const uri = file(name);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/**
 * Makes a directory and waits until VS Code reports what happens in it: its watcher starts some time after VS Code, and
 * sees a new directory some time after it was made; what happens before is lost.
 */
export async function watched(directory: string): Promise<void> {
  const watcher = workspace.createFileSystemWatcher("**/*.probe");
  let count = 0;
  const probe = () => void writeFile(`${directory}/${count++}.probe`, "");
  const timer = setInterval(probe, 100);
  await new Promise<void>((resolve) => {
    watcher.onDidCreate(({ path }) => {
      if (path.includes(`/${directory}/`)) resolve();
    });
  });
  clearInterval(timer);
  watcher.dispose();
}

export async function open(uri: Uri): Promise<TextEditor> {
  return window.showTextDocument(await workspace.openTextDocument(uri));
}

/** Writes a file and opens it. */
export async function openNew(name: string, text: string): Promise<TextEditor> {
  return open(await writeFile(name, text));
}

/** What `read` gives once it gives something, asked again at each event. */
export function until<T>(event: Event<unknown>, read: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    let listening: Disposable | undefined;
    const look = (): void => {
      const value = read();
      if (value === undefined) return;
      listening?.dispose();
      resolve(value);
    };
    listening = event(look);
    look();
  });
}

/** Our diagnostics of a file once they are right. */
export function diagnosticsOnce(
  uri: Uri,
  isRight: (diagnostics: readonly Diagnostic[]) => boolean,
): Promise<readonly Diagnostic[]> {
  return until(languages.onDidChangeDiagnostics, () => {
    const ours = languages.getDiagnostics(uri).filter(({ source }) => source === "ordinal");
    return isRight(ours) ? ours : undefined;
  });
}

/** The diagnostic of a rule once there is one for which `is` holds. */
export async function diagnosticOf(
  uri: Uri,
  rule: string,
  is: (diagnostic: Diagnostic) => boolean = () => true,
): Promise<Diagnostic> {
  const isMeant = (one: Diagnostic) => ruleOf(one) === rule && is(one);
  const all = await diagnosticsOnce(uri, (diagnostics) => diagnostics.some(isMeant));
  const found = all.find(isMeant);
  assert.ok(found);
  return found;
}

/** Waits until no diagnostic of a rule is left. */
export async function gone(uri: Uri, rule: string): Promise<void> {
  await diagnosticsOnce(uri, (diagnostics) => diagnostics.every((one) => ruleOf(one) !== rule));
}

/** The code of a diagnostic, with or without a link. */
export function ruleOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** Where a text stands for the first time, 0-based. */
export function placeOf({ document }: TextEditor, text: string): Range {
  const start = document.getText().indexOf(text);
  assert.notEqual(start, -1, `${text} is in the document`);
  return new Range(document.positionAt(start), document.positionAt(start + text.length));
}

export async function replace(editor: TextEditor, text: string, other: string): Promise<void> {
  const done = await editor.edit((edit) => edit.replace(placeOf(editor, text), other));
  assert.ok(done);
}

export function fixesAt(editor: TextEditor, range: Range): Thenable<readonly CodeAction[]> {
  return commands.executeCommand<readonly CodeAction[]>(
    "vscode.executeCodeActionProvider",
    editor.document.uri,
    range,
    "quickfix",
  );
}

/** The Markdown that is shown where a text stands for the first time. */
export async function hoverOver(editor: TextEditor, text: string): Promise<string> {
  const { start } = placeOf(editor, text);
  const hovers = await commands.executeCommand<readonly Hover[]>(
    "vscode.executeHoverProvider",
    editor.document.uri,
    new Position(start.line, start.character + 1),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

export function lensesOf({ document }: TextEditor): Thenable<readonly CodeLens[]> {
  return commands.executeCommand<readonly CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 10);
}
