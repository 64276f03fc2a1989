import assert from "node:assert/strict";
import { test } from "node:test";
import { allRules, defaultConfig, lineIndex } from "../../../server/src/engine/api.js";
import { configFor } from "../../harness/examples.js";
import { createWorkspace, baseOf, filesOf, root } from "../../harness/workspace.js";
import { sampled } from "../../harness/fast.js";

/** What cannot be read, and ends in as many ways. */
const broken = [
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n  labels\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n  labels: [a\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: 'db\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata:\n\tname: db\nspec: {}\n",
  "apiVersion: v1\nkind: Service\n metadata:\n  name: db\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata: {name: db}}\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata: *a\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata: a: b\nspec: {}\n",
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: |2x\n    db\nspec: {}\n",
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: "\\q"\nspec: {}\n',
  "apiVersion: v1\nkind: Service\nmetadata: &a\nspec: @\n",
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n  labels",
];

const sources = [
  ...broken.map((text, index) => ({
    name: `broken text ${index + 1}`,
    text,
    before: undefined,
    config: defaultConfig,
  })),
  ...allRules.flatMap((rule) =>
    rule.examples.map((example) => ({
      name: `${rule.id}: ${example.title}`,
      text: example.bad,
      before: example.before,
      config: configFor(rule, example),
    })),
  ),
];

for (const { name, text, before, config } of sampled(sources)) {
  test(`ranges are the same with every line break: ${name}`, () => {
    const places = ["\n", "\r\n", "\r"].map((lineBreak) => {
      const workspace = createWorkspace(config);
      // kubectl cuts a file only where a line feed ends the line.
      const files = [...filesOf(text)].map(
        ([file, content]) =>
          [file, content.replaceAll("\n", lineBreak).replaceAll("\r---\r", () => "\n---\n")] as const,
      );
      for (const [file, content] of files) workspace.setFile(root + file, content);
      if (before !== undefined) workspace.setBase(baseOf(before, text));
      workspace.setComplete(true);
      const analysis = workspace.snapshot();
      return files.flatMap(([file, content]) => {
        const lines = content.split(/\r\n|\r|\n/);
        const index = lineIndex(content);
        return analysis.findings(root + file).map(({ rule: found, span }) => {
          const [start, end] = [index.position(span.start), index.position(span.end)];
          assert.ok(end.character <= (lines[end.line]?.length ?? 0), `${found} ends after its line`);
          assert.ok(start.character <= (lines[start.line]?.length ?? 0), `${found} begins after its line`);
          return `${file} ${found} ${JSON.stringify([start, end])}`;
        });
      });
    });
    const [lf, ...others] = places;
    assert.ok(lf !== undefined && lf.length > 0);
    for (const other of others) assert.deepEqual(other, lf);
  });
}
