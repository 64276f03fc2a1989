import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "revision-history-limit-negative",
  flags: "a negative `revisionHistoryLimit`",
  why: `With a negative limit no revision is ever deleted. The API server accepts it with a warning: \`a value >= 0 is
recommended\`.`,
  whenNotToUse: "If you want to keep every revision.",
  sources: [
    "pkg/registry/apps/statefulset/strategy.go (WarningsOnCreate), recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category revisionHistoryLimit",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    negative: { severity: "warning", text: "`revisionHistoryLimit: {value}` keeps every revision" },
  },
  check({ revisionHistoryLimit }, { report }) {
    if (revisionHistoryLimit.state !== "present" || revisionHistoryLimit.value >= 0) return;
    report({ message: "negative", data: { value: revisionHistoryLimit.value }, at: revisionHistoryLimit });
  },
  examples: [
    {
      title: "Negative",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  revisionHistoryLimit: -1
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
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  revisionHistoryLimit: 10
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
