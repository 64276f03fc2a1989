import { volatileLabels } from "../kubernetes/selectors.js";
import { defineRule } from "../lint/rule.js";
import { volatileIn } from "../workspace/volatile-labels.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "vct-volatile-label",
  flags: "a label with a version in it (`helm.sh/chart`, `app.kubernetes.io/version`) on a claim template",
  why: `Claim templates cannot be changed. A label with the version of the chart or of the application changes with every
upgrade, and then the API server refuses the whole StatefulSet: \`updates to statefulset spec for fields other than
'replicas', ... are forbidden\`. This often happens in charts that include a shared labels helper in the claim
template.

On a live set, removing the label is such a change too: first delete the set with \`--cascade=orphan\`, which keeps its
pods and PVCs.`,
  whenNotToUse: "If the set is always deleted before an upgrade.",
  sources: [
    "https://github.com/helm/charts/issues/7803 and https://github.com/kubernetes/kubernetes/issues/56341",
    "ValidateStatefulSetUpdate in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "storage",
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
      text: "The label `{label}` changes with an upgrade, but claim templates cannot be changed",
    },
    written: {
      severity: "warning",
      text: "`{label}` adds the version of the chart as a label. It changes with an upgrade, but claim templates cannot be changed",
    },
  },
  check({ claimTemplates }, { options, report, scope }) {
    if (claimTemplates.state !== "present") return;
    for (const { place } of claimTemplates.value) {
      for (const { message, label, at } of volatileIn(place.at("metadata", "labels"), options.labels, scope)) {
        report({
          message,
          data: { label },
          at,
          fixes:
            message === "written"
              ? []
              : [
                  {
                    title: `Remove label ${inCode(label)}`,
                    applicability: "review",
                    edits: [{ op: "remove", at: at }],
                  },
                ],
        });
      }
    }
  },
  examples: [
    {
      title: "The version of the application",
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
        labels:
          app: db
          app.kubernetes.io/version: "17.2"
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
    - metadata:
        name: data
        labels:
          app: db
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
