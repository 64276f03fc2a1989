import assert from "node:assert/strict";
import { workspace, WorkspaceEdit } from "vscode";
import { diagnosticOf, file, fixesAt, gone, open, openNew } from "./workspace.js";

suite("quick fixes", () => {
  test("change the text as their title says, and the problem goes", async () => {
    const broken = await open(file("cache/statefulset.yaml"));
    const text = broken.document.getText().replaceAll("cache", "copy");
    const editor = await openNew("copy/statefulset.yaml", text);
    const { range } = await diagnosticOf(editor.document.uri, "service-missing");

    const fixes = await fixesAt(editor, range);
    const fix = fixes.find(({ title }) => title === "Use Service copy-sentinel");
    assert.ok(fix?.edit instanceof WorkspaceEdit, fixes.map(({ title }) => title).join("\n"));
    assert.ok(await workspace.applyEdit(fix.edit));

    // The comment behind the value stays.
    assert.equal(editor.document.getText(), text.replace("serviceName: sentinels", "serviceName: copy-sentinel"));
    await gone(editor.document.uri, "service-missing");
  });
});
