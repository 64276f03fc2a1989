import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-other-namespace",
  flags: "a `serviceName` that only a Service in another namespace has",
  why: `A Service selects pods of its own namespace, and the DNS names of pods need a Service in their namespace. A Service
with the right name in another namespace has no effect for them: no error appears, and \`db-0.db\` does not resolve.

It is reported only if both namespaces are set: an omitted one can be the same.`,
  whenNotToUse: "If something else creates the Service in the namespace of the pods.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    elsewhere: {
      severity: "warning",
      text: "Service `{name}` is in namespace `{other}`, but these pods are in `{namespace}`",
    },
  },
  check(statefulSet, { scope, report }) {
    const { namespace } = statefulSet;
    if (namespace.state !== "present") return;
    const around = scope();
    const service = governingService(statefulSet, around);
    if (service === undefined || service.candidates.length > 0 || !around.complete) return;
    const elsewhere = around.named("Service", service.name);
    const [nearest] = elsewhere;
    if (nearest?.key.namespace === undefined) return;
    report({
      message: "elsewhere",
      data: { name: service.name, other: nearest.key.namespace, namespace: namespace.value },
      at: statefulSet.serviceName,
      related: elsewhere.map(({ document, root, key }) => ({
        text: `Service ${inCode(key.name)} in namespace ${inCode(key.namespace ?? "")}`,
        document,
        path: [...root, "metadata", "namespace"],
      })),
    });
  },
  examples: [
    {
      title: "One of two was moved",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
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
  namespace: staging
spec:
  clusterIP: None
  selector:
    app: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
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
  namespace: prod
spec:
  clusterIP: None
  selector:
    app: db
`,
    },
  ],
});
