import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import type { Page } from "playwright-core";
import { repo } from "../harness/repo.js";

/** So many of all pixels may look different, because another machine draws edges a little otherwise. */
const tolerance = 0.001;

/**
 * Compares what is in sight of a page with test/web/screenshots/; `UPDATE=1` writes it instead. Where they differ, both
 * what was seen and the difference are kept in out/screenshots/.
 */
export async function checkScreenshot(page: Page, name: string): Promise<void> {
  const seen = await settled(page);
  const file = repo("test/web/screenshots", `${name}.png`);
  if (process.env["UPDATE"] === "1") {
    keep(file, seen);
    return;
  }
  assert.ok(existsSync(file), `UPDATE=1 npm test -- web writes ${file}`);
  const [actual, expected] = [PNG.sync.read(seen), PNG.sync.read(readFileSync(file))];
  const { width, height } = expected;
  assert.deepEqual([actual.width, actual.height], [width, height], `${name} has another size`);
  const difference = new PNG({ width, height });
  const pixels = pixelmatch(actual.data, expected.data, difference.data, width, height, { threshold: 0.1 });
  if (pixels <= tolerance * width * height) return;
  const [seenFile, differenceFile] = ["seen", "difference"].map((kind) => repo(`out/screenshots/${name}.${kind}.png`));
  keep(seenFile!, seen);
  keep(differenceFile!, PNG.sync.write(difference));
  assert.fail(
    `${name}: ${pixels} pixels are other than in ${file}; see ${differenceFile}. UPDATE=1 takes what is seen`,
  );
}

/** What is in sight once nothing moves any more: two pictures in a row are the same. */
async function settled(page: Page): Promise<Buffer> {
  let before: Buffer | undefined;
  for (;;) {
    const seen = await page.screenshot({ animations: "disabled", caret: "hide" });
    if (before?.equals(seen) === true) return seen;
    before = seen;
  }
}

function keep(file: string, picture: Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, picture);
}
