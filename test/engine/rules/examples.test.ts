import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules } from "../../../server/src/engine/api.js";
import { applied, configFor, found } from "../../harness/examples.js";

for (const rule of allRules) {
  describe(rule.id, () => {
    for (const example of rule.examples) {
      const { title, before, bad, good } = example;
      const config = configFor(rule, example);
      const all = found(bad, config, before);

      test(`${title}: flagged once, by this rule alone`, () => {
        assert.deepEqual(rulesOf(all), [rule.id]);
      });
      test(`${title}: mended, nothing is flagged`, () => {
        assert.deepEqual(rulesOf(found(good, config, before)), []);
      });
      test(`${title}: every fix removes the finding, one leaves no mistake, and a safe one gives the good text`, () => {
        const { fixes } = all;
        const left = fixes.map((fix) => {
          const fixed = applied(bad, fix);
          if (fix.applicability === "safe") assert.equal(fixed, good);
          // That nothing is found in the good text is a test of its own.
          const findings = fixed === good ? [] : found(fixed, config, before).findings;
          assert.ok(
            !findings.some((finding) => finding.rule === rule.id),
            `"${fix.title}" leaves the finding:\n${fixed}`,
          );
          return findings.filter(({ severity }) => severity === "error" || severity === "warning").length;
        });
        // Others may lead to a question of their own: who else knew a label by its old name, say.
        assert.ok(left.length === 0 || left.includes(0), fixes.map((fix) => fix.title).join("\n"));
      });
    }
  });
}

function rulesOf({ findings }: ReturnType<typeof found>): readonly string[] {
  return findings.map(({ rule }) => rule);
}
