import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "name-invalid",
  flags: "a name that Kubernetes does not accept",
  why: `Names of containers, volumes, ports, variables and references to other objects have few allowed characters: usually
lower case letters, digits and dashes, at most 63. The name of a container port has at most 15 and needs a letter. The
API server refuses every other name.

A placeholder that a tool or a person replaces (\`<name>\`, \`\${NAME}\`, \`REPLACE_ME\`) is not reported.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "the forms of apimachinery pkg/util/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (Kubernetes 1.36)",
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
      title: "The name of a port must be in lower case",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - name: Postgres
      port: 5432
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
