import assert from "node:assert/strict";
import { test } from "node:test";
import { readWrittenSpec } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";
import { lensesIn } from "../../harness/features.js";

const chart = (replicas: string) => `# file: chart/Chart.yaml
name: db
# file: chart/values.yaml
replicas: 3
enabled: true
# file: chart/templates/set.yaml
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: "{{ .Release.Name }}-db", namespace: {{ .Values.namespace }} }
spec:
  replicas: ${replicas}
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db }] }
{{- end }}
`;

function previewed(replicas: string) {
  const analysis = analyse(chart(replicas));
  const uri = `${root}chart/templates/set.yaml`;
  const [set] = analysis.statefulSets(uri);
  assert.ok(set?.built !== undefined);
  const { spec, unknown } = readWrittenSpec(set.built.statefulSet);
  return {
    spec,
    unknown: unknown.map(({ path }) => path),
    builds: set.built.builds,
    lens: lensesIn(analysis, uri)[0]?.title,
  };
}

test("a template is previewed with the default values of its chart, and that is said", () => {
  const { spec, unknown, builds, lens } = previewed("{{ .Values.replicas }}");
  assert.deepEqual([spec.name, spec.replicas, unknown], ["release-name-db", 3, []]);
  assert.deepEqual(builds, ["the chart's default values"]);
  assert.match(lens ?? "", /3 pods release-name-db-0 .* by default$/);
});

test("what does not follow from them is named", () => {
  assert.deepEqual(previewed('{{ include "db.replicas" . }}').unknown, ["spec.replicas"]);
});
