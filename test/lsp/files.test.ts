import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogMessageParams, PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { RolloutResult } from "../../server/src/protocol/protocol.js";
import { manifestGlobs } from "../../server/src/lsp/deviations.js";
import { connect, summaries, uriOf, type Setup, type TestClient, isTrouble } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

/** Waits until the editor has been told this of a rule in a file. */
async function told(client: TestClient, name: string, rule: string, expected: readonly string[]): Promise<void> {
  await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
    const found = summaries(diagnostics).filter((summary) => summary.startsWith(`${rule} `));
    return decodeURIComponent(uri) === uriOf(name) && JSON.stringify(found) === JSON.stringify(expected);
  });
}

const missing = ["service-missing 7:16"];
const unneeded = ["retention-no-templates 9:3"];
const event = (name: string, type: 1 | 2 | 3) => ({ changes: [{ uri: uriOf(name), type }] });

test("manifests and vanishing directories are watched by who can be asked to", async (t) => {
  const client = await connect(t, {
    capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
  });
  const { registrations } = await client.next<{ registrations: { method: string; registerOptions: unknown }[] }>(
    "client/registerCapability",
  );
  assert.deepEqual(
    registrations.map(({ method, registerOptions }) => ({ method, registerOptions })),
    [
      {
        method: "workspace/didChangeWatchedFiles",
        registerOptions: {
          watchers: [...manifestGlobs.map((globPattern) => ({ globPattern })), { globPattern: "**/*", kind: 4 }],
        },
      },
    ],
  );
});

test("files come, change and go on the disk", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "service-missing", missing);
  disk.set("service.yaml", service("db"));
  await client.notify("workspace/didChangeWatchedFiles", event("service.yaml", 1));
  await told(client, "db.yaml", "service-missing", []);
  disk.set("service.yaml", service("renamed"));
  await client.notify("workspace/didChangeWatchedFiles", event("service.yaml", 2));
  await told(client, "db.yaml", "service-missing", missing);
  disk.set("db.yaml", statefulSet("db", retention));
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 2));
  await told(client, "db.yaml", "retention-no-templates", unneeded);
  disk.delete("db.yaml");
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 3));
  await told(client, "db.yaml", "retention-no-templates", []);
});

test("a directory that goes takes its files along", async (t) => {
  const disk = new Map([
    ["a/db.yaml", statefulSet("db")],
    ["a/services/db.yaml", service("db")],
  ]);
  const client = await connect(t, { folders: [""], disk });
  await client.open("other.yaml", statefulSet("db", retention));
  await told(client, "other.yaml", "retention-no-templates", unneeded);
  disk.delete("a/services/db.yaml");
  await client.notify("workspace/didChangeWatchedFiles", event("a/services", 3));
  await told(client, "a/db.yaml", "service-missing", missing);
});

test("files of dependencies and of version control are nobody's manifests", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "service-missing", missing);
  disk.set("node_modules/x/service.yaml", service("db")).set("sub/service.yaml", service("other"));
  await client.notify("workspace/didChangeWatchedFiles", {
    changes: [...event("node_modules/x/service.yaml", 1).changes, ...event("sub/service.yaml", 1).changes],
  });
  // The second event is dealt with, and the first one has changed nothing.
  await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ diagnostics }) =>
    diagnostics.some(
      ({ message }) => message === "Service `db` does not exist. Did you mean `other`, which selects these pods?",
    ),
  );
});

test("without a watcher, saving a file has the folders read again", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "service-missing", missing);
  await client.open("db.yaml", statefulSet("db"));
  await told(client, "db.yaml", "service-missing", missing);
  disk.set("service.yaml", service("db"));
  await client.notify("textDocument/didSave", { textDocument: { uri: uriOf("db.yaml") } });
  await told(client, "db.yaml", "service-missing", []);
  disk.delete("service.yaml");
  await client.notify("textDocument/didSave", { textDocument: { uri: uriOf("db.yaml") } });
  await told(client, "db.yaml", "service-missing", missing);
});

