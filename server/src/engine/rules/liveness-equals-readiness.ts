import { defineRule } from "../lint/rule.js";
import type { Place } from "../yaml/place.js";
import { canonicalJson } from "../kubernetes/canonical-json.js";

export default defineRule({
  id: "liveness-equals-readiness",
  flags: "a liveness probe that equals the readiness probe",
  why: `A pod that is not Ready gets no traffic; a pod that is not live is killed. With the same probe for both, a pod that is
only busy, for example replaying its log, is restarted after the same few failures and has to begin again. A database
replica can repeat this endlessly. Use another check for the liveness probe, give it more time, or remove it.`,
  whenNotToUse: "If a restart is the right answer whenever the pod is not Ready.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes (Kubernetes 1.36)",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    equal: {
      severity: "info",
      text: "The `livenessProbe` of `{container}` equals its `readinessProbe`: a pod that is only busy is killed",
    },
  },
  check({ template: { containers } }, { report }) {
    for (const container of containers.items()) {
      const liveness = container.at("livenessProbe");
      const readiness = container.at("readinessProbe");
      const name = container.at("name").string();
      if (liveness.kind !== "map" || readiness.kind !== "map" || name.state !== "present") continue;
      if (mayGrow(liveness) || mayGrow(readiness)) continue;
      if (canonicalJson(liveness.value()) !== canonicalJson(readiness.value())) continue;
      report({
        message: "equal",
        data: { container: name.value },
        at: liveness.key,
      });
    }
  },
  examples: [
    {
      title: "The same check twice",
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
          readinessProbe:
            tcpSocket:
              port: 5432
          livenessProbe:
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

/** Whether a tool may add to what is written, at any depth. */
function mayGrow(place: Place): boolean {
  return place.isOpen || [...place.items(), ...place.entries().map(([, value]) => value)].some(mayGrow);
}
