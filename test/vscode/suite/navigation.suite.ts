import assert from "node:assert/strict";
import {
  commands,
  type DocumentLink,
  type Location,
  type LocationLink,
  type SymbolInformation,
  type TextEditor,
  type Uri,
  type WorkspaceEdit,
} from "vscode";
import { headlessService, statefulSet } from "./manifests.js";
import { diagnosticOf, gone, openNew, placeOf, watched, writeFile } from "./workspace.js";

/** `service.yaml:4`: files and lines, counted from 1. */
function linesOf(found: readonly (Location | LocationLink)[]): readonly string[] {
  return found.map((one) => {
    const [uri, range] =
      "uri" in one ? [one.uri, one.range] : [one.targetUri, one.targetSelectionRange ?? one.targetRange];
    return `${nameOf(uri)}:${range.start.line + 1}`;
  });
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function ask<R>(command: string, editor: TextEditor, text: string, ...more: readonly unknown[]): Thenable<R> {
  return commands.executeCommand<R>(command, editor.document.uri, placeOf(editor, text).start, ...more);
}

suite("from name to name", () => {
  let editor: TextEditor;
  suiteSetup(async () => {
    await watched("names");
    editor = await openNew(
      "names/set.yaml",
      statefulSet("ledger").replace("serviceName: ledger", "serviceName: books"),
    );
    await diagnosticOf(editor.document.uri, "service-missing");
    await writeFile("names/service.yaml", headlessService("books").replace("app: books", "app: ledger"));
    await gone(editor.document.uri, "service-missing");
  });

  test("F12 goes to the Service in another file", async () => {
    const found = await ask<readonly (Location | LocationLink)[]>("vscode.executeDefinitionProvider", editor, "books");
    assert.deepEqual(linesOf(found), ["service.yaml:4"]);
  });

  test("Shift+F12 shows every use", async () => {
    const found = await ask<readonly Location[]>("vscode.executeReferenceProvider", editor, "books");
    assert.deepEqual(new Set(linesOf(found)), new Set(["service.yaml:4", "set.yaml:6"]));
  });

  test("F2 renames in all files", async () => {
    const { range, placeholder } = await ask<{ range: unknown; placeholder: string }>(
      "vscode.prepareRename",
      editor,
      "books",
    );
    assert.ok(range);
    assert.equal(placeholder, "books");
    const edit = await ask<WorkspaceEdit>("vscode.executeDocumentRenameProvider", editor, "books", "accounts");
    const changed = edit.entries().map(([uri, edits]) => [nameOf(uri), edits.map(({ newText }) => newText)] as const);
    assert.deepEqual(Object.fromEntries(changed), { "service.yaml": ["accounts"], "set.yaml": ["accounts"] });
  });

  test("Ctrl+T finds objects", async () => {
    const found = await commands.executeCommand<readonly SymbolInformation[]>(
      "vscode.executeWorkspaceSymbolProvider",
      "books",
    );
    assert.deepEqual(
      found.filter(({ name }) => name === "Service books").map(({ location }) => linesOf([location]).join()),
      ["service.yaml:4"],
    );
  });

  test("paths in a kustomization are links", async () => {
    const { uri } = (await openNew("names/kustomization.yaml", "resources: [set.yaml, service.yaml]\n")).document;
    const found = await commands.executeCommand<readonly DocumentLink[]>("vscode.executeLinkProvider", uri);
    assert.deepEqual(
      found.map(({ target }) => target && nameOf(target)),
      ["set.yaml", "service.yaml"],
    );
  });
});
