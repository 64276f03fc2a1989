import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "name-not-dns-label",
  flags: "a StatefulSet or Service whose name cannot be part of a DNS name",
  why: `The names of a StatefulSet and of its Service are parts of the names of pods: \`db-0.db\`. So they consist of lower case
letters, digits and dashes, at most 63 characters, without dots. The API server refuses every other name. Before
Kubernetes 1.34 the name of a Service must also begin with a letter.

A placeholder that a tool or a person replaces (\`<name>\`, \`\${NAME}\`, \`REPLACE_ME\`) is not reported.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetName in pkg/apis/apps/validation/validation.go and ValidateServiceName in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-identity (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet", "Service"],
  onPartial: true,
  messages: {
    invalid: { severity: "error", text: "The name `{value}` {must}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "An underscore",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: my_db
spec:
  clusterIP: None
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: my-db
spec:
  clusterIP: None
`,
    },
  ],
});
