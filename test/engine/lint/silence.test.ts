import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { silences } from "../../../server/src/engine/lint/silence.js";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import { assertLinear } from "../../harness/linear.js";

const service = "kind: Service\nmetadata: { name: db }\n";
const comment = "# ordinal-disable orphan\n";

/** What stands before a document, and where in it the comment for all of the document goes. */
const heads: readonly (readonly [head: string, silenced: string])[] = [
  ["", comment],
  ["# Copyright\n\n", `${comment}# Copyright\n\n`],
  ["# Copyright\n---\n", `# Copyright\n---\n${comment}`],
  ["\n  # one\n\n--- # two\n# three\n", `\n  # one\n\n--- # two\n${comment}# three\n`],
  ["%YAML 1.2\n---\n", `%YAML 1.2\n---\n${comment}`],
  ["\uFEFF# one\n---\n", `\uFEFF# one\n---\n${comment}`],
  ["\uFEFF", `\uFEFF${comment}`],
];

describe("the comment that disables a rule for a document", () => {
  for (const eol of ["\n", "\r\n", "\r"]) {
    for (const [head, expected] of heads) {
      test(JSON.stringify(head + eol), () => {
        const text = (head + service).replaceAll("\n", eol);
        const start = text.indexOf("db");
        const edit = silences(text, "orphan", { start, end: start + 2 }).find(
          ({ scope }) => scope === "document",
        )?.edit;
        assert.equal(applyEdits(text, edit === undefined ? [] : [edit]), (expected + service).replaceAll("\n", eol));
      });
    }
  }

  for (const line of ["# A licence of many lines", "", "   "]) {
    for (const eol of ["\r\n", "\n"]) {
      test(`below many lines ${JSON.stringify(line + eol)}`, () => {
        assertLinear((count) => {
          const text = (line + eol).repeat(count) + service;
          silences(text, "orphan", { start: text.length - 4, end: text.length - 2 });
        }, 1_500);
      });
    }
  }
});
