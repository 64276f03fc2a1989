import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorkbench, previewOf, type Theme } from "./workbench.js";

const hostileName = `<img src=x onerror="document.body.id='owned'">`;

const hostileManifest = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: '${hostileName.replaceAll("'", "''")}'
spec:
  serviceName: none
  selector:
    matchLabels:
      app: hostile
  template:
    metadata:
      labels:
        app: hostile
    spec:
      containers:
        - name: main
          image: redis:8
`;

test("Ordinal in the workbench", async (t) => {
  const workbench = await openWorkbench({ "hostile.yaml": hostileManifest });
  const { page } = workbench;
  const step = (name: string, body: () => Promise<void>): Promise<void> =>
    t.test(name, async () => {
      try {
        await body();
      } catch (error) {
        await workbench.screenshot(`failed: ${name}`);
        throw error;
      }
    });
  try {
    await step("squiggles show what is wrong", async () => {
      const editor = await workbench.openFile("cache/statefulset.yaml");
      await editor.locator(".squiggly-error").first().waitFor();
      await editor.locator(".squiggly-warning").first().waitFor();
    });

    await step("the code lens opens the preview", async () => {
      await page.locator(".codelens-decoration a", { hasText: "3 pods cache-0" }).click();
      await previewOf(page).getByText("cache-2").first().waitFor();
    });

    for (const theme of ["light", "high-contrast", "dark"] satisfies Theme[]) {
      await step(`follows the ${theme} theme`, async () => {
        await workbench.setTheme(theme);
        await workbench.screenshot(`workbench-${theme}`);
      });
    }

    await step("the preview follows the text as it is typed", async () => {
      await workbench.openBehind("cache/statefulset.yaml", "replicas: 3");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("4");
      await previewOf(page).getByText("cache-3").first().waitFor();
    });

    await step("a quick fix mends the text", async () => {
      const editor = await workbench.openBehind("cache/statefulset.yaml", "serviceName: sentinels");
      await page.keyboard.press("Control+.");
      await page.locator(".action-widget .monaco-list-row", { hasText: "Use Service cache-sentinel" }).click();
      await editor.locator(".view-line", { hasText: "serviceName: cache-sentinel # the Service below" }).waitFor();
      await editor.locator(".squiggly-warning").first().waitFor({ state: "detached" });
    });

    await step("a hostile name is text", async () => {
      await workbench.openFile("hostile.yaml");
      await page.locator(".codelens-decoration a", { hasText: "onerror" }).click();
      const preview = previewOf(page);
      await preview.getByText(hostileName).first().waitFor();
      assert.equal(await preview.locator("img").count(), 0);
      assert.equal(await preview.locator("#owned").count(), 0);
    });

    await step("nothing outside this machine is asked for", async () => {
      assert.deepEqual(workbench.outside, []);
    });
  } finally {
    await workbench.close();
  }
});
