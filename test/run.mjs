// `npm test`: installs what is missing, builds, checks, and runs every test. `npm test -- <part of a path>` builds and
// runs only the test files with that in their path.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installed, npm } from "../server/src/tools/installed.mjs";
import { hasTools, setupTools } from "./render/tools/setup.mjs";
import { isSupported, setup } from "./vscode/host/setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const part = process.argv[2];

try {
  installed(root);
  npm(root, "run", "build", "--silent");
  const failedChecks = part === undefined ? [["lint"], ["generate", "--", "--check"]].filter(isFailing) : [];
  const files = testFiles().filter((file) => part === undefined || file.includes(part));
  if (files.length === 0) throw new Error(`no test file has "${part}" in its path`);
  if (isSupported && files.some(needsHost)) setup();
  if (hasTools && files.some((file) => needsTools(file) || needsHost(file))) await setupTools();
  process.exitCode = run(files) || failedChecks.length;
  for (const [check] of failedChecks) console.error(`npm run ${check} has failed: see above the tests`);
} catch (error) {
  // A command that failed has said why.
  console.error(error.message);
  process.exitCode = 1;
}

/** A slip in the format of a file does not keep the tests from running. */
function isFailing(check) {
  try {
    npm(root, "run", "--silent", ...check);
    return false;
  } catch {
    return true;
  }
}

/** Compiled test files, relative to the root, with `/` on every platform; not those whose source is gone. */
function testFiles() {
  const compiled = readdirSync(path.join(root, "out/test"), { recursive: true, encoding: "utf8" });
  return compiled
    .map((file) => `out/test/${file.replaceAll(path.sep, "/")}`)
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => existsSync(path.join(root, file.replace(/^out\//, "").replace(/js$/, "ts"))))
    .filter((file) => isSupported || !needsBrowserHost(file))
    .filter((file) => hasTools || !needsTools(file))
    .sort();
}

function needsHost(file) {
  return file.startsWith("out/test/vscode/") || needsBrowserHost(file);
}

/** A real kubectl and a real helm, which are there for Linux on x64; elsewhere the tests of traces stand for these. */
function needsTools(file) {
  return file.startsWith("out/test/node/render/");
}

/** The workbench in a browser is for Linux on x64; elsewhere the tests in a desktop VS Code stand for it. */
function needsBrowserHost(file) {
  return file.startsWith("out/test/web/");
}

/** Two at a time: the tests in a real VS Code want a processor core of their own. */
function run(files) {
  const flags = ["--test", "--test-reporter=spec", "--test-concurrency=2"];
  return spawnSync(process.execPath, [...flags, ...files], { cwd: root, stdio: "inherit" }).status ?? 1;
}
