import { defineRule } from "../lint/rule.js";
import { mayHaveBudget, newBudgetFor } from "../workspace/budgets.js";
import { podsOfSet } from "../workspace/selected-pods.js";

export default defineRule({
  id: "pdb-missing",
  flags: "several replicas that no PodDisruptionBudget protects",
  why: `Draining nodes, for example for an upgrade, evicts pods without regard to how many of a set are left. A budget with
\`maxUnavailable: 1\` makes the drain wait until the previous pod is healthy again. For anything with a quorum this is
the difference between an upgrade and an outage.`,
  whenNotToUse: "If budgets are kept elsewhere, or the replicas do not depend on each other.",
  sources: ["https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ (Kubernetes 1.36)"],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  recommended: false,
  options: {
    minReplicas: {
      type: "integer",
      default: 2,
      minimum: 2,
      description: "The rule reports sets with at least this many replicas.",
    },
  },
  messages: {
    none: {
      severity: "hint",
      text: "No PodDisruptionBudget selects these {replicas} pods: node drains may remove all of them at once",
      absence: true,
    },
  },
  check(statefulSet, { options, scope, report }) {
    const { replicas } = statefulSet;
    if (replicas.state !== "present" || replicas.value < options.minReplicas) return;
    const around = scope();
    const pods = podsOfSet(statefulSet, around);
    if (!around.complete || pods === undefined || mayHaveBudget(statefulSet, pods, around)) return;
    const budget = newBudgetFor(statefulSet, pods, around);
    report({
      message: "none",
      data: { replicas: replicas.value },
      at: replicas,
      fixes:
        budget === undefined
          ? []
          : [
              {
                title: "Add a PodDisruptionBudget with `maxUnavailable: 1`",
                applicability: "review",
                edits: [{ op: "addDocument", value: budget }],
              },
            ],
    });
  },
  examples: [
    {
      title: "Three replicas",
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
});
