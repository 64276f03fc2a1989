import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "replicas-with-hpa",
  flags: `\`replicas\` in a StatefulSet that an autoscaler scales`,
  why: `The autoscaler sets \`replicas\`, and each apply of the manifest sets it back. In between, pods are stopped or started
for no reason: a set that was scaled up to 6 drops to the 2 of the manifest at the next deployment, even under full
load. Remove the field, and the autoscaler alone decides.

With client-side \`kubectl apply\`, the apply that removes the field sets it to 1 once. First remove it from the
last-applied annotation of the live object (\`kubectl apply edit-last-applied\`), as the Kubernetes documentation says.

\`replicas: 0\` turns off a HorizontalPodAutoscaler, for example to retire a set, and is not reported.`,
  whenNotToUse: "If the deployment tool ignores differences of `replicas`.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling (Kubernetes 1.36)",
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    both: {
      severity: "warning",
      text: "{autoscaler} scales this set, and each apply sets `replicas` back to {replicas}",
    },
  },
  check({ key, replicas }, { scope, report }) {
    if (replicas.state !== "present") return;
    const autoscalers = autoscalersOf(key, scope());
    const [nearest] = autoscalers;
    if (nearest === undefined) return;
    // At 0 a HorizontalPodAutoscaler does nothing until you set another number; KEDA scales from 0.
    if (replicas.value === 0 && !autoscalers.some(({ wakes }) => wakes)) return;
    report({
      message: "both",
      data: { autoscaler: `${nearest.key.kind} ${inCode(nearest.key.name)}`, replicas: replicas.value },
      at: replicas,
      related: autoscalers.map(({ key: { kind, name }, document, root }) => ({
        text: `${kind} ${inCode(name)} scales this set`,
        document,
        path: [...root, "spec", "scaleTargetRef", "name"],
      })),
      fixes: [
        {
          title: "Remove `replicas`, and let the autoscaler decide",
          applicability: "review",
          edits: [{ op: "remove", at: replicas }],
        },
      ],
    });
  },
  examples: [
    {
      title: "Two sources of `replicas`",
      bad: `apiVersion: apps/v1
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
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: db
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: db
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: db
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: db
`,
    },
  ],
});
