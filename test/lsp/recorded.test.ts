import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  Command,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentDiagnosticReport,
  Hover,
  InitializeParams,
  PublishDiagnosticsParams,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { repo } from "../harness/repo.js";
import { connect, textDocument, uriOf, type TestClient } from "./client.js";

// What the clients of real editors say, as `npm run test:editors` records it: each has a manifest open, sees another file
// change on the disk and in another buffer, and asks what a user asks.

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: unknown;
}

interface Recording {
  readonly editor: string;
  readonly version: string;
  readonly messages: readonly [{ readonly params: InitializeParams }, ...Message[]];
}

const folder = repo("test", "lsp", "fixtures", "clients");
const recordings = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Recording,
);
const workspace = repo("test", "editors", "workspace");
const service = readFileSync(path.join(workspace, "service.yaml"), "utf8");

/** Waits until the editor shows that the Service is missing, or that it is not. */
async function shows(client: TestClient, isMissing: boolean): Promise<void> {
  for (;;) {
    if ((await shown(client)).some(({ code }) => code === "service-missing") === isMissing) return;
    await sleep(20);
  }
}

async function shown(client: TestClient): Promise<readonly Diagnostic[]> {
  if (client.initialized.capabilities.diagnosticProvider === undefined) {
    const sent = client.all<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
    return sent.findLast(({ uri }) => uri === uriOf("db.yaml"))?.diagnostics ?? [];
  }
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument("db.yaml"));
  return report.kind === "full" ? report.items : [];
}

/** What every editor must get as an answer; of other questions, that they are answered. */
const answers: Readonly<Record<string, (answer: unknown) => void>> = {
  "textDocument/hover": (answer) => assert.match(JSON.stringify((answer as Hover).contents), /podManagementPolicy/),
  "textDocument/completion"(answer) {
    const items = Array.isArray(answer) ? (answer as CompletionItem[]) : (answer as CompletionList).items;
    const labels = items.map(({ label }) => label);
    assert.ok(
      ["OrderedReady", "Parallel"].every((value) => labels.includes(value)),
      String(labels),
    );
  },
  "textDocument/codeAction"(answer) {
    const titles = (answer as Command[]).map(({ title }) => title);
    assert.ok(titles.includes("Use Service db"), String(titles));
  },
  "textDocument/rename"(answer) {
    const { changes, documentChanges } = answer as WorkspaceEdit;
    const edits =
      documentChanges?.flatMap((change) => ("edits" in change ? change.edits : [])) ??
      Object.values(changes ?? {}).flat();
    assert.deepEqual(
      edits.map((edit) => ("newText" in edit ? edit.newText : undefined)),
      ["files", "files"],
    );
  },
};

/** What the user must have seen before the client says this for the first time, and what then is on the disk. */
const milestones: readonly { readonly is: (message: Message) => boolean; readonly isMissing: boolean }[] = [
  { is: ({ method }) => /didChangeWatchedFiles|didSave/.test(method), isMissing: true },
  {
    is: ({ method, params }) => method.endsWith("didOpen") && JSON.stringify(params).includes("service.yaml"),
    isMissing: false,
  },
  { is: ({ method }) => method.endsWith("hover"), isMissing: true },
];

async function play(t: TestContext, { messages: [first, ...rest] }: Recording): Promise<void> {
  const disk = new Map(
    ["db.yaml", "service.yaml"].map((name) => [name, readFileSync(path.join(workspace, name), "utf8")]),
  );
  const client = await connect(t, { params: first.params, disk });
  const expected = [...milestones];
  const asked = new Set<string>();
  for (const message of rest) {
    const { id, method, params } = message;
    if (["initialized", "shutdown", "exit"].includes(method)) continue;
    const next = expected.findIndex(({ is }) => is(message));
    if (next === 0) {
      await shows(client, expected[0]?.isMissing === true);
      expected.shift();
      disk.set("service.yaml", service.replace("name: db", "name: bd"));
    }
    if (id === undefined) await client.notify(method, params as object);
    else {
      const answer = await client.request<unknown>(method, params as object);
      if (!asked.has(method)) answers[method]?.(answer);
      asked.add(method);
    }
  }
  assert.deepEqual(expected, []);
  assert.deepEqual(
    Object.keys(answers).filter((method) => !asked.has(method)),
    [],
  );
  await shows(client, false);
}

describe("the clients of real editors", () => {
  test("there are several", () => assert.ok(recordings.length > 3));
  for (const recording of recordings) {
    test(`${recording.editor} ${recording.version}`, { timeout: 60_000 }, (t) => play(t, recording));
  }
});
