import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  DocumentHighlightKind,
  type ClientCapabilities,
  type CodeAction,
  type CodeLens,
  type DocumentHighlight,
  type DocumentSymbol,
  type Hover,
  type Position,
  type SymbolInformation,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { createWorkspace, defaultConfig, type FileFix } from "../../server/src/engine/api.js";
import { playArgument } from "../../server/src/engine/maintenance/panel-play.js";
import { read } from "../../server/src/engine/rollout/schema.js";
import { clientFrom } from "../../server/src/lsp/client.js";
import { codeActions } from "../../server/src/lsp/features/code-actions.js";
import {
  previewCommand,
  type EditResult,
  type FieldResult,
  type NodesResult,
  type PlaceResult,
  type AppliesResult,
  type RolloutResult,
} from "../../server/src/protocol/protocol.js";
import { connect, textDocument, uriOf, type Setup, type TestClient } from "./client.js";
import { retention, service, statefulSet } from "./manifests.js";

const literals: ClientCapabilities = {
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
  },
};
const versioned: ClientCapabilities = { ...literals, workspace: { workspaceEdit: { documentChanges: true } } };

async function opened(t: TestContext, text: string, setup: Setup = {}): Promise<TestClient> {
  const client = await connect(t, setup);
  await client.open("db.yaml", text);
  return client;
}

