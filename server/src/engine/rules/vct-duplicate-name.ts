import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "vct-duplicate-name",
  flags: "two claim templates with the same name",
  why: `PVCs are identified by the name of their template, so of two templates with one name only the last one has an effect:
the controller creates one PVC \`<template>-<pod>\` from it, and ignores the size, class and access mode of the others.
The API server silently accepts the manifest, and you cannot correct it later, because claim templates cannot be
changed.`,
  whenNotToUse: "Never: all templates but the last have no effect.",
  sources: [
    "getPersistentVolumeClaims in pkg/controller/statefulset/stateful_set_utils.go (Kubernetes 1.36): a map by the template's name",
    "accepted by the API server: recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    duplicate: {
      severity: "warning",
      text: "Another claim template is also named `{name}`. Only the last one has an effect",
    },
  },
  check({ claimTemplates }, { report }) {
    if (claimTemplates.state !== "present") return;
    const seen = new Set<string>();
    for (const { name } of claimTemplates.value) {
      if (name.state !== "present") continue;
      if (seen.has(name.value)) report({ message: "duplicate", data: { name: name.value }, at: name });
      seen.add(name.value);
    }
  },
  examples: [
    {
      title: "A second disk that is never created",
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
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 50Gi
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
            - name: archive
              mountPath: /archive
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
    - metadata:
        name: archive
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 50Gi
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
