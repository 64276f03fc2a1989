import { select, selectorFor } from "../kubernetes/selection.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsOfSet, selectedByBudget } from "../workspace/selected-pods.js";
import { valueOr } from "../yaml/field.js";

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
    const { key, name, replicas, selector } = statefulSet;
    if (replicas.state !== "present" || replicas.value < options.minReplicas) return;
    const around = scope();
    const pods = podsOfSet(statefulSet, around);
    if (!around.complete || pods === undefined) return;
    const isSelected = around
      .selecting("PodDisruptionBudget", pods.labels)
      .some((budget) => sameNamespace(budget.key, key.namespace) && selectedByBudget(budget, pods)?.pods !== "none");
    if (isSelected) return;
    const own = valueOr(selector.matchLabels, new Map<string, string>());
    // A budget of that name would be changed, and the set's own selector may be wrong.
    const isTaken = around.named("PodDisruptionBudget", key.name).some((one) => sameNamespace(one.key, key.namespace));
    const mayAdd = own !== undefined && own.size > 0 && select(selectorFor(own), pods)?.pods === "all" && !isTaken;
    report({
      message: "none",
      data: { replicas: replicas.value },
      at: replicas,
      fixes:
        !mayAdd || name.state !== "present"
          ? []
          : [
              {
                title: "Add a PodDisruptionBudget with `maxUnavailable: 1`",
                applicability: "review",
                edits: [
                  {
                    op: "addDocument",
                    value: {
                      apiVersion: "policy/v1",
                      kind: "PodDisruptionBudget",
                      metadata: {
                        name: name.value,
                        ...(key.namespace === undefined ? {} : { namespace: key.namespace }),
                      },
                      spec: { maxUnavailable: 1, selector: { matchLabels: Object.fromEntries(own) } },
                    },
                  },
                ],
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
