import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "dead-volume-plugin",
  flags: "a volume of a kind that Kubernetes has removed",
  why: `The API still has the field, and the API server accepts it with a warning. No kubelet can mount the volume any more,
so the pod never starts.`,
  whenNotToUse: "For clusters of a release that still has the plugin.",
  sources: [
    "warningsForPodSpecAndMeta in pkg/api/pod/warnings.go (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/storage/volumes/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    dead: { severity: "warning", text: "The volume plugin `{plugin}` was removed from Kubernetes ({since})" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "GlusterFS",
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
      volumes:
        - name: shared
          glusterfs:
            endpoints: gluster
            path: shared
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: shared
              mountPath: /shared
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
      volumes:
        - name: shared
          persistentVolumeClaim:
            claimName: shared
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: shared
              mountPath: /shared
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
