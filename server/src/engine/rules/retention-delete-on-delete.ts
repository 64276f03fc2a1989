import { rangesText } from "../words/names.js";
import { describeClaims, type ClaimTemplate } from "../kubernetes/kinds/statefulset.js";
import { defineRule } from "../lint/rule.js";
import type { Scope } from "../workspace/scope.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "retention-delete-on-delete",
  flags: "`whenDeleted: Delete`, which deletes the PVCs with the StatefulSet",
  why: `With \`whenDeleted: Delete\` every PVC of the set's pods is owned by the StatefulSet. The garbage collector deletes them
all as soon as the set is deleted, even if pods still run. Whether the data survives then depends on the
\`reclaimPolicy\` of the volumes, which is \`Delete\` for most provisioned ones. The default is \`Retain\`.

If the manifests have the StorageClass of every claim template, the finding says what happens to the volumes.

It is information, not a warning, because it is right for caches and test clusters. PVCs that existed before the set
are adopted, and deleted with it too. If you delete the set with \`--cascade=orphan\`, no PVC is deleted.`,
  whenNotToUse: "If the volumes hold nothing that you need.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
    "deletions recorded on Kubernetes 1.36.2 (test/truth/deletion.jsonl)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    deletes: { severity: "info", text: "Deleting StatefulSet `{name}` deletes its PVCs ({claims})" },
    destroys: {
      severity: "info",
      text: "Deleting StatefulSet `{name}` deletes its PVCs ({claims}) and, because of class `{class}`, their data",
    },
    releases: {
      severity: "info",
      text: "Deleting StatefulSet `{name}` deletes its PVCs ({claims}). Class `{class}` keeps the volumes",
    },
  },
  check(statefulSet, { scope, report }) {
    const { name, retention, claimTemplates } = statefulSet;
    const { whenDeleted } = retention;
    if (whenDeleted.state !== "present" || whenDeleted.value !== "Delete") return;
    if (claimTemplates.state !== "present" || claimTemplates.value.length === 0) return;
    const claims = describeClaims(statefulSet);
    if (name.state !== "present" || claims === undefined) return;
    const reclaim = reclaimed(claimTemplates.value, scope());
    report({
      message: reclaim === undefined ? "deletes" : reclaim.policy === "Retain" ? "releases" : "destroys",
      data: { name: name.value, claims: rangesText(claims), class: reclaim?.class ?? "" },
      at: whenDeleted,
      fixes: [
        {
          title: "Use `Retain`, to keep the PVCs",
          applicability: "review",
          edits: [{ op: "set", at: whenDeleted, value: "Retain" }],
        },
      ],
    });
  },
  examples: [
    {
      title: "A database that is deleted with its set",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Delete
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
  replicas: 3
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
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

/** What the classes of the templates do with a volume whose claim is deleted, where all are known and do the same. */
function reclaimed(templates: readonly ClaimTemplate[], scope: Scope): { class: string; policy: string } | undefined {
  const classes = scope.all("StorageClass");
  const found = templates.map(({ place }) => {
    // The annotation of old wins (GetPersistentVolumeClaimClass in pkg/apis/core/v1/helper/helpers.go, Kubernetes
    // 1.36).
    const annotated = place.at("metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
    const name = valueOr((annotated.exists ? annotated : place.at("spec", "storageClassName")).string(), undefined);
    const policies = new Set(classes.filter(({ key }) => key.name === name).map(({ reclaimPolicy }) => reclaimPolicy));
    const [policy] = policies;
    return name !== undefined && policies.size === 1 && policy !== undefined ? { class: name, policy } : undefined;
  });
  const [first] = found;
  return found.every((one) => one !== undefined && one.policy === first?.policy) ? first : undefined;
}
