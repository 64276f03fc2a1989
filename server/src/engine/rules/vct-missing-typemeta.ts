import type { FixEdit } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

const typeMeta = { apiVersion: "v1", kind: "PersistentVolumeClaim" } as const;

export default defineRule({
  id: "vct-missing-typemeta",
  flags: "a claim template without `apiVersion` and `kind`",
  why: `The API server adds \`apiVersion: v1\` and \`kind: PersistentVolumeClaim\` to every claim template. A tool that compares
the live set with the manifest field by field, such as Argo CD with server-side apply, then always shows the set as
out of sync. Kubernetes itself does not need the two lines.`,
  whenNotToUse: "If you do not use such a tool.",
  sources: ["https://github.com/argoproj/argo-cd/issues/11143", "https://github.com/argoproj/argo-cd/issues/16707"],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    missing: { severity: "hint", text: "Claim template `{name}` has no {keys}. The API server adds them" },
  },
  check({ claimTemplates }, { report }) {
    if (claimTemplates.state !== "present") return;
    for (const { place, name } of claimTemplates.value) {
      const missing = (["apiVersion", "kind"] as const).filter((key) => !place.at(key).exists);
      if (missing.length === 0 || name.state !== "present") continue;
      const edits = missing.map((key): FixEdit => ({ op: "set", at: place.at(key), value: typeMeta[key] }));
      report({
        message: "missing",
        data: { name: name.value, keys: missing.map(inCode).join(" and ") },
        at: name,
        fixes: [{ title: `Add ${missing.map(inCode).join(" and ")}`, applicability: "review", edits }],
      });
    }
  },
  examples: [
    {
      title: "What the API server adds",
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
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
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
