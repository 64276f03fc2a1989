import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type WorkspaceDiagnosticReport,
} from "vscode-languageserver/node";
import { connect, root, summaries, textDocument, uriOf, type Setup, type TestClient } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

const capabilities: ClientCapabilities = {
  textDocument: {
    diagnostic: { relatedDocumentSupport: false },
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1] } },
  },
  workspace: { diagnostics: { refreshSupport: true } },
};

const pulls = (t: TestContext, setup: Setup): Promise<TestClient> => connect(t, { capabilities, ...setup });

/** Asks about one document; `undefined` where nothing has changed. */
async function pull(client: TestClient, name: string, previousResultId?: string) {
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", {
    ...textDocument(name),
    ...(previousResultId === undefined ? {} : { previousResultId }),
  });
  return {
    id: report.resultId,
    items: report.kind === "full" ? report.items : undefined,
    related: report.relatedDocuments,
  };
}

/** Asks about all documents: the answer, parts included. */
async function pullWorkspace(client: TestClient, previousResultIds: readonly { uri: string; value: string }[] = []) {
  const { items } = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds });
  return new Map(items.map((item) => [item.uri.slice(root.length), item]));
}

const found = (diagnostics: readonly Diagnostic[] | undefined, rule: string) =>
  summaries(diagnostics ?? []).filter((summary) => summary.startsWith(`${rule} `));

test("an editor that asks is offered answers", async (t) => {
  const { initialized } = await pulls(t, {});
  assert.deepEqual(initialized.capabilities.diagnosticProvider, {
    identifier: "ordinal",
    interFileDependencies: true,
    workspaceDiagnostics: true,
  });
});

test("a diagnostic says what, how bad, where to read on, and what else to look at", async (t) => {
  const disk = new Map([["service.yaml", service("db")]]);
  const client = await pulls(t, { folders: [""], disk });
  await pullWorkspace(client); // until the folder is read
  await client.open("db.yaml", statefulSet("bd"));
  const { items = [] } = await pull(client, "db.yaml");
  const diagnostic = items.find(({ code }) => code === "service-missing");
  assert.deepEqual(diagnostic, {
    range: { start: { line: 6, character: 15 }, end: { line: 6, character: 17 } },
    severity: 2,
    source: "ordinal",
    code: "service-missing",
    codeDescription: { href: "https://github.com/ordinal-dev/ordinal/blob/main/docs/rules/service-missing.md" },
    message: "Service `bd` does not exist. Did you mean `db`, which selects these pods?",
    relatedInformation: [
      {
        location: {
          uri: uriOf("service.yaml"),
          range: { start: { line: 3, character: 8 }, end: { line: 3, character: 10 } },
        },
        message: "Service `db` selects these pods",
      },
    ],
  });
});

test("a comment that silences nothing is shown as unnecessary", async (t) => {
  const client = await pulls(t, {});
  await client.open("db.yaml", `# ordinal-disable service-missing\n${service("db")}`);
  const { items = [] } = await pull(client, "db.yaml");
  assert.deepEqual(items.find(({ code }) => code === "unused-suppression")?.tags, [1]);
});

test("an answer that the editor has is not given again", async (t) => {
  const client = await pulls(t, {});
  await client.open("db.yaml", statefulSet("db", retention));
  const first = await pull(client, "db.yaml");
  assert.equal(found(first.items, "retention-no-templates").length, 1);
  assert.equal((await pull(client, "db.yaml", first.id)).items, undefined);

  await client.change("db.yaml", `${statefulSet("db", retention)}# a comment below changes nothing\n`);
  assert.equal((await pull(client, "db.yaml", first.id)).items, undefined);

  await client.change("db.yaml", statefulSet("db"));
  assert.deepEqual(found((await pull(client, "db.yaml", first.id)).items, "retention-no-templates"), []);
});

