import { podNames } from "../kubernetes/kinds/statefulset.js";
import { behaviourOf } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "partition-start-ordinal",
  flags: "a partition that looks like an ordinal although `ordinals.start` is set",
  why: `The partition counts pods from the lowest one; it is not an ordinal. With \`ordinals.start: 2\`, \`partition: 3\` holds
back the pods 2, 3 and 4, and the update reaches pod 5 and above, not pod 3. So fewer pods are updated than the number
suggests.

Only a partition that could be one of the set's ordinals is reported: one that is not below \`ordinals.start\`. If it
holds back every pod, \`partition-blocks-rollout\` reports it.`,
  whenNotToUse: "If your team knows that the partition is a count.",
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/128529",
    "recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, ordinals-008)",
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/3335-statefulset-slice (on by default since Kubernetes 1.27)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    counts: {
      severity: "warning",
      text: "`partition: {partition}` counts pods, not ordinals: the first pod that an update reaches is `{reached}`",
    },
  },
  check(statefulSet, { config, report }) {
    const { type, partition } = statefulSet.updateStrategy;
    if (partition.state !== "present" || valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    if (!behaviourOf(config.kubernetesVersion, config.featureGates).firstOrdinal) return;
    const pods = podNames(statefulSet);
    if (pods === undefined || pods.first === 0 || partition.value < pods.first) return;
    // One that holds back every pod is another rule's: partition-blocks-rollout.
    if (partition.value >= pods.count) return;
    report({
      message: "counts",
      data: { partition: partition.value, reached: pods.name(partition.value) },
      at: partition,
      fixes: [
        {
          title: `Set \`partition\` to \`${partition.value - pods.first}\`, to update ${inCode(pods.name(partition.value - pods.first))} and the pods above it`,
          applicability: "review",
          edits: [{ op: "set", at: partition, value: partition.value - pods.first }],
        },
      ],
    });
  },
  examples: [
    {
      title: "The ordinal of the first pod to update",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 5
  ordinals:
    start: 2
  updateStrategy:
    rollingUpdate:
      partition: 3
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
  replicas: 5
  ordinals:
    start: 2
  updateStrategy:
    rollingUpdate:
      partition: 0
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
