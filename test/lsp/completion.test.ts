import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type {
  ClientCapabilities,
  CompletionItem,
  Hover,
  InsertReplaceEdit,
  TextEdit,
} from "vscode-languageserver/node";
import { connect, textDocument, type Setup, type TestClient } from "./client.js";

const manifest = (spec: string) => `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n${spec}`;

async function opened(t: TestContext, text: string, setup: Setup = {}): Promise<TestClient> {
  const client = await connect(t, setup);
  await client.open("db.yaml", text);
  return client;
}

/** What is offered at the `|` of a text. */
async function offered(
  t: TestContext,
  marked: string,
  setup: Setup = {},
  context: object = { triggerKind: 1 },
): Promise<{ readonly client: TestClient; readonly items: readonly CompletionItem[] }> {
  const lines = marked.slice(0, marked.indexOf("|")).split("\n");
  const client = await opened(t, marked.replace("|", ""), setup);
  const items = await client.request<CompletionItem[]>("textDocument/completion", {
    ...textDocument("db.yaml"),
    position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
    context,
  });
  return { client, items };
}

function itemOf(items: readonly CompletionItem[], label: string): CompletionItem {
  const item = items.find((one) => one.label === label);
  assert.ok(item, `${label} is among ${items.map((one) => one.label).join(", ")}`);
  return item;
}

const able: ClientCapabilities = {
  textDocument: {
    completion: {
      completionItem: {
        snippetSupport: true,
        insertReplaceSupport: true,
        insertTextModeSupport: { valueSet: [1, 2] },
        documentationFormat: ["markdown", "plaintext"],
        labelDetailsSupport: true,
        tagSupport: { valueSet: [1] },
      },
    },
  },
};

test("an editor that can do nothing gets plain edits of one line", async (t) => {
  const { client, items } = await offered(t, manifest("  upd|: {}\n  replicas: 3\n"));
  assert.deepEqual(client.initialized.capabilities.completionProvider, {
    triggerCharacters: [" "],
    resolveProvider: true,
  });
  const edit = {
    newText: "updateStrategy",
    range: { start: { line: 5, character: 2 }, end: { line: 5, character: 5 } },
  };
  const { data: _, ...item } = itemOf(items, "updateStrategy");
  assert.deepEqual(item, {
    label: "updateStrategy",
    kind: 10,
    sortText: item.sortText,
    detail: "StatefulSetUpdateStrategy",
    textEdit: edit,
  });
  const below = await offered(t, manifest("  upd|\n"));
  assert.equal((itemOf(below.items, "updateStrategy").textEdit as TextEdit).newText, "updateStrategy:");
});

test("an editor that can do everything gets all of it", async (t) => {
  const { items } = await offered(t, manifest("  up|d\n"), {
    capabilities: able,
    initializationOptions: { suggestCommand: "editor.action.triggerSuggest" },
  });
  const item = itemOf(items, "updateStrategy");
  const edit = item.textEdit as InsertReplaceEdit;
  assert.equal(edit.newText, "updateStrategy:\n    ");
  assert.deepEqual([edit.insert.end.character, edit.replace.end.character], [4, 5]);
  assert.equal(item.insertTextMode, 1);
  assert.deepEqual(item.labelDetails, { description: "StatefulSetUpdateStrategy" });
  assert.equal(item.command?.command, "editor.action.triggerSuggest");
  assert.equal(itemOf(items, "replicas").command, undefined);
});

test("stops only for who knows snippets", async (t) => {
  const text = "|";
  const full = itemOf((await offered(t, text, { capabilities: able })).items, "StatefulSet");
  assert.equal(full.insertTextFormat, 2);
  assert.match((full.textEdit as InsertReplaceEdit).newText, /^ {2}name: \$\{1:app\}$/m);
  const plain = itemOf((await offered(t, text)).items, "StatefulSet");
  assert.equal(plain.insertTextFormat, undefined);
  assert.match((plain.textEdit as TextEdit).newText, /^ {2}name: app$/m);
});

test("the offered order is kept", async (t) => {
  const { items } = await offered(t, manifest("  |\n"));
  const labels = items.map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 3), ["serviceName", "replicas", "selector"]);
  const order = items.map(({ sortText }) => sortText ?? "");
  assert.ok(order.every((text, index) => index === 0 || (order[index - 1] ?? "") < text));
});

test("what is to be said of a field comes when somebody looks", async (t) => {
  const { client, items } = await offered(t, manifest("  |\n"), { capabilities: able });
  const item = itemOf(items, "podManagementPolicy");
  assert.equal(item.documentation, undefined);
  const resolved = await client.request<CompletionItem>("completionItem/resolve", item);
  assert.ok(typeof resolved.documentation === "object");
  assert.equal(resolved.documentation.kind, "markdown");
  assert.match(resolved.documentation.value, /OrderedReady/);
});

for (const data of [
  undefined,
  null,
  7,
  { uri: 1 },
  { uri: "x", apiVersion: "v1", kind: "Service", path: [{}] },
  { uri: "x", apiVersion: "__proto__", kind: "", path: ["constructor"] },
]) {
  test(`an item with the data ${JSON.stringify(data)} stays as it is`, async (t) => {
    const client = await opened(t, manifest(""));
    const item = { label: "x", ...(data === undefined ? {} : { data }) };
    assert.deepEqual(await client.request("completionItem/resolve", item), item);
  });
}

test("a space in an indentation asks for nothing", async (t) => {
  const space = { triggerKind: 2, triggerCharacter: " " };
  assert.deepEqual((await offered(t, manifest("  |\n"), {}, space)).items, []);
  assert.equal((await offered(t, manifest("  podManagementPolicy: |\n"), {}, space)).items.length, 2);
});

test("positions count UTF-16 units", async (t) => {
  const { items } = await offered(t, `# 🐘\n${manifest('  {"🐘": 1, rep|}\n')}`);
  const { range } = itemOf(items, "replicas").textEdit as TextEdit;
  assert.deepEqual([range.start.character, range.end.character], [12, 15]);
});

test("beside Red Hat's YAML extension there are only names, and only hovers of our own", async (t) => {
  const setup: Setup = { capabilities: able, initializationOptions: { yamlExtension: true } };
  const text = manifest("  |\n  template:\n    spec:\n      restartPolicy: Always\n      hostNetwork: true\n");
  const { client, items } = await offered(t, text, setup);
  assert.deepEqual(items, []);
  const hover = (line: number) =>
    client.request<Hover | null>("textDocument/hover", {
      ...textDocument("db.yaml"),
      position: { line, character: 8 },
    });
  assert.ok((await hover(8)) !== null);
  assert.equal(await hover(9), null);
  const names = await offered(
    t,
    `${manifest("  serviceName: |\n")}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: db\n`,
    setup,
  );
  assert.deepEqual(
    names.items.map(({ label }) => label),
    ["db"],
  );

  const asked = await offered(t, text, { initializationOptions: { yamlExtension: true, schemaValidation: "on" } });
  assert.ok(asked.items.length > 5);
});
