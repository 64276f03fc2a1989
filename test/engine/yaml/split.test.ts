import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { split } from "../../../server/src/engine/yaml/split.js";
import { many } from "../../harness/fast.js";

const cases: readonly { readonly name: string; readonly chunks: readonly string[] }[] = [
  { name: "an empty file is one chunk", chunks: [""] },
  { name: "one document without a marker", chunks: ["a: 1\nb: 2\n"] },
  { name: "each document begins with its own marker", chunks: ["a: 1\n", "---\nb: 2\n", "--- # c\nc: 3"] },
  {
    name: "what leads up to the first marker belongs to it",
    chunks: ["# head\n\n%YAML 1.1\n---\na: 1\n", "---\nb: 2\n"],
  },
  { name: "two markers make an empty document", chunks: ["---\n", "---\na: 1\n"] },
  { name: "a marker at the very end makes an empty document", chunks: ["a: 1\n", "---"] },
  {
    name: "dots end a document; comments and directives after them lead up to the next",
    chunks: ["a: 1\n...\n", "# next\n%YAML 1.1\n---\nb: 2\n"],
  },
  { name: "comments after the last dots stay with the last document", chunks: ["a: 1\n...\n# the end\n"] },
  { name: "dots with nothing before them", chunks: ["...\na: 1\n"] },
  { name: "a document right after dots", chunks: ["a: 1\n...\n", "b: 2\n"] },
  { name: "Windows line ends", chunks: ["a: 1\r\n", "---\r\nb: 2\r\n...\r\n", "c: 3\r\n"] },
  { name: "old Mac line ends", chunks: ["a: 1\r", "---\rb: 2\r"] },
  { name: "a byte order mark", chunks: ["\uFEFF# c\n---\na: 1\n", "---\nb: 2\n"] },
  { name: "dashes that are no marker", chunks: ["a: |\n  ---\n ---\nb: x---\n---x: 1\n----\n"] },
  { name: "a marker ends a block scalar in column 0", chunks: ["|\na\n", "---\nb\n"] },
  { name: "JSON", chunks: ['{\n  "a": "---",\n  "b": ["..."]\n}\n'] },
  { name: "text on the marker's line", chunks: ["--- {a: 1}\n", "--- text\n", "---\tb\n"] },
];

for (const { name, chunks } of cases) {
  test(name, () =>
    assert.deepEqual(
      split(chunks.join("")).map(({ text }) => text),
      chunks,
    ),
  );
}

test("the chunks of any text join to the text, each at its start", () => {
  const piece = fc.constantFrom(
    "---",
    "...",
    "\n",
    "\r\n",
    "\r",
    "\u2028",
    "\uFEFF",
    "# c",
    "%YAML",
    " ",
    "\t",
    "a: |",
    "x",
    '"',
    "---x",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      let start = 0;
      for (const chunk of split(text)) {
        assert.equal(chunk.start, start);
        start += chunk.text.length;
      }
      assert.equal(
        split(text)
          .map((chunk) => chunk.text)
          .join(""),
        text,
      );
    }),
    { numRuns: many(5000), seed: 20250722 },
  );
});

test("a chunk split again stays whole", () => {
  const line = fc.constantFrom("---", "--- # c", "...", "# c", "", "a: 1", "- b", "%YAML 1.1", "  ---");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      for (const chunk of split(lines.join("\n")))
        assert.equal(split(chunk.text).length, 1, JSON.stringify(chunk.text));
    }),
    { numRuns: many(2000), seed: 20250722 },
  );
});

test("a million lines take linear time", () => {
  const text = "# comment\n".repeat(many(500_000)) + "---\n".repeat(many(500_000));
  assert.equal(split(text).length, many(500_000));
});
