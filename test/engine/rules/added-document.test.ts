import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits, defaultConfig } from "../../../server/src/engine/api.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { split } from "../../../server/src/engine/yaml/split.js";
import { createWorkspace, analyse, root } from "../../harness/workspace.js";

const uri = `${root}main.yaml`;
const set = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: db, image: db }] }
`;
const other = "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: other }\n";
const json = `${JSON.stringify(parse(set("db")).root.value())}\n`;

/** The file after the fix that creates the Service; `undefined` where it is not offered. */
function created(text: string, name = "main.yaml"): string | undefined {
  const workspace = createWorkspace(defaultConfig);
  workspace.setFile(`${root}c/Chart.yaml`, "apiVersion: v2\nname: c\nversion: 1.0.0\n");
  workspace.setFile(root + name, text);
  workspace.setComplete(true);
  const fix = workspace
    .snapshot()
    .fixes(root + name, { start: 0, end: text.length })
    .find(({ title }) => title === "Create the headless Service `db` in this file");
  return (
    fix &&
    applyEdits(
      text,
      fix.changes.flatMap(({ edits }) => edits),
    )
  );
}

function isMissing(text: string): boolean {
  return analyse(text)
    .findings(uri)
    .some(({ rule }) => rule === "service-missing");
}

/** `kind name`, and whether kubectl reads it, of what is in the file. */
function objects(text: string): readonly string[] {
  return split(text).flatMap(({ text: chunk, readBy }) => {
    const { root: object, problems } = parse(chunk);
    assert.deepEqual(problems, []);
    const kind = object.at("kind").value();
    const name = JSON.stringify(object.at("metadata", "name").value());
    return kind === undefined ? [] : [`${JSON.stringify(kind)} ${name} ${readBy}`];
  });
}

const files: readonly (readonly [title: string, text: string])[] = [
  ["alone", set("db")],
  ["no line break at the end", set("db").trimEnd()],
  ["before another document", `${set("db")}---\n${other}`],
  ["before a marker with a comment", `${set("db")}# behind\n--- # other\n${other}`],
  ["after another document", `${other}---\n${set("db")}`],
  ["dots at the end", `${set("db")}...\n`],
  ["dots at the end, no line break", `${set("db")}...`],
  ["dots and a comment at the end", `${set("db")}... # end\n# of it all\n`],
  ["dots before a document that kubectl never sees", `${set("db")}...\n${other}`],
  ["dots before a marker", `${set("db")}...\n---\n${other}`],
  ["dots before a comment and a directive", `${set("db")}...\n# other\n%YAML 1.1\n---\n${other}`],
  ["dots twice", `${set("db")}...\n...\n---\n${other}`],
  ["an empty document behind", `${set("db")}---\n---\n${other}`],
  ["a comment at the end", `${set("db")}# the end`],
  ["a byte order mark", `\uFEFF${set("db")}---\n${other}`],
  ["JSON in a file for YAML", json],
  ["JSON before YAML", `${json}---\n${other}`],
];

describe("a new document is separated on both sides", () => {
  for (const [title, text] of files) {
    for (const [lines, written] of [
      ["", text],
      [" (CRLF)", text.replaceAll("\n", "\r\n")],
    ] as const) {
      test(title + lines, () => {
        const after = created(written);
        assert.ok(after !== undefined);
        assert.deepEqual(objects(after).toSorted(), [...objects(written), '"Service" "db" both'].toSorted(), after);
        for (const line of written.trimEnd().split("\n")) assert.ok(after.includes(line), after);
        assert.doesNotMatch(after, written.includes("\r") ? /(?<!\r)\n/ : /\r/);
      });
    }
  }

  test("in a list it becomes an item", () => {
    const item = set("db")
      .replace(/^(?=.)/gm, "    ")
      .replace("    ", "  - ");
    const after = created(`apiVersion: v1\nkind: List\nitems:\n${item}`) ?? "";
    const { root: list } = parse(after);
    assert.deepEqual(
      list
        .at("items")
        .items()
        .map((one) => one.at("kind").value()),
      ["StatefulSet", "Service"],
    );
  });

  test("among JSON objects, and where kubectl sees no marker, there is none", () => {
    assert.equal(created(json + JSON.stringify(parse(other).root.value())), undefined);
    assert.equal(created(set("db").replaceAll("\n", "\r")), undefined);
    for (const eol of ["\r", "\u0085", "\u2028"]) {
      const text = `# one line\n${`${set("db")}---\n${other}`.replaceAll("\n", eol)}`;
      assert.ok(isMissing(text));
      assert.equal(created(text), undefined);
    }
  });

  for (const [title, text, isOffered] of [
    ["after a define", `${set("db")}{{ define "d" }}x{{ end }}\n`, true],
    ["after a define that takes the line break behind it away", `${set("db")}{{ define "d" }}x{{ end -}}\n`, false],
    ["in a define that is not closed", `${set("db")}{{- define "d" -}}\n`, false],
    ["in a define over several documents", `${set("db")}{{ define "d" }}\n---\n${other}{{ end }}\n`, false],
    ["in a comment over several documents", `${set("db")}{{/* old:\n---\n${other}*/}}\n`, false],
  ] as const) {
    test(`a chart's template, ${title}: ${isOffered ? "offered" : "not offered"}`, () => {
      const after = created(text, "c/templates/set.yaml");
      assert.equal(after?.startsWith(text), isOffered ? true : undefined);
    });
  }
});
