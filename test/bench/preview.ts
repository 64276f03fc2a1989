// How long the preview page takes: `npm run bench:preview`. The figures are of the machine that it runs on.
import type { CDPSession, Page } from "playwright-core";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { loadHost } from "../vscode/host.js";
import { openPreview, shown } from "../web/preview-page.js";

const { browser } = await (await loadHost()).openChromium();
try {
  for (const replicas of [3, 50, 1000]) {
    const { page, show } = await openPreview(browser, { theme: "dark", width: 1360, height: 820, motion: "full" });
    await show(setOf({ replicas, revision: "two" }), setOf({ replicas }));
    const edits = await editTimes(page, replicas);
    const frames = await frameTimes(page);
    await page.context().close();
    process.stdout.write(
      [
        `${replicas} pods:`,
        `edit to repaint p50 ${tell(quantile(edits, 0.5))}, p95 ${tell(quantile(edits, 0.95))};`,
        `playing: ${frames.rate.toFixed(0)} frames a second, p95 ${tell(quantile(frames.intervals, 0.95))} apart,`,
        `main thread ${tell(frames.busy)} a frame (script ${tell(frames.script)}, style ${tell(frames.style)}, layout ${tell(frames.layout)})\n`,
      ].join(" "),
    );
  }
} finally {
  await browser.close();
}

/** From the message of the host to the frame after the one in which it is drawn, in ms, for so many edits. */
async function editTimes(page: Page, replicas: number): Promise<readonly number[]> {
  const messages = ["two", "three"].map((revision) => shown(setOf({ replicas, revision }), setOf({ replicas })));
  return page.evaluate(async (alternating) => {
    const times: number[] = [];
    for (let edit = 0; edit < 60; edit++) {
      const start = performance.now();
      window.postMessage(alternating[edit % 2], "*");
      await new Promise((resolve) => {
        addEventListener("message", () => requestAnimationFrame(() => setTimeout(resolve, 0)), { once: true });
      });
      times.push(performance.now() - start);
      await new Promise((resolve) => {
        setTimeout(resolve, 30);
      });
    }
    return times;
  }, messages);
}

interface Frames {
  readonly intervals: readonly number[];
  readonly rate: number;
  /** Milliseconds of the main thread for each frame. */
  readonly busy: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
}

/** Of four seconds of play. */
async function frameTimes(page: Page): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.getByRole("slider", { name: "Playhead" }).press("Home");
  await page.getByRole("button", { name: "Play" }).click();
  const before = await metrics(session);
  const intervals = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const moments: number[] = [];
        const tick = (now: number): void => {
          moments.push(now);
          if (now - moments[0]! < 4000) requestAnimationFrame(tick);
          else resolve(moments.slice(1).map((moment, index) => moment - moments[index]!));
        };
        requestAnimationFrame(tick);
      }),
  );
  const after = await metrics(session);
  const each = (name: string): number => (1000 * ((after.get(name) ?? 0) - (before.get(name) ?? 0))) / intervals.length;
  return {
    intervals,
    rate: (1000 * intervals.length) / intervals.reduce((sum, interval) => sum + interval, 0),
    busy: each("TaskDuration"),
    script: each("ScriptDuration"),
    style: each("RecalcStyleDuration"),
    layout: each("LayoutDuration"),
  };
}

async function metrics(session: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics: all } = await session.send("Performance.getMetrics");
  return new Map(all.map(({ name, value }) => [name, value]));
}

function setOf(fields: Partial<WrittenSpec>): WrittenSpec {
  const readinessProbe = { periodSeconds: 1 };
  return { name: "db", revision: "one", claims: ["data"], timing: { containers: [{ readinessProbe }] }, ...fields };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

function tell(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}
