import { Disposable, languages, workspace, type TextDocument } from "vscode";

/**
 * The documents that Ordinal reads (`helm` is what extensions for charts call their templates): neither the old side of
 * a diff nor the output of a tool.
 */
export const documentSelector = [...schemes()].flatMap((scheme) =>
  ["yaml", "json", "helm"].map((language) => ({ scheme, language })),
);

/** A browser's folders are in file systems of any name. */
function schemes(): ReadonlySet<string> {
  return new Set([
    "file",
    "untitled",
    "vscode-vfs",
    ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme),
  ]);
}

/** Whether there may be something to say about a document: most JSON is no manifest, and shows it. */
export function mayBeManifest(document: TextDocument): boolean {
  if (languages.match(documentSelector, document) === 0) return false;
  if (document.languageId !== "json") return true;
  const text = document.getText();
  return text.includes('"apiVersion"') && text.includes('"kind"');
}

/**
 * Calls back once, as soon as a document that may be a manifest is opened or saved: a project with nothing but other
 * JSON needs no language server.
 */
export function onFirstManifest(callback: () => void): Disposable {
  const look = (document: TextDocument): void => {
    if (!mayBeManifest(document)) return;
    events.dispose();
    callback();
  };
  const events = Disposable.from(workspace.onDidOpenTextDocument(look), workspace.onDidSaveTextDocument(look));
  return events;
}
