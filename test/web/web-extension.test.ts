import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { openWorkbench, previewOf, runCommand } from "./workbench.js";

test("Ordinal as a web extension", async (t) => {
  const workbench = await openWorkbench({}, { runs: "in the browser" });
  const { page } = workbench;
  const step = (name: string, body: () => Promise<void>): Promise<void> =>
    t.test(name, async () => {
      try {
        await body();
      } catch (error) {
        await workbench.screenshot(`failed: web extension, ${name}`);
        throw error;
      }
    });
  try {
    await step("finds what is wrong in a folder, across files", async () => {
      await page.keyboard.press("Control+Shift+M");
      const problems = page.locator(".markers-panel .monaco-list-row");
      await problems
        .filter({ hasText: "Service sentinels" })
        .or(problems.filter({ hasText: "sentinels" }))
        .first()
        .waitFor();
      await page.keyboard.press("Control+J");
    });

    await step("runs in a worker: there is no language server of Node", () => {
      const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
      const folder = workbench.folder;
      assert.ok(processes.includes(folder), "VS Code's server runs");
      assert.deepEqual(
        processes.split("\n").filter((line) => line.includes(folder) && line.includes("dist/server/main.cjs")),
        [],
      );
      return Promise.resolve();
    });

    await step("a hover speaks of the pods", async () => {
      const editor = await workbench.openFile("database/db.yaml");
      await editor
        .locator(".view-line span", { hasText: /^replicas$/ })
        .first()
        .hover();
      await page.locator(".monaco-hover:visible", { hasText: "db-2" }).waitFor();
      await page.mouse.move(5, 5);
    });

    await step("completion offers fields", async () => {
      await workbench.openBehind("database/db.yaml", "replicas: 3");
      await page.keyboard.press("Enter");
      await page.keyboard.type("minRe");
      await page.locator(".suggest-widget .monaco-list-row", { hasText: "minReadySeconds" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+Z");
      await page.keyboard.press("Control+Z");
    });

    await step("the preview plays", async () => {
      await workbench.openFile("database/db.yaml");
      await page.locator(".codelens-decoration a", { hasText: "3 pods db-0" }).click();
      const preview = previewOf(page);
      await preview.getByText("db-2").first().waitFor();
      await preview.getByRole("button", { name: "To the start" }).click();
      await preview.getByRole("button", { name: "One step on" }).click();
      await preview.locator('[aria-current="step"][aria-posinset="2"]').waitFor();
      await workbench.screenshot("web-extension");
    });

    await step("what needs a program is not offered", async () => {
      await workbench.openFile("database/db.yaml");
      await page.keyboard.press("F1");
      await page.locator(".quick-input-widget input[type=text]").fill(">Ordinal: ");
      const rows = page.locator(".quick-input-list .monaco-list-row");
      await rows.filter({ hasText: "Preview Rollout" }).first().waitFor();
      const offered = (await rows.allInnerTexts()).join("\n");
      assert.doesNotMatch(offered, /Cluster|Built|Git/);
      assert.match(offered, /Open Example/);
      await page.keyboard.press("Escape");
    });

    await step("restarts", async () => {
      await runCommand(page, "Ordinal: Restart Server");
      const editor = await workbench.openFile("cache/statefulset.yaml");
      await editor.locator(".squiggly-error").first().waitFor();
    });

    assert.deepEqual(workbench.outside, []);
  } finally {
    await workbench.close();
  }
});
