import assert from "node:assert/strict";
import { workspace, WorkspaceEdit } from "vscode";
import { headlessService, statefulSet } from "./manifests.js";
import { diagnosticOf, fixesAt, gone, openNew } from "./workspace.js";

suite("quick fixes", () => {
  test("change the text as their title says, and the problem goes", async () => {
    const text = `${statefulSet("mended").replace("serviceName: mended", "serviceName: meant # which one?")}---
${headlessService("mended")}`;
    const editor = await openNew("mended/statefulset.yaml", text);
    const { range } = await diagnosticOf(editor.document.uri, "service-missing");
    assert.equal(editor.document.getText(range), "meant");

    const fixes = await fixesAt(editor, range);
    const fix = fixes.find(({ title }) => title === "Use Service mended");
    assert.ok(fix?.edit instanceof WorkspaceEdit, fixes.map(({ title }) => title).join("\n"));
    assert.ok(await workspace.applyEdit(fix.edit));

    // The comment behind the value stays.
    assert.equal(editor.document.getText(), text.replace("meant", "mended"));
    await gone(editor.document.uri, "service-missing");
  });
});
