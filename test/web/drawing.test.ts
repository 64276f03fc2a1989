import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { asHtml } from "../../server/src/engine/drawing/html.js";
import { asSvg } from "../../server/src/engine/drawing/svg.js";
import { rollouts, shared, updateOf } from "../engine/drawing/rollouts.js";
import { loadHost } from "../vscode/host.js";
import { violationsOf } from "./axe.js";
import { checkScreenshot } from "./screenshots.js";

let browser: Browser;
before(async () => {
  ({ browser } = await (await loadHost()).openChromium());
});
after(() => browser.close());

const partition = shared("ledger", rollouts.partition);
const lost = shared("ledger", rollouts["data-lost"]);
const stuck = shared("ledger", rollouts.stuck);
const drawn = [
  ["partition", [partition], "light"],
  ["partition", [partition], "dark"],
  ["data-lost", [lost], "light"],
  ["stuck", [stuck], "dark"],
  ["several", [lost, { ...stuck, name: "ledger of overlays/prod" }], "light"],
] as const;

for (const [name, sets, colorScheme] of drawn) {
  test(`${name} as a page in ${colorScheme}: it is whole, and axe-core finds nothing`, async () => {
    await withPage(asHtml(sets), colorScheme, async (page) => {
      await page.locator("footer").waitFor();
      assert.deepEqual(await violationsOf(page), []);
      await page.addStyleTag({ content: `* { font-family: "Open Sans" !important }` });
      await checkScreenshot(page, `page-${name}-${colorScheme}`);
    });
  });
}

test("a thousand pods are a picture that is well-formed, in every browser and program that reads XML", async () => {
  await withPage("<p>", "light", async (page) => {
    const svg = asSvg(shared("ledger", updateOf(1000)), "both");
    const read = await page.evaluate((text) => {
      const { documentElement: root } = new DOMParser().parseFromString(text, "image/svg+xml");
      return [root.localName, root.getElementsByTagName("parsererror").length];
    }, svg);
    assert.deepEqual(read, ["svg", 0]);
  });
});

async function withPage(
  html: string,
  colorScheme: "light" | "dark",
  body: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1240, height: 700 }, colorScheme });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.setContent(html);
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}
