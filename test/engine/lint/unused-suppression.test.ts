import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { applied, found } from "../../harness/examples.js";

const service = "apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { clusterIP: None }\n";

const cases: readonly (readonly [comment: string, fixes: readonly (readonly [string, string, string])[]])[] = [
  ["# ordinal-disable service-missing -- why", [["Remove the comment", "safe", ""]]],
  ["# ordinal-disable", [["Remove the comment", "safe", ""]]],
  ["# ordinal-disable yaml-syntax", [["Remove the comment", "safe", ""]]],
  ["# ordinal-disable orphan -- of another tool?", [["Remove the comment", "review", ""]]],
  [
    "# ordinal-disable service-mising -- an operator makes it: service-mising",
    [
      [
        "Write service-missing",
        "review",
        "# ordinal-disable service-missing -- an operator makes it: service-mising\n",
      ],
      ["Remove the comment", "review", ""],
    ],
  ],
  [
    "#ordinal-disable  service-missing,service-mising",
    [["Write service-missing", "review", "#ordinal-disable  service-missing,service-missing\n"]],
  ],
];
for (const [comment, expected] of cases) {
  test(`fixes of ${comment}`, () => {
    const text = `${comment}\n${service}`;
    const { fixes } = found(text, defaultConfig);
    assert.deepEqual(
      fixes.map((fix) => [fix.title, fix.applicability, applied(text, fix)]),
      expected.map(([title, applicability, left]) => [title, applicability, left + service]),
    );
  });
}
