import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "not-exactly-one",
  flags: "fields of which exactly one must be set, but none or several are",
  why: `A probe has one handler, a volume has one source, a variable has one source of its value. The API server refuses a
second one, and usually also none: \`must specify a handler type\`.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "validateHandler, validateVolumeSource and their siblings in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: [
    "StatefulSet",
    "Service",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Autoscaler",
    "StorageClass",
    "other",
  ],
  onPartial: true,
  messages: {
    none: { severity: "error", text: "{what} needs {keys}" },
    several: { severity: "error", text: "{what} has both `{first}` and `{extra}`. Remove one of them" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Two handlers",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
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
          readinessProbe:
            tcpSocket:
              port: 5432
            exec:
              command: [pg_isready]
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
          readinessProbe:
            exec:
              command: [pg_isready]
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
