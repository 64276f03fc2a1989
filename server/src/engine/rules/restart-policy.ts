import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "restart-policy",
  flags: "a `restartPolicy` other than `Always`",
  why: `The API server accepts no other policy for the pods of a StatefulSet (\`Unsupported value: "Never": supported values:
"Always"\`). \`Always\` is the default.`,
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
    unsupported: { severity: "error", text: "`restartPolicy: {value}` is not allowed in a StatefulSet. Use `Always`" },
  },
  check({ template }, { report }) {
    const policy = template.place.at("spec", "restartPolicy").string();
    // Any other text is no policy at all: schema-enum says so.
    if (policy.state !== "present" || (policy.value !== "Never" && policy.value !== "OnFailure")) return;
    report({
      message: "unsupported",
      data: { value: policy.value },
      at: policy,
      fixes: [{ title: "Use `Always`", applicability: "safe", edits: [{ op: "set", at: policy, value: "Always" }] }],
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
      restartPolicy: OnFailure
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
      restartPolicy: Always
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
