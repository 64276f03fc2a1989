import { volatileLabels } from "../kubernetes/selectors.js";
import { defineRule } from "../lint/rule.js";
import { volatileIn } from "../workspace/volatile-labels.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "selector-volatile-label",
  flags: "a label with a version in it (`helm.sh/chart`, `app.kubernetes.io/version`) in the selector",
  why: `The selector of a StatefulSet cannot be changed. A label with the version of the chart or of the application changes
with every upgrade, and then the API server refuses the whole StatefulSet: \`updates to statefulset spec for fields
other than 'replicas', ... are forbidden\`. Put such labels on the pods, but not into the selector.

On a live set, removing the label is such a change too: first delete the set with \`--cascade=orphan\`, which keeps its
pods and PVCs.`,
  whenNotToUse: "If the set is always deleted before an upgrade.",
  sources: [
    "https://github.com/helm/charts/issues/7680 and https://github.com/kubernetes/kubernetes/issues/56341",
    "https://helm.sh/docs/chart_best_practices/labels/ (labels that Helm marks as changing; Helm 3)",
    "ValidateStatefulSetUpdate in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  options: {
    labels: {
      type: "strings",
      default: volatileLabels,
      description:
        "Labels whose value changes with every release. A label with a version in its name counts only if its value has a number; `version` only if the value is like `1.2`.",
    },
  },
  messages: {
    volatile: {
      severity: "warning",
      text: "The label `{label}` changes with an upgrade, but the selector cannot be changed",
    },
    written: {
      severity: "warning",
      text: "`{label}` adds the version of the chart as a label. It changes with an upgrade, but the selector cannot be changed",
    },
  },
  check({ selector }, { options, report, scope }) {
    const labels = selector.place.at("matchLabels");
    for (const { message, label, at } of volatileIn(labels, options.labels, scope)) {
      report({
        message,
        data: { label },
        at,
        // The last label of a selector cannot go: an empty one is refused.
        fixes:
          message === "written" || labels.entries().length === 1
            ? []
            : [{ title: `Remove label ${inCode(label)}`, applicability: "review", edits: [{ op: "remove", at: at }] }],
      });
    }
  },
  examples: [
    {
      title: "The version of the chart",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
      helm.sh/chart: db-1.4.0
  template:
    metadata:
      labels:
        app: db
        helm.sh/chart: db-1.4.0
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
        helm.sh/chart: db-1.4.0
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
