import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { repo } from "../harness/repo.js";
import { loadHost, type Profile } from "../vscode/host.js";

export type Theme = "light" | "dark" | "high-contrast";

/** A VS Code in a browser with the packaged extension, on a copy of `examples/`. */
export interface Workbench {
  readonly page: Page;
  /** Addresses asked for that are not of this machine. */
  readonly outside: readonly string[];
  /** Opens a file of the workspace; resolves to its editor when it shows the text. */
  openFile(name: string, text: string): Promise<Locator>;
  setTheme(theme: Theme): Promise<void>;
  /** Keeps a picture of it in out/screenshots/; with UPDATE=1 also those that the README shows. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Everything that was started is ended by `close`, or here when something fails. */
export async function openWorkbench(files: Readonly<Record<string, string>>): Promise<Workbench> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ordinal-web-"));
  const closers: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const workspace = path.join(folder, "workspace");
    cpSync(repo("examples"), workspace, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(workspace, name), text);

    const profile: Profile = {
      build: "latest",
      userData: path.join(folder, "user-data"),
      extensions: path.join(folder, "extensions"),
      settings: {
        "editor.minimap.enabled": false,
        "window.commandCenter": false,
        "workbench.colorTheme": themes.light.setting,
      },
    };
    const host = await loadHost();
    host.installExtension(profile, await packaged());
    const logFile = path.join(folder, "server.log");
    const server = await host.startServer(profile, { logFile, port: 0, extensions: "installed" });
    closers.push(() => server.stop());
    const { browser, page } = await host.openChromium();
    closers.push(() => browser.close());

    page.setDefaultTimeout(20_000);

    const outside: string[] = [];
    page.context().on("request", (request) => {
      if (isOutside(new URL(request.url()))) outside.push(request.url());
    });
    await page.goto(host.workbenchUrl(server, { folder: workspace }));
    return {
      page,
      outside,
      openFile: (name, text) => openFile(page, name, text),
      setTheme: (theme) => setTheme(page, profile, theme),
      screenshot: (name) => screenshot(page, name),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The page inside the preview panel. */
export function previewOf(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
}

/** Runs a command by its title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}

/** The packaged extension as `npm start` makes it; the build is npm test's. */
async function packaged(): Promise<string> {
  const tool: { packaged(): Promise<string> } = await import(pathToFileURL(repo("server/src/tools/package.mjs")).href);
  return tool.packaged();
}

async function openFile(page: Page, name: string, text: string): Promise<Locator> {
  await page.locator(".monaco-workbench").waitFor();
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget input").fill(name);
  await page
    .locator(".quick-input-list .monaco-list-row", { hasText: path.basename(name) })
    .first()
    .click();
  const editor = page.locator(".editor-instance .monaco-editor[role='code']", { hasText: text });
  await editor.waitFor();
  return editor;
}

const themes = {
  light: { setting: "Default Light Modern", workbench: "vs", page: "vscode-light" },
  dark: { setting: "Default Dark Modern", workbench: "vs-dark", page: "vscode-dark" },
  "high-contrast": { setting: "Default High Contrast", workbench: "hc-black", page: "vscode-high-contrast" },
} satisfies Record<Theme, { setting: string; workbench: string; page: string }>;

/** VS Code follows its settings file. Resolves when workbench and preview have the theme. */
async function setTheme(page: Page, { userData }: Profile, theme: Theme): Promise<void> {
  const settingsFile = path.join(userData, "User/settings.json");
  const settings: Record<string, unknown> = JSON.parse(readFileSync(settingsFile, "utf8"));
  writeFileSync(settingsFile, JSON.stringify({ ...settings, "workbench.colorTheme": themes[theme].setting }));
  await page.locator(`.monaco-workbench.${themes[theme].workbench}`).waitFor();
  await previewOf(page).locator(`body.${themes[theme].page}`).waitFor();
}

/** The resources of a webview have an outside address, which its service worker answers from this machine. */
function isOutside({ protocol, hostname }: URL): boolean {
  return (
    protocol.startsWith("http") && hostname !== "127.0.0.1" && !hostname.endsWith(".vscode-resource.vscode-cdn.net")
  );
}

async function screenshot(page: Page, name: string): Promise<void> {
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  const kept = [repo(`out/screenshots/${name}.png`)];
  const shown = `docs/images/${name}.png`;
  if (process.env["UPDATE"] === "1" && readFileSync(repo("README.md"), "utf8").includes(shown)) kept.push(repo(shown));
  for (const file of kept) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, picture);
  }
}
