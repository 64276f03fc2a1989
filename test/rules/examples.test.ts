import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules, type Config } from "../../server/src/engine/api.js";
import { applied, configFor, found } from "../harness/examples.js";

for (const rule of allRules) {
  describe(rule.id, () => {
    for (const example of rule.examples) {
      const { title, bad, good } = example;
      const config = configFor(rule, example);

      test(`${title}: flagged once, by this rule alone`, () => {
        assert.deepEqual(rulesIn(bad, config), [rule.id]);
      });
      test(`${title}: mended, nothing is flagged`, () => {
        assert.deepEqual(rulesIn(good, config), []);
      });
      test(`${title}: every fix removes the finding, one of them all there is, and a safe one gives the good text`, () => {
        const { fixes } = found(bad, config);
        const left = fixes.map((fix) => {
          const fixed = applied(bad, fix);
          if (fix.applicability === "safe") assert.equal(fixed, good);
          const rules = rulesIn(fixed, config);
          assert.ok(!rules.includes(rule.id), `"${fix.title}" leaves the finding:\n${fixed}`);
          return rules;
        });
        // One of several fixes may lead to a question of its own: what a renamed label, say, was known by elsewhere.
        assert.ok(left.length === 0 || left.some((rules) => rules.length === 0), JSON.stringify(left));
      });
    }
  });
}

function rulesIn(fixture: string, config: Config): readonly string[] {
  return found(fixture, config).findings.map(({ rule }) => rule);
}
