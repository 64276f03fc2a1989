import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "deprecated-topology-key",
  flags: "a node label that was replaced by another one",
  why: `The API server accepts the old labels with a warning. New nodes no longer have all of them: a term that uses one then
matches no node.`,
  whenNotToUse: "For clusters whose nodes still have the old labels.",
  sources: [
    "deprecatedNodeLabels in pkg/api/node/util.go (Kubernetes 1.36)",
    "https://kubernetes.io/docs/reference/labels-annotations-taints/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    deprecated: { severity: "warning", text: "The label `{label}` is deprecated. Use `{instead}`" },
  },
  check(_, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const { at } = refusal;
      const instead = String(refusal.data["instead"]);
      reportRefusal(refusal, [
        {
          title: `Use ${inCode(instead)}`,
          applicability: "review",
          // In a nodeSelector the label is the key.
          edits: [
            at.place.path.at(-2) === "nodeSelector"
              ? { op: "rename", at, to: instead }
              : { op: "set", at, value: instead },
          ],
        },
      ]);
    }
  },
  examples: [
    {
      title: "A zone by its old name",
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
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: failure-domain.beta.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: db
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
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app: db
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
