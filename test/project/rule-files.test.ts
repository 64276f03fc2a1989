import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { repo } from "../harness/repo.js";

const folder = "server/src/engine/rules";

/** Where lines that begin with `start` stand in a text, counted from 1; 0 where none does. */
function lineOf(text: string, start: RegExp): number {
  return text.split("\n").findIndex((line) => start.test(line)) + 1;
}

test("a rule file shows its check before its examples", () => {
  const files = readdirSync(repo(folder)).filter((name) => !["all.ts", "registry.ts"].includes(name));
  const firstLines = files.map((name) => {
    const text = readFileSync(repo(folder, name), "utf8");
    const check = lineOf(text, /^ {2}check[(:]/);
    const examples = lineOf(text, /^ {2}examples:/);
    assert.ok(check > 0 && check < examples, `${name}: check in line ${check}, examples in line ${examples}`);
    return check;
  });
  const median = firstLines.sort((a, b) => a - b)[Math.floor(firstLines.length / 2)];
  assert.ok(median !== undefined && median < 40, `half of all checks begin after line ${median}`);
});
