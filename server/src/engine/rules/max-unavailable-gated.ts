import { scaledValue } from "../kubernetes/int-or-percent.js";
import { behaviourOf, formatRelease, gateDefault } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "max-unavailable-gated",
  flags: `a \`maxUnavailable\` that the target release ignores`,
  why: `\`rollingUpdate.maxUnavailable\` of a StatefulSet requires the feature gate \`MaxUnavailableStatefulSet\`: off up to 1.34,
on in 1.35.0 to 1.35.3, off again from 1.35.4 and in 1.36 (it broke rollouts of Parallel sets), on from 1.37. If it is
off, the API server silently drops the field, and pods are updated one at a time. An update of a large set then takes
many times longer than planned.

A value that means one pod is not reported, because it changes nothing.`,
  whenNotToUse: "Never: add the gates of your cluster to the setting `featureGates`.",
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/137409",
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/961-maxunavailable-for-statefulset (on by default from Kubernetes 1.37)",
    "https://github.com/kubernetes/kubernetes/pull/137904",
    "silently dropped: recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    ignored: {
      severity: "warning",
      text: "`maxUnavailable: {value}` is silently dropped in Kubernetes {release}: it requires the feature gate `MaxUnavailableStatefulSet`",
    },
  },
  check({ replicas, updateStrategy: { type, maxUnavailable } }, { config, report }) {
    if (maxUnavailable.state !== "present") return;
    const pods = scaledValue(maxUnavailable.value, valueOr(replicas, 1) ?? Infinity, "down");
    if (pods === undefined || pods <= 1) return;
    if (valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    const release = config.kubernetesVersion;
    // Before the gate there was no such field at all, which is another matter.
    if (gateDefault("MaxUnavailableStatefulSet", release).stage === "unknown") return;
    if (behaviourOf(release, config.featureGates).maxUnavailable) return;
    report({
      message: "ignored",
      data: { release: formatRelease(release), value: maxUnavailable.value },
      at: maxUnavailable,
    });
  },
  examples: [
    {
      title: "Off in 1.36",
      kubernetesVersion: "1.36",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 9
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 2
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
      title: "Switched off again in a patch release",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 9
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 50%
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
      kubernetesVersion: "1.35.4",
    },
  ],
});
