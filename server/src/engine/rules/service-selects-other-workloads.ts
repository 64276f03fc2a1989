import { podLabels as labelsOfPods } from "../kubernetes/pod-template.js";
import { selectorFor } from "../kubernetes/selection.js";
import { changesWithUpgrades, type Labels } from "../kubernetes/selectors.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn, podsOfSet, selectedByService } from "../workspace/selected-pods.js";
import type { ServiceSummary } from "../workspace/summary.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-selects-other-workloads",
  flags: "a governing Service whose selector also matches the pods of another workload",
  why: `The name of the governing Service then stands for the pods of both workloads: a client that looks up the peers of a
database as \`db\` also gets web servers, and connections through the name sometimes fail. The names of single pods
(\`db-0.db\`) still work.

Several StatefulSets with the same \`serviceName\` are not reported, because that is intended. Other workloads count
only if they are in the same file, because those of other files can be alternatives.`,
  whenNotToUse: "If the other workload serves the same clients on purpose.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    others: { severity: "warning", text: "Service `{name}` also selects the pods of {kind} `{other}`" },
  },
  check(statefulSet, { scope, report }) {
    const around = scope();
    const service = governingService(statefulSet, around);
    if (service === undefined) return;
    const { name, candidates } = service;
    const [nearest] = candidates;
    if (nearest?.selector === undefined || nearest.selector.size === 0) return;
    // A retired set has no pods to mix up.
    if (podsOfSet(statefulSet, around)?.count === 0) return;
    const { namespace } = statefulSet.key;
    const asked = selectorFor(nearest.selector);
    const otherSets = around
      .selectedBy("StatefulSet", asked, "file")
      .filter((set) => !set.partial && set.key.name !== statefulSet.key.name);
    // A Service that governs several sets is meant for all parts of an application.
    if (otherSets.some(({ serviceName }) => serviceName === name)) return;
    const others = [...around.selectedBy("Workload", asked, "file"), ...otherSets];
    let told = 0;
    for (const other of others) {
      const { key, podLabels, document, root } = other;
      const pods = podsIn(other, around);
      if (podLabels === undefined || pods?.count === 0 || !sameNamespace(key, namespace)) continue;
      const selections = candidates.map((candidate) => selectedByService(candidate, pods));
      if (selections.some((selection) => selection === undefined || selection.pods === "none")) continue;
      // Of thousands that one Service selects, a few say it.
      if (++told > mostTold) return;
      report({
        message: "others",
        data: { name, kind: key.kind, other: key.name },
        at: statefulSet.serviceName,
        related: [
          ...candidates.map((candidate) => ({
            text: `Service ${inCode(name)}`,
            document: candidate.document,
            path: [...candidate.root, "spec", "selector"],
          })),
          {
            text: `${key.kind} ${inCode(key.name)}`,
            document,
            path: [...root, "spec", "template", "metadata", "labels"],
          },
        ],
        fixes: narrowingFixes(statefulSet, nearest, podLabels),
      });
    }
  },
  examples: [
    {
      title: "One label for the whole application",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: shop
      component: db
  template:
    metadata:
      labels:
        app: shop
        component: db
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: shop
      component: web
  template:
    metadata:
      labels:
        app: shop
        component: web
    spec:
      containers:
        - name: web
          image: shop:1.2.0
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: shop
      component: db
  template:
    metadata:
      labels:
        app: shop
        component: db
    spec:
      containers:
        - name: db
          image: postgres:17
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: shop
    component: db
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: shop
      component: web
  template:
    metadata:
      labels:
        app: shop
        component: web
    spec:
      containers:
        - name: web
          image: shop:1.2.0
`,
    },
  ],
});

const mostTold = 10;

/** Asks for one more label that these pods have and the others have not: one that the set selects by, if it can be. */
function narrowingFixes({ template, selector }: StatefulSet, service: ServiceSummary, others: Labels): readonly Fix[] {
  const telling = [...(labelsOfPods(template) ?? [])].filter(
    ([key, value]) => others.get(key) !== value && !changesWithUpgrades(key, value),
  );
  const selectedBy = valueOr(selector.matchLabels, undefined);
  const [key, value] = telling.find(([one]) => selectedBy?.has(one) === true) ?? telling[0] ?? [];
  if (key === undefined || value === undefined) return [];
  return [
    {
      title: `Change Service ${inCode(service.key.name)} to select only pods with ${inCode(`${key}=${value}`)}`,
      applicability: "review",
      edits: [{ op: "set", path: [...service.root, "spec", "selector", key], value, document: service.document }],
    },
  ];
}
