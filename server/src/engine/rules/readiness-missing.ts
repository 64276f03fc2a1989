import type { Fix } from "../lint/finding.js";
import { portProbe, probeTitle } from "../kubernetes/port-probe.js";
import { defineRule } from "../lint/rule.js";
import type { Place } from "../yaml/place.js";

export default defineRule({
  id: "readiness-missing",
  flags: "a StatefulSet whose containers have no readiness probe",
  why: `The order of a StatefulSet depends on readiness: the next pod is created, updated or deleted when this one is Ready.
Without a readiness probe a pod is Ready as soon as its containers have started, long before a database has recovered
its log or joined its cluster. A rolling update then continues at the speed of container starts, also with a version
that does not work.`,
  whenNotToUse: "For pods that can serve as soon as they start.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    none: {
      severity: "hint",
      text: "No container has a `readinessProbe`: the next pod follows as soon as the containers have started",
    },
  },
  check({ template: { containers } }, { report }) {
    const all = containers.items();
    const [first] = all;
    if (first === undefined || all.some((container) => container.at("readinessProbe").exists)) return;
    report({ message: "none", at: first.at("name"), fixes: all.flatMap(probeFixes) });
  },
  examples: [
    {
      title: "Order without readiness",
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
          readinessProbe:
            tcpSocket:
              port: 5432
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

function probeFixes(container: Place): readonly Fix[] {
  const probe = portProbe(container);
  if (probe === undefined) return [];
  return [
    {
      title: probeTitle(container, probe),
      applicability: "review",
      edits: [{ op: "set", at: container.at("readinessProbe"), value: probe }],
    },
  ];
}
