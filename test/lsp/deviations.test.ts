import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { DocumentDiagnosticReport, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { manifestGlobs } from "../../server/src/lsp/deviations.js";
import { connect, summaries, textDocument, uriOf } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

const refreshing = {
  textDocument: { diagnostic: { relatedDocumentSupport: true } },
  workspace: { diagnostics: { refreshSupport: true } },
};
const neovim = { capabilities: refreshing, clientInfo: { name: "Neovim", version: "0.12.0" }, folders: [""] };

/** What a buffer of Neovim shows: it looks at reports on single documents alone, and into full ones only. */
async function buffers(t: TestContext, disk: Map<string, string>) {
  const client = await connect(t, { ...neovim, disk });
  const shown = new Map<string, readonly string[]>();
  const ids = new Map<string, string | undefined>();
  const pull = async (name: string) => {
    const previous = ids.get(uriOf(name));
    const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", {
      ...textDocument(name),
      ...(previous === undefined ? {} : { previousResultId: previous }),
    });
    ids.set(uriOf(name), report.resultId);
    if (report.kind !== "full") return;
    shown.set(uriOf(name), summaries(report.items));
    for (const [uri, related] of Object.entries(report.relatedDocuments ?? {})) {
      if (related.kind === "full") shown.set(uri, summaries(related.items));
      ids.set(uri, related.resultId);
    }
  };
  const missing = (name: string) => (shown.get(uriOf(name)) ?? []).some((one) => one.startsWith("service-missing"));
  return { client, pull, missing };
}

test("Neovim is not offered to ask about the workspace; others are", async (t) => {
  const { initialized } = await connect(t, neovim);
  const offered = { identifier: "ordinal", interFileDependencies: true };
  assert.deepEqual(initialized.capabilities.diagnosticProvider, { ...offered, workspaceDiagnostics: false });
  const other = await connect(t, { ...neovim, clientInfo: { name: "Visual Studio Code" } });
  const { diagnosticProvider } = other.initialized.capabilities;
  assert.deepEqual(diagnosticProvider, { ...offered, workspaceDiagnostics: true });
});

test("Neovim: a change of one buffer is seen in another one, by the refresh alone", async (t) => {
  const { client, pull, missing } = await buffers(t, new Map([["other.yaml", statefulSet("x", retention)]]));
  // The folder has been read, and the files that are not open are sent.
  const sent = await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
  assert.equal(sent.uri, uriOf("other.yaml"));
  await client.open("db.yaml", statefulSet("db"));
  await client.open("service.yaml", service("db"));
  await pull("db.yaml");
  assert.equal(missing("db.yaml"), false);
  await client.change("service.yaml", service("renamed"));
  await client.next("workspace/diagnostic/refresh");
  await pull("db.yaml");
  assert.equal(missing("db.yaml"), true);
});

test("Neovim: what a report says of other buffers is in a full report, though nothing changed for its own", async (t) => {
  const { client, pull, missing } = await buffers(t, new Map([["other.yaml", statefulSet("x", retention)]]));
  await client.next("textDocument/publishDiagnostics");
  await client.open("db.yaml", statefulSet("db"));
  await client.open("service.yaml", service("db"));
  await pull("service.yaml");
  await pull("db.yaml");
  await client.change("service.yaml", service("renamed"));
  await pull("service.yaml");
  assert.equal(missing("db.yaml"), true);
  await client.change("service.yaml", service("db"));
  await pull("service.yaml");
  assert.equal(missing("db.yaml"), false);
});

test("Helix registers watchers, and reports only its own files: saving one has the folders read again", async (t) => {
  const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const clientInfo = { name: "helix", version: "25.07.1" };
  const client = await connect(t, { capabilities, clientInfo, disk, folders: [""] });
  const sent = (rules: readonly string[]) =>
    client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
      return uri === uriOf("db.yaml") && summaries(diagnostics).join() === rules.join();
    });
  await sent(["service-missing 7:16"]);
  disk.set("service.yaml", service("db"));
  await client.open("other.yaml", service("other"));
  await client.notify("textDocument/didSave", textDocument("other.yaml"));
  await sent([]);
});

test("Eglot: no glob has anything but names, dots, slashes, and stars", () => {
  for (const glob of manifestGlobs) assert.match(glob, /^\*\*\/[\w*.]+$/);
});
