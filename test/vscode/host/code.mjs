#!/usr/bin/env node
// Stands in for the VS Code executable: takes the flags that @vscode/test-electron passes and runs the same extension
// tests in the extension host of a VS Code server, with the workbench in headless Chromium. VSCODE_HOST_BUILD says
// which build. Ends with the tests' exit code, which is 0 also when the extension host died: look at the results too.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as timeLimit } from "node:timers/promises";
import { format, parseArgs } from "node:util";
import { openChromium, startServer, workbenchUrl } from "./host.mjs";

const limit = 600_000; // milliseconds

const { values: flags, positionals } = parseArgs({
  strict: false, // VS Code takes many more flags than these.
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "extensions-dir": { type: "string" },
    "user-data-dir": { type: "string" },
  },
});

process.exitCode = await run();

async function run() {
  const userData = path.resolve(flags["user-data-dir"]);
  const logs = path.join(userData, "host-logs");
  mkdirSync(logs, { recursive: true });
  const profile = {
    build: process.env.VSCODE_HOST_BUILD ?? "latest",
    userData,
    extensions: path.resolve(flags["extensions-dir"]),
  };
  const server = await startServer(profile, {
    logFile: path.join(logs, "server.log"),
    port: 0,
    extensions: "development",
  });
  try {
    const { browser, page } = await openChromium();
    try {
      return await runTests(page, server, logs);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

async function runTests(page, server, logs) {
  const lines = [];
  const finished = new Promise((resolve) => {
    page.on("crash", () => resolve("the page crashed"));
    // The workbench calls these two by name: what the extension host writes, and how the tests ended.
    void page.exposeFunction("codeAutomationLog", (type, words) => lines.push(`${type}: ${format(...words)}`));
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.goto(workbenchUrl(server, { folder: positionals[0], ...flags }));
  const result = await Promise.race([
    finished,
    server.exited,
    timeLimit(limit, `no result after ${limit / 1000} s`, { ref: false }),
  ]);
  writeFileSync(path.join(logs, "workbench.log"), lines.join("\n"));
  if (typeof result === "number") return result;
  await page.screenshot({ path: path.join(logs, "workbench.png") }).catch(() => undefined);
  console.error(`The tests did not finish: ${result}. Logs and a screenshot are in ${logs}`);
  return 1;
}
