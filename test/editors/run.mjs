// `npm run test:editors [part of a name]`: real editors open a workspace with the configuration of docs/editors.md and do what
// a user does. What their clients say is recorded; `UPDATE=1` makes the fixtures that test/lsp/recorded.test.ts plays.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installed, npm } from "../../server/src/tools/installed.mjs";
import { editors } from "./editors.mjs";
import { whyNot } from "./install.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const server = path.join(root, "dist/server/main.cjs");
const part = process.argv[2] ?? "";

const problem = whyNot();
if (problem !== undefined) {
  console.log(`No editor can be tested here: ${problem}. The recordings of their clients are played by npm test.`);
} else {
  installed(root);
  npm(root, "run", "build", "--silent");
  for (const editor of editors.filter(({ name }) => name.includes(part))) await play(editor);
}

async function play(editor) {
  const folder = mkdtempSync(path.join(tmpdir(), "ordinal-editor-"));
  const workspace = path.join(folder, "workspace");
  const recording = path.join(folder, "recording.jsonl");
  const result = path.join(folder, "result.json");
  try {
    cpSync(path.join(here, "workspace"), workspace, { recursive: true });
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    const program = path.join(bin, "ordinal-language-server");
    const command = [process.execPath, path.join(here, "record.mjs"), recording, process.execPath, server];
    writeFileSync(program, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
    chmodSync(program, 0o755);
    const home = path.join(folder, "home");
    mkdirSync(home);
    const env = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, ".config"),
      XDG_CACHE_HOME: path.join(home, ".cache"),
      PATH: `${bin}:${process.env.PATH}`,
      LC_ALL: "C.UTF-8",
      ORDINAL_RESULT: result,
    };
    await editor.run({ workspace, home, env, here, start, configuration: configuration(editor.section) });
    if (!existsSync(result)) throw new Error("the editor wrote no result");
    const seen = JSON.parse(readFileSync(result, "utf8"));
    if (seen.failed !== undefined) throw new Error(seen.failed);
    check(editor, seen);
    console.log(`✔ ${editor.name} ${seen.version}`);
    if (process.env.UPDATE === "1") writeFixture(editor, seen, workspace, recording);
    rmSync(folder, { recursive: true });
  } catch (error) {
    process.exitCode = 1;
    console.log(`✖ ${editor.name}: ${error.message}\n  What it left behind is in ${folder}`);
  }
}

/** What every editor must have shown its user. */
function check({ lacks = [] }, seen) {
  assert.ok(
    seen.first.some((text) => text.includes("Service `bd` does not exist. Did you mean `db`")),
    String(seen.first),
  );
  assert.equal(seen.watched, true);
  assert.equal(seen.otherBuffer, true);
  if (!lacks.includes("hover")) assert.match(seen.hover, /podManagementPolicy/);
  if (!lacks.includes("completion"))
    for (const value of ["OrderedReady", "Parallel"])
      assert.ok(seen.completion.includes(value), String(seen.completion));
  const before = readFileSync(path.join(here, "workspace/db.yaml"), "utf8");
  const mended = before.replace("serviceName: bd", "serviceName: db");
  assert.equal(seen.text, lacks.includes("rename") ? mended : mended.replaceAll("name: data", "name: files"));
}

/** Runs a program until it ends; it gets a minute and a half. */
function start([program, ...args], { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
    const timer = setTimeout(() => child.kill("SIGKILL"), 120_000);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (signal === null) resolve({ code, said });
      else reject(new Error(`it did not end in two minutes: ${said.slice(-500)}`));
    });
  });
}

/** The first block of code below a heading of docs/editors.md. */
function configuration(section) {
  const docs = readFileSync(path.join(root, "docs/editors.md"), "utf8");
  const [, below] = docs.split(`\n## ${section}\n`);
  const block = /```\w+\n(.*?)```/s.exec(below ?? "")?.[1];
  if (block === undefined) throw new Error(`docs/editors.md has no configuration below "${section}"`);
  return block;
}

/** What the client asked and said, one message a line, with the workspace at file:///work. */
function writeFixture({ name }, { version }, workspace, recording) {
  const messages = readFileSync(recording, "utf8")
    .replaceAll(pathToFileURL(workspace).href, "file:///work")
    .replaceAll(workspace, "/work")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ from, message }) => from === "client" && message.method !== undefined)
    .map(({ message: { id, method, params } }) => JSON.stringify({ id, method, params }));
  const [first, ...rest] = messages.map((line) => line.replace(/"processId":\d+/, '"processId":null'));
  const text = [`{"editor":"${name}","version":"${version}","messages":[`, [first, ...rest].join(",\n"), "]}"];
  writeFileSync(path.join(root, "test/lsp/fixtures/clients", `${name}.json`), `${text.join("\n")}\n`);
}
