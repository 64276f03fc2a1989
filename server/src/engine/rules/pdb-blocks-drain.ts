import { scaledValue } from "../k8s/int-or-percent.js";
import type { DisruptionBudget } from "../k8s/disruption-budget.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { selectable, unmetByPods } from "../workspace/budgets.js";
import { sameNamespace, type Scope } from "../workspace/scope.js";
import type { StatefulSetSummary } from "../workspace/summary.js";

export default defineRule({
  id: "pdb-blocks-drain",
  flags: "a PodDisruptionBudget that never lets a pod be evicted",
  why: `\`kubectl drain\`, node upgrades and cluster autoscalers evict pods, and an eviction waits for as long as the budget does not
allow it. A budget that allows none, whatever the state of the pods, stops them all: the drain hangs until somebody
deletes the budget or the pod. \`minAvailable\` equal to the number of replicas is the usual form, often with one replica.
Percentages are rounded up.

Replicas are counted where the budget selects one StatefulSet and nothing else in scope, and no autoscaler scales it.`,
  whenNotToUse: "Where a person has to agree to each eviction and knows how.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/ (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["PodDisruptionBudget"],
  messages: {
    never: { severity: "warning", text: "{field} {value} lets no pod be evicted: the drain of a node waits for ever" },
    all: {
      severity: "warning",
      text: "minAvailable {value} with {replicas} of {set} lets no pod be evicted: the drain of a node waits for ever",
    },
  },
  examples: [
    {
      title: "As many as there are",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
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
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  minAvailable: 3
  selector:
    matchLabels:
      app: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
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
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
    },
    {
      title: "None at all",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
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
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 0
  selector:
    matchLabels:
      app: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
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
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
    },
  ],
  check(budget, { scope, report }) {
    const { minAvailable, maxUnavailable } = budget;
    if (maxUnavailable.state === "present" && scaledValue(maxUnavailable.value, 100, "up") === 0) {
      report({
        message: "never",
        data: { field: "maxUnavailable", value: maxUnavailable.value },
        at: maxUnavailable,
        fixes: [oneAtATime(budget)],
      });
    }
    if (minAvailable.state !== "present") return;
    const wanted = minAvailable.value;
    if (typeof wanted === "string" && (scaledValue(wanted, 100, "up") ?? 0) >= 100) {
      report({
        message: "never",
        data: { field: "minAvailable", value: wanted },
        at: minAvailable,
        fixes: [oneAtATime(budget)],
      });
      return;
    }
    const sets = onlySelectedSet(budget, scope());
    const [set] = sets;
    const blocks = sets.every(
      ({ replicas }) =>
        replicas !== undefined && replicas > 0 && (scaledValue(wanted, replicas, "up") ?? 0) >= replicas,
    );
    if (set?.replicas === undefined || !blocks) return;
    report({
      message: "all",
      data: {
        value: wanted,
        replicas: set.replicas === 1 ? "1 replica" : `${set.replicas} replicas`,
        set: set.key.name,
      },
      at: minAvailable,
      related: [
        { text: `the replicas of ${set.key.name}`, document: set.document, path: [...set.root, "spec", "replicas"] },
      ],
      fixes: [oneAtATime(budget)],
    });
  },
});

/**
 * The variants of the one StatefulSet that a budget selects; none where it selects anything else, or an autoscaler
 * scales it.
 */
function onlySelectedSet(budget: DisruptionBudget, scope: Scope): readonly StatefulSetSummary[] {
  if (!scope.complete) return [];
  const selected = selectable(budget.selector, scope).filter(({ key, podLabels }) => {
    if (!sameNamespace(key, budget.key.namespace)) return false;
    return podLabels !== undefined && unmetByPods(budget, podLabels)?.length === 0;
  });
  const sets = selected.filter((one) => one.kind === "StatefulSet");
  if (sets.length < selected.length || new Set(sets.map(({ key }) => key.name)).size !== 1) return [];
  return sets.some(({ key, partial }) => partial || autoscalersOf(key, scope).length > 0) ? [] : sets;
}

function oneAtATime({ minAvailable, maxUnavailable }: DisruptionBudget): Fix {
  return {
    title: "Let one pod at a time be evicted: set maxUnavailable to 1",
    applicability: "review",
    edits: [
      { op: "remove", path: minAvailable.path },
      { op: "set", path: maxUnavailable.path, value: 1 },
    ],
  };
}