test("files that are not open are reported when asked about the workspace, unless there is nothing to say", async (t) => {
  const disk = new Map([
    ["a/db.yaml", statefulSet("db", retention)],
    ["b/values.yaml", "replicas: 3\n"],
  ]);
  const client = await pulls(t, { folders: [""], disk });
  const reports = await pullWorkspace(client);
  assert.deepEqual([...reports.keys()], ["a/db.yaml"]);
  const report = reports.get("a/db.yaml");
  assert.ok(report?.kind === "full" && report.version === null);
  assert.equal(found(report.items, "retention-no-templates").length, 1);

  const value = report.resultId ?? "";
  const again = await pullWorkspace(client, [{ uri: uriOf("a/db.yaml"), value }]);
  assert.deepEqual(again.get("a/db.yaml"), {
    uri: uriOf("a/db.yaml"),
    version: null,
    kind: "unchanged",
    resultId: value,
  });
});

test("a file that is gone is reported as clean to who has heard of it", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await pulls(t, { folders: [""], disk });
  const value = (await pullWorkspace(client)).get("db.yaml")?.resultId ?? "";
  disk.delete("db.yaml");
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("db.yaml"), type: 3 }] });
  const report = (await pullWorkspace(client, [{ uri: uriOf("db.yaml"), value }])).get("db.yaml");
  assert.ok(report?.kind === "full");
  assert.deepEqual(report.items, []);
});

test("reports about many files come in parts to who can take them", async (t) => {
  const disk = new Map(Array.from({ length: 250 }, (_, index) => [`${index}/db.yaml`, statefulSet("db", retention)]));
  const client = await pulls(t, { folders: [""], disk });
  const last = await client.request<WorkspaceDiagnosticReport>("workspace/diagnostic", {
    previousResultIds: [],
    partialResultToken: "parts",
  });
  const parts = client.all<{ token: string; value: WorkspaceDiagnosticReport }>("$/progress");
  const counts = [...parts.map(({ value }) => value.items.length), last.items.length];
  assert.deepEqual(counts, [100, 100, 50]);
});

test("the first reading of the folders is shown as progress, and awaited by who asks about the workspace", async (t) => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await pulls(t, {
    folders: [""],
    disk,
    capabilities: { ...capabilities, window: { workDoneProgress: true } },
    runtime: {
      async *findFiles() {
        await slow;
        yield { type: "file", uri: uriOf("db.yaml") };
      },
    },
  });
  interface Progress {
    readonly token: string;
    readonly value: { readonly kind: string; readonly title?: string };
  }
  const { token } = await client.next<{ token: string }>("window/workDoneProgress/create");
  const begun = await client.next<Progress>("$/progress");
  assert.deepEqual(begun, { token, value: { kind: "begin", title: "Ordinal", message: "Reading manifests" } });
  const answer = pullWorkspace(client);
  await pull(client, "other.yaml"); // by now the question has arrived
  finish();
  await client.next<Progress>("$/progress", ({ value }) => value.kind === "end");
  assert.deepEqual([...(await answer).keys()], ["db.yaml"]);
});

test("no progress is shown to who cannot show it", async (t) => {
  const client = await pulls(t, { folders: [""], disk: new Map([["db.yaml", service("db")]]) });
  await pullWorkspace(client);
  assert.deepEqual(client.all("window/workDoneProgress/create"), []);
});

test("an edit in one file has the editor ask again about another one that is open", async (t) => {
  const client = await pulls(t, { folders: [""], disk: new Map([["readme.yaml", ""]]) });
  await pullWorkspace(client);
  await client.open("db.yaml", statefulSet("db"));
  await client.open("service.yaml", service("db"));
  assert.deepEqual(found((await pull(client, "db.yaml")).items, "service-missing"), []);

  await client.change("service.yaml", service("renamed"));
  await pull(client, "service.yaml");
  await client.next("workspace/diagnostic/refresh");
  assert.deepEqual(found((await pull(client, "db.yaml")).items, "service-missing"), ["service-missing 7:16"]);
});

