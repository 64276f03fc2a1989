import assert from "node:assert/strict";
import { commands, languages, workspace, type CompletionList, type Diagnostic, type Uri } from "vscode";
import { diagnosticsOnce, file, hoverOver, open, openNew, placeOf, until, writeFile } from "./workspace.js";

const manifest = (replicas: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: beside
spec:
  serviceName: beside
  replicas: ${replicas}
  paused: true
  selector: { matchLabels: { app: beside } }
  template:
    metadata: { labels: { app: beside } }
    spec: { containers: [{ name: main, image: "main:1" }] }
`;

/** A schema of some fields, with words that distinguish its hovers from ours. */
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    kind: { type: "string" },
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        serviceName: { type: "string" },
        replicas: { type: "integer", description: "The words of the schema." },
        selector: { type: "object" },
        template: { type: "object" },
        minReadySeconds: { type: "integer" },
      },
    },
  },
};

const ofBoth = (uri: Uri): readonly Diagnostic[] => languages.getDiagnostics(uri);
const lineOf = ({ source, range }: Diagnostic) =>
  `${source === "ordinal" ? "ordinal" : "YAML"} ${range.start.line + 1}`;
const setSchemas = (schemas: object) => workspace.getConfiguration("yaml").update("schemas", schemas, true);

suite("beside a YAML language server", () => {
  test("that knows no schema of Kubernetes, Ordinal says what is wrong with fields", async () => {
    const { document } = await openNew("beside/without.yaml", manifest('"3"'));
    await diagnosticsOnce(document.uri, (all) =>
      [7, 8].every((line) => all.some((one) => one.range.start.line + 1 === line)),
    );
  });

  test("that knows one, each wrong field is reported once", async () => {
    const uri = await writeFile("kubernetes-schema.json", JSON.stringify(schema));
    await setSchemas({ [uri.toString()]: "beside/*.yaml" });
    const { document } = await openNew("beside/with.yaml", manifest('"3"'));
    const found = await until(languages.onDidChangeDiagnostics, () => {
      const all = ofBoth(document.uri).map(lineOf);
      return all.includes("YAML 7") &&
        all.includes("YAML 8") &&
        !all.includes("ordinal 7") &&
        !all.includes("ordinal 8")
        ? all
        : undefined;
    });
    assert.deepEqual(
      found.toSorted().filter((one) => / [78]$/.test(one)),
      ["YAML 7", "YAML 8"],
    );
  });

  test("a hover has the field's description once, and what Ordinal adds", async () => {
    const editor = await openNew("beside/hover.yaml", manifest("3"));
    const text = await hoverOver(editor, "replicas: 3");
    assert.equal(text.split("The words of the schema").length, 2, text);
    assert.match(text, /beside-2/);
    assert.doesNotMatch(text, /desired number of replicas/);
  });

  test("completion offers each field once", async () => {
    const editor = await openNew("beside/completion.yaml", manifest("3").replace("  paused: true\n", "  \n"));
    const position = placeOf(editor, "replicas: 3\n  ").end;
    const { items } = await commands.executeCommand<CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      position,
    );
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    assert.deepEqual(
      labels.filter((one) => one === "minReadySeconds"),
      ["minReadySeconds"],
    );
  });

  const broken: readonly (readonly [string, string])[] = [
    ["a bracket that stays open", "spec:\n  selector: { matchLabels: { app: x }\n"],
    ["a key twice", "spec:\n  replicas: 3\n  replicas: 4\n"],
    ["a tab", "spec:\n\treplicas: 3\n"],
  ];
  for (const [index, [what, text]] of broken.entries()) {
    test(`${what} is reported once`, async () => {
      const head = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: broken\n";
      const { document } = await openNew(`beside/broken-${index}.yaml`, `${head}${text}`);
      await until(languages.onDidChangeDiagnostics, () => (ofBoth(document.uri).length > 0 ? true : undefined));
      // Ordinal's answer to this question knows the text: what it has to say is said by then.
      await hoverOver(await open(document.uri), "kind");
      await new Promise((resolve) => void setTimeout(resolve, 1000));
      assert.deepEqual(
        ofBoth(document.uri).filter(({ source }) => source === "ordinal"),
        [],
      );
    });
  }

  suiteTeardown(async () => {
    await setSchemas({});
    await workspace.fs.delete(file("kubernetes-schema.json"));
  });
});
