import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules, applyEdits, type Config, type FileFix } from "../../server/src/engine/api.js";
import { configFor } from "../harness/examples.js";
import { analyse, filesOf, root } from "../harness/workspace.js";

for (const rule of allRules) {
  describe(rule.id, () => {
    for (const example of rule.examples) {
      const { title, bad, good } = example;
      const config = configFor(rule, example);

      test(`${title}: flagged once, by this rule alone`, () => {
        assert.deepEqual(
          findings(bad, config).map((finding) => finding.rule),
          [rule.id],
        );
      });
      test(`${title}: mended, nothing is flagged`, () => {
        assert.deepEqual(findings(good, config), []);
      });
      test(`${title}: every fix removes the finding, and a safe one gives the good text`, () => {
        for (const fix of fixesOf(bad, config)) {
          const fixed = applied(bad, fix);
          if (fix.applicability === "safe") assert.equal(fixed, good);
          assert.ok(
            !findings(fixed, config).some((finding) => finding.rule === rule.id),
            `"${fix.title}" leaves the finding:\n${fixed}`,
          );
        }
      });
    }
  });
}

function findings(fixture: string, config: Config) {
  const analysis = analyse(fixture, config);
  return [...analysis.uris()].flatMap((uri) => analysis.findings(uri));
}

function fixesOf(fixture: string, config: Config): readonly FileFix[] {
  const analysis = analyse(fixture, config);
  return [...filesOf(fixture)].flatMap(([name, text]) => analysis.fixes(root + name, { start: 0, end: text.length }));
}

function applied(fixture: string, fix: FileFix): string {
  return [...filesOf(fixture)]
    .map(([name, text]) => {
      const change = fix.changes.find(({ uri }) => uri === root + name);
      return change === undefined ? text : applyEdits(text, change.edits);
    })
    .join("");
}
