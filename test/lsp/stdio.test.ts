import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionItem,
  type DocumentDiagnosticReport,
  type InitializeResult,
} from "vscode-languageserver/node";
import { version } from "../../server/src/engine/api.js";
import { repo } from "../harness/repo.js";
import { summaries } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

/** What `npm run build` makes and an editor runs. */
const server = repo("dist", "server", "main.cjs");
const run = promisify(execFile);

function start(t: TestContext) {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const errors: unknown[] = [];
  connection.onError((error) => errors.push(error));
  connection.listen();
  t.after(() => {
    connection.dispose();
    child.kill();
    assert.deepEqual(errors, [], "nothing but LSP on the standard output");
  });
  return { connection, exited: once(child, "exit") as Promise<[number | null]> };
}

test("an editor such as Neovim opens a folder, a file, and ends", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "ordinal-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "db.yaml");
  writeFileSync(file, statefulSet("bd", retention));
  writeFileSync(path.join(folder, "service.yaml"), service("db"));

  const { connection, exited } = start(t);
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: process.pid,
    clientInfo: { name: "Neovim", version: "0.12.0" },
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: folder }],
    capabilities: {
      general: { positionEncodings: ["utf-8", "utf-16", "utf-32"] },
      textDocument: { diagnostic: { relatedDocumentSupport: true }, publishDiagnostics: { relatedInformation: true } },
      workspace: { configuration: true, diagnostics: { refreshSupport: true } },
    },
  });
  assert.deepEqual(initialized.serverInfo, { name: "ordinal-language-server", version });
  assert.equal(initialized.capabilities.positionEncoding, "utf-16");
  connection.onRequest("workspace/configuration", () => [null]);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  const sent = new Promise<void>((resolve) => {
    connection.onNotification("textDocument/publishDiagnostics", ({ uri: about }: { uri: string }) => {
      if (about.endsWith("/db.yaml")) resolve();
    });
  });
  await connection.sendNotification("initialized", {});

  // Once the folder is read, what is found in files that are not open is sent.
  await sent;
  const uri = pathToFileURL(file).href;
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 0, text: readFileSync(file, "utf8") },
  });
  const report = await connection.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", {
    textDocument: { uri },
  });
  assert.ok(report.kind === "full");
  const found = summaries(report.items);
  assert.ok(found.includes("service-missing 7:16"), String(found));
  assert.ok(found.includes("retention-no-templates 9:3"), String(found));

  assert.equal(await connection.sendRequest("shutdown"), null);
  await connection.sendNotification("exit");
  const [code] = await exited;
  assert.equal(code, 0);
});

test("an unsaved document completes, and its choices say what they mean", async (t) => {
  const { connection } = start(t);
  await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  const uri = "untitled:new.yaml";
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 0, text: "apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  pod" },
  });
  const items = await connection.sendRequest<CompletionItem[]>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 3, character: 5 },
  });
  const item = items.find(({ label }) => label === "podManagementPolicy");
  const { documentation } = await connection.sendRequest<CompletionItem>("completionItem/resolve", item);
  assert.ok(typeof documentation === "object");
  assert.match(documentation.value, /OrderedReady/);
});

test("it ends when the editor is gone", async (t) => {
  const { connection, exited } = start(t);
  await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  connection.end();
  const [code] = await exited;
  assert.equal(code, 1);
});

test("it ends when the process that started the editor's session has ended, though its input stays open", async (t) => {
  const parent = spawn(process.execPath, ["-e", ""]);
  await once(parent, "exit");
  const { ended, written } = talk(t, framed("initialize", { processId: parent.pid, rootUri: null, capabilities: {} }));
  const [code] = await ended;
  assert.deepEqual([code, written.err], [1, ""]);
});

test("its version is the package's", async () => {
  const { stdout } = await run(process.execPath, [server, "--version"]);
  const manifest = JSON.parse(readFileSync(repo("package.json"), "utf8")) as { version: string };
  assert.equal(stdout, `${manifest.version}\n`);
});

test("it explains itself", async () => {
  const { stdout } = await run(process.execPath, [server, "--help"]);
  assert.match(stdout, /Usage: ordinal-language-server --stdio/);
});

for (const wrong of [["--stdoi"], ["file.yaml"], [], ["--stdio", "--node-ipc"]]) {
  test(`refused: ordinal-language-server ${wrong.join(" ")}`, async () => {
    await assert.rejects(run(process.execPath, [server, ...wrong]), { code: 2, stdout: "" });
  });
}

/** A message with its header. */
function framed(method: string, params: object): string {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
const initialize = framed("initialize", { processId: null, rootUri: null, capabilities: {} });

/** Writes to a server whose input stays open; what it wrote and how it ended. */
function talk(t: TestContext, input: string) {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
  t.after(() => child.kill());
  const ended = once(child, "close") as Promise<[number | null]>;
  const written = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (written.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (written.err += data.toString()));
  child.stdin.on("error", () => {}); // it may be gone before all is written
  child.stdin.write(input);
  return { child, ended, written };
}

const garbage: readonly string[] = [
  "Content-Length: -5\r\n\r\n{}",
  "Content-Length: 99999999999999\r\n\r\n{}",
  `Content-Length: 1e3\r\n\r\n${initialize}`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n${initialize}`,
  `hello\n${initialize}`,
  `Content-Length: many\r\n\r\n${initialize}`,
  `Content-Type: utf-8\r\n\r\n${initialize}`,
  initialize.replace("\r\n\r\n", "\n\n"),
  `${initialize}what is this\r\n\r\n`,
];
for (const input of garbage) {
  test(`it ends where it cannot read on: ${JSON.stringify(input.slice(0, 40))}`, async (t) => {
    const { ended, written } = talk(t, input);
    const [code] = await ended;
    assert.equal(code, 1);
    assert.match(written.err, /^ordinal-language-server: the standard input cannot be read as LSP: .*\n$/);
  });
}

test("a message that is no JSON is told, and the next one is answered", async (t) => {
  const { child, ended, written } = talk(t, `Content-Length: 5\r\n\r\n{nope${initialize}`);
  while (!written.out.includes("serverInfo")) await once(child.stdout, "data");
  assert.match(written.err, /^ordinal-language-server: a message is not JSON: .*\n$/);
  child.stdin.end();
  await ended;
});

test("it ends in silence when the other side of its output is gone", async (t) => {
  const { child, ended, written } = talk(t, "");
  child.stdout.destroy();
  child.stdin.write(initialize);
  const [code] = await ended;
  assert.deepEqual([code, written.err], [1, ""]);
});

test("what it prints may be cut off", async (t) => {
  const child = spawn(process.execPath, [server, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill());
  const errors: Buffer[] = [];
  child.stderr.on("data", (data: Buffer) => errors.push(data));
  child.stdout.destroy();
  const [code]: unknown[] = await once(child, "close");
  assert.deepEqual([code, Buffer.concat(errors).toString()], [0, ""]);
});
