import { podNames } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "partition-blocks-rollout",
  flags: "a partition with no pod above it, so that an update reaches none",
  why: `A rolling update replaces only the pods from the partition upwards. If the partition is not below \`replicas\`, there
are none: a new image or setting is accepted, \`kubectl rollout status\` soon reports success, and every pod runs the
old template. \`status.currentRevision\` and \`status.updateRevision\` stay different until you lower the partition, and a
pod that is lost is created again with the old template.

The partition counts pods from the lowest one, whatever \`ordinals.start\` is. A set with an autoscaler is not reported,
because its \`replicas\` are not those of the manifest.`,
  whenNotToUse: "If updates are held back on purpose and you or a pipeline lower the partition.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions (Kubernetes 1.36)",
    "recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, partition-007)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    blocks: {
      severity: "warning",
      text: "`partition: {partition}` with {replicas}: a change of the template reaches no pod",
    },
  },
  check(statefulSet, { scope, report }) {
    const { key, replicas, updateStrategy } = statefulSet;
    const { type, partition } = updateStrategy;
    if (partition.state !== "present" || valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    const count = valueOr(replicas, 1);
    if (count === undefined || count < 1 || partition.value < count) return;
    const around = scope();
    if (!around.complete || autoscalersOf(key, around).length > 0) return;

    const fixes: Fix[] = [
      {
        title: "Set `partition` to `0`, so that updates reach all pods",
        applicability: "review",
        edits: [{ op: "set", at: partition, value: 0 }],
      },
    ];
    const pods = podNames(statefulSet);
    if (pods !== undefined && count > 1) {
      fixes.push({
        title: `Set \`partition\` to \`${count - 1}\`, to update only ${inCode(pods.name(count - 1))} first`,
        applicability: "review",
        edits: [{ op: "set", at: partition, value: count - 1 }],
      });
    }
    report({
      message: "blocks",
      data: { partition: partition.value, replicas: count === 1 ? "1 replica" : `${count} replicas` },
      at: partition,
      fixes,
    });
  },
  examples: [
    {
      title: "A canary that was never finished",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
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
