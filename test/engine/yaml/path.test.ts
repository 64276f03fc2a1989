import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPath, parsePath, type Path } from "../../../server/src/engine/yaml/path.js";

const paths: readonly (readonly [string, Path])[] = [
  ["spec.replicas", ["spec", "replicas"]],
  ["spec.volumeClaimTemplates[0].spec", ["spec", "volumeClaimTemplates", 0, "spec"]],
  ["metadata.labels[app.kubernetes.io/name]", ["metadata", "labels", "app.kubernetes.io/name"]],
  ["", []],
];
for (const [text, path] of paths) {
  test(`a path is written and read: ${text}`, () => {
    assert.equal(formatPath(path), text);
    assert.deepEqual(parsePath(text), path);
  });
}
