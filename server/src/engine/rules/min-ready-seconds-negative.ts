import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "min-ready-seconds-negative",
  flags: "a negative `minReadySeconds`",
  why: `The number of seconds that a pod must be Ready before it is Available is 0 or more. The API server refuses every other
value.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category minReadySeconds",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    negative: { severity: "error", text: "`minReadySeconds: {value}` must be 0 or more" },
  },
  check({ minReadySeconds }, { report }) {
    if (minReadySeconds.state !== "present" || minReadySeconds.value >= 0) return;
    report({ message: "negative", data: { value: minReadySeconds.value }, at: minReadySeconds });
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
  minReadySeconds: -10
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
  minReadySeconds: 10
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
