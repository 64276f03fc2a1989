import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-name-type",
  flags: "a governing Service of type `NodePort`, `LoadBalancer` or `ExternalName`",
  why: `The Service in \`serviceName\` gives every pod a DNS name. Kubernetes guarantees that only for a headless Service, which
must have the type \`ClusterIP\`. A \`NodePort\` or \`LoadBalancer\` balances over all pods; an \`ExternalName\` is an alias
for an external name and has no pods, so \`db-0.db\` cannot resolve. Usually you need two Services: a headless one as
the governing Service, and another one for external access.

For \`NodePort\` and \`LoadBalancer\` it is a warning if a manifest uses the name of a single pod, information if there
are several replicas, and a hint for one replica.`,
  whenNotToUse: "If all clients use the address of the Service and none needs a specific pod.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/services-networking/service/#externalname (Kubernetes 1.36)",
    "https://github.com/kubernetes/dns/blob/master/docs/specification.md (version 1.1.0, sections 2.3 to 2.5)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    external: {
      severity: "warning",
      text: "Service `{name}` has `type: ExternalName`: it gives the pods no DNS names",
    },
    namesUsed: {
      severity: "warning",
      text: "Service `{name}` has `type: {type}`: DNS names of single pods are used, but not guaranteed",
    },
    severalPods: {
      severity: "info",
      text: "Service `{name}` has `type: {type}`: DNS names of the {replicas} pods are not guaranteed",
    },
    onePod: { severity: "hint", text: "Service `{name}` has `type: {type}`: the pod's own DNS name is not guaranteed" },
  },
  check(statefulSet, { scope, report }) {
    const around = scope();
    const service = governingService(statefulSet, around);
    const [nearest] = service?.candidates ?? [];
    if (service === undefined || nearest?.type === undefined) return;
    const { name, candidates } = service;
    const { type } = nearest;
    if (!["ExternalName", "NodePort", "LoadBalancer"].includes(type)) return;
    if (!candidates.every((candidate) => candidate.type === type)) return;

    const replicas = valueOr(statefulSet.replicas, 1) ?? 1;
    const used = statefulSet.name.state === "present" && around.usesPodDns(statefulSet.name.value, name);
    report({
      message: type === "ExternalName" ? "external" : used ? "namesUsed" : replicas > 1 ? "severalPods" : "onePod",
      data: { name, type, replicas },
      at: statefulSet.serviceName,
      related: candidates.map(({ document, root }) => ({
        text: `Service ${inCode(name)}`,
        document,
        path: [...root, "spec", "type"],
      })),
    });
  },
  examples: [
    {
      title: "One Service for two purposes",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
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
  type: NodePort
  selector:
    app: db
  ports:
    - port: 5432
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
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
---
apiVersion: v1
kind: Service
metadata:
  name: db-public
spec:
  type: NodePort
  selector:
    app: db
  ports:
    - port: 5432
`,
    },
    {
      title: "An alias has no pods",
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
  type: ExternalName
  externalName: db.example.com
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
  ],
});
