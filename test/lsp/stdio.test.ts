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
  await connection.sendNotification("initialized", {});

  // The answer waits until the folder is read.
  const { items } = await connection.sendRequest<{ items: { uri: string }[] }>("workspace/diagnostic", {
    previousResultIds: [],
  });
  assert.ok(items.some(({ uri }) => uri.endsWith("/db.yaml")));
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
