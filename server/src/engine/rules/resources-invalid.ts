import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "resources-invalid",
  flags: "requests and limits that contradict each other or that no container can have",
  why: `A request must not be greater than the limit; for extended resources (\`example.com/gpu\`) and huge pages both must be
equal. A container can request \`cpu\`, \`memory\`, \`ephemeral-storage\`, \`hugepages-SIZE\` or extended resources, but not
\`storage\`. The API server refuses everything else.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateResourceRequirements in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category resources",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    invalid: { severity: "error", text: "{what} {must}" },
    name: { severity: "error", text: "The resource `{name}` {must}" },
    unknownYet: {
      severity: "info",
      text: "Unknown resource `{name}`: Kubernetes {newest} does not have it, and Ordinal does not know {release} yet",
    },
    missing: { severity: "error", text: "`limits.{field}` is missing{why}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A request above its limit",
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
          resources:
            requests:
              memory: 2Gi
            limits:
              memory: 1Gi
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
          resources:
            requests:
              memory: 2Gi
            limits:
              memory: 2Gi
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
