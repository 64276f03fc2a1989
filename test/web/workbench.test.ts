import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { repo } from "../harness/repo.js";
import { openWorkbench, previewOf, type Theme } from "./workbench.js";

const hostileName = `<img src=x onerror="document.body.id='owned'">`;

/** A name with a mark-up in it is a name like any other. */
const hostile = manifest({ name: `'${hostileName.replaceAll("'", "''")}'`, serviceName: "none" });

/** The examples with one sentinel. */
const smaller = readFileSync(repo("examples/cache/statefulset.yaml"), "utf8").replace(
  "another name\n  replicas: 3",
  "another name\n  replicas: 1",
);

const misnamed = `${manifest({ name: "queue", serviceName: "qeue" })}---
apiVersion: v1
kind: Service
metadata:
  name: queue
spec:
  clusterIP: None
  selector:
    app: main
`;

/** What an edit in the workbench changes. */
const orders = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
spec:
  serviceName: orders
  replicas: 5
  podManagementPolicy: OrderedReady
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: Delete
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: postgres
          image: postgres:17
          readinessProbe:
            exec:
              command: [pg_isready]
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql/data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
---
apiVersion: v1
kind: Service
metadata:
  name: orders
spec:
  clusterIP: None
  selector:
    app: orders
`;

test("Ordinal in the workbench", async (t) => {
  const workbench = await openWorkbench({
    "hostile/hostile.yaml": hostile,
    "misnamed/queue.yaml": misnamed,
    "smaller/cache.yaml": smaller,
    "edited/orders.yaml": orders,
    "drained/orders.yaml": orders.replace("replicas: 5", "replicas: 3"),
    "drained/pdb.yaml": `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: orders
spec:
  minAvailable: 3
  selector:
    matchLabels:
      app: orders