test("what the workspace's answer says of an open document does not count as said: editors drop it", async (t) => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const runtime = { readFile: () => finished.then(() => ({ type: "text", text: "" }) as const) };
  const client = await pulls(t, { folders: [""], disk: new Map([["readme.yaml", ""]]), runtime });
  await client.open("db.yaml", statefulSet("db"));
  assert.deepEqual(found((await pull(client, "db.yaml")).items, "service-missing"), []);

  finish();
  await pullWorkspace(client);
  await client.next("workspace/diagnostic/refresh");
  assert.deepEqual(found((await pull(client, "db.yaml")).items, "service-missing"), ["service-missing 7:16"]);
});

test("what becomes of other open files is said at once to who can take it", async (t) => {
  const client = await pulls(t, {
    folders: [""],
    capabilities: { textDocument: { diagnostic: { relatedDocumentSupport: true } } },
  });
  await pullWorkspace(client);
  await client.open("db.yaml", statefulSet("db"));
  await client.open("service.yaml", service("db"));
  await pull(client, "db.yaml");
  await client.change("service.yaml", service("renamed"));
  const { related = {} } = await pull(client, "service.yaml");
  assert.deepEqual(Object.keys(related), [uriOf("db.yaml")]);
  const [report] = Object.values(related);
  assert.deepEqual(report?.kind === "full" && found(report.items, "service-missing"), ["service-missing 7:16"]);
});

test("a change on the disk has the editor ask again about the workspace", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await pulls(t, { folders: [""], disk });
  await pullWorkspace(client);
  disk.set("db.yaml", statefulSet("db", retention));
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("db.yaml"), type: 2 }] });
  await client.next("workspace/diagnostic/refresh");
  const report = (await pullWorkspace(client)).get("db.yaml");
  assert.equal(report?.kind === "full" && found(report.items, "retention-no-templates").length, 1);
});

test("an editor that never asks about the workspace is sent what there is in files that are not open", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await pulls(t, { folders: [""], disk });
  interface Sent {
    readonly uri: string;
    readonly diagnostics: Diagnostic[];
  }
  const sent = await client.next<Sent>("textDocument/publishDiagnostics");
  assert.equal(sent.uri, uriOf("db.yaml"));
  assert.equal(found(sent.diagnostics, "retention-no-templates").length, 1);

  // Once open it is asked about, so nothing may be shown twice.
  await client.open("db.yaml", statefulSet("db", retention));
  assert.deepEqual((await client.next<Sent>("textDocument/publishDiagnostics")).diagnostics, []);
  assert.equal(found((await pull(client, "db.yaml")).items, "retention-no-templates").length, 1);
});

test("an editor that asks about the workspace late has everything taken back that it was sent", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await pulls(t, { folders: [""], disk });
  await client.next("textDocument/publishDiagnostics");
  assert.deepEqual([...(await pullWorkspace(client)).keys()], ["db.yaml"]);
  const { diagnostics } = await client.next<{ diagnostics: Diagnostic[] }>("textDocument/publishDiagnostics");
  assert.deepEqual(diagnostics, []);
});

test("once a file is closed, the disk's is asked for, and what was said of the editor's is corrected", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const gates = [Promise.resolve()];
  let finish = () => {};
  const client = await pulls(t, {
    folders: [""],
    disk,
    runtime: {
      async readFile() {
        await gates.at(-1);
        return { type: "text", text: disk.get("db.yaml") ?? "" };
      },
    },
  });
  await pullWorkspace(client);
  await client.open("db.yaml", statefulSet("db", retention));
  assert.equal(found((await pull(client, "db.yaml")).items, "retention-no-templates").length, 1);
  gates.push(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  await client.close("db.yaml");
  const workspace = await pullWorkspace(client);
  const before = workspace.get("db.yaml");
  assert.equal(before?.kind === "full" && found(before.items, "retention-no-templates").length, 1);
  const answer = pull(client, "db.yaml");
  await client.request("ordinal/rollout", { uri: uriOf("db.yaml") }); // by now the question has arrived
  finish();
  assert.deepEqual(found((await answer).items, "retention-no-templates"), []);
});

