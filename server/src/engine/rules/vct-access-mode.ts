import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "vct-access-mode",
  flags: "a claim template with `ReadWriteMany` or `ReadOnlyMany`",
  why: `Each pod has its own PVC, so no other pod needs to mount it: \`ReadWriteOnce\` is enough, or \`ReadWriteOncePod\` (stable
since Kubernetes 1.29). \`ReadWriteMany\` limits the choice of storage to network file systems, which many databases do
not support. \`ReadOnlyMany\` gives a new, empty volume that cannot be written.`,
  whenNotToUse: "If other workloads mount the PVCs of single pods.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  recommended: false,
  messages: {
    many: { severity: "hint", text: "`{mode}` for a PVC that only one pod uses. `ReadWriteOnce` is enough" },
  },
  check({ claimTemplates }, { report }) {
    if (claimTemplates.state !== "present") return;
    for (const { place } of claimTemplates.value) {
      const modes = place.at("spec", "accessModes").stringList();
      if (modes.state !== "present") continue;
      const mode = modes.value.find((one) => one === "ReadWriteMany" || one === "ReadOnlyMany");
      if (mode === undefined) continue;
      report({
        message: "many",
        data: { mode },
        at: modes,
        fixes: [
          {
            title: "Use `ReadWriteOnce`",
            applicability: "review",
            edits: [{ op: "set", at: modes, value: ["ReadWriteOnce"] }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "Many writers, but each pod has its own PVC",
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
        accessModes: [ReadWriteMany]
        resources:
          requests:
            storage: 10Gi
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
