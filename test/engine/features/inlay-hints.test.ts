import assert from "node:assert/strict";
import { test } from "node:test";
import { hintKinds, inlayHints, type HintKind } from "../../../server/src/engine/features/inlay/inlay-hints.js";
import { analyse, filesOf, root } from "../../harness/workspace.js";

/** Each line of a file that has hints, with these in brackets. */
function check(fixture: string, file: string, kinds: readonly HintKind[], expected: readonly string[]): void {
  const text = filesOf(fixture).get(file) ?? "";
  const analysis = analyse(fixture);
  const span = { start: 0, end: text.length };
  const hints = inlayHints(analysis.documents(root + file), span, new Set(kinds));
  const shown = hints.map((hint) => {
    const line = text.slice(text.lastIndexOf("\n", hint.offset - 1) + 1, hint.offset);
    return `${line.trim()} [${hint.text}]`;
  });
  assert.deepEqual(shown, expected);
}

const set = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
spec:
  serviceName: db
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: postgres:17
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;
const service = `---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: prod }
spec:
  clusterIP: None
  selector: { app: db }
`;

test("the names of pods and claims, and the DNS names", () => {
  check(set + service, "main.yaml", hintKinds, [
    "spec: [podManagementPolicy: OrderedReady, updateStrategy: RollingUpdate, claims: Retain]",
    "serviceName: db [db-0.db.prod.svc, ...]",
    "replicas: 3 [db-0 ... db-2]",
    "- metadata: { name: data [data-db-0 ... data-db-2]",
  ]);
});

test("each kind is shown by itself", () => {
  check(set + service, "main.yaml", ["dnsNames"], ["serviceName: db [db-0.db.prod.svc, ...]"]);
  check(set + service, "main.yaml", [], []);
});

test("no DNS names without a headless Service, and no pods where an autoscaler decides", () => {
  check(set, "main.yaml", ["dnsNames"], []);
  check(set + service.replace("  clusterIP: None\n", ""), "main.yaml", ["dnsNames"], []);
  const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db, namespace: prod }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }, maxReplicas: 9 }
`;
  check(set + scaler, "main.yaml", ["pods"], []);
});

const base = `# file: base/set.yaml
${set}# file: base/kustomization.yaml
resources: [set.yaml]
# file: dev/kustomization.yaml
resources: [../base]
replicas: [{ name: db, count: 1 }]
# file: prod/kustomization.yaml
resources: [../base]
replicas: [{ name: db, count: 5 }]
images: [{ name: postgres, newTag: "18" }]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db, namespace: prod }
      spec: { template: { spec: { containers: [{ name: proxy, image: envoy:1.34 }] } } }
`;

test("what the overlays make of the values of a base", () => {
  check(base, "base/set.yaml", hintKinds, [
    "replicas: 3 [dev: 1, prod: 5]",
    "image: postgres:17 [dev: postgres:17, prod: postgres:18]",
  ]);
});

test("the pods of a base that all overlays build the same", () => {
  const same = base.replace("count: 1", "count: 5");
  check(
    same,
    "base/set.yaml",
    ["pods"],
    ["replicas: 3 [db-0 ... db-4]", "- metadata: { name: data [data-db-0 ... data-db-4]"],
  );
});

test("a chart's default values", () => {
  const chart = `# file: db/Chart.yaml
name: db
# file: db/values.yaml
count: 2
# file: db/templates/set.yaml
${set.replace("replicas: 3", "replicas: {{ .Values.count }}")}`;
  check(
    chart,
    "db/templates/set.yaml",
    ["pods", "defaults"],
    ["replicas: {{ .Values.count }} [db-0 and db-1]", "- metadata: { name: data [data-db-0 and data-db-1]"],
  );
});