test("who has heard of findings hears that they are gone, even if it forgot the answer's id", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db", retention)]]);
  const client = await pulls(t, { folders: [""], disk });
  await pullWorkspace(client);
  disk.set("db.yaml", "a: 1\n");
  await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("db.yaml"), type: 2 }] });
  const report = (await pullWorkspace(client)).get("db.yaml");
  assert.deepEqual(report?.kind === "full" && report.items, []);
  assert.equal((await pullWorkspace(client)).has("db.yaml"), false);
});

test("an editor is not told to ask about what it has changed itself", async (t) => {
  const jobs: (() => void)[] = [];
  const client = await pulls(t, { runtime: { after: (_milliseconds, job) => void jobs.push(job) } });
  const runJobs = async () => {
    for (const job of jobs.splice(0)) job();
    await pull(client, "other.yaml"); // by now whatever the jobs have sent has arrived
  };
  await client.open("db.yaml", statefulSet("db", retention));
  await client.open("other.yaml", "");
  await pull(client, "db.yaml");
  await client.change("db.yaml", statefulSet("db"));
  await pull(client, "other.yaml"); // by now the change has arrived
  await runJobs();
  await runJobs();
  assert.deepEqual(client.all("workspace/diagnostic/refresh"), []);
});

test("while a folder that was added is being read, nothing is missing", async (t) => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const client = await pulls(t, {
    folders: ["one"],
    capabilities: { ...capabilities, workspace: { ...capabilities.workspace, workspaceFolders: true } },
    runtime: {
      async *findFiles(folder) {
        if (folder.endsWith("/two")) await slow;
        yield* [];
      },
    },
  });
  await pullWorkspace(client);
  await client.open("one/db.yaml", statefulSet("db"));
  const missing = async () => found((await pull(client, "one/db.yaml")).items, "service-missing").length;
  assert.equal(await missing(), 1);
  const added = [{ uri: uriOf("two"), name: "two" }];
  await client.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed: [] } });
  assert.equal(await missing(), 0);
  finish();
  await client.next("workspace/diagnostic/refresh");
  assert.equal(await missing(), 1);
});

test("a question about the workspace can be taken back", async (t) => {
  const client = await pulls(t, {
    folders: [""],
    runtime: {
      async *findFiles() {
        yield await new Promise<never>(() => {});
      },
    },
  });
  const source = new CancellationTokenSource();
  const answer = client.request("workspace/diagnostic", { previousResultIds: [] }, source.token);
  source.cancel();
  await assert.rejects(answer, { code: -32800 });
  await client.open("values.yaml", "replicas: 3\n");
  assert.deepEqual((await pull(client, "values.yaml")).items, []);
});

test("a question is answered while a base that many overlays read is judged", async (t) => {
  const overlays = Array.from({ length: 40 }, (_, number): readonly [string, string] => [
    `overlays/${number}/kustomization.yaml`,
    `resources: [../../base]\nnamePrefix: db-${number}-\n`,
  ]);
  const disk = new Map([
    ["base/kustomization.yaml", "resources: [db.yaml]\n"],
    ["base/db.yaml", statefulSet("db")],
    ["other/service.yaml", service("db")],
    ...overlays,
  ]);
  // Each piece of work takes longer than a slice.
  let now = 0;
  const client = await pulls(t, { folders: [""], disk, runtime: { now: () => (now += 10) } });
  await pullWorkspace(client);
  await client.open("other/service.yaml", service("db"));
  await client.open("base/db.yaml", statefulSet("data"));
  const answered: string[] = [];
  const judged = pull(client, "base/db.yaml").then(({ items }) => {
    answered.push("diagnostics");
    return items;
  });
  const position = { line: 1, character: 2 };
  await client.request("textDocument/hover", { ...textDocument("other/service.yaml"), position });
  answered.push("hover");
  assert.ok((await judged)?.some(({ code }) => code === "service-missing"));
  assert.deepEqual(answered, ["hover", "diagnostics"]);
});
