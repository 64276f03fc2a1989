import { targetKind } from "../kubernetes/autoscaler.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import type { Reach } from "../workspace/scope.js";
import { valueOr, type Field } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "hpa-target-missing",
  flags: "an autoscaler whose target is not one of the StatefulSets around it",
  why: `The API server does not check whether the target of a HorizontalPodAutoscaler exists. The autoscaler then has
\`FailedGetScale\` in its status and never scales. Apart from a misspelt name, the kind must be written exactly
(\`StatefulSet\`), and the API group must be that of the target: \`apps/v1\`. A target without \`apiVersion\` is in the core
group, which has no StatefulSets. The API server of Kubernetes 1.36 refuses it.

In a ScaledObject of KEDA, \`kind\` and \`apiVersion\` are optional: the default is a Deployment of \`apps/v1\`.

A missing name is reported only if a StatefulSet in the same directory has no autoscaler and is probably the one that
you mean.`,
  whenNotToUse: "If something else creates the target: an operator, a chart.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ (Kubernetes 1.36)",
    "pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler: the target is looked up by API group and kind (Kubernetes 1.36)",
    "pkg/apis/autoscaling/validation/validation.go, ValidateAPIVersion (Kubernetes 1.36)",
    "https://keda.sh/docs/2.17/reference/scaledobject-spec/#scaletargetref",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["Autoscaler"],
  messages: {
    misnamed: {
      severity: "warning",
      text: "StatefulSet `{name}` does not exist in these manifests. Did you mean `{other}`?",
    },
    casing: { severity: "warning", text: "`kind: {kind}` is not valid, so nothing is scaled. Use `StatefulSet`" },
    group: { severity: "warning", text: "`{apiVersion}` has no StatefulSets, so nothing is scaled. Use `apps/v1`" },
    noGroup: {
      severity: "error",
      text: "Without `apiVersion: apps/v1` the StatefulSet is not found, so nothing is scaled",
    },
    noKind: {
      severity: "warning",
      text: "Without `kind` a ScaledObject scales a Deployment, but `{name}` is a StatefulSet: nothing is scaled",
    },
    otherKind: { severity: "warning", text: "`{name}` is a StatefulSet, not a {kind}, so nothing is scaled" },
  },
  check(autoscaler, { scope, report }) {
    const { target, key } = autoscaler;
    const { apiVersion, kind, name } = target;
    const found = targetKind(autoscaler);
    if (name.state !== "present" || found === undefined) return;
    const set = (title: string, field: Field<unknown>, value: string): Fix => ({
      title,
      applicability: "review",
      edits: [{ op: "set", at: field, value }],
    });

    if (found !== "StatefulSet" && found.toLowerCase().replace(/s$/, "") === "statefulset") {
      report({
        message: "casing",
        data: { kind: found },
        at: kind,
        fixes: [set("Set `kind` to `StatefulSet`", kind, "StatefulSet")],
      });
      return;
    }
    // KEDA assumes apps/v1 where the API version is left out; a HorizontalPodAutoscaler assumes nothing.
    const version = valueOr(apiVersion, key.kind === "ScaledObject" ? "apps/v1" : "");
    if (found === "StatefulSet" && version !== undefined && hasNoStatefulSets(version)) {
      const fixes = [set("Set `apiVersion` to `apps/v1`", apiVersion, "apps/v1")];
      if (version === "") report({ message: "noGroup", at: apiVersion, fixes });
      else report({ message: "group", data: { apiVersion: version }, at: apiVersion, fixes });
      return;
    }
    const around = scope();
    if (!around.complete) return;
    const isNamed = (kindOf: "StatefulSet" | "Workload", reach?: Reach) =>
      around.named(kindOf, name.value, reach).some((one) => sameNamespace(one.key, key.namespace));
    if (found === "Deployment") {
      if (!isNamed("StatefulSet", "directory") || isNamed("Workload")) return;
      const fixes = [set("Set `kind` to `StatefulSet`", kind, "StatefulSet")];
      const data = { name: name.value, kind: found };
      report({ message: kind.state === "present" ? "otherKind" : "noKind", data, at: kind, fixes });
      return;
    }
    if (found !== "StatefulSet" || isNamed("StatefulSet")) return;
    const targeted = new Set(around.all("Autoscaler").map(({ targetName }) => targetName));
    const meant = around
      .all("StatefulSet", "directory")
      .filter((one) => sameNamespace(one.key, key.namespace) && !one.partial && !targeted.has(one.key.name));
    const [nearest] = meant;
    if (nearest === undefined) return;
    report({
      message: "misnamed",
      data: { name: name.value, other: nearest.key.name },
      at: name,
      related: meant.map(({ key: { name: other }, document, root }) => ({
        text: `StatefulSet ${inCode(other)}`,
        document,
        path: [...root, "metadata", "name"],
      })),
      fixes: [...new Set(meant.map((one) => one.key.name))].map((other) => set(`Scale ${inCode(other)}`, name, other)),
    });
  },
  examples: [
    {
      title: "The name is misspelt",
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
    name: db-statefulset
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
    {
      title: "The kind is another one",
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
    kind: Deployment
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
    {
      title: "The API group is another one",
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
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: db
spec:
  minReplicas: 2
  maxReplicas: 6
  scaleTargetRef:
    apiVersion: extensions/v1beta1
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

/** Groups of Kubernetes itself, which have no StatefulSets; another project's group may have its own. */
function hasNoStatefulSets(apiVersion: string): boolean {
  const group = apiVersion.slice(0, Math.max(apiVersion.lastIndexOf("/"), 0));
  return ["", "extensions", "autoscaling", "batch", "policy"].includes(group);
}
