import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
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
  /** Of everything that VS Code keeps, and of the workspace. */
  readonly folder: string;
  /** Addresses asked for that are not of this machine. */
  readonly outside: readonly string[];
  /** Opens a file of the workspace; resolves to its editor. */
  openFile(name: string): Promise<Locator>;
  /** Opens a file with the cursor behind the first place of a text in it, as it is on the disk. */
  openBehind(name: string, text: string): Promise<Locator>;
  setTheme(theme: Theme): Promise<void>;
  /** Loads the window anew. */
  reload(): Promise<void>;
  /** Keeps a picture of it in out/screenshots/; with UPDATE=1 also those that the README or docs/preview.md shows. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Everything that was started is ended by `close`, or here when something fails.
 * @param files beside the examples, by their paths
 * @param options `settings` of the user; `runs`: in Node beside the files, or as a web extension in the browser
 */
export async function openWorkbench(
  files: Readonly<Record<string, string>>,
  {
    settings = {},
    runs = "in Node",
  }: { readonly settings?: Readonly<Record<string, unknown>>; readonly runs?: "in Node" | "in the browser" } = {},
): Promise<Workbench> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ordinal-web-"));
  const closers: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const workspace = path.join(folder, "examples");
    cpSync(repo("examples"), workspace, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
      writeFileSync(path.join(workspace, name), text);
    }

    const profile: Profile = {
      build: "latest",
      userData: path.join(folder, "user-data"),
      extensions: path.join(folder, "extensions"),
      settings: {
        "editor.minimap.enabled": false,
        "editor.wordWrap": "on",
        "window.commandCenter": false,
        "window.title": "${activeEditorShort}",
        "workbench.colorTheme": "Default Light Modern",
        ...settings,
      },
    };
    const host = await loadHost();
    const vsix = await packaged(runs === "in Node" ? "node" : "web");
    if (runs === "in Node") host.installExtension(profile, vsix);
    const logFile = path.join(folder, "server.log");
    const server = await host.startServer(profile, { logFile, port: 0, extensions: "installed" });
    closers.push(() => server.stop());
    const { browser, page } = await host.openChromium();
    closers.push(() => browser.close());

    page.setDefaultTimeout(20_000);
    await page.setViewportSize({ width: 1600, height: 960 });

    const outside: string[] = [];
    page.context().on("request", (request) => {
      if (isOutside(new URL(request.url()))) outside.push(request.url());
    });
    if (runs === "in the browser") {
      const extension = await serveFolder(repo("dist/extension-web"));
      closers.push(() => extension.close());
      await addWebExtension(page, extension.authority);
    }
    await page.goto(host.workbenchUrl(server, { folder: workspace }));
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    await page.keyboard.press("Control+B"); // the explorer away
    return {
      page,
      folder,
      outside,
      openFile: (name) => openFile(page, name),
      async openBehind(name, text) {
        const editor = await openFile(page, name);
        await goBehind(page, path.join(workspace, name), text);
        return editor;
      },
      setTheme: (theme) => setTheme(page, theme),
      reload: () => reload(page),
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

/** As the command does it, VS Code saves what it knows first. */
async function reload(page: Page): Promise<void> {
  const loaded = page.waitForEvent("load");
  await runCommand(page, "Developer: Reload Window");
  await loaded;
}

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await choose(page, `>${title}`);
}

/** Types into the list that is open at the top and takes the entry of that name, which no other contains. */
async function choose(page: Page, text: string): Promise<void> {
  const list = page.locator(".quick-input-widget");
  await list.locator("input[type=text]").fill(text);
  await list
    .locator(".monaco-list-row", { hasText: path.basename(text.replace(/^>/, "")) })
    .first()
    .click();
}

/** The packaged extension as `npm start` makes it; the build is npm test's. */
async function packaged(where: "node" | "web"): Promise<string> {
  const tool: { packaged(where: "node" | "web"): Promise<string> } = await import(
    pathToFileURL(repo("server/src/tools/package.mjs")).href
  );
  return tool.packaged(where);
}

/** Resolves when the editor has the focus: keys that are pressed before, or in the preview, go astray. */
async function openFile(page: Page, name: string): Promise<Locator> {
  const tab = page.locator(`.tab[data-resource-name="${path.basename(name)}"]`);
  if ((await tab.count()) > 0) {
    await tab.click();
  } else {
    await page.keyboard.press("Control+P");
    await choose(page, name);
  }
  const editor = page.locator(`.editor-instance .monaco-editor[role="code"][data-uri$="${name}"]`);
  await editor.and(page.locator(".focused")).waitFor();
  return editor;
}

