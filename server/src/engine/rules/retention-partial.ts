import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "retention-partial",
  flags: "a retention policy that sets only one of `whenDeleted` and `whenScaled`",
  why: `The default of the other one is \`Retain\`. If you read only \`whenDeleted: Delete\`, you may think that all PVCs are
deleted, although those of pods that were removed by a scale down are kept as long as the set exists.`,
  whenNotToUse: "If everyone who reads the manifests knows the default.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
    "SetDefaults_StatefulSet in pkg/apis/apps/v1/defaults.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    unset: { severity: "hint", text: "`{key}` is not set. The default is `Retain`" },
  },
  check({ retention: { whenDeleted, whenScaled } }, { report }) {
    for (const [key, field, other] of [
      ["whenDeleted", whenDeleted, whenScaled],
      ["whenScaled", whenScaled, whenDeleted],
    ] as const) {
      if (field.state !== "absent" || other.state !== "present") continue;
      report({
        message: "unset",
        data: { key },
        at: field,
        fixes: [
          {
            title: `Add the default, \`${key}: Retain\``,
            applicability: "safe",
            edits: [{ op: "set", at: field, value: "Retain" }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "One half of the policy",
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
            - name: data
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Retain
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
            - name: data
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Retain
    whenDeleted: Retain
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
