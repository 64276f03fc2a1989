import assert from "node:assert/strict";
import { ConfigurationTarget, workspace, WorkspaceEdit } from "vscode";
import { headlessService, statefulSet } from "./manifests.js";
import { diagnosticOf, fixesAt, gone, openNew, placeOf } from "./workspace.js";

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

  test("are applied on saving, the safe ones, where the user has asked for it", async () => {
    const policy = "spec:\n  persistentVolumeClaimRetentionPolicy: { whenScaled: Delete } # no claims\n";
    const text = statefulSet("saved").replace("serviceName: saved", "serviceName: meant").replace("spec:\n", policy);
    const editor = await openNew("saved/statefulset.yaml", `${text}---\n${headlessService("saved")}`);
    await diagnosticOf(editor.document.uri, "retention-no-templates");
    const settings = workspace.getConfiguration("editor");
    await settings.update("codeActionsOnSave", { "source.fixAll": "explicit" }, ConfigurationTarget.Global);
    try {
      await editor.edit((edit) => edit.insert(placeOf(editor, "spec:").start, "# edited\n"));
      assert.ok(await editor.document.save());
    } finally {
      await settings.update("codeActionsOnSave", undefined, ConfigurationTarget.Global);
    }
    const saved = new TextDecoder().decode(await workspace.fs.readFile(editor.document.uri));
    assert.doesNotMatch(saved, /persistentVolumeClaimRetentionPolicy/);
    assert.match(saved, /# edited\n(?:.*\n)*.*serviceName: meant/, "what is to review stays");
    await gone(editor.document.uri, "retention-no-templates");
    await diagnosticOf(editor.document.uri, "service-missing");
  });
});
