import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "name-invalid",
  flags: "a name of a form that Kubernetes does not take",
  why: `Containers, volumes, ports, variables and references to other objects have names of few characters: mostly lower case
letters, digits and dashes, 63 at most; a container's port has 15 at most and needs a letter. The API server refuses
every other name.

A placeholder that a tool or a person is to replace (\`<name>\`, \`\${NAME}\`, \`REPLACE_ME\`) is passed over: whether that
happens before the manifest is applied cannot be seen.`,
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
      title: "A port is named in lower case",
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
