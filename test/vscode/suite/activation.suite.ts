import assert from "node:assert/strict";
import { extensions } from "vscode";
import { diagnosticOf, file, open } from "./workspace.js";

suite("the extension", () => {
  test("sleeps until a YAML file is opened", async () => {
    const ordinal = extensions.getExtension("ordinal.ordinal");
    assert.ok(ordinal);
    assert.equal(ordinal.isActive, false);
    const editor = await open(file("cache/statefulset.yaml"));
    await diagnosticOf(editor.document.uri, "service-missing");
    assert.ok(ordinal.isActive);
  });
});
