import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type {
  ClientCapabilities,
  DocumentLink,
  Location,
  LocationLink,
  Position,
  ShowMessageParams,
  SymbolInformation,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { runbookNotification, type RunbookParams } from "../../server/src/protocol/protocol.js";
import { connect, textDocument, uriOf } from "./client.js";
import { service, statefulSet } from "./manifests.js";

/** `set.yaml 6:16`: where places begin, counted from 1. */
function placesOf(found: readonly (Location | LocationLink)[]): readonly string[] {
  return found.map((one) => {
    const [uri, { start }] = "uri" in one ? [one.uri, one.range] : [one.targetUri, one.targetSelectionRange];
    return `${uri.slice(uriOf("").length)} ${start.line + 1}:${start.character + 1}`;
  });
}

/** The position of a text in another one. */
function positionOf(text: string, part: string): Position {
  const before = text.slice(0, text.indexOf(part)).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

const set = statefulSet("books");
const disk = () => new Map([["svc.yaml", service("books")]]);

const forms: readonly (readonly [string, ClientCapabilities])[] = [
  ["plain locations", {}],
  ["links", { textDocument: { definition: { linkSupport: true } } }],
];
for (const [form, capabilities] of forms) {
  test(`the definition of a name in another file, as ${form}`, async (t) => {
    const client = await connect(t, { capabilities, disk: disk(), folders: [""] });
    await client.open("set.yaml", set);
    await client.request("workspace/diagnostic", { previousResultIds: [] });
    const position = positionOf(set, "books");
    const found: (Location | LocationLink)[] = await client.request("textDocument/definition", {
      ...textDocument("set.yaml"),
      position,
    });
    assert.deepEqual(placesOf(found), ["svc.yaml 4:9"]);
    const [one] = found;
    assert.ok(one);
    assert.deepEqual(
      "targetUri" in one ? one.originSelectionRange : undefined,
      form === "links" ? { start: position, end: { ...position, character: position.character + 5 } } : undefined,
    );
  });
}

test("references, with and without the definition", async (t) => {
  const client = await connect(t, { disk: disk(), folders: [""] });
  await client.open("set.yaml", set);
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const ask = (includeDeclaration: boolean): Promise<Location[]> =>
    client.request("textDocument/references", {
      ...textDocument("set.yaml"),
      position: positionOf(set, "books"),
      context: { includeDeclaration },
    });
  assert.deepEqual(placesOf(await ask(true)), ["svc.yaml 4:9", "set.yaml 7:16"]);
  assert.deepEqual(placesOf(await ask(false)), ["set.yaml 7:16"]);
});

test("nothing where there is no name", async (t) => {
  const client = await connect(t, {});
  await client.open("set.yaml", set);
  const params = { ...textDocument("set.yaml"), position: { line: 0, character: 3 } };
  assert.deepEqual(await client.request("textDocument/definition", params), []);
  assert.deepEqual(await client.request("textDocument/references", { ...params, context: {} }), []);
});

test("the objects of the workspace by their names, the best first", async (t) => {
  const claims = "  volumeClaimTemplates:\n    - metadata: { name: ledger-data }\n";
  const files = new Map([
    ["a/set.yaml", statefulSet("ledger", claims).replace("name: db", "name: ledger")],
    ["a/svc.yaml", service("ledger")],
    ["b/web.yaml", service("web-ledger")],
    ["b/kustomization.yaml", "resources: [web.yaml]\n"],
  ]);
  const client = await connect(t, { disk: files, folders: [""] });
  const ask = async (query: string) => {
    const found: SymbolInformation[] = await client.request("workspace/symbol", { query });
    return found.map(({ name, location }) => `${name}: ${placesOf([location]).join()}`);
  };
  assert.deepEqual(await ask("ledger"), [
    "StatefulSet ledger: a/set.yaml 5:9",
    "Service ledger: a/svc.yaml 4:9",
    "ledger-data: a/set.yaml 10:25",
    "Service web-ledger: b/web.yaml 4:9",
  ]);
  assert.deepEqual(await ask("sts ledg"), ["StatefulSet ledger: a/set.yaml 5:9"]);
  assert.equal((await ask("")).length, 3);
  assert.deepEqual(await ask("nothing"), []);
});

test("the paths of a kustomization are links", async (t) => {
  const files = new Map([
    ["base/kustomization.yaml", "resources: [set.yaml]\n"],
    ["base/set.yaml", set],
  ]);
  const client = await connect(t, { disk: files, folders: [""] });
  await client.open(
    "prod/kustomization.yaml",
    'resources: [../base, nowhere.yaml]\npatches: [{ path: "../base/set.yaml" }]\n',
  );
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const found: DocumentLink[] = await client.request(
    "textDocument/documentLink",
    textDocument("prod/kustomization.yaml"),
  );
  assert.deepEqual(
    found.map(({ target, range: { start, end } }) => [target, start.line, start.character, end.character]),
    [
      [uriOf("base/kustomization.yaml"), 0, 12, 19],
      [uriOf("base/set.yaml"), 1, 19, 35],
    ],
  );
});

const renames: ClientCapabilities = {
  textDocument: { rename: { prepareSupport: true, honorsChangeAnnotations: true } },
  workspace: { workspaceEdit: { documentChanges: true } },
};
const annotating: ClientCapabilities = {
  ...renames,
  workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};

async function renaming(t: TestContext, capabilities: ClientCapabilities, answer?: string) {
  const client = await connect(t, {
    capabilities,
    disk: disk(),
    folders: [""],
    ...(answer === undefined ? {} : { answer }),
  });
  await client.open("set.yaml", set);
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const at = { ...textDocument("set.yaml"), position: positionOf(set, "books") };
  const rename = (newName: string): Promise<WorkspaceEdit> => client.request("textDocument/rename", { ...at, newName });
  return { client, at, rename };
}

test("what may be renamed, and why something else may not", async (t) => {
  const { client, at } = await renaming(t, renames);
  assert.deepEqual(client.initialized.capabilities.renameProvider, { prepareProvider: true });
  const { position } = at;
  assert.deepEqual(await client.request("textDocument/prepareRename", at), {
    range: { start: position, end: { ...position, character: position.character + 5 } },
    placeholder: "books",
  });
  await client.open("lonely.yaml", statefulSet("nowhere").replace("name: db", "name: other"));
  const lonely = { ...textDocument("lonely.yaml"), position };
  await assert.rejects(client.request("textDocument/prepareRename", lonely), /`nowhere` is not defined/);
  assert.equal(
    await client.request("textDocument/prepareRename", { ...at, position: { line: 0, character: 2 } }),
    null,
  );
});

test("a rename that affects a running set has to be confirmed, where the client can ask", async (t) => {
  const { rename } = await renaming(t, annotating);
  const { changeAnnotations = {}, documentChanges = [] } = await rename("accounts");
  const [[id, annotation] = []] = Object.entries(changeAnnotations);
  assert.equal(annotation?.needsConfirmation, true);
  assert.match(annotation.description ?? "", /serviceName/);
  const edits = documentChanges.flatMap((change) => ("edits" in change ? change.edits : []));
  assert.deepEqual(
    edits.map((edit) => ["newText" in edit && edit.newText, "annotationId" in edit && edit.annotationId]),
    [
      ["accounts", id],
      ["accounts", id],
    ],
  );
  await assert.rejects(rename("4books"), /not a valid name/);
});

test("a client without such annotations is asked by a message, or told", async (t) => {
  const asking: ClientCapabilities = {
    ...renames,
    window: { showMessage: { messageActionItem: { additionalPropertiesSupport: false } } },
  };
  const files = ({ documentChanges = [] }: WorkspaceEdit) => documentChanges.length;
  await assert.rejects((await renaming(t, asking)).rename("accounts"), /Not renamed. StatefulSet `db`: `serviceName`/);
  assert.equal(files(await (await renaming(t, asking, "Rename anyway")).rename("accounts")), 2);
  const { client, rename } = await renaming(t, renames);
  assert.equal(files(await rename("accounts")), 2);
  assert.match((await client.next<ShowMessageParams>("window/showMessage")).message, /affects running objects/);
});

test("a client that shows runbooks gets the one that recreates the set", async (t) => {
  const client = await connect(t, {
    capabilities: annotating,
    disk: disk(),
    folders: [""],
    initializationOptions: { runbook: true },
  });
  await client.open("set.yaml", set);
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  await client.request("textDocument/rename", {
    ...textDocument("set.yaml"),
    position: positionOf(set, "books"),
    newName: "accounts",
  });
  const { message, lines } = await client.next<RunbookParams>(runbookNotification);
  assert.match(message, /serviceName/);
  assert.match(lines.join("\n"), /kubectl delete statefulset\S* ?db .*--cascade=orphan/);
});
