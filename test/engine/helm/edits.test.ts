import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";

const uri = `${root}chart/templates/set.yaml`;

function fixesOf(template: string, rule: string) {
  const analysis = analyse(`# file: chart/Chart.yaml\nname: db\n# file: chart/templates/set.yaml\n${template}`);
  return analysis
    .fixes(uri, { start: 0, end: template.length + 100 })
    .filter(({ finding }) => finding.rule === rule)
    .map(({ title, changes }) => ({
      title,
      text: applyEdits(
        `# file: chart/templates/set.yaml\n${template}`,
        changes.flatMap(({ edits }) => edits),
      ).slice("# file: chart/templates/set.yaml\n".length),
    }));
}

const set = (spec: string) => `{{- if .Values.on -}}
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: "{{ .Release.Name }}" }
spec:
${spec}{{- end }}
`;

const fixed: readonly {
  readonly title: string;
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}[] = [
  {
    title: "a value",
    rule: "schema-enum",
    before: "  podManagementPolicy: parallel # {{ .Values.a }}\n",
    after: "  podManagementPolicy: Parallel # {{ .Values.a }}\n",
  },
  {
    title: "a value in a branch",
    rule: "retention-invalid-value",
    before:
      '  {{- with .Values.a }}\n  persistentVolumeClaimRetentionPolicy: { whenDeleted: retain, whenScaled: "{{ . }}" }\n  {{- end }}\n',
    after:
      '  {{- with .Values.a }}\n  persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: "{{ . }}" }\n  {{- end }}\n',
  },
  {
    title: "a key that goes with its line",
    rule: "rolling-config-with-ondelete",
    before:
      "  updateStrategy:\n    type: OnDelete\n    rollingUpdate: { partition: 1 }\n  {{- if .Values.a }}\n  replicas: 1\n  {{- end }}\n",
    after: "  updateStrategy:\n    type: OnDelete\n  {{- if .Values.a }}\n  replicas: 1\n  {{- end }}\n",
  },
];

describe("a fix changes what is written in a template", () => {
  for (const { title, rule, before, after } of fixed) {
    test(title, () => assert.equal(fixesOf(set(before), rule)[0]?.text, set(after)));
  }
});

const refused: readonly { readonly title: string; readonly rule: string; readonly spec: string }[] = [
  {
    title: "a tag would go",
    rule: "rolling-config-with-ondelete",
    spec: "  updateStrategy:\n    type: OnDelete\n    rollingUpdate: { partition: {{ .Values.a }} }\n",
  },
  {
    title: "a branch would go",
    rule: "rolling-config-with-ondelete",
    spec: "  updateStrategy:\n    type: OnDelete\n    rollingUpdate:\n      {{- if .Values.a }}\n      partition: 1\n      {{- end }}\n      maxUnavailable: 1\n",
  },
  {
    title: "it is about another branch than the first",
    rule: "schema-enum",
    spec: "  {{- if .Values.a }}\n  {{- toYaml . | nindent 2 }}\n  {{- else }}\n  podManagementPolicy: parallel\n  {{- end }}\n",
  },
];

describe("a fix that would change a tag is none", () => {
  for (const { title, rule, spec } of refused) {
    test(title, () => {
      const analysis = analyse(`# file: chart/Chart.yaml\nname: db\n# file: chart/templates/set.yaml\n${set(spec)}`);
      assert.deepEqual(
        analysis.findings(uri).map((finding) => finding.rule),
        [rule],
      );
      assert.deepEqual(fixesOf(set(spec), rule), []);
    });
  }
});
