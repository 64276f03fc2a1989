import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { DocumentDiagnosticReport } from "vscode-languageserver/node";
import { connect, summaries, textDocument, type TestClient } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

const manifest = `${statefulSet("db", retention)}---\n${service("db")}`;
const off = "rules:\n  retention-no-templates: off\n";
const flagged = ["retention-no-templates 9:3"];

async function diagnostics(client: TestClient, name: string): Promise<readonly string[]> {
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument(name));
  return report.kind === "full" ? summaries(report.items) : [];
}

async function opened(t: TestContext, disk: Map<string, string>, settings: object = {}): Promise<TestClient> {
  const capabilities = { textDocument: { diagnostic: {} } };
  const client = await connect(t, { capabilities, folders: [""], disk, initializationOptions: settings });
  await client.open("db.yaml", manifest);
  return client;
}

test("a configuration file on the disk counts, before the editor's settings", async (t) => {
  const disk = new Map([[".ordinal.yaml", off]]);
  const client = await opened(t, disk, { rules: { "retention-no-templates": "error" } });
  assert.deepEqual(await diagnostics(client, "db.yaml"), []);
});

test("an edit of the open configuration file counts at once", async (t) => {
  const client = await opened(t, new Map());
  assert.deepEqual(await diagnostics(client, "db.yaml"), flagged);
  await client.open(".ordinal.yaml", off);
  assert.deepEqual(await diagnostics(client, "db.yaml"), []);
  await client.change(".ordinal.yaml", off.replace("no-templates", "no-template"));
  assert.deepEqual(await diagnostics(client, "db.yaml"), flagged);
  assert.deepEqual(await diagnostics(client, ".ordinal.yaml"), ["config-invalid 2:3"]);
});

test("a change of the configuration file on the disk counts", async (t) => {
  const disk = new Map<string, string>();
  const client = await opened(t, disk);
  assert.deepEqual(await diagnostics(client, "db.yaml"), flagged);
  disk.set(".ordinal.yaml", off);
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: "file:///work/.ordinal.yaml", type: 1 }] });
  // An answer about the file itself waits until it is read.
  assert.deepEqual(await diagnostics(client, ".ordinal.yaml"), []);
  assert.deepEqual(await diagnostics(client, "db.yaml"), []);
  disk.delete(".ordinal.yaml");
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: "file:///work/.ordinal.yaml", type: 3 }] });
  assert.deepEqual(await diagnostics(client, "db.yaml"), flagged);
});
