import assert from "node:assert/strict";
import { commands, type DocumentSymbol } from "vscode";
import { file, hoverOver, lensesOf, open } from "./workspace.js";

suite("in the editor", () => {
  test("a hover speaks of the pods themselves", async () => {
    const editor = await open(file("database/db.yaml"));
    assert.match(await hoverOver(editor, "replicas: 3"), /db-2/);
    assert.match(await hoverOver(editor, "serviceName: db"), /db-0\.db\./);
  });

  test("a code lens offers the preview above each StatefulSet", async () => {
    const database = await lensesOf(await open(file("database/db.yaml")));
    assert.deepEqual(
      database.map(({ command }) => command?.title),
      ["Preview rollout: 3 pods db-0 ... db-2, Service db"],
    );
    const cache = await lensesOf(await open(file("cache/statefulset.yaml")));
    assert.deepEqual(
      cache.map(({ command }) => command?.title),
      [
        "Preview rollout: 3 pods cache-0 ... cache-2, Service cache",
        "Preview rollout: 3 pods cache-sentinel-0 ... cache-sentinel-2, Service sentinels",
      ],
    );
  });

  test("the outline names the resources", async () => {
    const { document } = await open(file("database/db.yaml"));
    const symbols = await commands.executeCommand<readonly DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ["Service db", "StatefulSet db"],
    );
  });
});
