import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "retention-unaffected-volume",
  flags: "a claim that the pods use by name, beside a retention policy of `Delete` that does not reach it",
  why: `The retention policy is for the claims that are made from \`volumeClaimTemplates\`. One that the pod template names was
made by somebody else and stays, whatever the policy says: right for a backup, a surprise for whoever expects that deleting
the set leaves nothing behind.`,
  whenNotToUse: "Where claims that outlive the set are the rule.",
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
      title: "A backup that stays",
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
