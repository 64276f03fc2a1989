import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "duplicate-env",
  flags: "a variable that a container sets twice",
  why: `Only the last one has an effect. \`kubectl apply\` merges the list by name, so one of the two can disappear with the
next change. The API server warns: \`hides previous definition\`.`,
  whenNotToUse: "Never: one of the two has no effect.",
  sources: [
    "warningsForPodSpecAndMeta in pkg/api/pod/warnings.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category env",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    invalid: { severity: "warning", text: "The variable `{value}` is set twice" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Set twice",
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
          env:
            - name: PGDATA
              value: /data
            - name: PGDATA
              value: /data/pg
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
          env:
            - name: PGDATA
              value: /data/pg
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
