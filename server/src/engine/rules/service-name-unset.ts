import { isSince } from "../kubernetes/versions.js";
import type { FixEdit } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { freeServiceName, headlessServiceFor, servicesSelectingPods } from "../workspace/governing-service.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-name-unset",
  flags: "a StatefulSet without `serviceName`",
  why: `Without a governing Service the pods have no DNS names of their own. Until Kubernetes 1.32 the API's schema requires
the field, so tools that check the schema refuse the manifest. Since 1.33 it is optional, for sets whose pods are not
addressed individually. If a manifest uses the name of a single pod (\`db-0.db\`, through a Service that selects these
pods), it is a warning: the name does not resolve. You cannot set it later without deleting the StatefulSet (its pods
can be kept: \`kubectl delete statefulset NAME --cascade=orphan\`).`,
  whenNotToUse: "From Kubernetes 1.33 on, for sets that need volumes or order but no names.",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/ (serviceName: required in 1.29 to 1.32, optional from 1.33)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    required: { severity: "error", text: "`serviceName` is required before Kubernetes 1.33" },
    namesUsed: {
      severity: "warning",
      text: "DNS names of single pods are used through Service `{service}`, but do not exist without `serviceName`",
    },
    optional: { severity: "hint", text: "Without `serviceName` the pods have no DNS names of their own" },
  },
  check(statefulSet, { config, scope, report }) {
    const { serviceName } = statefulSet;
    if (serviceName.state !== "absent") return;
    const around = scope();
    const selecting = servicesSelectingPods(statefulSet, around);
    const used = selecting.find((service) => around.usesPodDns(statefulSet.key.name, service.key.name));
    const headless = selecting.filter((service) => service.headless === true || service === used);
    const set = (value: string): FixEdit => ({ op: "set", at: serviceName, value });
    const free = freeServiceName(statefulSet, around);
    const created = free === undefined ? undefined : headlessServiceFor(statefulSet, free);
    report({
      message: !isSince(config.kubernetesVersion, 33) ? "required" : used === undefined ? "optional" : "namesUsed",
      data: { service: used?.key.name ?? "" },
      at: serviceName,
      fixes: [
        ...headless.map(({ key }) => ({
          title: `Set \`serviceName\` to ${inCode(key.name)}`,
          applicability: "review" as const,
          edits: [set(key.name)],
        })),
        ...(headless.length === 0 && free !== undefined && created !== undefined
          ? [
              {
                title: `Set \`serviceName\` to ${inCode(free)} and create this headless Service in this file`,
                applicability: "review" as const,
                edits: [set(free), { op: "addDocument" as const, value: created }],
              },
            ]
          : []),
      ],
    });
  },
  examples: [
    {
      title: "The Service of that name is another one",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
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
  serviceName: db-headless
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
  name: db-headless
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
    - port: 5432
`,
    },
    {
      title: "Required on older clusters",
      kubernetesVersion: "1.32",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
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
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: apps/v1
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
`,
    },
    {
      title: "A pod is addressed by its name",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
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
---
apiVersion: apps/v1
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
          env:
            - name: PRIMARY
              value: db-0.db
`,
    },
  ],
});
