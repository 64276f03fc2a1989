import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileManifest, unprintable } from "../harness/hostile.js";
import { directoryWith, ordinal } from "./ordinal.js";

const file = "a\u202e\u001b[31m.yaml";
const runs: readonly (readonly string[])[] = [
  ["lint", "--hints"],
  ["lint", "--hints", "--format", "json"],
  ["lint", "missing\u001b.yaml"],
  ["lint", "--fix"],
  ["explain", "no-\u001b-rule"],
  ["lint", "--\u001b"],
  ...["text", "json", "mermaid", "svg", "html"].map((format) => ["plan", file, "--format", format]),
  ["plan", file, "--name", "\u001bno"],
  ["plan", file, "--from", file],
  ["plan", "missing\u202e.yaml"],
];
for (const argv of runs) {
  test(`${JSON.stringify(argv)} writes printable text`, async (context) => {
    const cwd = directoryWith(context, { [file]: hostileManifest });
    const { stdout, stderr } = await ordinal(argv, { cwd });
    assert.ok(stdout + stderr !== "");
    for (const line of (stdout + stderr).split("\n")) assert.doesNotMatch(line, unprintable);
  });
}
