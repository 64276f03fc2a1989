import { behaviourOf } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "retention-delete-with-autoscaler",
  flags: "`whenScaled: Delete` on a StatefulSet that an autoscaler scales",
  why: `With \`whenScaled: Delete\` the PVC of every pod that a scale down removes is deleted right after the pod and, with the
usual \`reclaimPolicy\`, its volume and the data too. With an autoscaler no person decides this: a quiet night is
enough. The next scale up starts with empty volumes, and data that is not copied elsewhere is lost.

KEP-1847 describes this danger itself. A HorizontalPodAutoscaler or a KEDA ScaledObject in scope that targets the set
counts.`,
  whenNotToUse: "If the volumes are caches that fill again by themselves.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/1847-autoremove-statefulset-pvcs (on by default since Kubernetes 1.27)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    deletes: {
      severity: "warning",
      text: "`whenScaled` is `Delete`, and {autoscaler} scales this set: each scale down deletes PVCs and their data",
    },
  },
  check({ key, name, retention: { whenScaled }, claimTemplates }, { config, scope, report }) {
    if (whenScaled.state !== "present" || whenScaled.value !== "Delete" || name.state !== "present") return;
    if (claimTemplates.state !== "present" || claimTemplates.value.length === 0) return;
    if (!behaviourOf(config.kubernetesVersion, config.featureGates).claimRetention) return;
    const autoscalers = autoscalersOf(key, scope());
    const [nearest] = autoscalers;
    if (nearest === undefined) return;
    report({
      message: "deletes",
      data: { autoscaler: `${nearest.key.kind} ${inCode(nearest.key.name)}` },
      at: whenScaled,
      related: autoscalers.map((autoscaler) => ({
        text: `${autoscaler.key.kind} ${inCode(autoscaler.key.name)} scales this set`,
        document: autoscaler.document,
        path: [...autoscaler.root, "spec", "scaleTargetRef", "name"],
      })),
      fixes: [
        {
          title: "Use `Retain`, to keep the PVCs of removed pods",
          applicability: "review",
          edits: [{ op: "set", at: whenScaled, value: "Retain" }],
        },
      ],
    });
  },
  examples: [
    {
      title: "An autoscaler that deletes data",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Delete
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: db
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Retain
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: db
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: db
`,
    },
  ],
});
