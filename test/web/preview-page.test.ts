import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { PNG } from "pngjs";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { repo } from "../harness/repo.js";
import { claimOf, editedManifest, setWith } from "../client/applies.js";
import { loadHost } from "../vscode/host.js";
import { openPreview, shown, type PageOptions, type PreviewPage } from "./preview-page.js";
import { checkScreenshot } from "./screenshots.js";

const hostile = `<img src=x onerror="document.body.id='owned'">`;
const wide: PageOptions = { theme: "dark", width: 1360, height: 820 };

let browser: Browser;
before(async () => {
  ({ browser } = await (await loadHost()).openChromium());
});
after(() => browser.close());

/** Runs with a page of its own, which must not have complained. */
function pageTest(name: string, options: PageOptions, body: (preview: PreviewPage) => Promise<void>): void {
  test(name, async () => {
    const preview = await openPreview(browser, options);
    try {
      await body(preview);
      assert.deepEqual(preview.complaints, []);
    } finally {
      await preview.page.context().close();
    }
  });
}

pageTest("a hostile name is text wherever it appears", wide, async ({ page, show }) => {
  const spec = setOf({ name: hostile, claims: [hostile], namespace: hostile, replicas: 2 });
  await show({ ...spec, revision: hostile }, spec);
  await page.getByText(hostile).first().waitFor();
  assert.equal(await page.locator("img, #owned").count(), 0);
});

pageTest("steps, playhead and story are one selection, and the keyboard moves it", wide, async ({ page, show }) => {
  await show(setOf({ replicas: 2 }), setOf({ replicas: 2 }));
  const slider = page.getByRole("slider", { name: "Playhead" });
  await slider.press("End");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^0:10, db-1 is Ready$/);
  assert.match((await page.locator("[aria-current=step]").textContent()) ?? "", /db-1 is Ready/);
  assert.equal(await page.locator(".labels .selected .name").textContent(), "db-1");
  await slider.press("ArrowLeft");
  await slider.press("ArrowLeft");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /db-0 is Ready$/);
  await page.getByRole("button", { name: /create db-1/ }).click();
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /create db-1/);
  await slider.press("Home");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^0:00/);
  // A radio button has only the arrows and the space bar for itself.
  await page.getByRole("radio", { name: "Create" }).press("End");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /db-1 is Ready$/);
  await slider.press("Home");
  await slider.press(" ");
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

for (const [words, motion, setting] of [
  ["for those who want little motion, as the system says", "reduced", ""],
  ["for those who want little motion, as VS Code says", "full", "vscode-reduce-motion"],
] as const) {
  pageTest(`${words}, it plays second by second`, { ...wide, motion }, async ({ page, show }) => {
    await page.clock.install();
    await show(setOf({ replicas: 2 }), setOf({ replicas: 2 }));
    if (setting !== "") await page.evaluate((name) => document.body.classList.add(name), setting);
    await page.getByRole("button", { name: "Play" }).click();
    const moment = page.locator(".moment");
    await page.clock.runFor(900);
    assert.equal(await moment.textContent(), "0:00 / 0:10");
    await page.clock.runFor(200);
    await page.getByText("0:01 / 0:10").waitFor();
  });
}

pageTest(
  "pods and story are one stop of the tabulator each, and the arrows lead through them",
  wide,
  async ({ page }) => {
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const { activeElement } = document;
        const unseen = activeElement?.querySelector(":scope > .unseen");
        return activeElement?.getAttribute("aria-label") ?? (unseen ?? activeElement)?.textContent ?? "";
      });
    const press = async (...keys: readonly string[]): Promise<string> => {
      for (const key of keys) await page.keyboard.press(key);
      // The focus follows once the selection is drawn.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
      return focused();
    };
    await page.getByRole("slider", { name: "Playhead" }).focus();
    assert.equal(await press("Shift+Tab"), "ledger-0, journal-ledger-0");
    assert.equal(await press("ArrowDown"), "ledger-1, journal-ledger-1");
    assert.equal(await press("ArrowDown", "ArrowUp", "ArrowDown"), "ledger-2, journal-ledger-2");
    await page.getByRole("region", { name: "What happens, and why" }).focus();
    await press("Home");
    assert.match(await press("Tab"), /^0:00You apply the manifest/);
    assert.match(await press("ArrowDown", "ArrowDown"), /^0:00delete ledger-4/);
    assert.equal(await press("Tab"), "Show spec.updateStrategy in the manifest");
    assert.equal(await press("Tab"), "To the start");
  },
);

