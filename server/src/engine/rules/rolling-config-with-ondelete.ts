import { isGateOn } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "rolling-config-with-ondelete",
  flags: "a `rollingUpdate` block beside the strategy `OnDelete` or `Recreate`",
  why: `The block is only for the strategy \`RollingUpdate\`, even if it is empty: \`only allowed for updateStrategy
'RollingUpdate'\`. It is often left over when a set is changed to OnDelete.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category updateStrategy",
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/3541-add-recreate-strategy-to-statefulset (alpha in Kubernetes 1.37)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    leftover: { severity: "error", text: "`rollingUpdate` is not allowed with `type: {type}`" },
  },
  check({ updateStrategy: { type, rollingUpdate } }, { config, report }) {
    if (type.state !== "present") return;
    // An API server that does not know Recreate refuses that alone.
    const isRecreate = type.value === "Recreate" && isGateOn("StatefulSetRecreateStrategy", config);
    if (type.value !== "OnDelete" && !isRecreate) return;
    if (["absent", "null", "opaque"].includes(rollingUpdate.kind)) return;
    report({
      message: "leftover",
      data: { type: type.value },
      at: rollingUpdate.key,
      against: [type],
      fixes: [
        { title: "Remove `rollingUpdate`", applicability: "review", edits: [{ op: "remove", at: rollingUpdate }] },
      ],
    });
  },
  examples: [
    {
      title: "A leftover",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  updateStrategy:
    type: OnDelete
    rollingUpdate:
      partition: 2
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
  updateStrategy:
    type: OnDelete
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
