import assert from "node:assert/strict";
import { test } from "node:test";
import { allRules, internalError, rulePage, severities } from "../../../server/src/engine/api.js";

/** `Kubernetes 1.36`, `Kafka 4`, `v1.4.0` in an address. What is of Ordinal itself is of this version. */
const hasVersion = /\b[A-Z]\w+ \d+(?:\.\d+)*\b|\d+\.\d+|github\.com\/ordinal-dev\//;

for (const rule of allRules) {
  test(`${rule.id} is a complete rule`, () => {
    assert.match(rule.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
    assert.match(rule.flags, /^(?!flags)[^\n]*[^.\n]$/i, '`flags` completes "Flags ..." in one line without a dot');
    assert.ok(rule.why.length > 80, "`why` says what goes wrong");
    assert.ok(rule.whenNotToUse.endsWith("."), "`whenNotToUse` is a sentence");
    assert.ok(rule.sources.length > 0, "a claim has a source");
    for (const source of rule.sources) {
      const isThread = /\/(?:issues|pull)\/\d+/.test(source);
      assert.ok(isThread || hasVersion.test(source), `which version of it? ${source}`);
    }
    assert.match(rule.since, /^\d+\.\d+\.\d+$/);
    // No manifest shows a defect of Ordinal: test/engine/lint/internal-error.test.ts injects them.
    assert.equal(rule.examples.length > 0, rule.id !== internalError.id, "an example is the rule's test");
    for (const [id, { severity, text }] of Object.entries(rule.messages)) {
      assert.ok(severities.includes(severity));
      assert.doesNotMatch(text, /[.!]$/, `message ${id} ends without a dot`);
      assert.ok(text.length < 130, `message ${id} is short: the page has the rest`);
    }
  });
}

for (const rule of allRules) {
  test(`the page of ${rule.id} has all its parts, in order`, () => {
    const headings = [...rulePage(rule).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    const options = rule.options === undefined ? [] : ["Options"];
    const examples = rule.examples.length === 0 ? [] : ["Examples"];
    const play = rule.plays === undefined ? [] : ["See it"];
    assert.deepEqual(headings, ["Why", ...play, ...examples, ...options, "When not to use it", "Sources"]);
  });
}

test("no two rules have the same id", () => {
  const ids = allRules.map((rule) => rule.id);
  assert.deepEqual(ids, [...new Set(ids)].toSorted());
});
