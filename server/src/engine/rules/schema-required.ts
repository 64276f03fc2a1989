import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "schema-required",
  flags: "a required field that is missing",
  why: `The API server refuses the manifest: \`Required value\`. An empty text, an empty list and null count as missing. A field
that the API's schema requires but the server accepts without is not reported.

An object that a program completes is not checked: its owner has no \`uid\`, or it is a Secret without any data.`,
  whenNotToUse: "In a base whose overlays add the field.",
  sources: [
    "https://github.com/kubernetes/kubernetes/pull/135989 (image volumes of templates, Kubernetes 1.37)",
    "ValidatePodSpec, ValidateService and their siblings in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
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
  structural: "schema",
  messages: {
    missing: { severity: "error", text: "`{field}` is missing{why}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A port with a name but no number",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - name: postgres
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
`,
    },
  ],
});
