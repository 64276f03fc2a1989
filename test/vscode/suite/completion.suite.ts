import assert from "node:assert/strict";
import {
  commands,
  MarkdownString,
  Range,
  SnippetString,
  type CompletionItem,
  type CompletionList,
  type TextEditor,
} from "vscode";
import { headlessService, statefulSet } from "./manifests.js";
import { hoverOver, openNew, placeOf } from "./workspace.js";

/** What VS Code offers right behind a text, the first of it with their documentation. */
async function offeredBehind(editor: TextEditor, text: string): Promise<readonly CompletionItem[]> {
  const { items } = await commands.executeCommand<CompletionList>(
    "vscode.executeCompletionItemProvider",
    editor.document.uri,
    placeOf(editor, text).end,
    undefined,
    20,
  );
  return items;
}

function labelOf({ label }: CompletionItem): string {
  return typeof label === "string" ? label : label.label;
}

/** Puts an item into the text as a choice does. */
async function choose(editor: TextEditor, { insertText, range, keepWhitespace }: CompletionItem): Promise<void> {
  assert.ok(insertText !== undefined && range !== undefined);
  const text = typeof insertText === "string" ? insertText : insertText.value;
  const place = range instanceof Range ? range : range.inserting;
  assert.ok(
    await editor.insertSnippet(new SnippetString(text), place, {
      keepWhitespace: keepWhitespace === true,
      undoStopBefore: true,
      undoStopAfter: true,
    }),
  );
}

suite("completion", () => {
  test("offers fields with their documentation, and writes them where they belong", async () => {
    const text = statefulSet("typed").replace("  serviceName: typed\n", "  updS\n");
    const editor = await openNew("typed/statefulset.yaml", text);
    const items = await offeredBehind(editor, "updS");
    const item = items.find((one) => labelOf(one) === "updateStrategy");
    assert.ok(item, items.map(labelOf).join(", "));
    assert.ok(item.documentation instanceof MarkdownString);
    assert.match(item.documentation.value, /`spec\.updateStrategy`/);
    await choose(editor, item);
    assert.equal(editor.document.getText(), text.replace("updS\n", "updateStrategy:\n    \n"));
  });

  test("offers the Services that a set may name", async () => {
    const text = `${statefulSet("named").replace("serviceName: named", "serviceName: ")}---\n${headlessService("named")}`;
    const editor = await openNew("named/statefulset.yaml", text);
    const [first] = await offeredBehind(editor, "serviceName: ");
    assert.ok(first);
    assert.equal(labelOf(first), "named");
    await choose(editor, first);
    assert.equal(editor.document.getText(), text.replace("serviceName: ", "serviceName: named"));
  });

  test("an empty file begins with a StatefulSet and its Service", async () => {
    const editor = await openNew("begun/new.yaml", "");
    const items = await offeredBehind(editor, "");
    const item = items.find((one) => labelOf(one) === "StatefulSet");
    assert.ok(item);
    await choose(editor, item);
    assert.match(
      editor.document.getText(),
      /^kind: Service$[^]*^---$[^]*^kind: StatefulSet$[^]*^ {2}serviceName: app$/m,
    );
  });

  test("a field without a doc of ours shows the API's", async () => {
    const editor = await openNew("shown/statefulset.yaml", statefulSet("shown"));
    assert.match(await hoverOver(editor, "image: redis"), /Container image name/);
  });
});
