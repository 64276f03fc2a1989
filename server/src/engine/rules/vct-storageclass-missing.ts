import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "vct-storageclass-missing",
  flags: "a claim template whose StorageClass is missing, turned off, or set by the old annotation",
  why: `A PVC whose class does not exist stays Pending, and its pod with it, until you create the class. The name cannot be
changed on a live set, because claim templates are immutable.

Clusters have classes of their own (\`standard\`, \`gp3\`, \`managed-csi\`). So it is a hint, and only if the manifests
define StorageClasses at all.

The empty name (\`""\`) is not the default: it turns off provisioning, and each PVC stays Pending until you create a
volume without a class for it. That is a hint too, unless a selector chooses the PersistentVolumes. The annotation
\`volume.beta.kubernetes.io/storage-class\` is from before Kubernetes 1.6 and still overrides \`storageClassName\`: it is
a warning if both are set and differ.`,
  whenNotToUse: "If some classes come from the cluster and others from the manifests.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1 (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/storage/storage-classes/ (Kubernetes 1.36)",
    "GetPersistentVolumeClaimClass in pkg/apis/core/v1/helper/helpers.go (Kubernetes 1.36): the annotation first",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    switchedOff: {
      severity: "hint",
      text: '`storageClassName: ""` turns off provisioning: each PVC waits until you create a volume for it',
    },
    annotated: {
      severity: "warning",
      text: "The annotation `{annotation}` wins: the class is `{annotated}`, not `{name}`",
    },
    missing: {
      severity: "hint",
      text: "StorageClass `{name}` does not exist in these manifests, which have {known}",
      absence: true,
    },
  },
  check({ claimTemplates }, { scope, report }) {
    if (claimTemplates.state !== "present") return;
    for (const { place } of claimTemplates.value) {
      const name = place.at("spec", "storageClassName").string();
      const annotated = place.at("metadata", "annotations", annotation).string();
      if (name.state !== "present") continue;
      if (annotated.state === "present") {
        if (annotated.value === name.value) continue;
        report({
          message: "annotated",
          data: { annotation, annotated: quoted(annotated.value), name: quoted(name.value) },
          at: annotated,
          fixes: [
            {
              title: "Remove the annotation",
              applicability: "review",
              edits: [{ op: "remove", at: annotated }],
            },
          ],
        });
        continue;
      }
      if (name.value === "") {
        // Whoever chooses among volumes, or names one, has made them.
        if (place.at("spec", "selector").exists || place.at("spec", "volumeName").exists) continue;
        report({
          message: "switchedOff",
          at: name,
          fixes: [
            {
              title: "Remove `storageClassName`, to use the default class of the cluster",
              applicability: "review",
              edits: [{ op: "remove", at: name }],
            },
          ],
        });
        continue;
      }
      const around = scope();
      const classes = around.all("StorageClass");
      if (!around.complete || classes.length === 0 || classes.some(({ key }) => key.name === name.value)) continue;
      const known = [...new Set(classes.map(({ key }) => key.name))];
      report({
        message: "missing",
        data: { name: name.value, known: known.length > 3 ? `${known.length} others` : known.map(inCode).join(", ") },
        at: name,
        related: classes.slice(0, 3).map(({ key, document, root }) => ({
          text: `StorageClass ${inCode(key.name)}`,
          document,
          path: [...root, "metadata", "name"],
        })),
        fixes: known.slice(0, 3).map((other) => ({
          title: `Use StorageClass ${inCode(other)}`,
          applicability: "review",
          edits: [{ op: "set", at: name, value: other }],
        })),
      });
    }
  },
  examples: [
    {
      title: "The class has another name",
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
        storageClassName: fast-sdd
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
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast-ssd
provisioner: ebs.csi.aws.com
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
        storageClassName: fast-ssd
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
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: fast-ssd
provisioner: ebs.csi.aws.com
`,
    },
  ],
});

const annotation = "volume.beta.kubernetes.io/storage-class";

function quoted(name: string): string {
  return name === "" ? '""' : name;
}
