import assert from "node:assert/strict";
import { test } from "node:test";
import { changesBetween, immutableChanges } from "../../../server/src/engine/apply/changes.js";
import { formatPath } from "../../../server/src/engine/yaml/path.js";

/** Each change as `path: before -> after`. */
function told(changes: ReturnType<typeof changesBetween>): readonly string[] {
  return changes.map(
    ({ path, before, after }) => `${formatPath(path)}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
  );
}

test("a key with dots is one step of the path, beside keys that begin like it", () => {
  const before = {
    app: { kubernetes: "a" },
    "app.kubernetes": "b",
    "app.kubernetes.io/name": "ledger",
    list: [1, { x: 2 }],
  };
  const after = {
    app: { kubernetes: "c" },
    "app.kubernetes": "d",
    "app.kubernetes.io/name": "books",
    list: [1, { x: 3 }],
  };
  const changes = changesBetween(before, after, ["labels"]);
  assert.deepEqual(
    changes.map(({ path }) => path),
    [
      ["labels", "app", "kubernetes"],
      ["labels", "list", 1, "x"],
      ["labels", "app.kubernetes.io/name"],
      ["labels", "app.kubernetes"],
    ],
  );
  assert.deepEqual(told(changes), [
    'labels.app.kubernetes: "a" -> "c"',
    "labels.list[1].x: 2 -> 3",
    'labels[app.kubernetes.io/name]: "ledger" -> "books"',
    'labels[app.kubernetes]: "b" -> "d"',
  ]);
});

test("what goes and what comes has no value on the other side", () => {
  assert.deepEqual(told(changesBetween({ a: [], b: 1 }, { a: [0], c: {} })), [
    "a: [] -> undefined",
    "a[0]: undefined -> 0",
    "b: 1 -> undefined",
    "c: undefined -> {}",
  ]);
});

test("a selector that no update may change is told with the whole key of its label", () => {
  const set = (app: string) => ({ spec: { selector: { matchLabels: { "app.kubernetes.io/name": app } } } });
  const [selector] = immutableChanges(set("ledger"), set("books"));
  assert.deepEqual(told(selector?.changes ?? []), [
    'spec.selector.matchLabels[app.kubernetes.io/name]: "ledger" -> "books"',
  ]);
});
