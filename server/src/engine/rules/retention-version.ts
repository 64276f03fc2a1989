import { behaviourOf, formatRelease } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "retention-version",
  flags: "a retention policy that the target release ignores",
  why: `\`persistentVolumeClaimRetentionPolicy\` is new in Kubernetes 1.23 with the feature gate \`StatefulSetAutoDeletePVC\`,
which is off by default up to 1.26, on since 1.27, and stable since 1.32. If it is off, the API server silently drops
the field, and every PVC is kept, whatever the manifest says.`,
  whenNotToUse: "If the feature gate is turned on in your cluster: add it to the setting `featureGates`.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/1847-autoremove-statefulset-pvcs (stable since Kubernetes 1.32)",
    "dropStatefulSetDisabledFields in pkg/registry/apps/statefulset/strategy.go (Kubernetes 1.26)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    ignored: {
      severity: "warning",
      text: "Kubernetes {release} drops the retention policy, so the PVCs are kept. It works since Kubernetes 1.27",
    },
  },
  check({ retention: { place, whenDeleted, whenScaled } }, { config, report }) {
    // To keep the claims is what happens anyway.
    if (![whenDeleted, whenScaled].some((when) => when.state === "present" && when.value === "Delete")) return;
    const release = config.kubernetesVersion;
    if (behaviourOf(release, config.featureGates).claimRetention) return;
    report({
      message: "ignored",
      data: { release: formatRelease(release) },
      at: place.key,
    });
  },
  examples: [
    {
      title: "An older cluster",
      kubernetesVersion: "1.26",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
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
