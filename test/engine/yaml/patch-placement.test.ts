import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { patch } from "../../../server/src/engine/yaml/patch.js";

/** Where a new short entry `key: new` of the map `a` goes. */
const cases: readonly (readonly [title: string, before: string, after: string])[] = [
  [
    "behind the short entries, before the first that goes on over further lines",
    "a:\n  b: 1 # one\n  # about c\n  c:\n    d: 2\n  e: 3\n",
    "a:\n  b: 1 # one\n  key: new\n  # about c\n  c:\n    d: 2\n  e: 3\n",
  ],
  ["first, where the first entry is a long one", "a:\n  c:\n    d: 2\n", "a:\n  key: new\n  c:\n    d: 2\n"],
  [
    "last, where a comment stands above a long first entry",
    "a:\n  # about c\n  c:\n    d: 2\n",
    "a:\n  # about c\n  c:\n    d: 2\n  key: new\n",
  ],
  ["last, where there are only short ones", "a:\n  b: 1\n  c: [2]\n", "a:\n  b: 1\n  c: [2]\n  key: new\n"],
  [
    "last, where a merge key makes the order matter",
    "x: &x { other: old }\na:\n  c:\n    d: 2\n  <<: *x\n",
    "x: &x { other: old }\na:\n  c:\n    d: 2\n  <<: *x\n  key: new\n",
  ],
];

for (const [title, before, after] of cases) {
  test(`a new entry goes ${title}`, () => {
    const edits = patch(parse(before), [{ op: "set", path: ["a", "key"], value: "new" }]);
    assert.equal(edits && applyEdits(before, edits), after);
  });
}
