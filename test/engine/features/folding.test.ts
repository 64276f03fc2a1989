import assert from "node:assert/strict";
import { test } from "node:test";
import { folds } from "../../../server/src/engine/features/folding/folding.js";
import { analyse, root } from "../../harness/workspace.js";

/** The lines of each fold, counted from 1; documents with a `d`. */
function check(text: string, expected: readonly string[]): void {
  const found = folds(analyse(text).documents(`${root}main.yaml`), text);
  assert.deepEqual(
    found.map(({ first, last, isDocument }) => `${first + 1}-${last + 1}${isDocument ? "d" : ""}`),
    expected,
  );
}

test("what is indented below a line, lists in the column of their key too", () => {
  check("a:\n  b:\n    - c: 1\n      d: 2\n    - e\n\nf:\n- g:\n    h\n", ["1-5", "2-5", "3-4", "7-9", "8-9"]);
});

test("blank lines, comments and tags at the margin end nothing", () => {
  check("a:\n  b: 1\n\n# c\n{{- if .x }}\n  d: 2\n# about e\ne: 3\n", ["1-6"]);
});

test("each document of several, without the blank lines behind it", () => {
  check("a:\n  b: 1\n---\nc: 1\n\n---\nd: 1", ["1-2d", "3-4d", "6-7d", "1-2"]);
  check("a:\r\n  b: 1\r\n---\r\nc: 1\r\n", ["1-2d", "3-4d", "1-2"]);
});

test("a single document is folded by its fields alone", () => {
  check("---\na:\n  b: 1\n", ["2-3"]);
  check("# nothing\n---\na:\n  b: 1\n---\n", ["3-4"]);
});
