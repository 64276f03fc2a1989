import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as v from "valibot";
import { parse } from "yaml";
import { applyEdits, defaultConfig } from "../../../server/src/engine/api.js";
import { repo } from "../../harness/repo.js";
import { analyse, root } from "../../harness/workspace.js";

/**
 * Rules at the edge of what they flag or mend, where neither their examples nor the fixtures go: `edges/<rule>.yaml`.
 * `fixes` has an entry for each finding of the rule: how its fixes may be applied. `says` is what the findings say, and
 * `becomes` a part of the text once the first fix is applied.
 */
const Edges = v.array(
  v.strictObject({
    title: v.string(),
    manifests: v.string(),
    fixes: v.array(v.array(v.picklist(["safe", "review"]))),
    says: v.optional(v.array(v.string())),
    becomes: v.optional(v.string()),
  }),
);

const folder = repo("test/engine/rules/edges");
for (const name of readdirSync(folder)) {
  const rule = name.replace(/\.yaml$/, "");
  const edges = v.parse(Edges, parse(readFileSync(`${folder}/${name}`, "utf8")));
  describe(rule, () => {
    for (const { title, manifests, fixes, says, becomes } of edges) {
      test(title, () => {
        const analysis = analyse(manifests, { ...defaultConfig, profile: "strict" });
        const uri = `${root}main.yaml`;
        const offered = analysis.fixes(uri, { start: 0, end: manifests.length });
        const found = analysis.findings(uri).filter((finding) => finding.rule === rule);
        const applicabilities = found.map(({ span }) =>
          offered
            .filter(({ finding }) => finding.rule === rule && finding.span.start === span.start)
            .map(({ applicability }) => applicability),
        );
        assert.deepEqual(applicabilities, fixes);
        const texts = found.map((finding) => finding.text);
        if (says !== undefined) assert.deepEqual(texts, says);
        if (becomes === undefined) return;
        const first = offered.find(({ finding }) => finding.rule === rule);
        const after = applyEdits(manifests, first?.changes.flatMap(({ edits }) => edits) ?? []);
        assert.ok(after.includes(becomes), after);
      });
    }
  });
}
