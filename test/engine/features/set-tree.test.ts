import assert from "node:assert/strict";
import { test } from "node:test";
import { setTree } from "../../../server/src/engine/features/tree/set-tree.js";
import { analyse, filesOf, root } from "../../harness/workspace.js";

/** Each set and its parts, with the text in the file that each leads to. */
function check(fixture: string, expected: readonly string[]): void {
  const analysis = analyse(fixture);
  const at = (uri: string, { start, end }: { readonly start: number; readonly end: number }) =>
    `${uri.slice(root.length)}: ${filesOf(fixture).get(uri.slice(root.length))?.slice(start, end)}`;
  const lines = setTree(analysis).flatMap(({ uri, index, name, span, parts }) => [
    `${name} ${index} -> ${at(uri, span)}`,
    ...parts.map((part) => `  ${part.sort} ${part.text} -> ${at(part.uri, part.span)}`),
  ]);
  assert.deepEqual(lines, expected);
}

const set = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: db, image: postgres }] }
  volumeClaimTemplates: [{ metadata: { name: data } }]
`;

test("a set leads to its pods, claims, Service, budget and autoscaler", () => {
  const others = `# file: others.yaml
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db-budget }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: db } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db-scaler }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }, maxReplicas: 5 }
`;
  check(`${set("db")}---\n${set("web").replace("serviceName: db", "serviceName: web")}${others}`, [
    "db 0 -> main.yaml: db",
    "  pods db-0 and db-1 -> main.yaml: 2",
    "  claims data-db-0 and data-db-1 -> main.yaml: data",
    "  service Service db -> others.yaml: db",
    "  budget PodDisruptionBudget db-budget -> others.yaml: db-budget",
    "  autoscaler HorizontalPodAutoscaler db-scaler -> others.yaml: db-scaler",
    "web 1 -> main.yaml: web",
    "  pods web-0 and web-1 -> main.yaml: 2",
    "  claims data-web-0 and data-web-1 -> main.yaml: data",
  ]);
});

test("patches and other kinds are no sets of their own; what overlays agree on is shown", () => {
  const overlay = `# file: base/set.yaml
${set("db")}# file: base/kustomization.yaml
resources: [set.yaml]
# file: prod/kustomization.yaml
resources: [../base]
patches: [{ path: patch.yaml }]
# file: prod/patch.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { replicas: 5 }
`;
  check(overlay, [
    "db 0 -> base/set.yaml: db",
    "  pods db-0 ... db-4 -> base/set.yaml: 2",
    "  claims data-db-0 ... data-db-4 -> base/set.yaml: data",
  ]);
});
