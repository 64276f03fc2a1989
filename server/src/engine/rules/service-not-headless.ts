import { valueOr } from "../yaml/field.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-not-headless",
  flags: "a governing Service that is not headless (`clusterIP: None`)",
  why: `Kubernetes guarantees a DNS name for every pod only if the governing Service is headless. With a cluster IP, the name
of the Service is one virtual address that balances over all pods, and names of single pods (\`db-0.db\`) are not
guaranteed: CoreDNS answers them, other DNS servers may not.

The severity depends on the manifests: it is a warning if one uses the name of a single pod, information if there are
several replicas, and a hint for one replica.`,
  whenNotToUse: "If all clients use the address of the Service and none needs a specific pod.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations (Kubernetes 1.36)",
    "https://github.com/kubernetes/dns/blob/master/docs/specification.md (version 1.1.0, sections 2.3 and 2.4: endpoint records are specified for headless Services only)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    namesUsed: {
      severity: "warning",
      text: "Service `{name}` is not headless: DNS names of single pods are used, but not guaranteed",
    },
    severalPods: {
      severity: "info",
      text: "Service `{name}` is not headless: DNS names of the {replicas} pods are not guaranteed",
    },
    onePod: { severity: "hint", text: "Service `{name}` is not headless: the pod's own DNS name is not guaranteed" },
  },
  check(statefulSet, { scope, report }) {
    const around = scope();
    const service = governingService(statefulSet, around);
    if (service === undefined || service.candidates.length === 0) return;
    const { name, candidates } = service;
    // The API server accepts `clusterIP: None` only for this type (ValidateService, Kubernetes 1.36).
    if (!candidates.every(({ headless, type }) => headless === false && type === "ClusterIP")) return;

    const replicas = valueOr(statefulSet.replicas, 1) ?? 1;
    const used = statefulSet.name.state === "present" && around.usesPodDns(statefulSet.name.value, name);
    const fixes = candidates.slice(0, 1).map(({ document, root }): Fix => ({
      title: `Make Service ${inCode(name)} headless (a live Service must be deleted and recreated)`,
      applicability: "review",
      edits: [{ op: "set", path: [...root, "spec", "clusterIP"], value: "None", document }],
    }));
    report({
      message: used ? "namesUsed" : replicas > 1 ? "severalPods" : "onePod",
      data: { name, replicas },
      at: statefulSet.serviceName,
      related: candidates.map(({ document, root }) => ({
        text: `Service ${inCode(name)}`,
        document,
        path: [...root, "spec", "clusterIP"],
      })),
      fixes,
    });
  },
  examples: [
    {
      title: "Peers are addressed one by one",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
    - port: 5432
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 2
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
          env:
            - name: PRIMARY
              value: db-0.db
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports:
    - port: 5432
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 2
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
          env:
            - name: PRIMARY
              value: db-0.db
`,
    },
  ],
});
