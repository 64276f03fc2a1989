import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "vct-storageclass-missing",
  flags: "a `storageClassName` that none of the StorageClasses in scope carries",
  why: `A claim whose class does not exist stays Pending, and its pod with it, until somebody makes the class. The name cannot be
changed on a live set, since claim templates are immutable.

Clusters bring classes of their own (\`standard\`, \`gp3\`, \`managed-csi\`), so it is a hint, and only where the manifests
around define StorageClasses at all. The empty name switches provisioning off and is not flagged.`,
  whenNotToUse: "Where classes come from the cluster and from the manifests both.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1 (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/storage/storage-classes/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    missing: { severity: "hint", text: "no StorageClass named {name} in these manifests, which define {known}" },
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
  check({ claimTemplates }, { scope, report }) {
    if (claimTemplates.state !== "present") return;
    for (const { place } of claimTemplates.value) {
      const name = place.at("spec", "storageClassName").string();
      if (name.state !== "present" || name.value === "") continue;
      const around = scope();
      const classes = around.all("StorageClass");
      if (!around.complete || classes.length === 0 || classes.some(({ key }) => key.name === name.value)) continue;
      const known = [...new Set(classes.map(({ key }) => key.name))];
      report({
        message: "missing",
        data: { name: name.value, known: known.length > 3 ? `${known.length} others` : known.join(", ") },
        at: name,
        related: classes.slice(0, 3).map(({ key, document, root }) => ({
          text: `StorageClass ${key.name}`,
          document,
          path: [...root, "metadata", "name"],
        })),
        fixes: known.slice(0, 3).map((other) => ({
          title: `Use StorageClass ${other}`,
          applicability: "review",
          edits: [{ op: "set", path: name.path, value: other }],
        })),
      });
    }
  },
});
