import { defineRule } from "../lint/rule.js";
import { selectTemplateLabels } from "../lint/selector-fix.js";

export default defineRule({
  id: "selector-missing",
  flags: "a StatefulSet without a selector",
  why: `The selector decides which pods belong to the set. It is required and cannot be changed later: \`spec.selector:
Required value\`.`,
  whenNotToUse: "In a base whose overlays add the selector.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category selector",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-selector (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    missing: { severity: "error", text: "`selector` is missing" },
  },
  check(statefulSet, { report }) {
    const { selector } = statefulSet;
    if (selector.place.kind !== "absent" && selector.place.kind !== "null") return;
    report({ message: "missing", at: selector.place.key, fixes: selectTemplateLabels(statefulSet) });
  },
  examples: [
    {
      title: "The template has labels",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
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
