import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "label-invalid",
  flags: "a label, annotation or selector that is not valid",
  why: `Keys are \`name\` or \`prefix/name\`. Names and values consist of letters, digits, dashes, underscores and dots, begin and
end with a letter or digit, and have at most 63 characters. This applies to labels, to selectors, and to the keys of
annotations. The API server refuses everything else.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateLabels and ValidateLabelSelector in apimachinery pkg/apis/meta/v1/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set (Kubernetes 1.36)",
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
    key: { severity: "error", text: "The key `{key}` {must}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A value with a space",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: my db
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: my-db
`,
    },
  ],
});
