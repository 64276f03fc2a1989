import assert from "node:assert/strict";
import process from "node:process";
import { commands, Selection, TabInputWebview, window, type Tab } from "vscode";
import { statefulSet } from "./manifests.js";
import {
  diagnosticOf,
  file,
  fixesAt,
  lensesOf,
  open,
  openNew,
  placeOf,
  replace,
  until,
  writeFile,
} from "./workspace.js";

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

  test("opens with the drain that a finding is about", async () => {
    const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: drained }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: drained } } }
`;
    const editor = await openNew("drained/statefulset.yaml", `${statefulSet("drained")}---\n${budget}`);
    const { range } = await diagnosticOf(editor.document.uri, "pdb-blocks-drain");
    const offered = (await fixesAt(editor, range)).find(({ title }) => title === "Preview drain");
    assert.ok(offered?.command);
    await commands.executeCommand(offered.command.command, ...(offered.command.arguments ?? []));
    await previewTab("Rollout: drained");
  });

  test("tells two of one name apart by their titles", async () => {
    await open(file("database/db.yaml"));
    await commands.executeCommand("ordinal.previewRollout");
    await previewTab("Rollout: db");
    await openNew("twin/db.yaml", statefulSet("db"));
    await commands.executeCommand("ordinal.previewRollout");
    const twin = await previewTab("Rollout: db (twin)");
    await previewTab("Rollout: db (database)");
    await window.tabGroups.close(twin);
    await previewTab("Rollout: db");
  });

  test("opens by a link, and not outside the workspace", async () => {
    await commands.executeCommand("ordinal.openLink", "vscode://ordinal.ordinal/play?path=database/db.yaml&name=db");
    await previewTab("Rollout: db");
    await commands.executeCommand("workbench.action.closeAllEditors");
    for (const wrong of ["path=../db.yaml&name=db", "path=/etc/db.yaml&name=db", "path=database/db.yaml&name=none", ""])
      await commands.executeCommand("ordinal.openLink", `vscode://ordinal.ordinal/play?${wrong}`);
    assert.deepEqual(previewTabs(), []);
  });
});

// Where there is a real kubectl for the tests: see test/render/tools.
if (process.platform === "linux" && process.arch === "x64") {
  suite("the preview of what is built", () => {
    teardown(() => commands.executeCommand("workbench.action.closeAllEditors"));

    test("follows the files as they are saved", async () => {
      await writeFile("built/db.yaml", statefulSet("db"));
      const editor = await openNew("built/kustomization.yaml", "resources: [db.yaml]\nnamePrefix: dev-\n");
      await commands.executeCommand("ordinal.previewBuiltRollout");
      await previewTab("Rollout: dev-db (built)");
      const kustomization = await open(editor.document.uri);
      await replace(kustomization, "dev-", "prod-");
      await kustomization.document.save();
      await previewTab("Rollout: prod-db (built)");
    });

    test("stands in for what cannot be played as it is written", async () => {
      await writeFile("patched/db.yaml", statefulSet("db"));
      const patch = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  replicas: 3\n";
      await writeFile("patched/patch.yaml", patch);
      await writeFile("patched/kustomization.yaml", "resources: [db.yaml]\npatches: [{ path: patch.yaml }]\n");
      await open(file("patched/patch.yaml"));
      await commands.executeCommand("ordinal.previewRollout");
      await previewTab("Rollout: db (patched)");
    });
  });
}

function previewTab(label: string): Promise<Tab> {
  return until(window.tabGroups.onDidChangeTabs, () => previewTabs().find((tab) => tab.label === label));
}

function previewTabs(): readonly Tab[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith("ordinal.rollout"));
}
