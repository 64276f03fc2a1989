import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "read-only-field",
  flags: "a field that only the cluster sets",
  why: `Fields such as \`status\` and \`metadata.uid\` come from \`kubectl get -o yaml\`. The API server ignores them or sets them
again, so they have no effect in a manifest and are soon out of date. Two of them can stop an apply: an old
\`resourceVersion\` is refused as a conflict, and so is the \`uid\` of an object that has been recreated. Whether to
remove those two is your decision.`,
  whenNotToUse: "For exported objects that you keep as a record.",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ (Kubernetes 1.36)",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: [
    "StatefulSet",
    "Service",
    "PodDisruptionBudget",
    "Autoscaler",
    "PersistentVolumeClaim",
    "StorageClass",
    "Workload",
  ],
  onPartial: true,
  recommended: false,
  messages: {
    readOnly: { severity: "hint", text: "`{field}` is set by the cluster and has no effect in a manifest" },
    precondition: {
      severity: "hint",
      text: "`{field}` is set by the cluster. With an old value, an apply is refused",
    },
  },
  check({ place }, { report }) {
    for (const path of fields) {
      const field = place.at(...path);
      if (["absent", "null", "opaque"].includes(field.kind)) continue;
      const isPrecondition = preconditions.has(path.at(-1) ?? "");
      report({
        message: isPrecondition ? "precondition" : "readOnly",
        data: { field: path.join(".") },
        at: field.key,
        fixes: [
          {
            title: `Remove ${inCode(path.join("."))}`,
            applicability: isPrecondition ? "review" : "safe",
            edits: [{ op: "remove", at: field }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "An exported object",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  generation: 4
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

const preconditions: ReadonlySet<string> = new Set(["resourceVersion", "uid"]);
const fields: readonly (readonly string[])[] = [
  ["metadata", "creationTimestamp"],
  ["metadata", "deletionTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "selfLink"],
  ["metadata", "uid"],
  ["status"],
];
