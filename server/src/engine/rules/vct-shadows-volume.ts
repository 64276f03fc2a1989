import type { Volume } from "../kubernetes/pod-template.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "vct-shadows-volume",
  flags: "a volume of the pod template that a claim template with the same name replaces",
  why: `The controller silently replaces the volume with the pod's own PVC, so the volume in the template has no effect. Many
manifests have it on purpose, as an \`emptyDir\` or with the name of the template as \`claimName\`, so that tools without
support for claim templates find a volume for each mount. That is a hint. Any other source (a ConfigMap, a Secret, a
PVC with another name) is a warning, because the pods do not get it.`,
  whenNotToUse: "If another tool needs the volume.",
  sources: [
    "updateStorage in pkg/controller/statefulset/stateful_set_utils.go (Kubernetes 1.36)",
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec (volumeClaimTemplates: a claim of this list takes precedence over a volume of the same name, Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    lost: {
      severity: "warning",
      text: "Volume `{name}` (`{source}`) has no effect: the claim template with this name replaces it",
    },
    needless: {
      severity: "hint",
      text: "Volume `{name}` has no effect: the claim template with this name replaces it",
    },
  },
  check({ claimTemplates, template: { volumes } }, { report }) {
    if (claimTemplates.state !== "present" || volumes.state !== "present") return;
    const templates = new Set(
      claimTemplates.value.flatMap(({ name }) => (name.state === "present" ? [name.value] : [])),
    );
    for (const volume of volumes.value) {
      const { name, place } = volume;
      if (name.state !== "present" || !templates.has(name.value)) continue;
      const source = place.entries().find(([key]) => key !== "name")?.[0];
      // A list without its last item would be left behind empty.
      const removed = volumes.value.length === 1 ? volumes : place;
      report({
        message: source === undefined || isPlaceholder(volume, source, name.value) ? "needless" : "lost",
        data: { name: name.value, source: source ?? "" },
        at: name,
        // Safe: no pod ever has this volume.
        fixes: [
          {
            title: `Remove volume ${inCode(name.value)}`,
            applicability: "safe",
            edits: [{ op: "remove", at: removed }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "A placeholder",
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
      volumes:
        - name: data
          emptyDir: {}
        - name: tmp
          emptyDir: {}
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: tmp
              mountPath: /tmp
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
      volumes:
        - name: tmp
          emptyDir: {}
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: tmp
              mountPath: /tmp
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
    {
      title: "Two volumes with one name",
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
      volumes:
        - name: data
          configMap:
            name: initial-data
        - name: tmp
          emptyDir: {}
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: tmp
              mountPath: /tmp
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
      volumes:
        - name: tmp
          emptyDir: {}
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: tmp
              mountPath: /tmp
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

function isPlaceholder({ claimName }: Volume, source: string, name: string): boolean {
  return source === "emptyDir" || (claimName.state === "present" && ["", name].includes(claimName.value));
}
