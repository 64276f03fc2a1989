import { budgetSelector } from "../kubernetes/kinds/pod-disruption-budget.js";
import { selectsAny } from "../kubernetes/selection.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn, selectable } from "../workspace/selected-pods.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pdb-other-namespace",
  flags: "a PodDisruptionBudget whose pods are in another namespace",
  why: `A budget selects only pods of its own namespace. With the right labels but another namespace, it is accepted and
protects nothing.

It is reported only if both namespaces are set: an omitted one can be the same.`,
  whenNotToUse: "If the namespace is changed when the manifests are applied.",
  sources: ["https://kubernetes.io/docs/tasks/run-application/configure-pdb/ (Kubernetes 1.36)"],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["PodDisruptionBudget"],
  messages: {
    elsewhere: {
      severity: "warning",
      text: "This budget is in namespace `{namespace}` and protects nothing: the pods of `{set}` are in `{other}`",
    },
  },
  check(budget, { scope, report }) {
    const { namespace } = budget;
    const selector = budgetSelector(budget);
    if (namespace.state !== "present" || selector === undefined || selector === "nothing") return;
    const around = scope();
    if (!around.complete) return;
    const selected = selectable(selector, around).filter((one) => selectsAny(selector, podsIn(one, around)) !== false);
    if (selected.some(({ key, podLabels }) => podLabels === undefined || sameNamespace(key, namespace.value))) return;
    const nearest = selected.find((one) => one.kind === "StatefulSet");
    if (nearest?.key.namespace === undefined) return;
    report({
      message: "elsewhere",
      data: { set: nearest.key.name, other: nearest.key.namespace, namespace: namespace.value },
      at: namespace,
      related: [
        {
          text: `StatefulSet ${inCode(nearest.key.name)} in namespace ${inCode(nearest.key.namespace)}`,
          document: nearest.document,
          path: [...nearest.root, "metadata", "namespace"],
        },
      ],
      fixes: [
        {
          title: `Move the budget to namespace ${inCode(nearest.key.namespace)}`,
          applicability: "review",
          edits: [{ op: "set", at: namespace, value: nearest.key.namespace }],
        },
      ],
    });
  },
  examples: [
    {
      title: "One of two was moved",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
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
  namespace: prod
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
  namespace: staging
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
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
  namespace: prod
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
  namespace: prod
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
    },
  ],
});
