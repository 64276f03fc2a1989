// How long it takes from a key press until the preview has drawn it, through the whole VS Code in a browser:
// second half of `npm run bench:preview`. The figures are of the machine that it runs on.
import { readFileSync } from "node:fs";
import type { Frame } from "playwright-core";
import { repo } from "../harness/repo.js";
import { openWorkbench, previewOf } from "../web/workbench.js";

const keys = 80;
/** The first ones find nothing compiled. */
const warmUp = 20;

const fifty = readFileSync(repo("examples/ledger/ledger.yaml"), "utf8").replace("replicas: 5", "replicas: 50");
const workbench = await openWorkbench({ "many/many.yaml": fifty });
try {
  const { page } = workbench;
  await workbench.openFile("many/many.yaml");
  await page.locator(".codelens-decoration a", { hasText: "ledger-0" }).click();
  const lane = previewOf(page).getByText("ledger-49").first();
  await lane.waitFor();
  await workbench.openBehind("many/many.yaml", "minReadySeconds: 2");

  const preview = await (await lane.elementHandle())?.ownerFrame();
  if (!preview) throw new Error("the preview has no frame");
  const pressed = await keyPresses(page.mainFrame());
  const drawn = await paints(preview);
  // "20" and "2" in turn, slowly enough that each is drawn before the next.
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press(key % 2 === 0 ? "0" : "Backspace");
    await page.waitForTimeout(400);
  }
  const starts = await pressed();
  report(firstAfter(starts, await drawn()));
} finally {
  await workbench.close();
}

type Moments = () => Promise<readonly number[]>;

/** In ms since the epoch, as all moments here. */
async function keyPresses(frame: Frame): Promise<Moments> {
  const moments = await frame.evaluateHandle(() => {
    const seen: number[] = [];
    addEventListener("keydown", () => seen.push(performance.timeOrigin + performance.now()), true);
    return seen;
  });
  return () => moments.jsonValue();
}

/** The ends of the frames in which changes of the page are drawn. */
async function paints(frame: Frame): Promise<Moments> {
  const moments = await frame.evaluateHandle(() => {
    const seen: number[] = [];
    const observer = new MutationObserver(() =>
      requestAnimationFrame(() => setTimeout(() => seen.push(performance.timeOrigin + performance.now()), 0)),
    );
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    return seen;
  });
  return () => moments.jsonValue();
}

/** How long after each start the first of the moments comes, in ms, if any comes before the next start. */
function firstAfter(starts: readonly number[], moments: readonly number[]): readonly number[] {
  return starts.slice(warmUp).flatMap((start, index) => {
    const next = starts[warmUp + index + 1] ?? Number.POSITIVE_INFINITY;
    const first = moments.find((moment) => moment > start && moment < next);
    return first === undefined ? [] : [first - start];
  });
}

function report(times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (share: number): string => `${sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(0)} ms`;
  const figures = `p50 ${quantile(0.5)}, p95 ${quantile(0.95)}, least ${quantile(0)}`;
  process.stdout.write(`50 pods in VS Code: key to repaint ${figures}, of ${times.length} keys\n`);
}
