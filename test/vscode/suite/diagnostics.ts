import assert from "node:assert/strict";
import * as vscode from "vscode";

suite("diagnostics", () => {
  test("the workspace is a copy of the examples", async () => {
    const files = await vscode.workspace.findFiles("**/*.yaml");
    assert.ok(files.length > 3);
  });
});
