import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "field-gated",
  flags: "a field that the API server drops because its feature gate is off",
  why: `A new field requires a feature gate, which is off while the feature is alpha and usually on once it is beta. While the
gate is off, the API server accepts the field and silently drops it: the object is created without it. Values of such
a field are not validated either, so mistakes show only when the gate is turned on.

If your cluster has a gate turned on, add it to the setting \`featureGates\`.`,
  whenNotToUse:
    "If manifests are written for a later release, and it does no harm that the field is dropped until then.",
  sources: [
    "dropDisabledFields in pkg/api/pod/util.go and the strategies in pkg/registry, Kubernetes 1.36",
    "https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (Kubernetes 1.37)",
  ],
  since: "0.2.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet", "Service", "PersistentVolumeClaim", "Autoscaler", "other"],
  onPartial: true,
  messages: {
    dropped: {
      severity: "info",
      text: "`{field}` is silently dropped: it requires the feature gate `{gate}` ({stage} in Kubernetes {release}, off by default)",
    },
    switchedOff: {
      severity: "info",
      text: "`{field}` is silently dropped: your settings turn the feature gate `{gate}` off",
    },
  },
  check: reportRefusals,
  examples: [
    {
      title: "An alpha feature",
      kubernetesVersion: "1.37",
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
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            mode: 0o1777
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
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
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
