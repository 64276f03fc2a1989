import assert from "node:assert/strict";
import { commands, DiagnosticSeverity, EndOfLine, extensions, languages, Selection, window } from "vscode";
import { diagnosticOf, file, openNew, placeOf } from "./workspace.js";

suite("the extension", () => {
  test("finds what is wrong in a folder with a StatefulSet before any of its files is opened", async () => {
    assert.equal(window.activeTextEditor, undefined);
    await diagnosticOf(file("cache/statefulset.yaml"), "service-missing");
    assert.equal(extensions.getExtension("ordinal.ordinal")?.isActive, true);
  });

  test("has commands that a user can call by name", async () => {
    const known = await commands.getCommands(true);
    for (const name of ["previewRollout", "previewEdit", "openExample", "chooseBase"])
      assert.ok(known.includes(`ordinal.${name}`), name);
  });

  test("opens an example in which it finds a mistake", async () => {
    await commands.executeCommand("ordinal.openExample");
    const { document } = window.activeTextEditor!;
    assert.equal(document.isUntitled, true);
    const { message } = await diagnosticOf(document.uri, "service-missing");
    assert.match(message, /ledger/);
    assert.equal(
      languages.getDiagnostics(document.uri).filter(({ severity }) => severity === DiagnosticSeverity.Error).length,
      0,
    );
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

suite("Enter", () => {
  const indents: readonly (readonly [string, string])[] = [
    ["  volumes:\n    - name: data", "      "],
    ["containers:\n- name: db", "  "],
    ["claims:\n  - metadata:", "      "],
    ["spec:", "  "],
  ];
  for (const [index, [text, indent]] of indents.entries()) {
    test(`behind ${JSON.stringify(text)}`, async () => {
      const editor = await openNew(`enter-${index}.yaml`, `${text}\n`);
      await editor.edit((edit) => edit.setEndOfLine(EndOfLine.LF));
      const { end } = placeOf(editor, text);
      editor.selection = new Selection(end, end);
      await commands.executeCommand("type", { text: "\n" });
      assert.equal(editor.document.getText(), `${text}\n${indent}\n`);
      await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    });
  }
});
