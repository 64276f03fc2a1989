import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DocumentSymbol } from "../../../server/src/engine/features/symbols/symbols.js";
import { analyse, root } from "../../harness/workspace.js";
import { symbolsIn } from "../../harness/features.js";

const uri = `${root}main.yaml`;

/** A line per symbol: what stands in the outline, and the text that a click selects. */
function check(text: string, outline: string): void {
  const lines = (symbols: readonly DocumentSymbol[], indent: string): readonly string[] =>
    symbols.flatMap((symbol) => [
      `${indent}${symbol.kind} ${symbol.name} (${symbol.detail}) <${text.slice(symbol.selectionSpan.start, symbol.selectionSpan.end)}>`,
      ...lines(symbol.children, `${indent}  `),
    ]);
  assert.equal(`\n${lines(symbolsIn(analyse(text), uri), "").join("\n")}\n`, outline);
}

test("a StatefulSet shows its pods, containers and claims", () =>
  check(
    `# The database.
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: prod}
spec:
  serviceName: db
  replicas: 3
  updateStrategy:
    rollingUpdate: {partition: 1}
  template:
    spec:
      initContainers:
        - {name: prepare, image: busybox}
      containers:
        - name: db
          image: postgres:17
        - image: unnamed
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {resources: {requests: {storage: 10Gi}}}
`,
    `
resource StatefulSet db (prod) <db>
  field serviceName (db) <serviceName>
  field replicas (3: db-0 ... db-2) <replicas>
  section updateStrategy () <updateStrategy>
    section rollingUpdate () <rollingUpdate>
      field partition (1) <partition>
  section template () <template>
    container prepare (busybox) <prepare>
    container db (postgres:17) <db>
    container container (unnamed) <image: unnamed>
  section volumeClaimTemplates () <volumeClaimTemplates>
    claim data (10Gi) <data>
`,
  ));

test("what a chart's template writes is shown as it is written, or not at all", () => {
  const files = `# file: Chart.yaml
name: chart
# file: templates/db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: {{ .Values.replicas }}
  updateStrategy:
    {{- toYaml .Values.strategy | nindent 4 }}
`;
  const [set] = symbolsIn(analyse(files), `${root}templates/db.yaml`);
  const shown = set?.children.map(({ name, detail }) => `${name} (${detail})`);
  assert.deepEqual(shown, ["replicas ({{ .Values.replicas }})", "updateStrategy ()"]);
});

test("every document of a file has its place; aliases and merges are shown where they are written", () =>
  check(
    `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector: &labels
    app: db
  other: *labels
  more:
    <<: *labels
  ports:
    - {name: sql, port: 5432}
    - port: 9187
---
apiVersion: apps.kruise.io/v1beta1
kind: StatefulSet
metadata: {name: "kruise\\nset"}
spec: {replicas: 2}
---
apiVersion: apps/v1
kind: StatefulSet
spec:
  replicas:
  "": x
`,
    `
resource Service db () <db>
  section selector () <selector>
    field app (db) <app>
  section other () <other>
  section more () <more>
  section ports () <ports>
    port sql (5432) <sql>
    port port (9187) <port: 9187>
resource StatefulSet kruise\\u000aset () <"kruise\\nset">
resource StatefulSet () <StatefulSet>
  field replicas () <replicas>
  field "" (x) <"">
`,
  ));

test("a child lies within its parent, a selection within its symbol, whatever is written", () => {
  const words = ["apiVersion: apps/v1\n", "kind: StatefulSet\n", "metadata: {name: a}\n", "spec:\n", "  replicas: 3\n"];
  const more = [
    "  template: &t\n",
    "    spec: {containers: [{name: b}]}\n",
    "  x: *t\n",
    "  ports: [1, {\n",
    "---\n",
    "  <<: *t\n",
  ];
  const line = fc.oneof(fc.constantFrom(...words, ...more), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const text = [...words.slice(0, 3), "spec:\n", ...lines].join("");
      for (const symbol of symbolsIn(analyse(text), uri)) assertNested(symbol, { start: 0, end: text.length });
    }),
  );
});

function assertNested(symbol: DocumentSymbol, within: { readonly start: number; readonly end: number }): void {
  const { span, selectionSpan, name, children } = symbol;
  assert.notEqual(name, "");
  assert.ok(within.start <= span.start && span.end <= within.end, `${name} is within its parent`);
  assert.ok(span.start <= selectionSpan.start && selectionSpan.end <= span.end, `${name} holds its selection`);
  assert.ok(selectionSpan.start <= selectionSpan.end);
  for (const child of children) assertNested(child, span);
}
