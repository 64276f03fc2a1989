import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "value-invalid",
  flags: "a value that its field does not accept",
  why: `Paths, addresses and references must have a valid form: a \`subPath\` is relative, a \`hostPath\` has no \`..\`, an address
is IPv4 or IPv6, a \`fieldPath\` is one of a few. The API server refuses everything else.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "https://github.com/kubernetes/kubernetes/pull/137053 (addresses of new objects have one reading since Kubernetes 1.36)",
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
      title: "An address that does not exist",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: 300.1.1.1
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: 10.96.0.77
  ports:
    - port: 5432
`,
    },
  ],
});
