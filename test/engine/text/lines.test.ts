import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import { lineIndex } from "../../../server/src/engine/text/lines.js";
import { joinEdits } from "../../../server/src/engine/text/pieces.js";
import { many } from "../../harness/fast.js";

const texts = fc.stringMatching(/^[ab\n\r\u2028]*$/);

test("lines end at line feeds and carriage returns, not at U+2028", () => {
  const lines = lineIndex("a\nbc\r\nd\re\u2028f");
  assert.equal(lines.lineCount, 4);
  assert.deepEqual(
    [0, 1, 2, 3].map((line) => lines.lineStart(line)),
    [0, 2, 6, 8],
  );
  assert.deepEqual(lines.position(7), { line: 2, character: 1 });
  assert.deepEqual(lines.position(10), { line: 3, character: 2 });
});

test("positions beyond an end are moved to it", () => {
  const lines = lineIndex("a\r\nbc");
  assert.equal(lines.offset({ line: 0, character: 9 }), 1);
  assert.equal(lines.offset({ line: 1, character: 9 }), 5);
  assert.equal(lines.offset({ line: 9, character: 0 }), 5);
  assert.equal(lines.offset({ line: -1, character: 3 }), 0);
  assert.deepEqual(lines.position(99), { line: 1, character: 2 });
  assert.deepEqual(lines.position(-1), { line: 0, character: 0 });
});

test("an offset comes back from its position, but from within a line break", () => {
  fc.assert(
    fc.property(texts, fc.nat(30), (text, number) => {
      const offset = Math.min(number, text.length);
      fc.pre(!text.startsWith("\r\n", offset - 1));
      const lines = lineIndex(text);
      assert.equal(lines.offset(lines.position(offset)), offset);
    }),
    { seed: 20250722 },
  );
});

test("steps of edits joined into one do what the steps do", () => {
  const steps = fc.array(fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.constantFrom("", "x", "yz")), { maxLength: 3 }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(texts, steps, (text, chosen) => {
      let current = text;
      const done = chosen.map((step) => {
        let free = 0;
        const edits = step.map(([skip, length, newText]) => {
          const start = Math.min(free + skip, current.length);
          const end = Math.min(start + length, current.length);
          free = end;
          return { span: { start, end }, newText };
        });
        current = applyEdits(current, edits);
        return edits;
      });
      assert.equal(applyEdits(text, joinEdits(text.length, done)), current);
    }),
    { seed: 20250722, numRuns: many(1000) },
  );
});
