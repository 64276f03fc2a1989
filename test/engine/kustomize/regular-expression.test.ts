import assert from "node:assert/strict";
import { test } from "node:test";
import { regularExpression } from "../../../server/src/engine/kustomize/regular-expression.js";
import { assertLinear } from "../../harness/linear.js";

/** What Go's `regexp` matches and refuses (https://pkg.go.dev/regexp/syntax). */
const cases: readonly (readonly [pattern: string, text: string, matches: boolean | undefined])[] = [
  ["^(?:db|web)-.*$", "web-0", true],
  ["^(?:(?i)DB)$", "db", true],
  ["^(?:[[:alpha:]]+)$", "db0", false],
  ["^(?:(?P<name>a)+)$", "aaa", true],
  ["^(?:(a|b)*c)$", "abac", true],
  ["a(?=b)", "ab", undefined],
  ["(a)\\1", "aa", undefined],
  ["a{1001}", "a", undefined],
  ["(", "(", undefined],
];
for (const [pattern, text, expected] of cases) {
  test(`${pattern} and ${text}`, () => assert.equal(regularExpression(pattern)?.(text), expected));
}

test("no expression takes more than linear time", () => {
  for (const pattern of ["^(?:(a+)+)$", "^(?:(a|a)*)$", "a*a*a*b$"]) {
    assertLinear((count) => regularExpression(pattern)?.(`${"a".repeat(count)}c`), 2_000);
  }
});
