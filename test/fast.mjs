// `npm run test:fast`: every pure test, in seconds; what is left out or tried less often: `test/harness/fast.ts`.
// `npm run test:fast -- yaml rules` runs those with one of these in their path; `--watch` runs them after each change.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, watch } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);
const parts = given.filter((argument) => argument !== "--watch");

/** Tests of plain functions: no server, no process, no editor. */
const folder = "engine";
/** They do nothing but measure how the time for a text grows with its length. */
const timed = new Set(["engine/long-texts.test.js", "engine/workspace/many-files.test.js"]);
/** About as much work as all other folders together, in a process of its own: what they ask of the engine is the same. */
const heavyFolders = /^engine\/(?:rules|features|lint)\//;
/**
 * Most code runs a few times only: simple machine code at once, and little that is worth an optimising compiler. Room
 * for what is new, so that little of it is ever moved.
 */
const cheapRuns = [
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--always-sparkplug",
  // Node 22 has a compiler between the two, and another option for when the best one begins.
  ...(Number(process.versions.node.split(".")[0]) < 22
    ? ["--interrupt-budget=300000"]
    : ["--maglev", "--invocation-count-for-turbofan=30000"]),
];

if (given.includes("--watch")) await again();
else process.exitCode = (await run()) ? 0 : 1;

/** Runs once, and after each change of a source, until it is stopped. */
async function again() {
  let changed = () => {};
  for (const folder of ["server/src", "test"]) {
    watch(path.join(root, folder), { recursive: true }, (_, file) => {
      if (file === null || /(?:^|\/)node_modules\//.test(file.replaceAll(path.sep, "/"))) return;
      if (/\.(?:ts|yaml|jsonl)$/.test(file)) changed();
    });
  }
  for (;;) {
    const change = new Promise((resolve) => (changed = resolve));
    await run();
    console.log("waiting for a change ...");
    await change;
  }
}

/** Whether it builds and all tests pass. */
async function run() {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  if (spawnSync(process.execPath, [tsc, "-b", "test"], { cwd: root, stdio: "inherit" }).status !== 0) return false;
  const began = Date.now();
  const files = testFiles();
  if (files.length === 0) console.error(`no test file has ${parts.join(" or ")} in its path`);
  const isHeavy = (file) => heavyFolders.test(file);
  const halves = [files.filter(isHeavy), files.filter((file) => !isHeavy(file))];
  const shares = availableParallelism() > 1 ? halves : [files];
  const results = await Promise.all(shares.filter(({ length }) => length > 0).map(runInOneProcess));
  const cpu = results.reduce((sum, result) => sum + result.cpu, 0);
  const tests = results.reduce((sum, result) => sum + result.tests, 0);
  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
  console.log(
    `${tests} tests of ${files.length} files, ${seconds(Date.now() - began)}, ${seconds(cpu)} of processor time`,
  );
  return files.length > 0 && results.every(({ passed }) => passed);
}

/** Compiled test files whose source is there. */
function testFiles() {
  return readdirSync(path.join(root, "test", folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `${folder}/${file.replaceAll(path.sep, "/").replace(/ts$/, "js")}`)
    .filter((file) => !timed.has(file) && (parts.length === 0 || parts.some((part) => file.includes(part))))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** One process for many files, which share what they import. */
function runInOneProcess(files) {
  const flags = [...cheapRuns, `--test-reporter=${path.join(root, "test/fast-reporter.mjs")}`];
  const options = {
    cwd: root,
    env: { ...process.env, ORDINAL_TEST_FAST: "1" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  };
  const child = spawn(process.execPath, [...flags, "test/fast-process.mjs", ...files], options);
  let told = { cpu: 0, tests: 0 };
  child.on("message", (message) => (told = message));
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...told, passed: code === 0 })));
}
