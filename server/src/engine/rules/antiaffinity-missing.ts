import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "antiaffinity-missing",
  flags: "several replicas that can all run on one node",
  why: `Without anti-affinity or a topology spread constraint, the scheduler spreads the pods of a set only by its own weak
defaults. If two replicas of a database run on one node, you lose both with that node. A volume that is bound to a
node or zone then keeps its pod there.`,
  whenNotToUse: "On clusters with one node, or if the scheduler is configured to spread all pods.",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  options: {
    minReplicas: {
      type: "integer",
      default: 2,
      minimum: 2,
      description: "The rule reports sets with at least this many replicas.",
    },
  },
  messages: {
    none: { severity: "hint", text: "Nothing keeps these {replicas} pods on different nodes" },
  },
  check({ replicas, selector: { matchLabels }, template }, { options, report }) {
    if (replicas.state !== "present" || replicas.value < options.minReplicas) return;
    const antiAffinity = template.place.at("spec", "affinity", "podAntiAffinity");
    if (antiAffinity.exists || template.place.at("spec", "topologySpreadConstraints").exists) return;
    if (template.place.at("spec", "affinity").kind === "scalar") return;
    report({
      message: "none",
      data: { replicas: replicas.value },
      at: replicas,
      fixes:
        matchLabels.state !== "present" || matchLabels.value.size === 0
          ? []
          : [
              {
                title: "Prefer different nodes for these pods",
                applicability: "review",
                edits: [
                  {
                    op: "set",
                    at: antiAffinity.at("preferredDuringSchedulingIgnoredDuringExecution"),
                    value: [
                      {
                        weight: 100,
                        podAffinityTerm: {
                          topologyKey: "kubernetes.io/hostname",
                          labelSelector: { matchLabels: Object.fromEntries(matchLabels.value) },
                        },
                      },
                    ],
                  },
                ],
              },
            ],
    });
  },
  plays: [{ play: "lose-node", nodes: 2, zones: 2 }],
  examples: [
    {
      title: "Three replicas",
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
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
                    app: db
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
