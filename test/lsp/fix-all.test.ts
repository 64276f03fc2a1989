import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientCapabilities, CodeAction } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { connect, textDocument, uriOf } from "./client.js";
import { retention, statefulSet } from "./manifests.js";

const capabilities: ClientCapabilities = {
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["source.fixAll"] } } } },
};
const kind = "source.fixAll.ordinal";
const wrong = `${statefulSet("db", retention)}---\n${statefulSet("db", retention)}`;

const asked: readonly (readonly [string, readonly string[] | undefined, readonly string[]])[] = [
  [wrong, [kind], [kind]],
  [wrong, ["source.fixAll"], [kind]],
  [wrong, ["source"], [kind]],
  [wrong, [""], [kind]],
  [wrong, undefined, []],
  [wrong, ["quickfix"], []],
  [wrong, ["source.fixAll.other"], []],
  [statefulSet("db"), [kind], []],
];
for (const [text, only, expected] of asked) {
  const found = text === wrong ? "findings" : "no findings";
  test(`all safe fixes where ${only?.join(", ") ?? "nothing"} is asked for, with ${found}`, async (t) => {
    const client = await connect(t, { capabilities });
    await client.open("db.yaml", text);
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      ...textDocument("db.yaml"),
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    const all = actions.filter((action) => action.kind === kind);
    assert.deepEqual(
      all.map((action) => action.kind),
      expected,
    );
    for (const { edit } of all) {
      const edits = edit?.changes?.[uriOf("db.yaml")] ?? [];
      const fixed = TextDocument.applyEdits(TextDocument.create("", "", 0, text), edits);
      assert.equal(fixed, `${statefulSet("db")}---\n${statefulSet("db")}`);
    }
  });
}

test("the server says that it has them", async (t) => {
  const { initialized } = await connect(t, { capabilities });
  assert.deepEqual(initialized.capabilities.codeActionProvider, {
    codeActionKinds: ["quickfix", "refactor.rewrite", "refactor.move", kind],
  });
});