pageTest("a field of the story is asked of the host", wide, async ({ page, show, posted }) => {
  await show(setOf({ replicas: 2 }), setOf({ replicas: 2 }));
  await page.getByRole("button", { name: "Show spec.podManagementPolicy in the manifest" }).first().click();
  assert.deepEqual((await posted()).at(-1), { type: "reveal", field: "spec.podManagementPolicy" });
});

pageTest("choices are told to the host and taken up again", wide, async ({ page, show, receive, posted }) => {
  await show(setOf({}), setOf({}));
  const replicas = page.getByRole("spinbutton", { name: "replicas" });
  await replicas.fill("5");
  const message = (await posted()).at(-1);
  assert.ok(message?.type === "choices");
  assert.equal(message.choices.whatIf.replicas, 5);
  await receive({ ...message, choices: { ...message.choices, whatIf: { ...message.choices.whatIf, replicas: 7 } } });
  assert.equal(await replicas.inputValue(), "7");
  assert.equal(await page.locator(".labels li").count(), 7);
});

pageTest("what depends on the field under the cursor is marked", wide, async ({ page, show, receive }) => {
  await show(setOf({ replicas: 2 }), setOf({}));
  assert.equal(await page.locator(".entry.marked").count(), 0);
  await receive({ type: "cursor", field: "spec.replicas" });
  await page
    .getByText("steps depend on replicas, where the cursor is")
    .or(page.getByText("One step depends"))
    .waitFor();
  const marked = await page.locator(".entry.marked").allTextContents();
  assert.ok(
    marked.some((text) => text.includes("delete db-2")),
    marked.join(),
  );
  await receive({ type: "cursor", field: undefined });
  assert.equal(await page.locator(".entry.marked").count(), 0);
});

pageTest("what is supposed is written to the manifest, once", wide, async ({ page, show, receive, posted }) => {
  await show(setOf({}), setOf({}));
  const write = page.getByRole("button", { name: "Write to the manifest" });
  assert.ok(await write.isDisabled());
  await page.getByRole("spinbutton", { name: "replicas" }).fill("5");
  await write.click();
  assert.deepEqual((await posted()).at(-1), { type: "write", edits: [{ field: "spec.replicas", value: 5 }] });
  await receive({ type: "stale", reason: "the YAML cannot be read" });
  assert.ok(await write.isDisabled());
  await show(setOf({ replicas: 4 }), setOf({}));
  assert.ok(await write.isEnabled());
  await show(setOf({ replicas: 5 }), setOf({}));
  assert.ok(await write.isDisabled());
  await page.getByRole("textbox", { name: "maxUnavailable" }).fill("some");
  assert.ok(await write.isDisabled());
});

pageTest("an edit is compared with what the host has, or asks for", wide, async ({ page, show, receive, posted }) => {
  await show(setOf({ revision: "two" }), setOf({}));
  const select = page.locator(".play-chooser vscode-single-select");
  const words = [
    ["git HEAD", "base"],
    ["a revision ...", "revision"],
    ["another file ...", "file"],
    ["the cluster ...", "cluster"],
  ] as const;
  for (const [option, from] of words) {
    await choose(page, option);
    assert.deepEqual((await posted()).at(-1), { type: "chooseFormer", from });
    // Nothing is chosen before the host has it.
    assert.equal(await select.evaluate((element) => "value" in element && element.value), "opened");
  }
  const former = { label: "HEAD (1a2b3c4)", isBase: true, written: setOf({ replicas: 5 }), problem: undefined };
  await receive({ ...shown(setOf({ revision: "two" }), setOf({})), former });
  await receive({ type: "formerChosen" });
  await page.getByText("delete db-4").first().waitFor();
  assert.equal(await select.evaluate((element) => "value" in element && element.value), "former");
  await choose(page, "saved file");
  assert.equal(await select.evaluate((element) => "value" in element && element.value), "saved");
});

async function choose(page: Page, option: string): Promise<void> {
  await page.locator(".play-chooser vscode-single-select").click();
  await page.getByRole("option", { name: option }).click();
}

pageTest("an edit is compared with another file, which the host asks for", wide, async (preview) => {
  const { page, show, receive, posted } = preview;
  await show(setOf({ revision: "two" }), setOf({}));
  await choose(page, "another file ...");
  assert.deepEqual((await posted()).at(-1), { type: "chooseFormer", from: "file" });
  const written = setOf({ name: "old", replicas: 5, revision: "two" });
  const former = { label: "old/db.yaml", isBase: false, written, problem: undefined };
  await receive({ ...shown(setOf({ revision: "two" }), setOf({})), former });
  await receive({ type: "formerChosen" });
  await page.getByText("delete db-4").first().waitFor();
  await page.locator(".play-chooser vscode-single-select", { hasText: "old/db.yaml" }).waitFor();
  const problem = "old is not in the file at this moment";
  await receive({ ...shown(setOf({ revision: "two" }), setOf({})), former: { ...former, problem } });
  await page.getByRole("status").getByText(problem).waitFor();
});

