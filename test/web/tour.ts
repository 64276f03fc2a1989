import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import gifenc from "gifenc";
import { PNG } from "pngjs";
import type { Page } from "playwright-core";
import { repo } from "../harness/repo.js";
import { openWorkbench, previewOf, runCommand } from "./workbench.js";

/*
 * `npm run tour` records docs/images/tour.gif in the real editor: a Service name is misspelt, underlined and fixed, an
 * image is changed, and the rollout of that edit is played.
 */

const size = { width: 1200, height: 700 };
const colours = 128;
const { GIFEncoder, applyPalette, quantize } = gifenc;

/** Pictures of a page, each shown for some milliseconds. */
class Recorder {
  readonly #frames: { readonly pixels: Uint8Array; readonly milliseconds: number }[] = [];

  constructor(readonly page: Page) {}

  async show(milliseconds: number): Promise<void> {
    const { data } = PNG.sync.read(await this.page.screenshot({ animations: "disabled", caret: "hide" }));
    this.#frames.push({ pixels: new Uint8Array(data), milliseconds });
  }

  async type(text: string): Promise<void> {
    for (const letter of text) {
      await this.page.keyboard.type(letter);
      await this.show(90);
    }
  }

  /** One palette for all frames; of each frame after the first, only what changed is written. */
  encode(): Uint8Array {
    const all = Buffer.concat(this.#frames.filter((_, index) => index % 4 === 0).map(({ pixels }) => pixels));
    const palette = quantize(all, colours - 1);
    const transparentIndex = palette.length;
    const encoder = GIFEncoder();
    let before: Uint8Array | undefined;
    for (const { pixels, milliseconds } of this.#frames) {
      const indices = applyPalette(pixels, palette);
      const shown =
        before === undefined
          ? indices
          : indices.map((colour, at) => (colour === before?.[at] ? transparentIndex : colour));
      encoder.writeFrame(shown, size.width, size.height, {
        palette: [...palette, [0, 0, 0]],
        transparent: before !== undefined,
        transparentIndex,
        delay: milliseconds,
        dispose: 1,
      });
      before = indices;
    }
    encoder.finish();
    return encoder.bytes();
  }
}

/** Short enough for one screen. */
const manifest = `apiVersion: v1
kind: Service
metadata:
  name: orders
spec:
  clusterIP: None
  selector: { app: orders }
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
spec:
  serviceName:
  replicas: 3
  selector:
    matchLabels: { app: orders }
  template:
    metadata:
      labels: { app: orders }
    spec:
      containers:
        - name: postgres
          image: postgres:17
          readinessProbe:
            exec: { command: [pg_isready] }
          volumeMounts:
            - { name: data, mountPath: /var/lib/postgresql/data }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 10Gi } }
`;

const workbench = await openWorkbench(
  { "shop/orders.yaml": manifest },
  {
    settings: {
      "editor.stickyScroll.enabled": false,
      "workbench.colorTheme": "Default Dark Modern",
      "workbench.startupEditor": "none",
    },
  },
);
try {
  const { page } = workbench;
  const recorder = new Recorder(page);
  await page.setViewportSize(size);
  await workbench.openFile("shop/orders.yaml");
  await runCommand(page, "Notifications: Clear All Notifications");
  const editor = await workbench.openBehind("shop/orders.yaml", "serviceName:");
  await recorder.show(900);

  await recorder.type(" ordres");
  await page.keyboard.press("Escape");
  await editor.locator(".squiggly-warning").first().waitFor();
  await recorder.show(1_800);

  await page.keyboard.press("Control+.");
  await page.locator(".action-widget .monaco-list-row").first().waitFor();
  await recorder.show(1_800);
  await page.keyboard.press("Enter");
  await editor.locator(".squiggly-warning").first().waitFor({ state: "detached" });
  await recorder.show(1_000);

  await page.keyboard.press("Control+S");
  await workbench.openBehind("shop/orders.yaml", "image: postgres:17");
  await page.keyboard.press("Backspace");
  await recorder.show(300);
  await page.keyboard.type("8");
  await page.keyboard.press("Control+Home"); // where the lens is in sight
  const lens = page.locator(".codelens-decoration a", { hasText: "Restarts 3 pods" });
  await lens.waitFor();
  await recorder.show(2_000);

  await lens.click();
  const preview = previewOf(page);
  await preview.getByText("orders-2").first().waitFor();
  await recorder.show(1_500);
  await preview.getByRole("button", { name: "To the start" }).click();
  const next = preview.getByRole("button", { name: "One step on" });
  for (let step = 0; step < 16; step++) {
    await recorder.show(250);
    await next.click();
  }
  await recorder.show(1_000);
  await preview.locator("body").press("End");
  await recorder.show(3_000);

  const file = repo("docs/images/tour.gif");
  mkdirSync(path.dirname(file), { recursive: true });
  const bytes = recorder.encode();
  writeFileSync(file, bytes);
  console.log(`${file}: ${Math.round(bytes.length / 1000)} kB`);
} catch (error) {
  await workbench.screenshot("failed: tour");
  throw error;
} finally {
  await workbench.close();
}