/** The actions for a line, counted from 1. */
function actions(client: TestClient, line: number, only?: readonly string[]): Promise<CodeAction[]> {
  const position = { line: line - 1, character: 5 };
  return client.request("textDocument/codeAction", {
    ...textDocument("db.yaml"),
    range: { start: position, end: position },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
}

/** The text after an edit, which may come in either form. */
function edited(text: string, { changes, documentChanges }: WorkspaceEdit): string {
  const own =
    changes?.[uriOf("db.yaml")] ??
    documentChanges?.flatMap((change) =>
      "edits" in change && change.textDocument.uri === uriOf("db.yaml") ? change.edits : [],
    );
  return TextDocument.applyEdits(TextDocument.create("", "", 0, text), (own ?? []) as never[]);
}

const flagged = statefulSet("db", retention);
const fixes: readonly (readonly [string, string])[] = [
  ["Remove persistentVolumeClaimRetentionPolicy", statefulSet("db")],
  [
    "Silence retention-no-templates for this line",
    flagged.replace(retention, `  # ordinal-disable-next-line retention-no-templates\n${retention}`),
  ],
  ["Silence retention-no-templates for this document", `# ordinal-disable retention-no-templates\n${flagged}`],
];
for (const [title, expected] of fixes) {
  for (const [form, capabilities] of Object.entries({ changes: literals, documentChanges: versioned })) {
    test(`${title}, as ${form}`, async (t) => {
      const client = await opened(t, flagged, { capabilities });
      const action = (await actions(client, 9)).find((one) => one.title === title);
      assert.equal(action?.kind, "quickfix");
      assert.deepEqual(
        action.diagnostics?.map(({ code }) => code),
        ["retention-no-templates"],
      );
      assert.equal(action.isPreferred, title === "Remove persistentVolumeClaimRetentionPolicy" ? true : undefined);
      assert.deepEqual(Object.keys(action.edit ?? {}), [form]);
      assert.equal(edited(flagged, action.edit ?? {}), expected);
      await client.change("db.yaml", expected);
      assert.equal(
        (await actions(client, 9)).find((one) => one.title === title),
        undefined,
      );
    });
  }
}

test("an edit names the version that it is for", async (t) => {
  const client = await opened(t, flagged, { capabilities: versioned });
  await client.change("db.yaml", `${flagged}# edited\n`);
  const [action] = await actions(client, 9);
  const [change] = action?.edit?.documentChanges ?? [];
  assert.deepEqual(change && "textDocument" in change && change.textDocument, { uri: uriOf("db.yaml"), version: 2 });
});

test("a second document is silenced below its own marker", async (t) => {
  const text = `${service("other")}---\n${flagged}`;
  const client = await opened(t, text, { capabilities: literals });
  const silence = (await actions(client, 18)).find(({ title }) => title.endsWith("for this document"));
  assert.equal(
    edited(text, silence?.edit ?? {}),
    `${service("other")}---\n# ordinal-disable retention-no-templates\n${flagged}`,
  );
});

test("JSON takes no comments", async (t) => {
  const client = await connect(t, { capabilities: literals });
  const set = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: {
      serviceName: "db",
      persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" },
      selector: { matchLabels: { app: "db" } },
      template: { metadata: { labels: { app: "db" } }, spec: { containers: [{ name: "db", image: "postgres:17" }] } },
    },
  };
  await client.open("db.json", JSON.stringify(set, undefined, 2), "json");
  const all: CodeAction[] = await client.request("textDocument/codeAction", {
    ...textDocument("db.json"),
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    context: { diagnostics: [] },
  });
  const titles = all.map(({ title }) => title);
  assert.ok(titles.includes("Remove persistentVolumeClaimRetentionPolicy"));
  assert.deepEqual(
    titles.filter((title) => title.startsWith("Silence")),
    [],
  );
});

test("the one right answer is preferred: what was meant, the only safe fix, or the only one", () => {
  const finding = {
    rule: "x",
    severity: "error",
    text: "wrong",
    span: { start: 0, end: 1 },
    resource: undefined,
    path: "",
    related: [],
    fixable: true,
  } as const;
  const fix = (title: string, applicability: "safe" | "review", isMeant = false) => ({
    title,
    applicability,
    isMeant,
    finding,
    changes: [],
  });
  const preferred = (fixes: readonly FileFix[]) => {
    const workspace = createWorkspace(defaultConfig);
    workspace.setFile("a.yaml", "a: 1");
    const analysis = { ...workspace.snapshot(), fixes: () => fixes, silences: () => [] };
    const files = { lines: (uri: string) => analysis.lines(uri), spelling: (uri: string) => uri, version: () => null };
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const client = clientFrom({ processId: null, rootUri: null, capabilities: literals });
    return codeActions(analysis, "a.yaml", { range, context: { diagnostics: [] } }, files, client)
      .filter(({ isPreferred }) => isPreferred === true)
      .map(({ title }) => title);
  };
  assert.deepEqual(preferred([fix("one", "safe"), fix("two", "safe")]), []);
  assert.deepEqual(preferred([fix("one", "review"), fix("two", "safe")]), ["two"]);
  assert.deepEqual(preferred([fix("one", "review")]), ["one"]);
  assert.deepEqual(preferred([fix("one", "review"), fix("two", "review")]), []);
  assert.deepEqual(preferred([fix("one", "safe"), fix("two", "review", true)]), ["two"]);
});

const wanted: readonly (readonly [string, readonly string[] | undefined, boolean])[] = [
  ["anything", undefined, true],
  ["every kind", [""], true],
  ["quick fixes", ["refactor", "quickfix"], true],
  ["only something else", ["source.organizeImports"], false],
];
for (const [name, only, expected] of wanted) {
  test(`asked for ${name}`, async (t) => {
    const client = await opened(t, flagged, { capabilities: literals });
    assert.equal((await actions(client, 9, only)).length > 0, expected);
  });
}

test("an editor without literals gets no actions and is promised none", async (t) => {
  const client = await opened(t, flagged);
  assert.equal(client.initialized.capabilities.codeActionProvider, false);
  assert.deepEqual(await actions(client, 9), []);
});

test("a hover is Markdown or plain text, as the editor can show it", async (t) => {
  for (const format of ["markdown", "plaintext"] as const) {
    const capabilities: ClientCapabilities =
      format === "markdown" ? { textDocument: { hover: { contentFormat: ["markdown", "plaintext"] } } } : {};
    const client = await opened(t, statefulSet("db"), { capabilities });
    const found = await client.request<Hover>("textDocument/hover", {
      ...textDocument("db.yaml"),
      position: { line: 7, character: 4 },
    });
    assert.deepEqual(found.range, { start: { line: 7, character: 2 }, end: { line: 7, character: 10 } });
    assert.ok(typeof found.contents === "object" && "kind" in found.contents);
    assert.equal(found.contents.kind, format);
    assert.match(found.contents.value, /db-0/);
    assert.equal(/[`*]/.test(found.contents.value), format === "markdown", found.contents.value);
  }
});

test("where there is nothing of ours a hover says nothing", async (t) => {
  const client = await opened(t, "replicas: 3\n");
  const position = { line: 0, character: 2 };
  for (const name of ["db.yaml", "unknown.yaml"]) {
    assert.equal(await client.request("textDocument/hover", { ...textDocument(name), position }), null);
  }
});

test("the outline is nested where the editor can show that", async (t) => {
  const capabilities = { textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } };
  const client = await opened(t, statefulSet("db"), { capabilities });
  const [resource] = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", textDocument("db.yaml"));
  assert.equal(resource?.name, "StatefulSet db");
  assert.ok((resource.children ?? []).some(({ name }) => name === "replicas"));
});

test("the outline is flat elsewhere", async (t) => {
  const client = await opened(t, statefulSet("db"));
  const flat = await client.request<SymbolInformation[]>("textDocument/documentSymbol", textDocument("db.yaml"));
  assert.equal(flat[0]?.name, "StatefulSet db");
  assert.deepEqual(flat.find(({ name }) => name === "replicas")?.containerName, "StatefulSet db");
  assert.ok(flat.every(({ location }) => location.uri === uriOf("db.yaml")));
});

test("the preview is offered where the editor has its command", async (t) => {
  const client = await opened(t, statefulSet("db"), { initializationOptions: { previewCommand: true } });
  assert.deepEqual(client.initialized.capabilities.codeLensProvider, { resolveProvider: false });
  const lenses = await client.request<CodeLens[]>("textDocument/codeLens", textDocument("db.yaml"));
  assert.deepEqual(lenses, [
    {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
      command: {
        title: "Preview rollout: 3 pods db-0 ... db-2, Service db",
        command: previewCommand,
        arguments: [uriOf("db.yaml"), 0],
      },
    },
  ]);
});

test("the preview is not offered elsewhere", async (t) => {
  const client = await opened(t, statefulSet("db"));
  assert.equal(client.initialized.capabilities.codeLensProvider, undefined);
});

test("the preview gets each StatefulSet as it is written, with the lines of its document", async (t) => {
  const second = statefulSet("db").replace("name: db", "name: cache");
  const client = await opened(t, `${statefulSet("db")}---\n${second}`, {
    initializationOptions: { kubernetesVersion: "1.35.2" },
  });
  const { uri, release, statefulSets } = await client.request<RolloutResult>("ordinal/rollout", {
    uri: uriOf("db.yaml"),
  });
  assert.equal(uri, uriOf("db.yaml"));
  assert.deepEqual(release, { minor: 35, patch: 2 });
  assert.deepEqual(
    statefulSets.map(({ index, name, firstLine, lastLine, written }) => [
      index,
      name,
      firstLine,
      lastLine,
      written?.replicas,
    ]),
    [
      [0, "db", 0, 18, 3],
      [1, "cache", 19, 39, 3],
    ],
  );
});

test("the preview may ask about another text of the same file", async (t) => {
  const client = await opened(t, statefulSet("db"));
  const ask = (params: object) =>
    client.request<RolloutResult>("ordinal/rollout", { uri: uriOf("db.yaml"), ...params });
  const saved = await ask({ text: statefulSet("db").replace("replicas: 3", "replicas: 5") });
  assert.equal(saved.statefulSets[0]?.written?.replicas, 5);
  assert.equal((await ask({})).statefulSets[0]?.written?.replicas, 3);
});

test("the preview is told what applying the manifest does to what was there before", async (t) => {
  const client = await opened(t, statefulSet("db"));
  const { statefulSets } = await client.request<RolloutResult>("ordinal/rollout", { uri: uriOf("db.yaml") });
  const manifest = statefulSets[0]?.manifest ?? assert.fail();
  const former = manifest
    .replace('"serviceName":"db"', '"serviceName":"old"')
    .replaceAll('"name":"db"', '"name":"was"');
  const befores = [null, former, "[]"];
  const [create, edit, none] = await client.request<AppliesResult>("ordinal/applies", {
    uri: uriOf("db.yaml"),
    manifest,
    befores,
  });
  assert.deepEqual([create?.from, create?.refusals, create?.spec.replicas], [undefined, undefined, 3]);
  // That of another file is taken for this set, whatever its name is there.
  assert.equal(edit?.from?.name, "db");
  assert.ok(edit.refusals?.some(({ field, change }) => field === "spec.serviceName" && change?.before === '"old"'));
  assert.equal(none, null);
});

const unreadable: readonly (readonly [string, string, RegExp])[] = [
  ["half-typed YAML", statefulSet("db").replace("replicas: 3", 'replicas: "3'), /^the YAML cannot be read: /],
  [
    "a part of a set",
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  replicas: 2\n",
    /^this is a part of a StatefulSet/,
  ],
  [
    "a value of the wrong type",
    statefulSet("db").replace("replicas: 3", "replicas: three"),
    /^spec\.replicas has a value that Kubernetes cannot read$/,
  ],
];
for (const [name, text, reason] of unreadable) {
  test(`the preview is told why it cannot play ${name}, whatever rules are on`, async (t) => {
    const client = await opened(t, text, { initializationOptions: { rules: { "yaml-syntax": "off" } } });
    const { statefulSets } = await client.request<RolloutResult>("ordinal/rollout", { uri: uriOf("db.yaml") });
    assert.equal(statefulSets[0]?.written, undefined);
    assert.match(statefulSets[0]?.unreadable ?? "", reason);
  });
}

const places: readonly (readonly [string, PlaceResult])[] = [
  ["spec.replicas", { start: { line: 7, character: 2 }, end: { line: 7, character: 13 } }],
  ["spec.template.spec.containers[0].image", { start: { line: 18, character: 10 }, end: { line: 18, character: 28 } }],
  ["spec.updateStrategy.rollingUpdate.partition", { start: { line: 5, character: 0 }, end: { line: 5, character: 4 } }],
  ["status.replicas", { start: { line: 2, character: 0 }, end: { line: 2, character: 17 } }],
];
for (const [field, expected] of places) {
  test(`the place of ${field}`, async (t) => {
    const client = await opened(t, statefulSet("db"));
    const params = { uri: uriOf("db.yaml"), index: 0, field };
    assert.deepEqual(await client.request("ordinal/place", params), expected);
    assert.equal(await client.request("ordinal/place", { ...params, index: 1 }), null);
  });
}

const fields: readonly (readonly [needle: string, expected: FieldResult])[] = [
  ["replicas: 3", { index: 0, field: "spec.replicas" }],
  ["3", { index: 0, field: "spec.replicas" }],
  ["template:", { index: 0, field: "spec.template" }],
  ["postgres", { index: 0, field: "spec.template.spec.containers[0].image" }],
  ["# the database", null],
  ["clusterIP", null],
];
for (const [needle, expected] of fields) {
  test(`the field under the cursor at ${needle}`, async (t) => {
    const text = `${service("db")}---\n${statefulSet("db")}`;
    const client = await opened(t, text);
    const position = TextDocument.create("", "yaml", 0, text).positionAt(text.indexOf(needle) + 1);
    assert.deepEqual(await client.request("ordinal/field", { uri: uriOf("db.yaml"), position }), expected);
  });
}

const rolling = "  updateStrategy: # how\n    type: RollingUpdate\n    rollingUpdate: { partition: 1 }\n";
const writes: readonly (readonly [name: string, before: string, edits: readonly object[], after: string | RegExp])[] = [
  [
    "a value that is there keeps its comment",
    statefulSet("db").replace("replicas: 3", "replicas: 3 # odd"),
    [{ field: "spec.replicas", value: 5 }],
    statefulSet("db").replace("replicas: 3", "replicas: 5 # odd"),
  ],
  [
    "values that are not there come with their blocks",
    statefulSet("db"),
    [
      { field: "spec.minReadySeconds", value: 5 },
      { field: "spec.updateStrategy.rollingUpdate.maxUnavailable", value: "30%" },
    ],
    /\n {2}minReadySeconds: 5\n {2}selector:[^]*\n {2}updateStrategy:\n {4}rollingUpdate:\n {6}maxUnavailable: ["']?30%["']?\n/,
  ],
  [
    "another strategy takes the block with it",
    statefulSet("db", rolling),
    [
      { field: "spec.updateStrategy.type", value: "OnDelete" },
      { field: "spec.updateStrategy.rollingUpdate", value: null },
    ],
    statefulSet("db", "  updateStrategy: # how\n    type: OnDelete\n"),
  ],
  ["what the manifest says already", statefulSet("db"), [{ field: "spec.replicas", value: 3 }], statefulSet("db")],
];
for (const [name, before, edits, after] of writes) {
  test(`the preview writes to the manifest: ${name}`, async (t) => {
    // Not the first document, so that places count from the beginning of the file.
    const client = await opened(t, `${service("db")}---\n${before}`);
    const params = { uri: uriOf("db.yaml"), index: 0, name: "db", edits };
    const result = await client.request<EditResult>("ordinal/edit", params);
    assert.ok(result.type === "edits", JSON.stringify(result));
    const document = TextDocument.create("", "yaml", 0, `${service("db")}---\n${before}`);
    const textEdits = result.edits.map(({ start, end, text }) => ({ range: { start, end }, newText: text }));
    const written = TextDocument.applyEdits(document, textEdits);
    if (typeof after === "string") assert.equal(written, `${service("db")}---\n${after}`);
    else assert.match(written, after);
  });
}

const refusals: readonly (readonly [name: string, text: string, params: object, reason: RegExp])[] = [
  [
    "a field that is not on the list",
    statefulSet("db"),
    { edits: [{ field: "metadata.name", value: 1 }] },
    /^these are/,
  ],
  ["no edits", statefulSet("db"), { edits: [] }, /^these are/],
  ["a set that is not there", statefulSet("db"), { index: 1 }, /^db is not in the manifest/],
  ["a set of another name", statefulSet("db"), { name: "cache" }, /^cache is not in the manifest/],
  ["half-typed YAML", statefulSet("db").replace("image:", '"image'), {}, /^the YAML cannot be read$/],
  [
    "a value of another tool",
    statefulSet("db").replace("replicas: 3", "replicas: ${REPLICAS}"),
    {},
    /^spec\.replicas is filled in by another tool$/,
  ],
  [
    "a value that others share",
    statefulSet("db", "  minReadySeconds: *n\n").replace("replicas: 3", "replicas: &n 3"),
    {},
    /^an alias, an anchor or a merge key is in the way/,
  ],
];
for (const [name, text, params, reason] of refusals) {
  test(`the preview does not write to the manifest: ${name}`, async (t) => {
    const client = await opened(t, text);
    const defaults = { uri: uriOf("db.yaml"), index: 0, name: "db", edits: [{ field: "spec.replicas", value: 5 }] };
    const result = await client.request<EditResult>("ordinal/edit", { ...defaults, ...params });
    assert.ok(result.type === "refused", JSON.stringify(result));
    assert.match(result.reason, reason);
  });
}

test("the name of a claim template is highlighted with what refers to it", async (t) => {
  const mounted = statefulSet("db", "  volumeClaimTemplates:\n    - metadata: { name: data }\n").replace(
    /$/,
    "          volumeMounts:\n            - { name: data, mountPath: /data }\n",
  );
  const client = await opened(t, mounted);
  assert.equal(client.initialized.capabilities.documentHighlightProvider, true);
  const at = (position: Position) =>
    client.request<DocumentHighlight[]>("textDocument/documentHighlight", { ...textDocument("db.yaml"), position });
  const found = await at({ line: 9, character: 25 });
  assert.deepEqual(
    found.map(({ kind, range: { start } }) => [kind, start.line, start.character]),
    [
      [DocumentHighlightKind.Write, 9, 24],
      [DocumentHighlightKind.Read, 22, 22],
    ],
  );
  assert.deepEqual(await at({ line: 4, character: 3 }), []);
});

test("the play that shows what a budget does is offered to a client that has the command", async (t) => {
  const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: db } } }
`;
  for (const previewCommand of [true, false]) {
    const setup: Setup = { capabilities: literals, initializationOptions: { previewCommand } };
    const client = await opened(
      t,
      `${budget}---\n${statefulSet("db").replaceAll("db", "web")}---\n${statefulSet("db")}`,
      setup,
    );
    const position = { line: 3, character: 24 };
    const actions: CodeAction[] = await client.request("textDocument/codeAction", {
      ...textDocument("db.yaml"),
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    const offers = actions.filter(({ title }) => title === "Preview drain");
    assert.equal(offers.length, previewCommand ? 1 : 0);
    if (!previewCommand) continue;
    const { command, diagnostics } = offers[0] ?? assert.fail();
    assert.equal(diagnostics?.[0]?.code, "pdb-blocks-drain");
    const [uri, index, argument]: readonly unknown[] = command?.arguments ?? [];
    assert.deepEqual([command?.command, uri, index], ["ordinal.previewRollout", uriOf("db.yaml"), 1]);
    const { play } = read(playArgument, JSON.parse(JSON.stringify(argument))) ?? assert.fail();
    const result = await client.request<NodesResult>("ordinal/nodes", { uri, index, asked: play, width: 800 });
    assert.ok(result.type === "played");
    assert.equal(result.headline, "Hangs at node-0");
  }
});
