import assert from "node:assert/strict";
import { test } from "node:test";
import { followTarget, targetAt } from "../../client/src/preview-target.js";
import type { PreviewTarget } from "../../server/src/protocol/protocol.js";

/** StatefulSets in this order, each in a YAML document of 10 lines with a document of 10 lines after it. */
function targets(...names: readonly string[]): readonly PreviewTarget[] {
  return names.map((name, index) => ({
    index,
    name,
    firstLine: index * 20,
    lastLine: index * 20 + 9,
    written: undefined,
    unreadable: "not asked for",
  }));
}

const lines: readonly (readonly [line: number, expected: string | undefined])[] = [
  [0, "db"],
  [9, "db"],
  [10, undefined],
  [20, "cache"],
  [29, "cache"],
  [30, undefined],
];
for (const [line, expected] of lines) {
  test(`the StatefulSet of line ${line} is ${expected ?? "none"}`, () => {
    assert.equal(targetAt(targets("db", "cache"), line)?.name, expected);
  });
}

const edits: readonly (readonly [
  what: string,
  after: readonly string[],
  shown: Pick<PreviewTarget, "index" | "name">,
  expected: number | undefined,
])[] = [
  ["stays where it was", ["db", "cache"], { index: 1, name: "cache" }, 1],
  ["moves down with its name", ["new", "db", "cache"], { index: 1, name: "cache" }, 2],
  ["moves up with its name", ["cache"], { index: 1, name: "cache" }, 0],
  ["was renamed in its place", ["db", "store"], { index: 1, name: "cache" }, 1],
  ["is one of two of its name", ["db", "db"], { index: 1, name: "db" }, 1],
  ["was one of two of its name", ["db", "cache"], { index: 1, name: "db" }, 0],
  ["is gone", ["db"], { index: 1, name: "cache" }, undefined],
];
for (const [what, after, shown, expected] of edits) {
  test(`a panel follows a StatefulSet that ${what}`, () => {
    assert.equal(followTarget(targets(...after), shown)?.index, expected);
  });
}
