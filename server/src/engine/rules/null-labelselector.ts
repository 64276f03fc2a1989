import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "null-labelselector",
  flags: "an affinity or spread term without a `labelSelector`",
  why: `Without a selector the term matches no pod at all, so the pods are neither kept apart nor spread. An empty selector
(\`{}\`) matches all pods. The API server accepts it with a warning.`,
  whenNotToUse: "If the term is turned off on purpose.",
  sources: ["warningsForPodSpecAndMeta in pkg/api/pod/warnings.go (Kubernetes 1.36)"],
  since: "0.1.0",
  topic: "availability",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    null: { severity: "warning", text: "Without `labelSelector` this term matches no pod" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A term that matches nothing",
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
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
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
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: db
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