/** Puts the cursor behind a text in the editor that has the focus. */
async function goBehind(page: Page, file: string, text: string): Promise<void> {
  const [before = ""] = readFileSync(file, "utf8").split(text);
  const lines = `${before}${text}`.split("\n");
  const line = lines.length;
  const column = (lines.at(-1)?.length ?? 0) + 1;
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.fill(`:${line}:${column}`);
  await input.press("Enter");
  await page.locator("#status\\.editor\\.selection", { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  await page.locator(".editor-instance .monaco-editor.focused").waitFor();
}

const themes = {
  light: { label: "Light Modern", workbench: "vs", page: "vscode-light" },
  dark: { label: "Dark Modern", workbench: "vs-dark", page: "vscode-dark" },
  "high-contrast": { label: "Dark High Contrast", workbench: "hc-black", page: "vscode-high-contrast" },
} satisfies Record<Theme, { label: string; workbench: string; page: string }>;

/** Resolves when the workbench and the preview have the theme. */
async function setTheme(page: Page, theme: Theme): Promise<void> {
  const { label, workbench, page: inPage } = themes[theme];
  await runCommand(page, "Preferences: Color Theme");
  await page.locator(".quick-input-widget input[placeholder^='Select Color Theme']").waitFor();
  await choose(page, label);
  await page.locator(`.monaco-workbench.${workbench}`).waitFor();
  await previewOf(page).locator(`body.${inPage}`).waitFor();
}

/** Serves files to pages of any origin, as a marketplace does for web extensions. */
async function serveFolder(
  folder: string,
): Promise<{ readonly authority: string; readonly close: () => Promise<void> }> {
  const types: Readonly<Record<string, string>> = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const isThere = request.method === "GET" && existsSync(file) && statSync(file).isFile();
    response.writeHead(isThere ? 200 : request.method === "OPTIONS" ? 204 : 404, {
      "Access-Control-Allow-Headers": "*",
      "Access-Control-Allow-Origin": "*",
      "Content-Type": types[path.extname(file)] ?? "application/octet-stream",
    });
    response.end(isThere ? readFileSync(file) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    // The host of extensions takes scripts from there, and from addresses of https.
    authority: `localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Has the workbench load a web extension, by the configuration in its page: as @vscode/test-web does. */
async function addWebExtension(page: Page, authority: string): Promise<void> {
  await page.context().grantPermissions(["local-network-access"]);
  await page.route(
    (url) => url.pathname === "/",
    async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      const [whole, escaped = ""] = /id="vscode-workbench-web-configuration" data-settings="([^"]*)"/.exec(body) ?? [];
      if (whole === undefined) throw new Error("the page has no configuration of the workbench");
      const configuration: object = JSON.parse(escaped.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
      const additionalBuiltinExtensions = [{ scheme: "http", authority, path: "/" }];
      const given = JSON.stringify({ ...configuration, additionalBuiltinExtensions });
      const settings = given.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      const headers = response.headers();
      const policy =
        headers["content-security-policy"]?.replace("connect-src", `connect-src http://${authority}`) ?? "";
      await route.fulfill({
        response,
        headers: { ...headers, "content-security-policy": policy },
        body: body.replace(escaped, () => settings),
      });
    },
  );
}

/** The resources of a webview have an outside address, which its service worker answers from this machine. */
function isOutside({ protocol, hostname }: URL): boolean {
  return (
    protocol.startsWith("http") &&
    hostname !== "127.0.0.1" &&
    hostname !== "localhost" &&
    !hostname.endsWith(".vscode-resource.vscode-cdn.net")
  );
}

async function screenshot(page: Page, name: string): Promise<void> {
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  const kept = [repo(`out/screenshots/${name}.png`)];
  const shown = `images/${name}.png`;
  const pages = ["README.md", "docs/preview.md"];
  if (process.env["UPDATE"] === "1" && pages.some((page) => readFileSync(repo(page), "utf8").includes(shown)))
    kept.push(repo(`docs/${shown}`));
  for (const file of kept) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, picture);
  }
}
