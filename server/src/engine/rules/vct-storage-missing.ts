import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "vct-storage-missing",
  flags: "a PVC that does not request an amount of storage",
  why: `Every PVC needs an amount of storage: \`resources.requests.storage\`. The API server refuses one without:
\`spec.resources[storage]: Required value\`. A limit is not enough.`,
  whenNotToUse: "In a base whose overlays add the amount.",
  sources: [
    "ValidatePersistentVolumeClaimSpec in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category vct",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet", "PersistentVolumeClaim"],
  messages: {
    missing: { severity: "error", text: "`resources.requests.storage` is missing" },
  },
  check(resource, { report }) {
    const specs =
      resource.kind === "StatefulSet"
        ? resource.spec
            .at("volumeClaimTemplates")
            .items()
            .map((claimTemplate) => claimTemplate.at("spec"))
        : [resource.place.at("spec")];
    for (const spec of specs) {
      const requests = spec.at("resources", "requests");
      const storage = requests.at("storage");
      if (storage.exists || requests.map().state === "opaque" || requests.map().state === "invalid") continue;
      report({
        message: "missing",
        at: storage.key,
        fixes: [
          {
            title: "Set `storage` to `1Gi`",
            applicability: "review",
            edits: [{ op: "set", at: storage, value: "1Gi" }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "No amount",
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
