import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "retention-unaffected-volume",
  flags: "a PVC that the pods use by name, beside a retention policy of `Delete` that does not apply to it",
  why: `The retention policy applies to PVCs that are created from \`volumeClaimTemplates\`. A PVC that the pod template names
was created by something else and is kept, whatever the policy says. That is right for a backup, but a surprise if you
expect that deleting the set leaves nothing behind.`,
  whenNotToUse: "If PVCs usually outlive the set.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/1847-autoremove-statefulset-pvcs (stable since Kubernetes 1.32)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    kept: {
      severity: "hint",
      text: "The retention policy does not apply to PVC `{claim}`, which is not created from a claim template",
    },
  },
  check({ retention: { whenDeleted, whenScaled }, claimTemplates, template: { volumes } }, { report }) {
    if (![whenDeleted, whenScaled].some((when) => when.state === "present" && when.value === "Delete")) return;
    const templates = valueOr(claimTemplates, []);
    if (templates === undefined || volumes.state !== "present") return;
    // A claim template replaces the volume of its name (updateStorage in stateful_set_utils.go, Kubernetes 1.36).
    const replaced = new Set(templates.flatMap(({ name }) => (name.state === "present" ? [name.value] : [])));
    for (const { name, claimName } of volumes.value) {
      if (name.state !== "present" || replaced.has(name.value) || claimName.state !== "present") continue;
      report({ message: "kept", data: { claim: claimName.value }, at: claimName });
    }
  },
  examples: [
    {
      title: "A backup that is kept",
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
        - name: backup
          persistentVolumeClaim:
            claimName: db-backup
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: backup
              mountPath: /backup
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Delete
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
        - name: backup
          persistentVolumeClaim:
            claimName: db-backup
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: backup
              mountPath: /backup
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
    },
  ],
});