test("folders are added and removed", async (t) => {
  const disk = new Map([
    ["one/db.yaml", statefulSet("db", retention)],
    ["two/db.yaml", statefulSet("db", retention)],
  ]);
  const folder = (name: string) => ({ uri: `${uriOf(name)}/`, name });
  const client = await connect(t, {
    folders: ["one"],
    disk,
    capabilities: { workspace: { workspaceFolders: true } },
  });
  await told(client, "one/db.yaml", "retention-no-templates", unneeded);
  await client.notify("workspace/didChangeWorkspaceFolders", {
    event: { added: [folder("two")], removed: [folder("one")] },
  });
  await told(client, "one/db.yaml", "retention-no-templates", []);
  await told(client, "two/db.yaml", "retention-no-templates", unneeded);
});

test("a file that is open moves into the folder that is added", async (t) => {
  const client = await connect(t, { disk: new Map(), capabilities: { workspace: { workspaceFolders: true } } });
  await client.open("db.yaml", statefulSet("db"));
  await told(client, "db.yaml", "service-missing", []);
  await client.notify("workspace/didChangeWorkspaceFolders", {
    event: { added: [{ uri: uriOf(""), name: "work" }], removed: [] },
  });
  await told(client, "db.yaml", "service-missing", missing);
});

const surroundingsUnknown: readonly (readonly [string, Setup, string])[] = [
  ["a single file", {}, "db.yaml"],
  ["a file outside of the folders", { folders: ["elsewhere"] }, "db.yaml"],
  ["a file of a dependency", { folders: [""] }, "node_modules/x/db.yaml"],
  ["an unsaved file", { folders: [""] }, "untitled:Untitled-1"],
  ["an old version from git", { folders: [""] }, "git:/work/db.yaml?%7B%22ref%22%3A%22HEAD%22%7D"],
];
for (const [name, setup, uri] of surroundingsUnknown) {
  test(`of ${name}, nothing is said to be missing`, async (t) => {
    const client = await connect(t, { disk: new Map(), ...setup });
    await client.open(uri, statefulSet("db", retention));
    const { diagnostics } = await client.next<PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics",
      (params) => params.uri === uriOf(uri) && params.diagnostics.length > 0,
    );
    assert.ok(diagnostics.some(({ code }) => code === "retention-no-templates"));
    assert.ok(!diagnostics.some(({ code }) => code === "service-missing"));
  });
}

test("one file is one file, however its URI is spelled", async (t) => {
  const disk = new Map([["a+b @1/db.yaml", statefulSet("db", retention)]]);
  const client = await connect(t, { folders: [""], disk });
  await client.next("textDocument/publishDiagnostics");
  const spelled = uriOf("a%2Bb%20%401/db.yaml");
  await client.open(spelled, statefulSet("db"));
  const { uri, diagnostics } = await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
  assert.equal(uri, spelled);
  assert.ok(!diagnostics.some(({ code }) => code === "retention-no-templates"));
});

for (const languageId of ["yaml", "helm", "json", "plaintext"]) {
  test(`a manifest in a document of language ${languageId} is served`, async (t) => {
    const client = await connect(t, {});
    await client.open("db.yaml", statefulSet("db", retention), languageId);
    await told(client, "db.yaml", "retention-no-templates", unneeded);
  });
}

test("a manifest in JSON counts, other JSON is not even kept", async (t) => {
  const disk = new Map([
    ["db.yaml", statefulSet("db")],
    ["package.json", '{ "name": "db", "dependencies": {} }'],
  ]);
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "service-missing", missing);
  const manifest = { apiVersion: "v1", kind: "Service", metadata: { name: "db" }, spec: { selector: { app: "db" } } };
  disk.set("service.json", JSON.stringify({ ...manifest, spec: { ...manifest.spec, clusterIP: "None" } }));
  await client.notify("workspace/didChangeWatchedFiles", event("service.json", 1));
  await told(client, "db.yaml", "service-missing", []);
  disk.set("service.json", "[]");
  await client.notify("workspace/didChangeWatchedFiles", event("service.json", 2));
  await told(client, "db.yaml", "service-missing", missing);
  await client.open("service.json", JSON.stringify(manifest), "json");
  await told(client, "db.yaml", "service-missing", []);
});

