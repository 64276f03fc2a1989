import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { allRules, rulePage } from "../../server/src/engine/api.js";
import { repo } from "../harness/repo.js";
import { ordinal } from "./ordinal.js";

const cwd = repo();

for (const rule of allRules) {
  test(`explain ${rule.id} prints its page, with or without colours`, async () => {
    const page = rulePage(rule);
    assert.deepEqual(await ordinal(["explain", rule.id], { cwd }), { code: 0, stdout: page, stderr: "" });
    const { stdout } = await ordinal(["explain", rule.id], { cwd, columns: 80 });
    assert.notEqual(stdout, page);
    assert.equal(stripVTControlCharacters(stdout), page);
  });
}

test("explain lists all rules, as wide as the terminal is", async () => {
  const { stdout } = await ordinal(["explain", "--no-color"], { cwd, columns: 80 });
  assert.deepEqual(
    stdout.match(/^\S+/gm),
    allRules.map(({ id }) => id),
  );
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
});