`,
    "typed/typed.yaml": misnamed.replace("serviceName: qeue", "replicas: 1"),
  });
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
      await page.locator(".codelens-decoration a", { hasText: "3 pods cache-sentinel-0" }).click();
      await previewOf(page).getByText("cache-sentinel-2").first().waitFor();
    });

    for (const theme of ["light", "high-contrast", "dark"] satisfies Theme[]) {
      await step(`follows the ${theme} theme`, async () => {
        await workbench.setTheme(theme);
        await workbench.screenshot(`workbench-${theme}`);
      });
    }

    await step("a click in the preview goes one step on, and another opens the field", async () => {
      const preview = previewOf(page);
      const current = (place: number): Locator => preview.locator(`[aria-current="step"][aria-posinset="${place}"]`);
      await preview.getByRole("button", { name: "To the start" }).click();
      await current(1).waitFor();
      await preview.getByRole("button", { name: "One step on" }).click();
      await current(2).waitFor();
      await preview
        .locator("button", { hasText: /^podManagementPolicy$/ })
        .first()
        .click();
      await page.locator("#status\\.editor\\.selection", { hasText: "selected" }).waitFor();
    });

    await step("the preview is as it was when the window is loaded again", async () => {
      const chosen = previewOf(page).getByRole("radio", { name: "Delete", checked: true });
      await previewOf(page).getByText("Delete", { exact: true }).click();
      await chosen.waitFor({ state: "attached" });
      await workbench.reload();
      await chosen.waitFor({ state: "attached" });
      await previewOf(page).getByText("Create", { exact: true }).click();
    });

    await step("the preview follows the text as it is typed", async () => {
      await workbench.openBehind("cache/statefulset.yaml", "another name\n  replicas: 3");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("4");
      await previewOf(page).getByText("cache-sentinel-3").first().waitFor();
    });

    await step("half-typed YAML keeps the picture, also where the preview was hidden in the meantime", async () => {
      const stale = previewOf(page).locator(".banner-stale");
      await page.keyboard.type(" [");
      await stale.waitFor();
      // Another preview takes its place, beside it in the tabs.
      await workbench.openFile("ledger/ledger.yaml");
      await page.locator(".codelens-decoration a", { hasText: "5 pods ledger-0" }).click();
      await previewOf(page).getByText("ledger-4").first().waitFor();
      await page.getByRole("tab", { name: "Rollout: cache-sentinel" }).click();
      await stale.waitFor();
      await previewOf(page).getByText("cache-sentinel-3").first().waitFor();
      await page.getByRole("tab", { name: "Rollout: ledger" }).click({ button: "middle" });
      await workbench.openBehind("cache/statefulset.yaml", "another name\n  replicas: 3");
      await page.keyboard.press("Delete");
      await page.keyboard.press("Delete");
      await page.keyboard.press("Delete");
      await stale.waitFor({ state: "detached" });
    });

    await step("the steps that depend on the field under the cursor are marked", async () => {
      await previewOf(page).locator(".cursor-field", { hasText: "replicas" }).waitFor();
      await previewOf(page).locator(".entry.marked").first().waitFor();
    });

    await step("what is supposed is written to the manifest, as an edit to undo", async () => {
      const editor = await workbench.openFile("cache/statefulset.yaml");
      const write = previewOf(page).getByRole("button", { name: "Write to the manifest" });
      await previewOf(page).getByRole("spinbutton", { name: "replicas" }).fill("2");
      await write.click();
      await editor.locator(".view-line", { hasText: /replicas:.2$/ }).waitFor();
      await previewOf(page).locator("button.write:disabled").waitFor();
      await workbench.openFile("cache/statefulset.yaml");
      await page.keyboard.press("Control+Z");
      await editor.locator(".view-line", { hasText: /replicas:.4$/ }).waitFor();
      // The code lens tells of what there is now.
      await page.locator(".codelens-decoration a", { hasText: "4 pods cache-sentinel-0" }).waitFor();
    });

    await step("an edit is compared with another file of the workspace, whose changes are followed", async () => {
      await previewOf(page).getByText("Apply edit", { exact: true }).click();
      await previewOf(page).locator(".play-chooser vscode-single-select").click();
      await previewOf(page).getByRole("option", { name: "another file" }).click();
      await page.locator(".quick-input-widget .monaco-list-row", { hasText: "smaller/cache.yaml" }).click();
      await previewOf(page).locator(".play-chooser", { hasText: "smaller/cache.yaml" }).waitFor();
      await previewOf(page).getByText("create cache-sentinel-3").first().waitFor();
      // So that it opens there, and the preview stays in sight.
      await workbench.openFile("cache/statefulset.yaml");
      await workbench.openBehind("smaller/cache.yaml", "replicas: 1");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("6");
      await previewOf(page).getByText("delete cache-sentinel-5").first().waitFor();
      await workbench.openFile("cache/statefulset.yaml");
    });

    await step("what was chosen is remembered when the preview is closed", async () => {
      await previewOf(page).getByText("Restart", { exact: true }).click();
      // The title's button shows the StatefulSet that the cursor is in.
      const button = page.locator(".editor-actions").getByRole("button", { name: "Preview Rollout" });
      for (const opener of [button, page.locator(".codelens-decoration a", { hasText: "4 pods cache-sentinel-0" })]) {
        await page.getByRole("tab", { name: /^Rollout:/ }).click({ button: "middle" });
        await page.locator("iframe.webview").waitFor({ state: "detached" });
        await opener.click();
        await previewOf(page).getByRole("radio", { name: "Restart", checked: true }).waitFor({ state: "attached" });
      }
    });

    await step("a quick fix mends the text", async () => {
      const editor = await workbench.openBehind("misnamed/queue.yaml", "serviceName: qeue");
      await editor.locator(".squiggly-warning").waitFor();
      await chooseAction(page, editor, "Use Service queue");
      await editor.locator(".view-line", { hasText: "serviceName: queue" }).waitFor();
      await editor.locator(".squiggly-warning").waitFor({ state: "detached" });
    });

    await step("a field and its value are completed as they are typed", async () => {
      const editor = await workbench.openBehind("typed/typed.yaml", "replicas: 1");
      const offered = (text: string): Locator =>
        page.locator(".suggest-widget.visible .monaco-list-row.focused", { hasText: text });
      await page.keyboard.press("Enter");
      await page.keyboard.type("serv");
      await offered("serviceName").waitFor();
      await page.keyboard.press("Enter");
      // What there is to choose from comes by itself.
      await offered("headless, selects the pods").waitFor();
      await workbench.screenshot("completion-dark");
      await page.keyboard.press("Enter");
      await editor.locator(".view-line", { hasText: "serviceName: queue" }).waitFor();
    });

    await step("an edit is judged as it is typed", async () => {
      const editor = await workbench.openBehind("edited/orders.yaml", "replicas: 5");
      const lens = page.locator(".codelens-decoration a");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("3");
      await lens.filter({ hasText: "loses the data of 2 claims" }).waitFor();
      await editor.locator(".squiggly-warning").first().waitFor();
      await workbench.openBehind("edited/orders.yaml", "storage: 1");
      await page.keyboard.type("5");
      await page.keyboard.press("Control+Home");
      await lens.filter({ hasText: "Rejected: volumeClaimTemplates is immutable" }).waitFor();
      await editor.locator(".squiggly-error").first().waitFor();
    });

    await step("the verdict opens the preview of the edit", async () => {
      await page.locator(".codelens-decoration a", { hasText: "Rejected: volumeClaimTemplates" }).click();
      await previewOf(page).getByText("Rejected: volumeClaimTemplates is immutable").first().waitFor();
    });

    for (const theme of ["light", "high-contrast", "dark"] satisfies Theme[]) {
      await step(`an edit is judged in the ${theme} theme`, async () => {
        await workbench.setTheme(theme);
        await workbench.screenshot(`edit-${theme}`);
      });
    }

    await step("a budget that blocks drains is seen in the preview, which follows the budget", async () => {
      const editor = await workbench.openBehind("drained/pdb.yaml", "minAvailable: 3");
      await editor.locator(".squiggly-warning").waitFor();
      await chooseAction(page, editor, "Preview drain");
      await previewOf(page).getByText("Hangs at node-0").first().waitFor();
      await previewOf(page).locator(".drawn .refused").first().waitFor();
      await workbench.screenshot("drain-dark");
      await workbench.openBehind("drained/pdb.yaml", "minAvailable: 3");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("2");
      await previewOf(page)
        .getByText(/^Every node drains/)
        .first()
        .waitFor();
      await previewOf(page).getByText("By pod", { exact: true }).click();
      await previewOf(page).locator(".drawn text.pod", { hasText: "orders-2" }).waitFor();
      await previewOf(page).getByText("Create", { exact: true }).click();
      await previewOf(page).getByText("orders-2").first().waitFor();
    });

    await step("a hostile name is text", async () => {
      await workbench.openFile("hostile/hostile.yaml");
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

/** Of the light bulb at the cursor. */
async function chooseAction(page: Page, editor: Locator, title: string): Promise<void> {
  // The bulb shows that the editor has asked for fixes: a menu that is opened before would close again.
  await editor
    .locator(
      "[class*='codicon-light-bulb']:visible, [class*='codicon-lightbulb']:visible, [class*='gutter-lightbulb']:visible",
    )
    .first()
    .waitFor();
  await page.keyboard.press("Control+.");
  const chosen = page.locator(".action-widget .monaco-list-row.focused", { hasText: title });
  await page.locator(".action-widget .monaco-list-row", { hasText: title }).waitFor();
  for (let tries = 0; tries < 10 && !(await chosen.isVisible()); tries++) await page.keyboard.press("ArrowDown");
  await chosen.waitFor();
  await page.keyboard.press("Enter");
}

function manifest({ name, serviceName }: { readonly name: string; readonly serviceName: string }): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
spec:
  serviceName: ${serviceName}
  selector:
    matchLabels:
      app: main
  template:
    metadata:
      labels:
        app: main
    spec:
      containers:
        - name: main
          image: redis:8
`;
}
