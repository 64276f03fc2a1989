import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ToHost } from "../../client/src/webview/messages.js";
import { playForPanel } from "../../server/src/engine/drawing/panel-play.js";
import { playedInFile } from "../../server/src/engine/features/preview/played-objects.js";
import { behaviourOf, newestRelease } from "../../server/src/engine/kubernetes/versions.js";
import type { AskedPlay } from "../../server/src/engine/maintenance/panel-play.js";
import { readWrittenSpec } from "../../server/src/engine/rollout/read.js";
import { apart, budgetFor, setWith } from "../engine/maintenance/manifests.js";
import { analyse, root } from "../harness/workspace.js";
import { loadHost } from "../vscode/host.js";
import { openPreview, shown, type PageOptions, type PreviewPage } from "./preview-page.js";
import { checkScreenshot } from "./screenshots.js";

const wide: PageOptions = { theme: "light", width: 1360, height: 820 };
const asked: AskedPlay = {
  play: "drain-all",
  nodes: 3,
  zones: 3,
  node: undefined,
  zone: undefined,
  to: undefined,
  surge: false,
  volumes: "zone",
  rollout: false,
  sets: "one",
  lanes: "node",
};
const sound = setWith({ pod: apart }) + budgetFor("maxUnavailable: 1");
/** Two sets, of which one hangs. */
const several =
  setWith({ pod: apart }) +
  budgetFor("maxUnavailable: 1") +
  setWith({ name: "cache" }) +
  budgetFor("minAvailable: 3", "cache");

let browser: Browser;
before(async () => {
  ({ browser } = await (await loadHost()).openChromium());
});
after(() => browser.close());

interface NodesPage extends PreviewPage {
  /** Answers the page's next question about nodes as the language server does; resolves to what was asked. */
  answer(): Promise<Question>;
}

/** Runs with a page that shows a play of the first set of a manifest. */
function nodesTest(
  name: string,
  { manifest = sound, ...options }: Partial<AskedPlay> & PageOptions & { readonly manifest?: string },
  body: (preview: NodesPage) => Promise<void>,
): void {
  test(name, async () => {
    const { theme, width, height, ...play } = options;
    const preview = await openPreview(browser, { theme, width, height });
    const analysis = analyse(manifest);
    const documents = analysis.documents(`${root}main.yaml`);
    const [set] = analysis.statefulSets(`${root}main.yaml`);
    assert.ok(set);
    let answered = 0;
    const answer: NodesPage["answer"] = async () => {
      const questions = await questionsBeyond(answered, preview);
      answered = questions.length;
      const question = questions.at(-1);
      assert.ok(question);
      const which = { index: 0, together: question.asked.sets === "file" };
      const found = playedInFile(documents, which, ({ document }) => documents[document]);
      assert.ok(found.type === "found");
      const behaviour = behaviourOf(newestRelease, {});
      await preview.receive({
        type: "nodesPlayed",
        play: playForPanel(found, question.asked, { behaviour, width: question.width }),
      });
      return question;
    };
    try {
      const { spec } = readWrittenSpec(set.statefulSet);
      await preview.receive(shown(spec, spec));
      await preview.receive({ type: "playNodes", asked: { ...asked, ...play } });
      await answer();
      await body({ ...preview, answer });
      assert.deepEqual(preview.complaints, []);
    } finally {
      await preview.page.context().close();
    }
  });
}

type Question = Extract<ToHost, { readonly type: "playNodes" }>;

/** What the page has asked about nodes, once that is more than so many questions. */
async function questionsBeyond(count: number, { page, posted }: PreviewPage): Promise<readonly Question[]> {
  for (let tries = 0; tries < 200; tries++) {
    const questions = (await posted()).filter((message) => message.type === "playNodes");
    if (questions.length > count) return questions;
    await page.waitForTimeout(50);
  }
  throw new Error(`the page asked ${count} times about nodes, and no more`);
}

nodesTest("the plays of nodes are chosen among the others, and asked of the host", wide, async ({ page, answer }) => {
  await page.getByText("Restart", { exact: true }).click();
  await page
    .getByText(/^Converges in/)
    .first()
    .waitFor();
  await page.getByText("Nodes", { exact: true }).click();
  const question = await answer();
  assert.deepEqual(question.asked, asked);
  await page.getByText("Every node drains in about 6 min, at least 2 of 3 ready").first().waitFor();
  await page.getByRole("spinbutton", { name: "nodes" }).fill("5");
  assert.equal((await answer()).asked.nodes, 5);
  await page.getByRole("checkbox", { name: "during a rollout" }).check();
  assert.equal((await answer()).asked.rollout, true);
  for (const [words, play, surge] of [
    ["drain one node", "drain-node", false],
    ["drain all nodes, a new one for each", "drain-all", true],
    ["lose a node", "lose-node", false],
    ["lose a zone", "lose-zone", false],
    ["scale the node pool down", "scale-down", false],
  ] as const) {
    await page.locator('vscode-single-select[label="play"]').click();
    await page.locator(".what-if .option", { hasText: words }).click();
    const { asked: chosen } = await answer();
    assert.deepEqual([chosen.play, chosen.surge], [play, surge]);
    await page.locator(".verdict-title").waitFor();
  }
});

