import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  ErrorCodes,
  type ApplyWorkspaceEditParams,
  type ClientCapabilities,
  type Command,
  type CompletionItem,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type LogMessageParams,
  type LogTraceParams,
  type PublishDiagnosticsParams,
  type RegistrationParams,
  type ShowMessageParams,
} from "vscode-languageserver/node";
import { clientFrom } from "../../server/src/lsp/client.js";
import { connect, summaries, textDocument, uriOf, type TestClient } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

// What a client that can do only a part of a thing gets instead. What is done for one editor by its name: deviations.test.ts.

const both = { diagnostic: {}, publishDiagnostics: {} };

/** Whether a client is sent what a change of another file makes of an open one. */
async function isTold(t: TestContext, capabilities: ClientCapabilities): Promise<TestClient> {
  const client = await connect(t, { capabilities, folders: [""] });
  await client.open("service.yaml", service("db"));
  await client.open("db.yaml", statefulSet("db"));
  await client.change("service.yaml", service("renamed"));
  await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
    return uri === uriOf("db.yaml") && summaries(diagnostics).includes("service-missing 7:16");
  });
  return client;
}

test("no diagnostics that are asked for: they are sent", async (t) => {
  const { initialized } = await isTold(t, { textDocument: { publishDiagnostics: {} } });
  assert.equal(initialized.capabilities.diagnosticProvider, undefined);
});

test("diagnostics that are asked for, but never again: they are sent, and a question is answered all the same", async (t) => {
  const client = await isTold(t, { textDocument: both });
  assert.equal(client.initialized.capabilities.diagnosticProvider, undefined);
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument("db.yaml"));
  assert.ok(report.kind === "full");
  assert.deepEqual(summaries(report.items), ["service-missing 7:16"]);
});

test("diagnostics that are asked for again on request are not sent", async (t) => {
  const capabilities = { textDocument: both, workspace: { diagnostics: { refreshSupport: true } } };
  const client = await connect(t, { capabilities, folders: [""] });
  assert.ok(client.initialized.capabilities.diagnosticProvider);
});

for (const [what, capabilities] of [
  ["no dynamic registration", {}],
  ["half of it", { workspace: { didChangeWatchedFiles: {}, didChangeConfiguration: {}, configuration: true } }],
] as const satisfies readonly (readonly [string, ClientCapabilities])[]) {
  test(`${what}: nothing is registered, and saving a file has the folders read again`, async (t) => {
    const disk = new Map([["db.yaml", statefulSet("db")]]);
    const client = await connect(t, { capabilities, disk, folders: [""], configuration: () => null });
    const shown = ({ uri, diagnostics }: PublishDiagnosticsParams) =>
      uri === uriOf("db.yaml") && diagnostics.length > 0;
    await client.next("textDocument/publishDiagnostics", shown);
    disk.set("service.yaml", service("db"));
    await client.open("other.yaml", service("other"));
    await client.notify("textDocument/didSave", textDocument("other.yaml"));
    const clean = ({ uri, diagnostics }: PublishDiagnosticsParams) =>
      uri === uriOf("db.yaml") && diagnostics.length === 0;
    await client.next("textDocument/publishDiagnostics", clean);
    assert.deepEqual(client.all<RegistrationParams>("client/registerCapability"), []);
  });
}

test("a client that takes no code actions but edits gets commands, which are done in the present text", async (t) => {
  const client = await connect(t, { capabilities: { workspace: { applyEdit: true } } });
  const { codeActionProvider, executeCommandProvider } = client.initialized.capabilities;
  assert.deepEqual([codeActionProvider, executeCommandProvider], [true, { commands: ["ordinal.applyAction"] }]);
  await client.open("db.yaml", statefulSet("db", retention));
  const at = { line: 8, character: 4 };
  const asked = { ...textDocument("db.yaml"), range: { start: at, end: at }, context: { diagnostics: [] } };
  const [first] = await client.request<readonly Command[]>("textDocument/codeAction", asked);
  assert.ok(first !== undefined && typeof first.command === "string", JSON.stringify(first));
  // Before the user has chosen, a line is typed further down.
  await client.change("db.yaml", `${statefulSet("db", retention)}# more\n`);
  await client.request("workspace/executeCommand", { command: first.command, arguments: first.arguments });
  const { edit, label } = await client.next<ApplyWorkspaceEditParams>("workspace/applyEdit");
  assert.equal(label, first.title);
  assert.deepEqual(Object.keys(edit.changes ?? {}), [uriOf("db.yaml")]);
  // What it mends is gone.
  await client.change("db.yaml", statefulSet("db"));
  await client.request("workspace/executeCommand", { command: first.command, arguments: first.arguments });
  const { message } = await client.next<ShowMessageParams>("window/showMessage");
  assert.match(message, /the file has changed/);
  for (const nonsense of [undefined, [], [null], [{ title: first.title }]]) {
    await client.request("workspace/executeCommand", { command: first.command, arguments: nonsense });
  }
  assert.equal(client.all("workspace/applyEdit").length, 1);
});

test("a client that takes neither gets no actions", async (t) => {
  const { initialized } = await connect(t, {});
  assert.equal(initialized.capabilities.codeActionProvider, false);
  assert.equal(initialized.capabilities.executeCommandProvider, undefined);
});

