import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits } from "../../../server/src/engine/api.js";
import { partCases } from "../../harness/parts.js";
import { analyse, root } from "../../harness/workspace.js";

/** `line rule` of all that is said of a file. */
function found(files: string, name: string, text: string): readonly string[] {
  return analyse(files)
    .findings(root + name)
    .map(({ rule, span }) => `${text.slice(0, span.start).split("\n").length} ${rule}`);
}

describe("a file as kubectl takes it apart", () => {
  for (const { title, text, found: expected } of partCases) {
    test(title, () => {
      assert.deepEqual(found(text, "main.yaml", text), expected);
    });
  }
});

describe("a file as kustomize takes it apart", () => {
  for (const { title, text, found: expected, kustomize = { found: expected } } of partCases) {
    test(title, () => {
      const kustomization = "# file: kustomization.yaml\nresources: [main.yaml]\n";
      const file = `# file: main.yaml\n${text}`;
      const shifted = kustomize.found.map((one) => one.replace(/^\d+/, (line) => String(Number(line) + 1)));
      // A comment above makes the first line another one.
      if (!/^(?:---|\{|\uFEFF|%)/.test(text)) assert.deepEqual(found(kustomization + file, "main.yaml", file), shifted);
    });
  }
});

describe("files that other tools read", () => {
  const object = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n";
  for (const [title, text] of [
    ["values", "%YAML 1.1\n---\nreplicas: 1\n--- {a: 1}\n...\nb: 1\n"],
    ["a list and a text", "- a\n---\ntext\n"],
    ["a document that a tool puts in", `${object}---\n\${MORE}\n`],
    ["a document of tags", `${object}---\n{{ .More }}\n---\nlabels: {}\n`],
    ["lines of another template", `{% if x %}\n---\n{% endif %}\n${object}`],
  ] as const) {
    test(title, () => {
      assert.deepEqual(found(text, "main.yaml", text), []);
    });
  }
});

test("what is ignored and could not be read either has no fix", () => {
  const text = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n...\nkind: Pod\nspec: {";
  const fixes = (end: string) => analyse(text + end).fixes(`${root}main.yaml`, { start: 0, end: text.length });
  assert.deepEqual(
    ["", "}"].map((end) => fixes(end).map(({ title }) => title)),
    [[], ["Separate it with `---`"]],
  );
  const twice = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n...\n...\nkind: Pod\n";
  assert.deepEqual(analyse(twice).fixes(`${root}main.yaml`, { start: 0, end: twice.length }), []);
});

test("`---` is not added where a line begins that kubectl does not see", () => {
  const object = "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n";
  for (const [eol, titles] of [
    ["\n", ["Separate it with `---`"]],
    ["\r", []],
    ["\u2028", []],
  ] as const) {
    const text = `${object}...\n${object}`.replaceAll("\n", eol);
    const analysis = analyse(text);
    const findings = analysis.findings(`${root}main.yaml`);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ["yaml-document-ignored"],
    );
    const fixes = analysis.fixes(`${root}main.yaml`, { start: 0, end: text.length });
    assert.deepEqual(
      fixes.map(({ title }) => title),
      titles,
    );
  }
});

describe("fixes", () => {
  const object = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;
  const cases: readonly (readonly [title: string, before: string, after: string])[] = [
    ["Remove this line", `# c\n%YAML 1.1\n---\n${object("a")}`, `# c\n---\n${object("a")}`],
    ["Put it on the next line", `${object("a")}--- {}\n`, `${object("a")}---\n{}\n`],
    ["Use `---`", `${object("a")}-----\n${object("b")}`, `${object("a")}---\n${object("b")}`],
    ["Separate it with `---`", `${object("a")}...\n# b\n${object("b")}`, `${object("a")}...\n---\n# b\n${object("b")}`],
  ];
  for (const [title, before, after] of cases) {
    for (const eol of ["\n", "\r\n"]) {
      test(`${title}, lines end with ${JSON.stringify(eol)}`, () => {
        const text = before.replaceAll("\n", eol);
        const fix = analyse(text)
          .fixes(`${root}main.yaml`, { start: 0, end: text.length })
          .find((one) => one.title === title);
        const made = applyEdits(text, fix?.changes.flatMap(({ edits }) => edits) ?? []);
        assert.equal(made, after.replaceAll("\n", eol));
      });
    }
  }
});
