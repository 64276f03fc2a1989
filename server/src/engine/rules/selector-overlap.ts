import { readSelector, select } from "../kubernetes/selection.js";
import { changesWithUpgrades, type Labels } from "../kubernetes/selectors.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn, podsOfSet } from "../workspace/selected-pods.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "selector-overlap",
  flags: "a StatefulSet and another workload that select each other's pods",
  why: `Every workload must have a selector that no other workload in its namespace matches; the API server does not check it.
Because pods have an owner reference, controllers do not take running pods from each other. But everything that uses
the labels mixes them up: a Service balances over both, a PodDisruptionBudget and an autoscaler count both, \`kubectl
logs\` and \`kubectl delete pods -l\` affect both, and the wrong workload can adopt orphaned pods. The selector cannot be
changed later, so add a label that distinguishes the two from the start.

Only manifests of the same file count, which are certainly applied together, and only if each selector matches the
pods of the other. It is a warning and not an error because both workloads do start.`,
  whenNotToUse: "If a file holds alternatives of which only one is applied.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector (Kubernetes 1.36)",
    "https://github.com/kubernetes/kubernetes/issues/36859",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    overlap: {
      severity: "warning",
      text: "This selector also matches the pods of {kind} `{other}`, and the selector of `{other}` matches these pods",
    },
  },
  check(statefulSet, { scope, report }) {
    const { key, selector } = statefulSet;
    const around = scope();
    const pods = podsOfSet(statefulSet, around);
    const asked = readSelector(selector);
    // A retired set has no pods to mix up.
    if (asked === undefined || pods === undefined || pods.labels.size === 0 || pods.count === 0) return;
    const own = pods.labels;
    // Of two StatefulSets one is reported, always the same one. Those of one name are variants of each other.
    const candidates = [
      ...around.selecting("Workload", own, "file"),
      ...around.selecting("StatefulSet", own, "file").filter((other) => !other.partial && other.key.name < key.name),
    ];
    let told = 0;
    for (const other of candidates) {
      const others = podsIn(other, around);
      if (others === undefined || others.count === 0 || !sameNamespace(other.key, key.namespace)) continue;
      if (other.selector === undefined || other.selector.length === 0) continue;
      if (select(asked, others)?.pods !== "all" || select(other.selector, pods)?.pods !== "all") continue;
      // Of thousands that select the same pods, all pairs would not fit into memory, and a few say it.
      if (++told > mostTold) return;
      report({
        message: "overlap",
        data: { kind: other.key.kind, other: other.key.name },
        at: selector.place.key,
        related: [
          {
            text: `${other.key.kind} ${inCode(other.key.name)}`,
            document: other.document,
            path: [...other.root, "spec", "selector"],
          },
        ],
        fixes: distinguishingFixes(statefulSet, own, others.labels),
      });
    }
  },
  examples: [
    {
      title: "One label for two components",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: shop
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

/**
 * Selects by one more label that the other pods do not have: one of these pods, or a new one that names the component
 * as https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ has it.
 */
function distinguishingFixes({ key, selector, template }: StatefulSet, own: Labels, others: Labels): readonly Fix[] {
  if (selector.matchLabels.state !== "present" || key.name === "") return [];
  const [label, value] = [...own].find(
    ([one, held]) => others.get(one) !== held && !changesWithUpgrades(one, held),
  ) ?? [component, key.name];
  if (others.get(label) === value) return [];
  return [
    {
      title: `Also select by ${inCode(`${label}=${value}`)} (a live set must be deleted with \`--cascade=orphan\` and recreated)`,
      applicability: "review",
      edits: [
        { op: "set", at: selector.matchLabels.place.at(label), value },
        { op: "set", at: template.place.at("metadata", "labels", label), value },
      ],
    },
  ];
}

const mostTold = 10;

const component = "app.kubernetes.io/component";