pageTest("half-typed YAML keeps the last good picture, marked as old", wide, async ({ page, show, receive }) => {
  await show(setOf({ replicas: 2 }), setOf({ replicas: 2 }));
  await receive({ type: "stale", reason: `the YAML cannot be read: ${hostile}` });
  await page.locator(".banner-stale", { hasText: "the YAML cannot be read" }).waitFor();
  assert.equal(await page.locator(".labels li").count(), 2);
  await show(setOf({ replicas: 3 }), setOf({ replicas: 2 }));
  assert.equal(await page.locator(".banner-stale").count(), 0);
});

pageTest("scaling down with whenScaled Delete warns of the data", wide, async ({ page, show }) => {
  const spec = setOf({ claims: ["data"], persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } });
  await show(spec, spec);
  await page.getByText("Scale", { exact: true }).click();
  await page.locator(".play-chooser vscode-textfield input").fill("1");
  await page.getByRole("alert").getByText("Data of 2 claims is lost").waitFor();
});

pageTest("a supposed fault makes it stuck, with the commands to recover", wide, async ({ page, show, posted }) => {
  await show(setOf({ revision: "two" }), setOf({}));
  await supposeFault(page, "never becomes ready");
  await page.getByRole("button", { name: "Copy the commands" }).click();
  const last = (await posted()).at(-1);
  assert.ok(last?.type === "copy" && last.text.includes("kubectl delete pod db-2"));
  await page.getByRole("button", { name: /^Remove: db-2/ }).click();
  await page
    .getByText(/^Converges in/)
    .first()
    .waitFor();
});

for (const width of [590, 1000, 1360, 1920]) {
  pageTest(`no play moves the plays, ${width} wide`, { ...wide, width }, async ({ page, show }) => {
    await show(setOf({ revision: "two" }), setOf({}));
    const names = ["Create", "Apply edit", "Scale", "Roll back", "Delete", "Lose a pod", "Change image"];
    const places = () =>
      page
        .locator(".segments label")
        .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    const first = await places();
    for (const name of names) {
      await page.locator(".segments label", { hasText: name }).click();
      assert.deepEqual(await places(), first, name);
    }
  });
}

