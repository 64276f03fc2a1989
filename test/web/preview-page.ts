import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import type { ToHost, ToPage } from "../../client/src/webview/messages.js";
import type { PreviewSource } from "../../client/src/webview/preview-source.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { repo } from "../harness/repo.js";
import { violationsOf } from "./axe.js";

/** The bundled preview page alone in a browser, with test/web/page/ in the place of VS Code. */
export interface PreviewPage {
  readonly page: Page;
  /** What broke the content security policy or threw, in the browser's words. */
  readonly complaints: readonly string[];
  /** Shows a set as the host does; `before` is what the file said when the panel was opened. */
  show(now: WrittenSpec, before: WrittenSpec): Promise<void>;
  receive(message: ToPage): Promise<void>;
  /** What the page has said to the host so far. */
  posted(): Promise<readonly ToHost[]>;
  /** What axe-core finds wrong, as `rule: element`. */
  violations(): Promise<readonly string[]>;
}

export interface PageOptions {
  readonly theme: "light" | "dark" | "high-contrast" | "high-contrast-light";
  readonly width: number;
  readonly height: number;
  /** `reduced` if left out: nothing moves by itself. */
  readonly motion?: "reduced" | "full";
}

const address = "http://preview.test/";
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };

export async function openPreview(
  browser: Browser,
  { theme, width, height, motion }: PageOptions,
): Promise<PreviewPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: motion === "full" ? "no-preference" : "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.route(`${address}**`, (route) => {
    const file = repo(...new URL(route.request().url()).pathname.split("/"));
    return route.fulfill({ contentType: types[path.extname(file)] ?? "text/plain", body: readFileSync(file) });
  });
  await page.goto(`${address}test/web/page/page.html?theme=${theme}`);
  await page.locator(".app").waitFor();

  const receive = async (message: ToPage): Promise<void> => {
    await page.evaluate(async (data) => {
      window.postMessage(data, "*");
      // The page has the message in the next task and has drawn it in the frame after that.
      await new Promise((resolve) => {
        setTimeout(resolve, 0);
      });
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
    }, message);
  };
  return {
    page,
    complaints,
    receive,
    show: (now, before) => receive(shown(now, before)),
    posted: () => page.evaluate<ToHost[]>("window.posted"),
    violations: () => violationsOf(page),
  };
}

/** What the host says of a set. */
export function shown(now: WrittenSpec, before: WrittenSpec): Extract<ToPage, { readonly type: "show" }> {
  const source: PreviewSource = { uri: "file:///db.yaml", index: 0, name: now.name };
  const release = { minor: 36, patch: undefined };
  const bases = {
    opened: before,
    saved: before,
    base: "HEAD",
    former: undefined,
    openedManifest: undefined,
    applies: undefined,
  };
  return { type: "show", source, release, featureGates: {}, now, ...bases };
}
