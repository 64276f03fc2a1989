import { rangesText } from "../words/names.js";
import { describePods, podNames } from "../kubernetes/kinds/statefulset.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "partition-active",
  flags: "a partition that keeps some pods on the old template",
  why: `Pods below the partition keep the old template, also when they are deleted and created again, until you lower it. This
is what a canary is for. A forgotten partition leaves a set with two versions, and nothing reports it: a rollout with
a partition counts as complete. Pods that scaling up adds below the partition also get the old template.`,
  whenNotToUse: "If canaries are usual and the partition is not written back to the manifest.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions (Kubernetes 1.36)",
    "recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, partition-015)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    active: { severity: "info", text: "`partition: {partition}` keeps {pods} on the old template" },
  },
  check(statefulSet, { report }) {
    const { type, partition } = statefulSet.updateStrategy;
    if (partition.state !== "present" || valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    const pods = podNames(statefulSet);
    if (pods === undefined || partition.value < 1 || partition.value >= pods.count) return;
    // A partition that reads like an ordinal is another rule's: partition-start-ordinal.
    if (pods.first > 0 && partition.value >= pods.first) return;
    report({
      message: "active",
      data: { partition: partition.value, pods: rangesText(describePods({ ...pods, count: partition.value })) },
      at: partition,
      fixes: [
        {
          title: "Set `partition` to `0`, so that updates reach all pods",
          applicability: "review",
          edits: [{ op: "set", at: partition, value: 0 }],
        },
      ],
    });
  },
  examples: [
    {
      title: "A canary",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  updateStrategy:
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
  replicas: 3
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
