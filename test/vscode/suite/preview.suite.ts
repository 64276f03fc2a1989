import assert from "node:assert/strict";
import { commands, Selection, TabInputWebview, window, type Tab } from "vscode";
import { file, lensesOf, open, placeOf, until } from "./workspace.js";

suite("the preview", () => {
  teardown(() => commands.executeCommand("workbench.action.closeAllEditors"));

  test("opens from the code lens", async () => {
    const editor = await open(file("database/db.yaml"));
    const [lens] = await lensesOf(editor);
    assert.ok(lens?.command);
    await commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    await previewTab("Rollout: db");
  });

  test("shows the StatefulSet under the cursor", async () => {
    const editor = await open(file("cache/statefulset.yaml"));
    const { start } = placeOf(editor, "serviceName: sentinels");
    editor.selection = new Selection(start, start);
    await commands.executeCommand("ordinal.previewRollout");
    await previewTab("Rollout: cache-sentinel");
  });

  test("opens once for each StatefulSet", async () => {
    await open(file("database/db.yaml"));
    await commands.executeCommand("ordinal.previewRollout");
    await previewTab("Rollout: db");
    await open(file("database/db.yaml"));
    await commands.executeCommand("ordinal.previewRollout");
    assert.equal(previewTabs().length, 1);
  });
});

function previewTab(label: string): Promise<Tab> {
  return until(window.tabGroups.onDidChangeTabs, () => previewTabs().find((tab) => tab.label === label));
}

function previewTabs(): readonly Tab[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith("ordinal.rollout"));
}
