import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "duplicate-port",
  flags: "a port that a container declares twice",
  why: `\`kubectl apply\` merges the list by port and protocol, so one of the two can disappear with the next change. The API
server warns about it.`,
  whenNotToUse: "Never: the second one has no effect.",
  sources: [
    "warningsForPodSpecAndMeta in pkg/api/pod/warnings.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category ports",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    invalid: { severity: "warning", text: "Port `{port}/{protocol}` is declared twice" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Declared twice",
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
          ports:
            - containerPort: 5432
            - containerPort: 5432
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
          ports:
            - containerPort: 5432
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
