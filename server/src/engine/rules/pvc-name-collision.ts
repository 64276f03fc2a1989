import { allContainers } from "../kubernetes/pod-template.js";
import { podNames, type StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import type { StatefulSetSummary } from "../workspace/summary.js";
import type { Present } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pvc-name-collision",
  flags: "PVCs that two StatefulSets would both create, or that also have their own manifest",
  why: `The PVC of a pod is named \`<template>-<set>-<ordinal>\`, and each part can contain a hyphen. So template \`data-my\` of
set \`db\` and template \`data\` of set \`my-db\` both mean \`data-my-db-0\`. The controller uses a PVC that already exists
and does not check whose it is: two pods get the same volume. On different nodes the second one cannot attach it; on
the same node both write to the same files.

A PVC of that name with its own manifest is used in the same way. This can be intended (to restore data, or to choose
the volume), so it is information. With a retention policy of \`Delete\` it is deleted like the others.`,
  whenNotToUse: "If only one of the two sets is ever applied to the same namespace.",
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/41153 (open since 2017)",
    "getPersistentVolumeClaimName in pkg/controller/statefulset/stateful_set_utils.go (Kubernetes 1.36)",
    "claims that exist are used and adopted: recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, pvc-019 and pvc-041)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    otherSet: {
      severity: "error",
      text: "StatefulSet `{set}` creates PVC `{claim}` too: two pods get the same volume",
    },
    manifest: { severity: "info", text: "PVC `{claim}` also has its own manifest. The pod uses that one" },
  },
  check(statefulSet, { scope, report }) {
    const pods = podNames(statefulSet);
    if (pods === undefined || statefulSet.claimTemplates.state !== "present") return;
    const { namespace } = statefulSet.key;
    const around = scope();
    // Of two sets one is reported, always the same one. Sets of one name are variants of each other. It is an error, so a
    // namespace that is left out is not taken for any other one.
    const isOther = ({ key, partial }: StatefulSetSummary) =>
      !partial && key.name < pods.base && key.namespace === namespace;

    for (const { name } of statefulSet.claimTemplates.value) {
      if (name.state !== "present") continue;
      const claims = `${name.value}-${pods.base}`;

      const rival = endings(claims)
        .flatMap((ending) => around.named("StatefulSet", ending))
        .find(
          (set) =>
            isOther(set) &&
            set.claimTemplates?.some((template) => `${template}-${set.key.name}` === claims) === true &&
            set.replicas !== undefined &&
            set.firstOrdinal !== undefined &&
            Math.max(pods.first, set.firstOrdinal) < Math.min(pods.first + pods.count, set.firstOrdinal + set.replicas),
        );
      if (rival !== undefined) {
        report({
          message: "otherSet",
          data: { claim: `${claims}-${Math.max(pods.first, rival.firstOrdinal ?? 0)}`, set: rival.key.name },
          at: name,
          related: [
            {
              text: `StatefulSet ${inCode(rival.key.name)} creates it too`,
              document: rival.document,
              path: [...rival.root, "spec", "volumeClaimTemplates"],
            },
          ],
          fixes: renamingFixes(statefulSet, name),
        });
        continue;
      }

      const written = around.all("PersistentVolumeClaim", "directory").find(({ key }) => {
        const ordinal = key.name.startsWith(`${claims}-`) ? key.name.slice(claims.length + 1) : "";
        if (!/^(?:0|[1-9]\d*)$/.test(ordinal) || !sameNamespace(key, namespace)) return false;
        return Number(ordinal) >= pods.first && Number(ordinal) < pods.first + pods.count;
      });
      if (written !== undefined) {
        report({
          message: "manifest",
          data: { claim: written.key.name },
          at: name,
          related: [
            {
              text: `PersistentVolumeClaim ${inCode(written.key.name)}`,
              document: written.document,
              path: [...written.root, "metadata", "name"],
            },
          ],
        });
      }
    }
  },
  examples: [
    {
      title: "Two sets, one PVC name",
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
            - name: data-my
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data-my
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
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: my-db
spec:
  serviceName: my-db
  selector:
    matchLabels:
      app: my-db
  template:
    metadata:
      labels:
        app: my-db
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
  name: my-db
spec:
  clusterIP: None
  selector:
    app: my-db
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
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: my-db
spec:
  serviceName: my-db
  selector:
    matchLabels:
      app: my-db
  template:
    metadata:
      labels:
        app: my-db
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
  name: my-db
spec:
  clusterIP: None
  selector:
    app: my-db
`,
    },
    {
      title: "A PVC that exists before its pod",
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
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data-db-0
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 20Gi
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
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: backup
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 20Gi
`,
    },
  ],
});

/** Whatever follows a dash: the names that a set may have whose claims are called so. */
function endings(claims: string): readonly string[] {
  return [...claims.matchAll(/-/g)].map(({ index }) => claims.slice(index + 1));
}

/** Puts the set's own name before the template's, and says so to whatever mounts it. */
function renamingFixes({ key, template }: StatefulSet, name: Present<string>): readonly Fix[] {
  const value = `${key.name}-${name.value}`;
  const mounts = allContainers(template)
    .flatMap((container) => [...container.at("volumeMounts").items(), ...container.at("volumeDevices").items()])
    .map((mount) => mount.at("name"))
    .filter((place) => place.value() === name.value);
  return [
    {
      title: `Rename the claim template to ${inCode(value)} (only before the set is created)`,
      applicability: "review",
      edits: [name, ...mounts].map((at) => ({ op: "set", at, value })),
    },
  ];
}
