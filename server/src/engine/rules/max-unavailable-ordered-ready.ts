import { scaledValue } from "../kubernetes/int-or-percent.js";
import { behaviourOf } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "max-unavailable-ordered-ready",
  flags: "a `maxUnavailable` above one with OrderedReady pods, which are still created one by one",
  why: `With OrderedReady a batch of pods is deleted together, but only if every replica is healthy. The batch is then created
again one pod at a time, each waiting for the one below it to be Ready. So an update takes nearly as long as with
\`maxUnavailable: 1\`, while more pods are missing at a time. With \`podManagementPolicy: Parallel\` the next pod is
deleted as soon as one is back.

\`podManagementPolicy\` cannot be changed on a live set: you must delete the set (\`--cascade=orphan\` keeps the pods) and
create it again.`,
  whenNotToUse: "If you want the batches: several pods down together, then back in order.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/961-maxunavailable-for-statefulset (on by default from Kubernetes 1.37)",
    "recorded on Kubernetes 1.36.2 with the feature gate on (test/truth/traces.jsonl, maxunavail-010)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    serial: {
      severity: "info",
      text: "`maxUnavailable: {value}` with `OrderedReady`: pods are deleted together, but created again one by one",
    },
  },
  check({ replicas, podManagementPolicy, updateStrategy: { type, maxUnavailable } }, { config, report }) {
    if (
      maxUnavailable.state !== "present" ||
      !behaviourOf(config.kubernetesVersion, config.featureGates).maxUnavailable
    )
      return;
    if (valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    if (valueOr(podManagementPolicy, "OrderedReady") !== "OrderedReady") return;
    const pods = scaledValue(maxUnavailable.value, valueOr(replicas, 1) ?? 1, "down");
    if (pods === undefined || pods <= 1) return;
    report({
      message: "serial",
      data: { value: maxUnavailable.value },
      at: maxUnavailable,
      fixes: [
        {
          title: "Set `podManagementPolicy` to `Parallel` (only before the set is created)",
          applicability: "review",
          edits: [{ op: "set", at: podManagementPolicy, value: "Parallel" }],
        },
      ],
    });
  },
  examples: [
    {
      title: "Batches in order",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 9
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 3
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
  replicas: 9
  podManagementPolicy: Parallel
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 3
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
      kubernetesVersion: "1.37",
    },
  ],
});
