import { isEmptySelector } from "../kubernetes/validation/metadata.js";
import { defineRule } from "../lint/rule.js";
import { selectTemplateLabels } from "../lint/selector-fix.js";

export default defineRule({
  id: "selector-empty",
  flags: "a StatefulSet with an empty selector",
  why: `An empty selector would select every pod. The API server refuses it: \`empty selector is invalid for statefulset\`.`,
  whenNotToUse: "In a base whose overlays add the labels.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category selector",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    empty: { severity: "error", text: "`selector` is empty. It must match the labels of the pod template" },
  },
  check(statefulSet, { report }) {
    const { selector } = statefulSet;
    if (!isEmptySelector(selector.place)) return;
    report({ message: "empty", at: selector.place.key, fixes: selectTemplateLabels(statefulSet) });
  },
  examples: [
    {
      title: "No labels",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels: {}
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
