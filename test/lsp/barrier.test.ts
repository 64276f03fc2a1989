import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  Diagnostic,
  DocumentDiagnosticReport,
  LogMessageParams,
  PublishDiagnosticsParams,
  WorkspaceDiagnosticReport,
} from "vscode-languageserver/node";
import type { Analysis } from "../../server/src/engine/api.js";
import { rules } from "../../server/src/engine/rules/registry.js";
import { failingReader, makerOf, makerWith, withFailingRule } from "../harness/failing.js";
import { connect, summaries, textDocument, uriOf, isTrouble } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

const pull = { textDocument: { diagnostic: {} } };
const throws = (what: string) => () => {
  throw new Error(`${what} is broken`);
};

async function diagnosticsOf(client: Awaited<ReturnType<typeof connect>>, name: string): Promise<Diagnostic[]> {
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument(name));
  return report.kind === "full" ? report.items : [];
}

test("a rule that throws is one diagnostic a document and one entry in the log; the other rules go on", async (t) => {
  const client = await connect(t, { capabilities: pull, makeWorkspace: makerOf(withFailingRule) });
  await client.open("db.yaml", `${statefulSet("db", retention)}---\n${service("db")}`);
  const found = await diagnosticsOf(client, "db.yaml");
  assert.deepEqual(summaries(found), ["internal-error 3:7", "retention-no-templates 9:3"]);
  const [{ message: text } = { message: "" }] = found;
  assert.ok(typeof text === "string");
  assert.match(text, /^Rule failing-rule failed: TypeError: spec is undefined\. .*\/issues$/);
  const { message } = await client.next<LogMessageParams>("window/logMessage", isTrouble);
  assert.match(message, /^Rule failing-rule \(.*db\.yaml\): TypeError: spec is undefined\n.*\n\s+at .*failing/s);
  await diagnosticsOf(client, "db.yaml");
  assert.equal(client.all("window/logMessage", isTrouble).length, 1);
});

test("a reader that throws is told at its document; the others are checked", async (t) => {
  const makeWorkspace = makerOf({ rules, read: failingReader("kind: Service") });
  const client = await connect(t, { capabilities: pull, makeWorkspace });
  await client.open("db.yaml", `${statefulSet("db", retention)}---\n${service("db")}`);
  assert.deepEqual(summaries(await diagnosticsOf(client, "db.yaml")), [
    "retention-no-templates 9:3",
    "internal-error 23:1",
  ]);
});

const position = { line: 6, character: 8 };
const range = { start: position, end: position };
const features: readonly (readonly [string, keyof Analysis, object, unknown])[] = [
  ["textDocument/hover", "documentAt", { position }, null],
  ["textDocument/documentHighlight", "documentAt", { position }, []],
  ["textDocument/completion", "documentAt", { position }, []],
  ["textDocument/documentSymbol", "documents", {}, []],
  ["textDocument/codeLens", "documents", {}, []],
  ["textDocument/codeAction", "fixes", { range, context: { diagnostics: [] } }, []],
  ["ordinal/rollout", "statefulSets", { uri: uriOf("db.yaml") }, null],
  ["ordinal/place", "statefulSets", { uri: uriOf("db.yaml"), index: 0, field: "spec" }, null],
  ["ordinal/field", "documentAt", { uri: uriOf("db.yaml"), position }, null],
];
for (const [method, question, params, empty] of features) {
  test(`${method}: a feature that throws answers nothing, is logged, and the next one answers`, async (t) => {
    const client = await connect(t, {
      capabilities: {
        textDocument: {
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
        },
      },
      initializationOptions: { previewCommand: true },
      makeWorkspace: makerWith(() => ({ [question]: throws(question) })),
    });
    await client.open("db.yaml", statefulSet("db", retention));
    assert.deepEqual(await client.request(method, { ...textDocument("db.yaml"), ...params }), empty);
    const { message } = await client.next<LogMessageParams>("window/logMessage", isTrouble);
    assert.match(message, new RegExp(`${question} is broken`));
    assert.deepEqual(summaries(await diagnosticsOf(client, "db.yaml")), ["retention-no-templates 9:3"]);
  });
}

const failsFor = (name: string) =>
  makerWith((analysis) => ({
    findings: (uri) => (uri === uriOf(name) ? throws(name)() : analysis.findings(uri)),
  }));

test("a file that cannot be checked says so in a report on the workspace; the others are reported", async (t) => {
  const disk = new Map(["a", "b", "c"].map((name) => [`${name}.yaml`, statefulSet("db", retention)]));
  const client = await connect(t, { capabilities: pull, folders: [""], disk, makeWorkspace: failsFor("b.yaml") });
  const { items } = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds: [] });
  const found = items.map((item) => [item.uri, item.kind === "full" ? item.items.map(({ code }) => code) : []]);
  assert.deepEqual(Object.fromEntries(found), {
    [uriOf("a.yaml")]: ["service-missing", "retention-no-templates"],
    [uriOf("b.yaml")]: ["internal-error"],
    [uriOf("c.yaml")]: ["service-missing", "retention-no-templates"],
  });
});

test("the same where findings are sent", async (t) => {
  const client = await connect(t, { makeWorkspace: failsFor("a.yaml") });
  await client.open("a.yaml", statefulSet("db"));
  await client.open("b.yaml", statefulSet("db", retention));
  const sent = (name: string) =>
    client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ uri }) => uri === uriOf(name));
  assert.deepEqual(summaries((await sent("a.yaml")).diagnostics), ["internal-error 1:1"]);
  assert.deepEqual(summaries((await sent("b.yaml")).diagnostics), ["retention-no-templates 9:3"]);
});
