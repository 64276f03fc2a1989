import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "active-deadline-forbidden",
  flags: "`activeDeadlineSeconds` in a StatefulSet",
  why: `The field stops a pod after a deadline, which is for Jobs. The API server refuses it in a StatefulSet:
\`activeDeadlineSeconds in StatefulSet is not Supported\`.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category template",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    forbidden: { severity: "error", text: "`activeDeadlineSeconds` is not allowed in a StatefulSet" },
  },
  check({ template }, { report }) {
    const deadline = template.place.at("spec", "activeDeadlineSeconds");
    if (["absent", "null", "opaque"].includes(deadline.kind)) return;
    report({
      message: "forbidden",
      at: deadline.key,
      fixes: [
        { title: "Remove `activeDeadlineSeconds`", applicability: "safe", edits: [{ op: "remove", at: deadline }] },
      ],
    });
  },
  examples: [
    {
      title: "For jobs only",
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
      activeDeadlineSeconds: 600
      containers:
        - name: db
          image: postgres:17
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
