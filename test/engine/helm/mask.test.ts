import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { masks } from "../../../server/src/engine/helm/mask.js";
import { readSourceFile } from "../../../server/src/engine/workspace/source-file.js";
import { processorTime } from "../../harness/processor-time.js";
import { many } from "../../harness/fast.js";

/**
 * What is left of a template in each way to read it; runs of `x` are shortened, white space at the ends of lines goes.
 */
const cases: readonly { readonly name: string; readonly template: string; readonly ways: readonly string[] }[] = [
  { name: "a value", template: 'a: {{ .Values.a | default "b: c" | quote }}\n', ways: ["a: x\n"] },
  { name: "a part of a value", template: "image: {{ .repo }}:{{ .tag }}-alpine\n", ways: ["image: x:x-alpine\n"] },
  { name: "within quotes", template: `a: "{{ .b | replace "\\"" "'" }}-c"\n`, ways: ['a: "x-c"\n'] },
  { name: "a key", template: "{{ .key }}: 1\n", ways: ["x: 1\n"] },
  { name: "an item", template: "- {{ . }}\n", ways: ["- x\n"] },
  { name: "braces in a raw string", template: "a: {{ `{{ b }}` }} # {{ .c }}\n", ways: ["a: x # x\n"] },
  { name: "over several lines", template: 'a: {{ printf "%s"\n  .b }}\nc: 1\n', ways: ["a: x\nc: 1\n"] },
  { name: "a line of its own", template: "a:\n  {{- toYaml .b | nindent 2 }}\nc: 1\n", ways: ["a:\n\nc: 1\n"] },
  {
    name: "a block that begins on the key's line",
    template: 'labels: {{- include "l" . | nindent 2 }}\n  b: c\n',
    ways: ["labels:\n  b: c\n"],
  },
  {
    name: "comments and variables",
    template: "{{/* a: {{ b }} */}}\na: 1 {{- /* c */}}\n{{- $d := 1 -}}\n",
    ways: ["\na: 1\n\n"],
  },
  {
    name: "one branch at a time",
    template: "{{- if .a }}\na: 1\n{{- else if .b }}\na: 2\n{{- else }}\na: 3\n{{- end }}\n",
    ways: ["\na: 1\n\n\n\n\n\n", "\n\n\na: 2\n\n\n\n", "\n\n\n\n\na: 3\n\n"],
  },
  {
    name: "branches of several blocks",
    template: "{{ if .a }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n{{ if .b }}\nb: 1\n{{ else }}\nb: 2\n{{ end }}\n",
    ways: ["\na: 1\n\n\n\n\nb: 1\n\n\n\n", "\n\n\na: 2\n\n\n\n\nb: 2\n\n"],
  },
  {
    name: "an if within a line",
    template: "clusterIP: {{ if .a }}None{{ else }}{{ .b }}{{ end }}\n",
    ways: ["clusterIP: x\n"],
  },
  { name: "an entry in an if on one line", template: "a: 1\n{{ if .b }}b: {{ .b }}{{ end }}\n", ways: ["a: 1\n\n"] },
  {
    name: "ends and elses of earlier documents",
    template: "---\na: 1\n{{- else }}\na: 2\n{{- end }}\nb: 3\n",
    ways: ["---\na: 1\n\n\n\nb: 3\n", "\n\n\na: 2\n\nb: 3\n"],
  },
  {
    name: "a block scalar with tags has no text",
    template: "a: |\n  b {{ .c }}\n{{- if .d }}\n  e\n{{- end }}\nf: 1\n",
    ways: ["a: |\n\n\n\n\nf: 1\n"],
  },
  {
    name: "a block scalar without tags is left alone",
    template: "a: |-\n  b\n\n  c\n{{ if .d }}\ne: 1\n{{ end }}\n",
    ways: ["a: |-\n  b\n\n  c\n\ne: 1\n\n"],
  },
  {
    name: "lines that go on with what a tag writes",
    template: "a:\n  {{- toYaml .b | nindent 2 }}\n    c: 1\n  d: 1\n",
    ways: ["a:\n\n\n  d: 1\n"],
  },
  { name: "an empty tag", template: "a: {{ }}\nb: 1\n", ways: ["a: x\nb: 1\n"] },
  { name: "a tag with one closing brace", template: "a: {{ .b }\nc: {{ .d }}\n", ways: ["a: x\nc: x\n"] },
  { name: "a tag that is not closed", template: "a: {{ .b\nc: {{ .d }}\n", ways: ["a: x\nc: x\n"] },
  { name: "Windows line ends", template: "{{ if .a }}\r\na: 1\r\n{{ end }}\r\n", ways: ["\r\na: 1\r\n\r\n"] },
  { name: "the last line without its end", template: "a: {{ .b }}", ways: ["a: x"] },
  {
    name: "a line break that is trimmed at the same column",
    template: "{{ if .a -}}\nb: 1\n{{ end }}",
    ways: ["\nb: 1\n"],
  },
  {
    name: "a line that is joined to another column",
    template: "a:\n  b: 1\n{{ if .a -}}\n  c: 1\n{{ end }}",
    ways: [],
  },
  { name: "a block that begins before an entry", template: "a: 1\n{{ if .b }} b: 1\n{{ end }}\n", ways: [] },
];

