import { isSince } from "../k8s/versions.js";
import type { FixEdit } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { headlessServiceFor, servicesSelectingPods } from "../workspace/governing-service.js";

export default defineRule({
  id: "service-name-unset",
  flags: "a StatefulSet without `serviceName`",
  why: `Without a governing Service the pods have no DNS names of their own. Until Kubernetes 1.32 the field is required by
the API's schema, so tools that check against it refuse the manifest; since 1.33 it is optional, for sets whose pods
nobody addresses one by one. It cannot be changed later without deleting the StatefulSet (its pods may stay:
\`kubectl delete statefulset NAME --cascade=orphan\`).`,
  whenNotToUse:
    "From Kubernetes 1.33 on, for sets that are used for their volumes or their order and not for their names.",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/ (serviceName: required in 1.29 to 1.32, optional from 1.33)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    required: { severity: "error", text: "serviceName is required before Kubernetes 1.33" },
    optional: { severity: "hint", text: "no serviceName: the pods have no DNS names of their own" },
  },
  examples: [
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
  ],
  check(statefulSet, { config, scope, report }) {
    const { serviceName, name } = statefulSet;
    if (serviceName.state !== "absent") return;
    const headless = servicesSelectingPods(statefulSet, scope()).filter((service) => service.headless === true);
    const set = (value: string): FixEdit => ({ op: "set", path: serviceName.path, value });
    const created = name.state === "present" ? headlessServiceFor(statefulSet, name.value) : undefined;
    report({
      message: isSince(config.kubernetesVersion, 33) ? "optional" : "required",
      at: serviceName,
      fixes: [
        ...headless.map(({ key }) => ({
          title: `Set serviceName to ${key.name}`,
          applicability: "review" as const,
          edits: [set(key.name)],
        })),
        ...(headless.length === 0 && name.state === "present" && created !== undefined
          ? [
              {
                title: `Set serviceName to ${name.value} and create that headless Service in this file`,
                applicability: "review" as const,
                edits: [set(name.value), { op: "addDocument" as const, value: created }],
              },
            ]
          : []),
      ],
    });
  },
});
