import assert from "node:assert/strict";
import { test } from "node:test";
import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import { connect, summaries, uriOf, type TestClient } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

/** Waits until the editor has been told this of a rule in a file. */
async function told(client: TestClient, name: string, rule: string, expected: readonly string[]) {
  const uri = uriOf(name);
  return client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", (params) => {
    if (params.uri !== uri) return false;
    const found = summaries(params.diagnostics).filter((summary) => summary.startsWith(`${rule} `));
    return JSON.stringify(found) === JSON.stringify(expected);
  });
}

const unneeded = ["retention-no-templates 9:3"];

test("an editor that does not ask is told", async (t) => {
  const client = await connect(t, {});
  assert.equal(client.initialized.capabilities.diagnosticProvider, undefined);
  await client.open("db.yaml", statefulSet("db", retention));
  const { version } = await told(client, "db.yaml", "retention-no-templates", unneeded);
  assert.equal(version, 1);
  await client.change("db.yaml", statefulSet("db"));
  assert.equal((await told(client, "db.yaml", "retention-no-templates", [])).version, 2);
});

test("an open file without findings is cleared, so that nobody waits", async (t) => {
  const client = await connect(t, {});
  await client.open("values.yaml", "replicas: 3\n");
  const { diagnostics } = await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
  assert.deepEqual(diagnostics, []);
});

test("files that are not open are told of, clean ones are not", async (t) => {
  const disk = new Map([
    ["db.yaml", statefulSet("db", retention)],
    ["values.yaml", "replicas: 3\n"],
  ]);
  const client = await connect(t, { folders: [""], disk });
  const params = await told(client, "db.yaml", "retention-no-templates", unneeded);
  assert.equal("version" in params, false);
  await client.open("other.yaml", "");
  await told(client, "other.yaml", "retention-no-templates", []);
  const uris = client.all<PublishDiagnosticsParams>("textDocument/publishDiagnostics").map(({ uri }) => uri);
  assert.equal(uris.includes(uriOf("values.yaml")), false);
});

test("an edit in one file changes what is said of another", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "service-missing", ["service-missing 7:16"]);
  await client.open("service.yaml", service("db"));
  await told(client, "db.yaml", "service-missing", []);
  await client.change("service.yaml", service("renamed"));
  const { diagnostics } = await told(client, "db.yaml", "service-missing", ["service-missing 7:16"]);
  assert.equal(
    diagnostics.find(({ code }) => code === "service-missing")?.message,
    "Service `db` does not exist. Did you mean `renamed`, which selects these pods?",
  );
});

test("what the disk says counts again once a file is closed", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "retention-no-templates", unneeded);
  await client.open("db.yaml", statefulSet("db"));
  await told(client, "db.yaml", "retention-no-templates", []);
  await client.close("db.yaml");
  await told(client, "db.yaml", "retention-no-templates", unneeded);
});

test("of a file that is closed and lies nowhere, everything is taken back", async (t) => {
  const client = await connect(t, {});
  await client.open("untitled:Untitled-1", statefulSet("db", retention));
  await told(client, "untitled:Untitled-1", "retention-no-templates", unneeded);
  await client.close("untitled:Untitled-1");
  const { diagnostics } = await told(client, "untitled:Untitled-1", "retention-no-templates", []);
  assert.deepEqual(diagnostics, []);
});
