import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "field-removed",
  flags: "a field that the target version of Kubernetes no longer has",
  why: `Alpha fields come and go. An API server of that release refuses the field with strict validation, and drops it
otherwise.`,
  whenNotToUse: "If one manifest is used for clusters of several releases.",
  sources: ["the API documentation of Kubernetes 1.29 to 1.36, compared field by field"],
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
    removed: { severity: "warning", text: "`{field}` was removed in Kubernetes {release}; your target is {target}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Resource claims were told apart by a source until 1.30",
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
      resourceClaims:
        - name: gpu
          source:
            resourceClaimName: gpu
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
      resourceClaims:
        - name: gpu
          resourceClaimName: gpu
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