nodesTest(
  "a drain that hangs: its verdict, the refused evictions, and the budget in the curve",
  { ...wide, manifest: several, sets: "file" },
  async ({ page, answer }) => {
    await page.getByText("Hangs at node-0").first().waitFor();
    await page
      .getByText("budget cache allows no eviction because minAvailable 3 needs all 3 of its pods")
      .first()
      .waitFor();
    assert.ok((await page.locator(".drawn .bar ~ .refused").count()) > 1);
    await page
      .getByLabel("Commands to recover")
      .getByText(/patch poddisruptionbudget cache/)
      .waitFor();
    await page.locator(".drawn text", { hasText: "budget db: 1 disruption allowed, 2 must stay" }).waitFor();
    assert.equal(await page.locator(".drawn text.pod", { hasText: /^node-/ }).count(), 3);
    await page.getByRole("radio", { name: "By pod" }).check();
    assert.equal((await answer()).asked.lanes, "pod");
    assert.equal(await page.locator(".drawn text.pod", { hasText: /^(?:db|cache)-/ }).count(), 6);
    await page.getByRole("checkbox", { name: "all sets of the file" }).uncheck();
    await answer();
    await page
      .getByText(/^Every node drains/)
      .first()
      .waitFor();
  },
);

nodesTest("transport, story, slider and keys are one selection", wide, async ({ page, answer, posted }) => {
  const slider = page.getByRole("slider", { name: "Playhead" });
  await slider.press("End");
  const last = (await slider.getAttribute("aria-valuetext")) ?? "";
  assert.match(last, /^6:.*db-2 is Ready on node-2$/);
  await page.getByRole("status").filter({ hasText: "db-2 is Ready on node-2" }).waitFor({ state: "attached" });
  await slider.press("ArrowLeft");
  assert.notEqual(await slider.getAttribute("aria-valuetext"), last);
  await page.getByRole("button", { name: "To the start" }).click();
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^0:00/);
  await page.getByRole("button", { name: /node-1 is cordoned/ }).click();
  const at = Number(await slider.getAttribute("aria-valuenow"));
  assert.ok(at > 0);
  // Another width or other lanes are another drawing of the same moment.
  await page.getByRole("radio", { name: "By pod" }).check();
  await answer();
  assert.equal(Number(await slider.getAttribute("aria-valuenow")), at);
  await page.setViewportSize({ width: 1000, height: 820 });
  await answer();
  assert.equal(Number(await slider.getAttribute("aria-valuenow")), at);
  await page.getByRole("button", { name: "Copy as text" }).click();
  const copied = (await posted()).at(-1);
  assert.ok(copied?.type === "copy" && copied.text.startsWith("play drain-all"));
});

const hostile = `<img src=x onerror="document.body.id='owned'">`;
nodesTest(
  "hostile names are text",
  {
    ...wide,
    manifest: (sound + budgetFor("minAvailable: 3", "db"))
      .replace("name: db }", `name: '${hostile.replaceAll("'", "''")}' }`)
      .replaceAll(
        "PodDisruptionBudget\nmetadata: { name: db }",
        `PodDisruptionBudget\nmetadata: { name: '${hostile.replaceAll("'", "''")}' }`,
      ),
    lanes: "pod",
  },
  async ({ page }) => {
    await page.locator(".drawn text", { hasText: "<img" }).first().waitFor();
    assert.equal(await page.locator("img, #owned").count(), 0);
  },
);

nodesTest("what cannot be played says why", { ...wide, nodes: 1 }, async ({ page }) => {
  await page.getByText("No node takes db-1").first().waitFor();
});

for (const [theme, width, height] of [
  ["light", 1360, 820],
  ["dark", 1280, 800],
  ["high-contrast", 1920, 1080],
  ["high-contrast-light", 640, 900],
  ["light", 380, 900],
] as const) {
  nodesTest(
    `it looks as it should in ${theme} at ${width}, and axe-core finds nothing`,
    { theme, width, height, manifest: several, sets: "file" },
    async ({ page, violations }) => {
      const slider = page.getByRole("slider", { name: "Playhead" });
      for (let step = 0; step < 4; step++) await slider.press("ArrowRight");
      assert.deepEqual(await violations(), []);
      const play = page.getByRole("button", { name: /^(?:Play|Pause)$/ });
      assert.ok(((await play.boundingBox())?.y ?? height) < height, "the transport is in reach");
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      assert.equal(overflow, 0);
      await checkScreenshot(page, `nodes-${theme}-${width}`);
    },
  );
}
