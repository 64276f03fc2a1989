import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "forced-rollback-trap",
  flags: "a set that you cannot roll back after a broken update by applying the old template",
  why: `With OrderedReady and RollingUpdate, the controller does nothing while a pod is not Ready. If a new template creates a
pod that never becomes Ready (a misspelt image is enough), the rollout stops there. Applying the good template again
does not help: the controller waits for the broken pod and does not replace it.

To recover, apply the good template and then delete the broken pod: \`kubectl delete pod <name>\`. It is created again
from the good template, and the rollback continues.

With \`podManagementPolicy: Parallel\` a set recovers by itself, except in 1.35.0 to 1.35.3. The policy cannot be
changed on a live set.`,
  whenNotToUse: "If everyone in your team knows how to recover: the rule is a reminder.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback (Kubernetes 1.36)",
    "https://github.com/kubernetes/kubernetes/issues/67250",
    "https://github.com/kubernetes/kubernetes/issues/137409 (Parallel in 1.35.0 to 1.35.3)",
    "recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, stuck-003 and stuck-038)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    trap: {
      severity: "hint",
      text: "After a broken update, a rollback waits until you delete the broken pod",
    },
  },
  check({ replicas, podManagementPolicy, updateStrategy: { type } }, { report }) {
    if (replicas.state !== "present" || replicas.value < 1) return;
    if (valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    if (valueOr(podManagementPolicy, "OrderedReady") !== "OrderedReady") return;
    report({ message: "trap", at: replicas });
  },
  examples: [
    {
      title: "OrderedReady, as usual",
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
  podManagementPolicy: Parallel
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
    },
  ],
});
