import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "recreate-gated",
  flags: "the strategy `Recreate`, which only Kubernetes 1.37 has",
  why: `The strategy is new in Kubernetes 1.37 as an alpha feature, off by default (gate \`StatefulSetRecreateStrategy\`). Other
API servers refuse it: \`must be 'RollingUpdate' or 'OnDelete'\`.`,
  whenNotToUse: "Never: add the gates of your cluster to the setting `featureGates`.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/3541-add-recreate-strategy-to-statefulset (alpha in Kubernetes 1.37)",
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category updateStrategy",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    tooNew: { severity: "error", text: "`{value}` requires Kubernetes {since} (alpha); your target is {release}" },
    gated: {
      severity: "warning",
      text: "`Recreate` requires the feature gate `{gate}`, which is off by default in Kubernetes {release} ({stage})",
    },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Before 1.37",
      kubernetesVersion: "1.36",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  updateStrategy:
    type: Recreate
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
    {
      title: "Alpha",
      kubernetesVersion: "1.37",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  updateStrategy:
    type: Recreate
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