pageTest("the preview is taken along as a picture that stands alone", wide, async ({ page, show, posted }) => {
  await show(setOf({ name: hostile, replicas: 2, revision: "two" }), setOf({ name: hostile, replicas: 2 }));
  const pictures: Buffer[] = [];
  for (const format of ["SVG", "PNG"]) {
    await page.getByText("Share", { exact: true }).click();
    await page.getByRole("button", { name: `Save as ${format}` }).click();
    await page.locator(`body[data-posted=${format.toLowerCase()}]`).waitFor();
    const message = (await posted()).at(-1);
    assert.ok(message?.type === "save");
    pictures.push(Buffer.from(message.content, "base64"));
  }
  const [svg = "", png] = [pictures[0]?.toString("utf8"), pictures[1]];
  assert.match(svg, /^<svg [^>]*width="1200"/);
  assert.doesNotMatch(svg, /<img|var\(/);
  assert.ok(png);
  assert.deepEqual([...PNG.sync.read(png).data.subarray(0, 4)], [255, 255, 255, 255], "on white, in a dark theme too");
});

pageTest("a thousand pods are drawn as far as they are in sight", wide, async ({ page, show }) => {
  await show(setOf({ replicas: 1000, revision: "two" }), setOf({ replicas: 1000 }));
  assert.ok((await page.locator(".labels li").count()) < 60);
  assert.ok((await page.locator(".entry").count()) < 200);
  await page.getByRole("slider", { name: "Playhead" }).press("End");
  await page.getByText("db-0", { exact: true }).first().waitFor();
  await page.getByRole("slider", { name: "Playhead" }).press("Home");
  await page.getByRole("button", { name: "One step on" }).click({ clickCount: 3 });
  await page.locator(".labels .selected", { hasText: "db-999" }).waitFor();
});

const refusedEdit = editedManifest(
  setWith("serviceName: db", claimOf("10Gi")),
  setWith("serviceName: db-headless", claimOf("20Gi")),
);

for (const options of [
  { theme: "dark", width: 620, height: 720 },
  { theme: "light", width: 1280, height: 800 },
  { theme: "high-contrast", width: 1920, height: 1080 },
] as const) {
  pageTest(`a refused edit looks as it should in ${options.theme}`, options, async ({ page, receive, violations }) => {
    await receive({ type: "show", ...refusedEdit });
    await page.getByText("Rejected: ").first().waitFor();
    const play = page.getByRole("button", { name: /^(?:Play|Pause)$/ });
    assert.ok((await play.boundingBox())?.y ?? 0 < options.height, "the transport is in reach");
    assert.deepEqual(await violations(), []);
    await checkScreenshot(page, `page-rejected-${options.theme}`);
  });
}

pageTest(
  "a refused edit names its fields, and its runbook is copied and played",
  wide,
  async ({ page, receive, posted }) => {
    await receive({ type: "show", ...refusedEdit });
    const refused = page.getByRole("alert").filter({ hasText: "The API server refuses this" });
    await refused.getByRole("row", { name: /serviceName.*"db".*"db-headless"/ }).waitFor();
    await refused.getByRole("button", { name: "Show spec.serviceName in the manifest" }).press("Enter");
    assert.deepEqual((await posted()).at(-1), { type: "reveal", field: "spec.serviceName" });
    await page.getByRole("button", { name: "Copy the commands" }).press("Enter");
    const copied = (await posted()).at(-1);
    assert.ok(copied?.type === "copy" && copied.text.includes("kubectl delete statefulset db --cascade=orphan"));
    await page.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    const follow = page.getByRole("button", { name: "Play the runbook" });
    await page
      .locator(".played")
      .getByText(/Converges in about/)
      .waitFor();
    await follow.press("Enter");
    assert.equal(await follow.getAttribute("aria-pressed"), "true");
    await page.locator(".entry").filter({ hasText: "db-2" }).first().waitFor();
    // The verdict stays that of the edit.
    await page.getByText("Rejected: ").first().waitFor();
  },
);

for (const theme of ["light", "dark", "high-contrast", "high-contrast-light"] as const) {
  pageTest(
    `it looks as it should in ${theme}, and axe-core finds nothing`,
    { ...wide, theme },
    async ({ page, show, receive, violations }) => {
      const spec = setOf({
        claims: ["data"],
        persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" },
        replicas: 4,
      });
      await show({ ...spec, replicas: 3, revision: "two", updateStrategy: { rollingUpdate: { partition: 1 } } }, spec);
      await page.getByRole("button", { name: "More" }).click();
      await receive({ type: "cursor", field: "spec.replicas" });
      // Something to write, so that its button is not dimmed.
      await page.getByRole("spinbutton", { name: "minReadySeconds" }).fill("2");
      assert.deepEqual(await violations(), []);
      await checkScreenshot(page, `preview-${theme}`);
    },
  );
}

pageTest(
  "a narrow panel shows all of it",
  { theme: "light", width: 380, height: 800 },
  async ({ page, violations }) => {
    assert.deepEqual(await violations(), []);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert.equal(overflow, 0);
    await checkScreenshot(page, "preview-narrow");
  },
);

pageTest("a stuck rollout says so at first sight", { ...wide, theme: "light" }, async ({ page, show, violations }) => {
  await show(setOf({ claims: ["data"], revision: "two" }), setOf({ claims: ["data"] }));
  await supposeFault(page, "crashes again and again");
  await page.getByRole("slider", { name: "Playhead" }).press("End");
  assert.deepEqual(await violations(), []);
  await checkScreenshot(page, "preview-stuck");
});

for (const [replicas, theme] of [
  [50, "dark"],
  [1000, "light"],
] as const) {
  pageTest(`${replicas} pods look good`, { ...wide, theme }, async ({ page, show }) => {
    await show(setOf({ replicas, revision: "two" }), setOf({ replicas }));
    const slider = page.getByRole("slider", { name: "Playhead" });
    for (let step = 0; step < 24; step++) await slider.press("ArrowRight");
    await checkScreenshot(page, `preview-${replicas}`);
  });
}

test("the page is no more than 150 kB when it is compressed", () => {
  const size = gzipSync(readFileSync(repo("dist/webview/rollout.js"))).length;
  assert.ok(size < 150_000, `${size} bytes`);
});

/** Of the pod with the highest ordinal. */
async function supposeFault(page: Page, words: string): Promise<void> {
  await page.locator(".faults vscode-single-select").click();
  await page.locator(".faults .option", { hasText: words }).click();
  await page
    .getByText(/^Stuck after/)
    .first()
    .waitFor();
}

/** Three pods that run after 2 s and are Ready 3 s later. */
function setOf(fields: Partial<WrittenSpec>): WrittenSpec {
  const readinessProbe = { periodSeconds: 1 };
  return { name: "db", revision: "one", replicas: 3, timing: { containers: [{ readinessProbe }] }, ...fields };
}
