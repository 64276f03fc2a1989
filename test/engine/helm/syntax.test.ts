import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { templateProblems } from "../../../server/src/engine/helm/syntax.js";
import { many } from "../../harness/fast.js";
import { processorTime } from "../../harness/processor-time.js";

/** Each was tried with `helm template`, Helm 4.1.4 and 3.17.2: what is refused has its place between `<<` and `>>`. */
const refused: readonly string[] = [
  // Blocks.
  "<<{{ if .a }}>>\nb: 1\n",
  "<<{{- range .a }}>>{{ if .b }}{{ end }}",
  "a: 1\n<<{{- end }}>>\n",
  "<<{{ else }}>>",
  "{{ if .a }}{{ else }}<<{{ else }}>>{{ end }}",
  "{{ if .a }}{{ else }}<<{{ else if .b }}>>{{ end }}",
  "{{ with .a }}<<{{ else if .b }}>>{{ end }}",
  "{{ range .a }}<<{{ else range .b }}>>{{ end }}",
  '{{ define "a" }}<<{{ else }}>>{{ end }}',
  '{{ if .a }}<<{{ define "b" }}>>{{ end }}{{ end }}',
  '{{ define "a" }}b{{ end }}<<{{ define "a" }}>>c{{ end }}',
  "{{ define <<a>> }}{{ end }}",
  "<<{{ if }}>>{{ end }}",
  "<<{{ break }}>>",
  "{{ range .a }}{{ else }}<<{{ continue }}>>{{ end }}",
  '{{ range .a }}{{ block "b" . }}<<{{ break }}>>{{ end }}{{ end }}',
  "{{ if .a }}{{ end <<.b>> }}",
  // Braces.
  "a: <<{{ .b }>>\nc: 1\n",
  "a: <<{{ .b>>\nc: {{ .d }}\n",
  "a: <<{{ }}>>",
  "a: {{ <<{>>.b} }}",
  // Comments.
  "<<{{ /* a */ }}>>",
  "<<{{/* a */ }}>>",
  "<<{{/*>> a }}",
  // White space and trim markers.
  "{{ .a<<->>}}",
  "{{<<-a>> }}",
  '{{ "a"<<->>}}',
  "{{ .a <<\u00a0>>}}",
  // Expressions.
  "{{ <<toYml>> .a }}",
  '{{ <<env>> "HOME" }}',
  "{{ .Values<<.my-key>> }}",
  "{{ .a | <<1>> }}",
  "{{ .a | <<|>> quote }}",
  "{{ <<|>> quote }}",
  "{{ quote <<(>>.a }}",
  "{{ quote .a<<)>> }}",
  "{{ quote <<(>>) }}",
  "{{ quote<<(>>.a) }}",
  '{{ quote <<">>a }}',
  "{{ quote <<`>>a }}",
  '{{ quote <<"\\d">> }}',
  "{{ <<'ab'>> }}",
  '{{ eq .a "b"<<"c">> }}',
  "{{ if .a <<=>>= 1 }}{{ end }}",
  "{{ if <<!>>.a }}{{ end }}",
  "{{ .a<<,>> .b }}",
  "{{ <<1.a>> }}",
  '{{ "a"<<.b>> }}',
  "{{ <<089>> }}",
  "{{ <<12a>>b }}",
  // Variables.
  "{{ <<$a>> }}",
  "{{ if .a }}{{ $b := 1 }}{{ end }}{{ <<$b>> }}",
  '{{ $a := 1 }}{{ define "b" }}{{ <<$a>> }}{{ end }}',
  "{{ $a<<,>> $b := .c }}",
  "{{ <<$a>>: 1 }}",
];

const accepted: readonly string[] = [
  "{{ if .a }}{{ else if .b }}{{ else }}{{ end }}",
  "{{ with .a }}{{ else with .b }}{{ else }}{{ end }}",
  "{{ range $i, $v := .a }}{{ if $i }}{{ continue }}{{ end }}{{ $v }}{{ else }}{{ end }}",
  '{{ define "a" }}{{ end }}{{ define "a" }}b{{ end }}{{ define "a" }} {{/* c */}} {{ end }}',
  '{{ block "a" . }}{{ end }}{{ template "a" . }}{{ template "a" }}',
  "{{/* {{ if }} */}}{{- /* a\n--- */ -}}",
  '{{ printf "%s"\n  .a\n| quote }}',
  "{{ `{{ if }}` }}{{ \"}}\" }}{{ '}' }}",
  "{{ .a | }}",
  "{{ $a := 1 }}{{ if $b := 2 }}{{ $a }}{{ else }}{{ $b }}{{ end }}",
  "{{ $a = 1 }}{{ $.a.b }}{{ (.a).b }}{{ (index .a 0).b.c }}",
  "{{-3}}{{ 0x1F }}{{ 1_000 }}{{ 1e3 }}{{ .5 }}{{ 1i }}{{ 'a' }}{{ nil }}",
  "{{ .é }}{{ $ }}{{ . }}",
  '{{ lookup "v1" "Pod" "" "" | toYaml | nindent 2 }}{{ mustToYaml . }}{{ durationDays .a }}',
  "a: }} {{ .b }} }\n",
];

describe("what Helm cannot parse is found at its place", () => {
  for (const marked of refused) {
    test(marked, () => {
      const start = marked.indexOf("<<");
      const text = marked.replace("<<", "").replace(">>", "");
      const [first] = templateProblems(text);
      assert.deepEqual(
        first && text.slice(first.span.start, first.span.end),
        marked.slice(start + 2, marked.indexOf(">>")),
      );
      assert.equal(first?.span.start, start);
    });
  }
});

describe("what Helm parses is no problem", () => {
  for (const text of accepted) test(text, () => assert.deepEqual(templateProblems(text), []));
});

test("after a broken action the next is read", () => {
  const text = "{{ if .a-b }}\n{{ $c }}\n{{ end }}\n{{ toYml .d }}\n";
  assert.deepEqual(
    templateProblems(text).map(({ message }) => message),
    [
      '`-` is not allowed in the name `.a-b`. Use `index`, as in `index .Values "my-key"`',
      "The variable `$c` is not defined here",
      "Unknown function `toYml`. Did you mean `toYaml`?",
    ],
  );
});

test("parsing takes time in proportion to the text", () => {
  const took = (times: number) => {
    const text = '{{- if and .a (eq .b "c") }}\n{{ $d := .e }}{{ $d | quote }}\n{{- end }}\n'.repeat(times);
    return processorTime(() => templateProblems(text));
  };
  took(many(1000));
  const [few, more] = [took(many(1000)), took(many(8000))];
  assert.ok(more < 40 * few + 200, `${few} ms for 1000, ${more} ms for 8000`);
});
