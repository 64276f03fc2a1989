// Starts a real VS Code server on loopback and opens its workbench in headless Chromium.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as timeLimit } from "node:timers/promises";
import { setup } from "./setup.mjs";

/**
 * @typedef {object} Profile where VS Code keeps what it knows
 * @property {"latest" | "min"} build
 * @property {string} userData folder of settings and state
 * @property {string} extensions folder of installed extensions
 * @property {Record<string, unknown>} [settings] user settings of a new profile, on top of the quiet ones
 */

/** Installs a packaged extension for all servers that start with this profile. */
export function installExtension(profile, vsix) {
  const { node, arguments: profileArguments } = command(profile);
  const all = [...profileArguments, "--install-extension", vsix, "--force"];
  execFileSync(node, all, { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
}

/**
 * Starts VS Code's server on 127.0.0.1 and resolves when it listens.
 * @param {Profile} profile
 * @param {object} options
 * @param {string} options.logFile takes the server's output
 * @param {number} options.port 0 for any free one
 * @param {"installed" | "development"} options.extensions `development`: the workbench loads extensions and their
 *   tests from the folders named in its address
 * @returns {Promise<{authority: string, token: string, exited: Promise<string>, stop: () => Promise<void>}>}
 *   `exited` resolves to a sentence when the server ends, by itself or not
 */
export async function startServer(profile, { logFile, port, extensions }) {
  const token = randomBytes(16).toString("hex");
  const { node, arguments: profileArguments } = command(profile);
  const server = spawn(
    node,
    [
      ...profileArguments,
      "--host=127.0.0.1",
      `--port=${port}`,
      `--connection-token=${token}`,
      "--telemetry-level=off",
      "--disable-workspace-trust",
      // A built workbench takes extensionDevelopmentPath and extensionTestsPath from its address only under this flag.
      ...(extensions === "development" ? ["--enable-smoke-test-driver"] : []),
    ],
    { detached: true, stdio: ["ignore", "pipe", "pipe"], env: environment() },
  );
  // Detached, so that the server, its extension hosts and their language servers are one process group that can be
  // ended as a whole, also when this process ends in an unforeseen way.
  const end = (signal) => {
    if (server.pid === undefined) return; // It could not be started.
    try {
      process.kill(-server.pid, signal);
    } catch {
      // All of them are gone.
    }
  };
  const endNow = () => end("SIGKILL");
  const exit = () => process.exit(1);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  process.once("exit", endNow);
  for (const signal of signals) process.once(signal, exit); // A signal alone would not run the exit hook.
  const exited = new Promise((resolve) => {
    server.once("exit", (code, signal) => resolve(`the VS Code server ended (${code ?? signal})`));
    server.once("error", (error) => resolve(`the VS Code server did not start (${error.message})`));
  });
  const log = createWriteStream(logFile);
  const listening = new Promise((resolve) => {
    let output = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (data) => {
        log.write(data);
        output = (output + data).slice(-10_000);
        const match = /Extension host agent listening on (\d+)/.exec(output);
        if (match) resolve(Number(match[1]));
      });
    }
  });
  const stop = async () => {
    end("SIGTERM");
    await Promise.race([exited, timeLimit(5_000, undefined, { ref: false })]);
    endNow();
    process.off("exit", endNow);
    for (const signal of signals) process.off(signal, exit);
    log.end();
  };
  const bound = await Promise.race([listening, exited, timeLimit(60_000, "no port after 60 s", { ref: false })]);
  if (typeof bound !== "number") {
    await stop();
    throw new Error(`${bound}; its output is in ${logFile}`);
  }
  return { authority: `127.0.0.1:${bound}`, token, exited, stop };
}

/**
 * The address of the workbench, with what a desktop VS Code takes as flags.
 * @param {{authority: string, token: string}} server
 * @param {{folder?: string, file?: string, extensionDevelopmentPath?: string, extensionTestsPath?: string}} open
 */
export function workbenchUrl(server, { folder, file, extensionDevelopmentPath, extensionTestsPath }) {
  const remote = (place) => `vscode-remote://${server.authority}${path.resolve(place)}`;
  const payload = [];
  if (extensionDevelopmentPath) payload.push(["extensionDevelopmentPath", remote(extensionDevelopmentPath)]);
  if (extensionTestsPath) payload.push(["extensionTestsPath", remote(extensionTestsPath)]);
  if (file) payload.push(["openFile", remote(file)]);
  const url = new URL(`http://${server.authority}/`);
  url.searchParams.set("tkn", server.token);
  if (folder) url.searchParams.set("folder", path.resolve(folder));
  url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

/**
 * Opens a headless Chromium that can resolve no name but this machine's own: nothing outside is needed.
 * CHROMIUM names another executable.
 * @returns {Promise<{browser: import("playwright-core").Browser, page: import("playwright-core").Page}>}
 */
export async function openChromium() {
  const { executable, libraries, fontSettings } = setup().chromium;
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? executable,
    env: {
      ...process.env,
      FONTCONFIG_FILE: fontSettings,
      ...(lacksLibraries(executable) ? { LD_LIBRARY_PATH: libraries } : {}),
    },
    args: [
      "--no-sandbox", // Chromium refuses to run as root with it.
      "--disable-gpu",
      "--font-render-hinting=none", // Screenshots are compared with those of other machines.
      "--disable-background-networking",
      "--disable-component-update",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  return { browser, page };
}

function lacksLibraries(executable) {
  return execFileSync("ldd", [executable], { encoding: "utf8" }).includes("not found");
}

/** Keeps the workbench quiet: nothing that asks the internet, no start page, no AI panels. */
const quietSettings = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off", // As on the desktop: in a browser VS Code saves by itself.
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** The server's executable and the arguments that every command of it takes; a new profile gets its settings. */
function command({ build, userData, extensions, settings }) {
  const { node, root } = setup().builds[build];
  mkdirSync(path.join(userData, "User"), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const settingsFile = path.join(userData, "User/settings.json");
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  }
  const places = ["--server-data-dir", userData, "--user-data-dir", userData, "--extensions-dir", extensions];
  return { node, arguments: [path.join(root, "out/server-main.js"), "--accept-server-license-terms", ...places] };
}

/** Without a gallery VS Code does not look for extensions on the internet. */
function environment() {
  return { ...process.env, EXTENSIONS_GALLERY: `{"serviceUrl":""}` };
}
