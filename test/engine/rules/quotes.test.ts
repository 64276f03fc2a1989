import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";

const uri = `${root}main.yaml`;
const title = "Put quotes around it";

/** A ConfigMap whose data are the lines. */
function data(...lines: readonly string[]): string {
  return ["apiVersion: v1", "kind: ConfigMap", "metadata: { name: db }", "data:", ...lines, ""].join("\n");
}

/** The text after every fix of that title, one after the other. */
function quoted(text: string): string {
  const fix = analyse(text)
    .fixes(uri, { start: 0, end: text.length })
    .find((one) => one.title === title);
  return fix === undefined
    ? text
    : quoted(
        applyEdits(
          text,
          fix.changes.flatMap(({ edits }) => edits),
        ),
      );
}

function messages(text: string): readonly string[] {
  return analyse(text)
    .findings(uri)
    .map((finding) => finding.text);
}

describe("quotes go around the text as it stands", () => {
  const spellings =
    "1.10 5432 012 0o17 0x1F 0b11 1e3 -1.50 +1 1_000 .5 1. 123456789012345678901 -0 .inf -.INF .nan NO yes Off y n on TRUE";
  for (const text of spellings.split(" ")) {
    test(text, () => {
      const written = data(`  key: ${text} # why`);
      assert.equal(quoted(written), data(`  key: "${text}" # why`));
      assert.deepEqual(messages(quoted(written)), []);
    });
  }

  const places: readonly (readonly [title: string, before: string, after: string])[] = [
    ["in flow style", "  { a: 1.10, b: no }", '  { a: "1.10", b: "no" }'],
    ["behind an anchor", "  a: &a 1.10", '  a: &a "1.10"'],
    ["on the next line", "  a:\n    012", '  a:\n    "012"'],
    ["with single quotes where the file has them", "  a: 'x'\n  b: 'y'\n  c: 010", "  a: 'x'\n  b: 'y'\n  c: '010'"],
    ["in a file of Windows", "  a: 1.10\r", '  a: "1.10"\r'],
    ["not where a tag keeps it a number", "  a: !!float 1.10", "  a: !!float 1.10"],
    ["at an alias and its anchor, each for itself", "  a: &a 1.10\n  b: *a", '  a: &a "1.10"\n  b: "1.10"'],
  ];
  for (const [name, before, after] of places) {
    test(name, () => {
      assert.equal(quoted(data(before)), data(after));
    });
  }

  test("a tag that is already a string, a date and null need none", () => {
    assert.deepEqual(messages(data("  a: !!str 1.10", "  b: 2024-01-01", "  c: ~", "  d: 12:30:45", "  e: 1.2.3")), []);
  });
});

describe("messages speak of the text as it stands", () => {
  const cases: readonly (readonly [line: string, message: string])[] = [
    ["  a: yes", "`yes` is read as the boolean `true`, but `a` must be a string. Put quotes around it"],
    ["  a: 1.10", "`1.10` is read as the number `1.1`, but `a` must be a string. Put quotes around it"],
    ["  a: 010", "`010` is read as the number `8`, but `a` must be a string. Put quotes around it"],
    ["  a: 5432", "`5432` is read as a number, but `a` must be a string. Put quotes around it"],
    ["  a: [x]", "`a` must be a string, not a list"],
    ["  on: 5", "`5` is read as a number, but `on` (read as `true`) must be a string. Put quotes around it"],
    ['  "on": no', "`no` is read as the boolean `false`, but `on` must be a string. Put quotes around it"],
  ];
  for (const [line, message] of cases) {
    test(line.trim(), () => {
      assert.deepEqual(messages(data(line)), [message]);
    });
  }

  test("a number or a boolean where another type must be", () => {
    const service = (spec: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { selector: { app: db }, ${spec} }\n`;
    assert.deepEqual(messages(service("ports: [{ port: yes }]")), [
      "`yes` is read as the boolean `true`, but `port` must be an integer",
    ]);
    assert.deepEqual(messages(service('ports: [{ port: "5432" }]')), [
      "`port` must be an integer, not the string `5432`",
    ]);
    assert.deepEqual(messages(service("ports: [{ port: 1.50 }]")), [
      "`1.50` is read as the number `1.5`, but `port` must be an integer",
    ]);
  });
});
