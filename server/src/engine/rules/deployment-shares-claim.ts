import { defineRule } from "../lint/rule.js";
import { sharedClaims } from "../workspace/shared-claims.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "deployment-shares-claim",
  flags: "several replicas of a Deployment on one PVC that only one node or one pod can use",
  why: `All pods of a Deployment use the same PVC. With \`ReadWriteOnce\` only one node can mount it: replicas on other nodes
stay in ContainerCreating with a Multi-Attach error, and replicas on the same node write to the same files. With
\`ReadWriteOncePod\` only one pod can use it.

If each replica needs its own volume, use a StatefulSet with \`volumeClaimTemplates\`. If they share files, the PVC
needs \`ReadWriteMany\` and storage that supports it.`,
  whenNotToUse: "On clusters with one node, if the pods are made to share their files.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes (ReadWriteOncePod: stable since Kubernetes 1.29)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#using-statefulsets (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["Workload"],
  messages: {
    node: {
      severity: "warning",
      text: "{replicas} replicas share PVC `{claim}`, which is `ReadWriteOnce`: replicas on other nodes cannot start",
    },
    pod: {
      severity: "warning",
      text: "{replicas} replicas share PVC `{claim}`, which is `ReadWriteOncePod`: only one of them can start",
    },
  },
  check({ key, replicas, template }, { scope, report }) {
    if (key.kind !== "Deployment" || replicas.state !== "present" || replicas.value < 2) return;
    for (const { volume, name, claim, allows } of sharedClaims(template, key.namespace, scope())) {
      report({
        message: allows,
        data: { replicas: replicas.value, claim: name },
        at: volume.claimName,
        related: [
          {
            text: `PersistentVolumeClaim ${inCode(name)}`,
            document: claim.document,
            path: [...claim.root, "spec", "accessModes"],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "Uploads that three replicas share",
      bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 3
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads
      containers:
        - name: api
          image: api:1.2.0
          volumeMounts:
            - name: uploads
              mountPath: /uploads
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Gi
`,
      good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 3
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads
      containers:
        - name: api
          image: api:1.2.0
          volumeMounts:
            - name: uploads
              mountPath: /uploads
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 10Gi
`,
    },
  ],
});
