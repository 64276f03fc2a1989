import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "fsgroup-change-policy",
  flags: "`fsGroup` with claim templates and no `fsGroupChangePolicy`",
  why: `With \`fsGroup\` the kubelet changes the group of every file of the volume before the containers start, at each start of
each pod. On volumes with millions of files this takes many minutes, so a rolling update takes hours. With
\`fsGroupChangePolicy: OnRootMismatch\` the kubelet does it only if the root directory has another group.`,
  whenNotToUse: "For small volumes, and for storage whose driver sets the group itself.",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods (stable since Kubernetes 1.23)",
    "https://github.com/kubernetes/kubernetes/issues/69699",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    always: {
      severity: "hint",
      text: "Without `fsGroupChangePolicy`, each start of a pod sets group `{group}` on every file",
    },
  },
  check({ claimTemplates, template }, { report }) {
    if (claimTemplates.state !== "present" || claimTemplates.value.length === 0) return;
    const securityContext = template.place.at("spec", "securityContext");
    const group = securityContext.at("fsGroup").integer();
    const policy = securityContext.at("fsGroupChangePolicy").string();
    if (group.state !== "present" || policy.state !== "absent") return;
    report({
      message: "always",
      data: { group: group.value },
      at: group,
      fixes: [
        {
          title: "Set `fsGroupChangePolicy` to `OnRootMismatch`",
          applicability: "review",
          edits: [{ op: "set", at: policy, value: "OnRootMismatch" }],
        },
      ],
    });
  },
  examples: [
    {
      title: "A slow start on a large volume",
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
      securityContext:
        fsGroup: 999
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
      securityContext:
        fsGroup: 999
        fsGroupChangePolicy: OnRootMismatch
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
