import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesWildcard } from "../../../server/src/engine/text/wildcard.js";
import { assertLinear } from "../../harness/linear.js";

const cases: readonly (readonly [pattern: string, text: string, orNothing: boolean, something: boolean])[] = [
  ["db", "db", true, true],
  ["db", "db-0", false, false],
  ["", "", true, true],
  ["*", "", true, false],
  ["*", "db", true, true],
  ["db-*", "db-", true, false],
  ["db-*", "db-0", true, true],
  ["*-db", "a-db-db", true, true],
  ["a*a", "a", false, false],
  ["a*a", "aa", true, false],
  ["a*b*c", "a-b-b-c", true, true],
  ["a*b*c", "abc", true, false],
  ["a**c", "abc", true, false],
  ["a.c", "abc", false, false],
];
for (const [pattern, text, orNothing, something] of cases) {
  test(`${pattern} and ${text}`, () => {
    assert.equal(matchesWildcard(pattern, text, { least: 0 }), orNothing);
    assert.equal(matchesWildcard(pattern, text, { least: 1 }), something);
  });
}

test("many stars take linear time", () => {
  assertLinear((count) => matchesWildcard("*a".repeat(count) + "b", "a".repeat(2 * count), { least: 0 }), 20_000);
});
