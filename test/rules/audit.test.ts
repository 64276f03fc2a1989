import assert from "node:assert/strict";
import { test } from "node:test";
import { allRules, severities } from "../../server/src/engine/api.js";

for (const rule of allRules) {
  test(`${rule.id} is a complete rule`, () => {
    assert.match(rule.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
    assert.match(rule.flags, /^(?!flags)[^\n]*[^.\n]$/i, '`flags` completes "Flags ..." in one line without a dot');
    assert.ok(rule.why.length > 80, "`why` says what goes wrong");
    assert.ok(rule.whenNotToUse.endsWith("."), "`whenNotToUse` is a sentence");
    assert.ok(rule.sources.length > 0, "a claim has a source");
    assert.match(rule.since, /^\d+\.\d+\.\d+$/);
    assert.ok(rule.examples.length > 0, "an example is the rule's test");
    for (const [id, { severity, text }] of Object.entries(rule.messages)) {
      assert.ok(severities.includes(severity));
      assert.doesNotMatch(text, /[.!]$/, `message ${id} ends without a dot`);
      assert.ok(text.length < 130, `message ${id} is short: the page has the rest`);
    }
  });
}

test("no two rules have the same id", () => {
  const ids = allRules.map((rule) => rule.id);
  assert.deepEqual(ids, [...new Set(ids)].toSorted());
});
