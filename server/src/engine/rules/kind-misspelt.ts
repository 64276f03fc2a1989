import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "kind-misspelt",
  flags: "a `kind` with letters of the wrong case",
  why: `Kinds are case-sensitive: the API server has no \`Statefulset\` in \`apps/v1\` and refuses the object. All other rules
treat it as the kind that you mean.`,
  whenNotToUse: "Never: no cluster accepts it.",
  sources: ["https://kubernetes.io/docs/reference/using-api/api-concepts/#standard-api-terminology (Kubernetes 1.36)"],
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
    "other",
  ],
  onPartial: true,
  messages: {
    misspelt: {
      severity: "error",
      text: "The kind `{found}` does not exist in `{apiVersion}`. Did you mean `{kind}`?",
    },
  },
  check({ place, key: { apiVersion, kind } }, { report }) {
    const written = place.at("kind").string();
    if (written.state !== "present" || written.value === kind) return;
    // A kind that is left empty is that of the address of the request.
    if (written.value.toLowerCase() !== kind.toLowerCase()) return;
    report({
      message: "misspelt",
      data: { found: written.value, apiVersion, kind },
      at: written,
      fixes: [
        {
          title: `Use ${inCode(kind)}`,
          applicability: "safe",
          edits: [{ op: "set", at: written, value: kind }],
        },
      ],
    });
  },
  examples: [
    {
      title: "A StatefulSet",
      bad: `apiVersion: apps/v1
kind: Statefulset
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
    {
      title: "A Service",
      bad: `apiVersion: v1
kind: service
metadata:
  name: db
spec:
  clusterIP: None
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
  ],
});
