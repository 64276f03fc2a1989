import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "retention-partial",
  flags: "a retention policy that says only one of `whenDeleted` and `whenScaled`",
  why: `What is left out means \`Retain\`. A reader who sees only \`whenDeleted: Delete\` may think that all claims go, while
those of pods that were scaled in before stay as long as the set does.`,
  whenNotToUse: "Where the default is known to everybody who reads the manifests.",
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
