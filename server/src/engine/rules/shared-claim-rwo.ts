import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { sharedClaims, type SharedClaim } from "../workspace/shared-claims.js";
import { valueOr } from "../yaml/field.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "shared-claim-rwo",
  flags: "several replicas on one PVC that only one node or one pod can use",
  why: `A PVC that the pod template names is one volume for all pods. With \`ReadWriteOnce\` only one node can mount it: pods on
other nodes stay in ContainerCreating with a Multi-Attach error, and pods on the same node write to the same files.
With \`ReadWriteOncePod\` only one pod can use it: the others stay Pending. If each pod needs its own volume, use
\`volumeClaimTemplates\`.

The fix makes the volume a claim template. Review it: the pods begin with empty volumes, the data stays in the old
PVC, and claim templates cannot be added to a live set without deleting it (\`--cascade=orphan\`).`,
  whenNotToUse: "On clusters with one node, if the pods are made to share their files.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes (ReadWriteOncePod: stable since Kubernetes 1.29)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    node: {
      severity: "warning",
      text: "{replicas} pods share PVC `{claim}`, which is `ReadWriteOnce`: pods on other nodes cannot start",
    },
    pod: {
      severity: "warning",
      text: "{replicas} pods share PVC `{claim}`, which is `ReadWriteOncePod`: only one of them can start",
    },
  },
  check(statefulSet, { scope, report }) {
    const { key, template, replicas, claimTemplates } = statefulSet;
    const count = valueOr(replicas, 1);
    if (count === undefined || count < 2) return;
    const templates = valueOr(claimTemplates, []);
    if (templates === undefined) return;
    // A claim template replaces the volume of its name (updateStorage in stateful_set_utils.go, Kubernetes 1.36).
    const replaced = new Set(templates.flatMap(({ name }) => (name.state === "present" ? [name.value] : [])));
    for (const shared of sharedClaims(template, key.namespace, scope())) {
      const { volume, claim, name, allows } = shared;
      if (volume.name.state !== "present" || replaced.has(volume.name.value)) continue;
      report({
        message: allows,
        data: { replicas: count, claim: name },
        at: volume.claimName,
        related: [
          {
            text: `PersistentVolumeClaim ${inCode(name)}`,
            document: claim.document,
            path: [...claim.root, "spec", "accessModes"],
          },
        ],
        fixes: templateFixes(statefulSet, shared, volume.name.value),
      });
    }
  },
  examples: [
    {
      title: "One volume for three databases",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: db-data
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
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
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db-data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Gi
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
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

function templateFixes({ spec }: StatefulSet, { volume, claim }: SharedClaim, name: string): readonly Fix[] {
  if (claim.storage === undefined) return [];
  const { storage, storageClassName } = claim;
  return [
    {
      title: `Make ${inCode(name)} a claim template, so that each pod has its own PVC`,
      applicability: "review",
      edits: [
        { op: "remove", at: volume.place },
        {
          op: "insert",
          at: spec.at("volumeClaimTemplates"),
          value: {
            metadata: { name },
            spec: {
              accessModes: ["ReadWriteOnce"],
              ...(storageClassName === undefined ? {} : { storageClassName }),
              resources: { requests: { storage } },
            },
          },
        },
      ],
    },
  ];
}
