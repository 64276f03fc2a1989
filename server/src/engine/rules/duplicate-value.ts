import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "duplicate-value",
  flags: "a name, path or port that is used twice but must be unique",
  why: `Containers of a pod, volumes, ports of a Service and mount paths are identified by their names or numbers. The API
server refuses the second one: \`Duplicate value\`.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "the functions of pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
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
    invalid: { severity: "error", text: "{what} {must}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Two ports of one name",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - name: postgres
      port: 5432
    - name: postgres
      port: 5433
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - name: postgres
      port: 5432
    - name: standby
      port: 5433
`,
    },
  ],
});
