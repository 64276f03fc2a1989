import { podLabels } from "../k8s/pod-template.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace, type Reach } from "../workspace/scope.js";
import type { StatefulSetSummary } from "../workspace/summary.js";

export default defineRule({
  id: "pdb-multiple",
  flags: "pods that more than one PodDisruptionBudget selects",
  why: `The eviction API refuses a pod that several budgets select (\`This pod has more than one PodDisruptionBudget, which the
eviction subresource does not support\`), whatever they allow. So \`kubectl drain\` cannot empty the node, and node
upgrades hang.

Budgets of the same directory count, or only those of the same file where they select several StatefulSets of the
directory: such files are mostly variants of one another. Their selectors must consist of \`matchLabels\`.`,
  whenNotToUse: "Where the budgets of a directory are alternatives and only one is applied.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets (Kubernetes 1.36)",
    "pkg/registry/core/pod/storage/eviction.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    several: {
      severity: "warning",
      text: "{first} and {second} both select these pods: the eviction API refuses to evict them",
    },
  },
  examples: [
    {
      title: "One for all, and one more",
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
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db-quorum
spec:
  minAvailable: 2
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
  check({ key, name, template }, { scope, report }) {
    const labels = podLabels(template);
    if (labels === undefined) return;
    const around = scope();
    const selecting = (reach: Reach) =>
      around
        .selecting("PodDisruptionBudget", labels, reach)
        // An empty selector selects all pods or none, by its API version.
        .filter((budget) => sameNamespace(budget.key, key.namespace) && (budget.matchLabels?.size ?? 0) > 0);
    // Budgets that select several sets of a directory are those of variants, each a file of its own.
    const inDirectory = selecting("directory");
    const isOther = (set: StatefulSetSummary) => set.key.name !== key.name;
    const variants = inDirectory.some(
      ({ matchLabels }) =>
        matchLabels !== undefined && around.selectedBy("StatefulSet", matchLabels, "directory").some(isOther),
    );
    const budgets = variants ? selecting("file") : inDirectory;
    const [first] = budgets;
    const second = budgets.find((budget) => budget.key.name !== first?.key.name);
    if (first === undefined || second === undefined) return;
    report({
      message: "several",
      data: { first: first.key.name, second: second.key.name },
      at: name,
      related: budgets.map(({ key: budget, document, root }) => ({
        text: `PodDisruptionBudget ${budget.name} selects these pods`,
        document,
        path: [...root, "spec", "selector"],
      })),
    });
  },
});
