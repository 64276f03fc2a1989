import { behaviourOf } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "retention-unset",
  flags: "claim templates without a retention policy",
  why: `Without \`persistentVolumeClaimRetentionPolicy\` the PVCs are kept when you delete or scale down the set. This is the
safe default, but a surprise if you expect the volumes to be deleted, or find old data and old passwords in a set that
you created again. If you set the policy, readers see that it is a decision. If an autoscaler scales the set, each
scale down leaves PVCs and volumes behind that you pay for, until a scale up uses them again.`,
  whenNotToUse: "If everyone who reads the manifests knows the default.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
    "https://github.com/helm/helm/issues/5156 (open since 2019)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    leaks: {
      severity: "info",
      text: "No retention policy is set, and {autoscaler} scales this set: PVCs of removed pods are kept",
    },
    unset: {
      severity: "hint",
      text: "No retention policy is set: PVCs are kept when you delete or scale down the set",
    },
  },
  check({ key, claimTemplates, retention: { place } }, { config, scope, report }) {
    if (claimTemplates.state !== "present" || claimTemplates.value.length === 0) return;
    if (place.exists || !behaviourOf(config.kubernetesVersion, config.featureGates).claimRetention) return;
    const [autoscaler] = autoscalersOf(key, scope());
    report({
      ...(autoscaler === undefined
        ? { message: "unset" }
        : { message: "leaks", data: { autoscaler: `${autoscaler.key.kind} ${inCode(autoscaler.key.name)}` } }),
      at: { place, span: claimTemplates.keySpan },
      fixes: [
        {
          title: "Add the default, `Retain`",
          applicability: "safe",
          edits: [{ op: "set", at: place, value: { whenDeleted: "Retain", whenScaled: "Retain" } }],
        },
      ],
    });
  },
  examples: [
    {
      title: "No policy for the PVCs",
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
    whenDeleted: Retain
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
