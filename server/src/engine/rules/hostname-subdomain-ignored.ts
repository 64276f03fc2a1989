import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "hostname-subdomain-ignored",
  flags: "a `hostname` or `subdomain` in the pod template, which the controller overwrites",
  why: `The StatefulSet controller sets the \`hostname\` of every pod to its own name and the \`subdomain\` to \`serviceName\`.
Values in the template are silently replaced, so a shared host name or the domain of another Service does not work. A
\`subdomain\` that equals \`serviceName\` is not reported.`,
  whenNotToUse: "If the same template is also used in a Deployment.",
  sources: [
    "initIdentity and updateIdentity in pkg/controller/statefulset/stateful_set_utils.go (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    hostname: { severity: "warning", text: "`hostname: {value}` is ignored. The hostname of each pod is its own name" },
    subdomain: {
      severity: "warning",
      text: "`subdomain: {value}` is ignored. The subdomain of each pod is `serviceName`, which is `{service}`",
    },
    subdomainUnset: { severity: "warning", text: "`subdomain: {value}` is ignored. Set `serviceName` instead" },
  },
  check({ serviceName, template: { hostname, subdomain } }, { report }) {
    // Safe to take out: no pod ever has what is written there.
    const fixes = (title: string, at: typeof hostname) => [
      { title, applicability: "safe" as const, edits: [{ op: "remove" as const, at }] },
    ];
    if (hostname.state === "present") {
      const data = { value: hostname.value };
      report({ message: "hostname", data, at: hostname, fixes: fixes("Remove `hostname`", hostname) });
    }
    if (subdomain.state !== "present") return;
    const data = { value: subdomain.value };
    switch (serviceName.state) {
      case "present":
        if (serviceName.value === subdomain.value) return;
        report({
          message: "subdomain",
          data: { ...data, service: serviceName.value },
          at: subdomain,
          fixes: fixes("Remove `subdomain`", subdomain),
        });
        return;
      case "absent":
        report({ message: "subdomainUnset", data, at: subdomain, fixes: fixes("Remove `subdomain`", subdomain) });
        return;
      case "opaque":
      case "invalid":
        return;
    }
  },
  examples: [
    {
      title: "One host name for all pods",
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
      hostname: database
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
      title: "The domain of another Service",
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
      subdomain: internal
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
  ],
});
