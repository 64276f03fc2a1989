import { allContainers } from "../kubernetes/pod-template.js";
import type { Place } from "../yaml/place.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "grace-period-zero",
  flags: "a grace period that gives the pods no time to stop",
  why: `With \`terminationGracePeriodSeconds: 0\` a pod is removed from the API immediately, before the kubelet has stopped its
containers. The controller then creates the next pod with the same name while the old one may still run and write. The
guarantee that at most one pod has an identity is lost, and often the data with it. The Kubernetes documentation
advises against it. Programs also get no time to flush and close.

A \`preStop\` hook uses the same period: if it sleeps as long or longer, the program is killed without being asked to
stop. The default is 30 seconds.`,
  whenNotToUse: "For pods without state and without a disk.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    zero: {
      severity: "warning",
      text: "`terminationGracePeriodSeconds: 0`: the next pod of this name can start while the old one still runs",
    },
    sleep: {
      severity: "warning",
      text: "`preStop` sleeps {sleep} of the {grace} seconds that the pod has to stop, so the program is killed",
    },
  },
  check({ template }, { report }) {
    const period = template.place.at("spec", "terminationGracePeriodSeconds").integer();
    const seconds = valueOr(period, 30);
    if (seconds === undefined) return;
    if (seconds === 0) {
      report({
        message: "zero",
        at: period,
        fixes: [
          {
            title: "Remove `terminationGracePeriodSeconds` (the default is 30)",
            applicability: "review",
            edits: [{ op: "remove", at: period }],
          },
        ],
      });
      return;
    }
    for (const container of allContainers(template)) {
      const command = container.at("lifecycle", "preStop", "exec", "command");
      const sleep = sleepOf(command);
      if (sleep === undefined || sleep < seconds) continue;
      report({
        message: "sleep",
        data: { sleep, grace: seconds },
        at: command,
        fixes: [
          {
            title: `Set \`terminationGracePeriodSeconds\` to \`${sleep + 30}\``,
            applicability: "review",
            edits: [{ op: "set", at: period, value: sleep + 30 }],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "No time at all",
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
      terminationGracePeriodSeconds: 0
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
    {
      title: "A hook that uses all of it",
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
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "60"]
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
      terminationGracePeriodSeconds: 90
      containers:
        - name: db
          image: postgres:17
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "60"]
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

/** The seconds of a command that begins with a sleep: `[sleep, "60"]`, `[sh, -c, "sleep 60; nginx -s quit"]`. */
function sleepOf(command: Place): number | undefined {
  const words = command.stringList();
  if (words.state !== "present") return undefined;
  const script = /^(?:.*\/)?(?:ba|da|a)?sh$/.test(words.value[0] ?? "") && words.value[1] === "-c";
  const text = script ? (words.value[2] ?? "") : words.value.join(" ");
  const match = /^\s*(?:\/bin\/|\/usr\/bin\/)?sleep (\d{1,6})s?(?![\w.])/.exec(text);
  return match === null ? undefined : Number(match[1]);
}
