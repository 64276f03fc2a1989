import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { extensions, languages } from "vscode";
import { diagnosticOf, file, open, openNew, until } from "./workspace.js";

suite("the extension", () => {
  test("leaves its server asleep until a manifest is opened", async () => {
    let servers = 0;
    subscribe("child_process", (message) => {
      const { process } = message as { process: ChildProcess };
      process.once("spawn", () => {
        if (process.spawnargs.some((argument) => argument.includes("dist/server/main"))) servers++;
      });
    });
    // VS Code itself may have opened some JSON by now, which wakes the extension.
    await extensions.getExtension("ordinal.ordinal")?.activate();
    const { document } = await openNew("package.json", `{ "apiVersion": 1, }`);
    await until(languages.onDidChangeDiagnostics, () => languages.getDiagnostics(document.uri)[0]);
    assert.equal(servers, 0);
    const editor = await open(file("cache/statefulset.yaml"));
    await diagnosticOf(editor.document.uri, "service-missing");
    assert.equal(servers, 1);
  });
});