describe("a template is masked", () => {
  for (const { name, template, ways } of cases) {
    test(name, () => {
      const found = masks(template);
      assert.deepEqual(
        found.map(({ text }) => text.replace(/x+/g, "x").replace(/[ \t]+(?=\r?\n|$)/g, "")),
        ways,
      );
      for (const { text } of found) assert.equal(text.length, template.length);
    });
  }
});

test("whatever the text, what is left has its length, no tags, and its lines where they were", () => {
  const piece = fc.constantFrom(
    "{{ if .a }}", "{{- else -}}", "{{ end }}", "{{ .b }}", "{{- range .c -}}", "{{/* d */}}", "{{ define \"e\" }}",
    "{{- include \"f\" . | nindent 4 }}", "{{ $g := 1 }}", "{{", "}}", "\n", "\r\n", "  ", "a: ", "- ", "|\n", "\"", "'", "#", "---\n", "x",
    "apiVersion: v1\nkind: Service\n",
  ); // prettier-ignore
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      for (const mask of masks(text)) {
        assert.equal(mask.text.length, text.length);
        assert.ok(!mask.text.includes("{{"), mask.text);
        for (const { start, end } of mask.outputs) assert.ok(start < end);
      }
    }),
    { numRuns: many(2000) },
  );
});

test("masking takes time in proportion to the text", () => {
  const template = (times: number) =>
    `apiVersion: v1\ndata:\n${"  {{- if .a }}\n  b: {{ .c }}\n  {{- else }}\n  d: |\n    {{ .e }}\n  {{- end }}\n".repeat(times)}`;
  const took = (times: number) => {
    const text = template(times);
    return processorTime(() => masks(text));
  };
  took(many(1000));
  const [few, more] = [took(many(2000)), took(many(16_000))];
  assert.ok(more < 40 * few + 200, `${few} ms for 2000, ${more} ms for 16000`);
});

const hostile: Readonly<Record<string, string>> = {
  "many comments that do not end": "{{ /* ".repeat(many(300_000)),
  "a deep block": "{{ if .a }}\n".repeat(many(100_000)),
  "a long line of tags": "{{ .a }}".repeat(many(200_000)),
  "a long line of spaces": `a: {{ .b }}\n${" ".repeat(many(1_000_000))}c: |\n`,
  "quotes that do not end": `{{ ${'"'.repeat(many(200_001))}`,
  "ends without a beginning": "{{ end }}\n".repeat(many(100_000)),
  "many keys of one name": `apiVersion: v1\nkind: Service\n${"{{ if .a }}\na: 1\n{{ end }}\n".repeat(many(20_000))}`,
  "many kinds": `{{ .a }} ${"kind:".repeat(many(500_000))}`,
};

describe("hostile templates are read or given up soon", () => {
  for (const [name, text] of Object.entries(hostile)) {
    test(name, { timeout: 20_000 }, () => {
      readSourceFile("file:///c/templates/a.yaml", `apiVersion: v1\nkind: Service\n${text}`, undefined);
    });
  }
});
