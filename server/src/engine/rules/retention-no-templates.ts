import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "retention-no-templates",
  flags: "a `persistentVolumeClaimRetentionPolicy` on a set without `volumeClaimTemplates`",
  why: `The policy applies only to PVCs that the StatefulSet creates from its \`volumeClaimTemplates\`. Without templates it has
no effect: PVCs that the pod template mounts by name, and other volumes, are neither kept nor deleted by it. If it
only sets \`Retain\`, as the API server adds it to every set, it is a hint.`,
  whenNotToUse: "In a base whose overlays add the claim templates.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    defaults: { severity: "hint", text: "The retention policy has no effect without `volumeClaimTemplates`" },
    noTemplates: { severity: "warning", text: "The retention policy has no effect without `volumeClaimTemplates`" },
  },
  check({ retention, claimTemplates }, { report }) {
    if (retention.place.kind !== "map") return;
    if (retention.whenDeleted.state === "absent" && retention.whenScaled.state === "absent") return;
    const none =
      claimTemplates.state === "absent" || (claimTemplates.state === "present" && claimTemplates.value.length === 0);
    if (!none) return;
    report({
      message: [retention.whenDeleted, retention.whenScaled].every((policy) => valueOr(policy, "Retain") === "Retain")
        ? "defaults"
        : "noTemplates",
      at: retention.place.key,
      fixes: [
        {
          title: "Remove `persistentVolumeClaimRetentionPolicy`",
          applicability: "safe",
          edits: [{ op: "remove", at: retention.place }],
        },
      ],
    });
  },
  examples: [
    {
      title: "A PVC that the set does not create",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cache
spec:
  serviceName: cache
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: Delete
  selector:
    matchLabels:
      app: cache
  template:
    metadata:
      labels:
        app: cache
    spec:
      containers:
        - name: cache
          image: redis:8
---
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  clusterIP: None
  selector:
    app: cache
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cache
spec:
  serviceName: cache
  selector:
    matchLabels:
      app: cache
  template:
    metadata:
      labels:
        app: cache
    spec:
      containers:
        - name: cache
          image: redis:8
---
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  clusterIP: None
  selector:
    app: cache
`,
    },
  ],
});