const contents: readonly (readonly [string, string])[] = [
  ["a template", `{{ if .Values.x }}\n${statefulSet("db", retention)}{{ end }}\n`],
  ["prose", "StatefulSet apiVersion kind: everything: at [once\n"],
  ["nothing", ""],
  ["another kind", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\n"],
];
for (const [name, text] of contents) {
  test(`${name} is left alone`, async (t) => {
    const client = await connect(t, {});
    await client.open("db.yaml", text);
    const { diagnostics } = await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
    assert.deepEqual(diagnostics, []);
  });
}

test("half-typed YAML has one problem, and the rest of the file keeps its own", async (t) => {
  const client = await connect(t, {});
  await client.open("db.yaml", `${statefulSet("db", retention)}---\n${service("db").replace("None", '"No')}`);
  const { diagnostics } = await client.next<PublishDiagnosticsParams>("textDocument/publishDiagnostics");
  const rules = diagnostics.map(({ code }) => code);
  assert.equal(rules.filter((rule) => rule === "yaml-syntax").length, 1);
  assert.ok(rules.includes("retention-no-templates"));
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ["binary", `${statefulSet("db", retention)}\0`, /db\.yaml is not text: it holds NUL characters$/],
  ["huge", statefulSet("db", retention) + "#".repeat(10 * 1024 * 1024), /db\.yaml is larger than 10 MiB$/],
];
for (const [name, text, words] of refused) {
  test(`an open document that is ${name} is named and passed over, and read again once it is not`, async (t) => {
    const client = await connect(t, {});
    await client.open("db.yaml", text);
    await client.next<LogMessageParams>("window/logMessage", ({ message }) => words.test(message));
    await told(client, "db.yaml", "retention-no-templates", []);
    await client.change("db.yaml", statefulSet("db", retention));
    await told(client, "db.yaml", "retention-no-templates", unneeded);
  });
}

test("what cannot be read on the disk is named once and passed over", async (t) => {
  const disk: NonNullable<Setup["disk"]> = new Map();
  disk.set("bad.yaml", { type: "problem", problem: "is larger than 10 MiB" });
  disk.set("db.yaml", statefulSet("db", retention));
  const client = await connect(t, { folders: [""], disk });
  await told(client, "db.yaml", "retention-no-templates", unneeded);
  await client.notify("workspace/didChangeWatchedFiles", event("bad.yaml", 2));
  disk.delete("db.yaml");
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 3));
  await told(client, "db.yaml", "retention-no-templates", []);
  const said = client.all<LogMessageParams>("window/logMessage", isTrouble).map(({ message }) => message);
  assert.deepEqual(said, [`${uriOf("bad.yaml")} is larger than 10 MiB`]);
});

test("a file that is deleted while it is open stays as the editor has it, and goes with it", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const client = await connect(t, { folders: [""], disk });
  await client.open("db.yaml", statefulSet("db", retention));
  await told(client, "db.yaml", "retention-no-templates", unneeded);
  disk.delete("db.yaml");
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 3));
  await client.change("db.yaml", `${statefulSet("db", retention)}# still here\n`);
  await told(client, "db.yaml", "retention-no-templates", unneeded);
  await client.close("db.yaml");
  await told(client, "db.yaml", "retention-no-templates", []);
});

test("what is read of a file too late does not count", async (t) => {
  const disk = new Map([["db.yaml", statefulSet("db")]]);
  const reads: ((text: string) => void)[] = [];
  const client = await connect(t, {
    folders: [""],
    disk,
    runtime: {
      readFile: () =>
        new Promise((resolve) => {
          reads.push((text) => resolve({ type: "text", text }));
        }),
    },
  });
  const replicas = async () => {
    const { statefulSets } = await client.request<RolloutResult>("ordinal/rollout", { uri: uriOf("db.yaml") });
    return statefulSets[0]?.written?.replicas;
  };
  const text = (count: number) => statefulSet("db").replace("replicas: 3", `replicas: ${count}`);
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 2));
  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 2));
  assert.equal(await replicas(), undefined);
  const [scanned, first, second] = reads;
  second?.(text(2));
  first?.(text(1));
  scanned?.(text(0));
  assert.equal(await replicas(), 2);

  await client.notify("workspace/didChangeWatchedFiles", event("db.yaml", 2));
  await client.open("db.yaml", text(5));
  assert.equal(await replicas(), 5);
  reads[3]?.(text(4));
  assert.equal(await replicas(), 5);
});