test("without documentChanges an edit has changes alone, and no file is created", async (t) => {
  const codeAction = { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } };
  const client = await connect(t, { capabilities: { textDocument: { codeAction } } });
  await client.open("db.yaml", `${statefulSet("db", retention)}---\n${service("db")}`);
  const range = { start: { line: 0, character: 0 }, end: { line: 30, character: 0 } };
  const asked = { ...textDocument("db.yaml"), range, context: { diagnostics: [], only: [""] } };
  const actions = await client.request<readonly { edit?: object }[]>("textDocument/codeAction", asked);
  const edits = actions.flatMap(({ edit }) => (edit === undefined ? [] : [Object.keys(edit)]));
  assert.ok(edits.length > 2);
  for (const keys of edits) assert.deepEqual(keys, ["changes"]);
});

test("without snippets, Markdown, labels and tags, a choice is plain", async (t) => {
  const client = await connect(t, {});
  await client.open("db.yaml", "apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  \n");
  const position = { line: 3, character: 2 };
  const items = await client.request<CompletionItem[]>("textDocument/completion", {
    ...textDocument("db.yaml"),
    position,
  });
  assert.ok(items.length > 10);
  for (const item of items) {
    const extra = Object.keys(item).filter((key) =>
      ["insertTextFormat", "insertTextMode", "labelDetails", "tags", "command"].includes(key),
    );
    assert.deepEqual(extra, []);
    assert.ok(item.textEdit !== undefined && "range" in item.textEdit);
  }
});

const before30: Partial<Pick<InitializeParams, "rootPath" | "rootUri">>[] = [
  { rootPath: "/home/me/a b" },
  { rootUri: "", rootPath: "/home/me/a b/" },
  { rootUri: "file:///home/me/a%20b", rootPath: "/elsewhere" },
];
for (const given of before30) {
  test(`the folder of a client that says ${JSON.stringify(given)}`, () => {
    assert.deepEqual(foldersOf(given), ["file:///home/me/a%20b"]);
  });
}

/** What a client says comes from anywhere: `rootUri` may be missing, though LSP requires it. */
function foldersOf(given: Partial<InitializeParams>): readonly string[] {
  return clientFrom(Object.assign({ processId: null, rootUri: null, capabilities: {} }, { rootUri: undefined }, given))
    .folders;
}

for (const given of [
  { rootUri: null },
  { rootUri: null, rootPath: "/home/me" },
  { rootUri: null, rootPath: null },
  { rootUri: "", rootPath: "" },
]) {
  test(`no folder: ${JSON.stringify(given)}`, () => {
    assert.deepEqual(foldersOf(given), []);
  });
}

/** The code of the error that a request is answered with. */
async function errorOf(client: TestClient, method: string, params: object): Promise<number | undefined> {
  try {
    await client.request(method, params);
  } catch (error) {
    return (error as { code: number }).code;
  }
  return undefined;
}

test("what comes out of order is refused as LSP has it", async (t) => {
  const client = await connect(t, {});
  assert.equal(await errorOf(client, "initialize", { processId: null, rootUri: null, capabilities: {} }), -32600);
  assert.equal(await errorOf(client, "textDocument/noSuchThing", {}), ErrorCodes.MethodNotFound);
  await client.request("shutdown", {});
  assert.equal(await errorOf(client, "workspace/symbol", { query: "" }), ErrorCodes.InvalidRequest);
});

test("the log begins with what is agreed with the client", async (t) => {
  const client = await connect(t, { clientInfo: { name: "Ed", version: "7" } });
  const { message } = await client.next<LogMessageParams>("window/logMessage");
  assert.equal(
    message,
    "Serving Ed 7: positions in utf-16, diagnostics are sent to it, saving a file has the folders read again",
  );
});

test("$/setTrace shows what is asked and sent, in words or with every detail", async (t) => {
  const client = await connect(t, {});
  await client.open("db.yaml", statefulSet("db"));
  const hover = { ...textDocument("db.yaml"), position: { line: 7, character: 4 } };
  await client.request("textDocument/hover", hover);
  assert.deepEqual(client.all("$/logTrace"), []);
  await client.notify("$/setTrace", { value: "messages" });
  await client.request("textDocument/hover", hover);
  const short = await client.next<LogTraceParams>("$/logTrace");
  assert.match(short.message, /^textDocument\/hover: \d+ ms$/);
  assert.equal(short.verbose, undefined);
  await client.notify("$/setTrace", { value: "verbose" });
  await client.request("textDocument/hover", hover);
  const long = await client.next<LogTraceParams>("$/logTrace", ({ verbose }) => verbose !== undefined);
  const { answer, params } = JSON.parse(long.verbose ?? "") as Record<string, unknown>;
  assert.deepEqual(params, hover);
  assert.ok(answer);
  await client.change("db.yaml", statefulSet("db", retention));
  await client.next<LogTraceParams>("$/logTrace", ({ message }) =>
    message.startsWith("textDocument/publishDiagnostics: 1 "),
  );
  await client.notify("$/setTrace", { value: "off" });
  const count = client.all("$/logTrace").length;
  await client.request("textDocument/hover", hover);
  assert.equal(client.all("$/logTrace").length, count);
});
