import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "fields-conflict",
  flags: "fields that exclude each other",
  why: `Some fields are allowed only with certain values of others: a headless Service has no node ports, \`subPath\` and
\`subPathExpr\` exclude each other, \`tolerationSeconds\` requires the effect \`NoExecute\`. The API server refuses the
combination.`,
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
    conflict: { severity: "error", text: "`{field}` {must}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A headless Service has no node ports",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: NodePort
  clusterIP: None
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - port: 5432
`,
    },
  ],
});
