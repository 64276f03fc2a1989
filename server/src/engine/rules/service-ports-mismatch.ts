import { unmetLabels } from "../k8s/selectors.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/scope.js";

export default defineRule({
  id: "service-ports-mismatch",
  flags: "a named `targetPort` that no container of the selected pods declares",
  why: `A \`targetPort\` that is a name is looked up among the ports of each pod's containers. Where no container has a port of
that name, the pod does not become an endpoint of this port: connections are refused though everything runs.

Numbers are not judged: a container may listen on a port that it does not declare.`,
  whenNotToUse: "Where an admission webhook adds the container that has the port.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports (Kubernetes 1.36)",
    "FindPort in pkg/api/v1/pod/util.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["Service"],
  messages: {
    unknown: { severity: "warning", text: "no container of {pods} has a port named {port}" },
  },
  examples: [
    {
      title: "The port has another name",
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
          ports:
            - name: postgres
              containerPort: 5432
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports:
    - port: 5432
      targetPort: pgsql
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
          ports:
            - name: postgres
              containerPort: 5432
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports:
    - port: 5432
      targetPort: postgres
`,
    },
  ],
  check({ key, place, selector }, { scope, report }) {
    if (selector.state !== "present" || selector.value.size === 0) return;
    const named = place
      .at("spec", "ports")
      .items()
      .map((port) => port.at("targetPort").string())
      // Without a letter it is no name, and the API server refuses it.
      .filter((port) => port.state === "present")
      .filter((port) => /[a-z]/.test(port.value));
    if (named.length === 0) return;

    const around = scope();
    const selected = [...around.all("StatefulSet"), ...around.all("Workload")].filter(
      (one) =>
        sameNamespace(one.key, key.namespace) &&
        one.podLabels !== undefined &&
        unmetLabels(selector.value, one.podLabels).length === 0,
    );
    const sets = selected.filter((one) => one.kind === "StatefulSet");
    const [set] = sets;
    if (set === undefined || sets.some(({ partial }) => partial)) return;
    for (const port of named) {
      if (!selected.every(({ portNames }) => portNames?.includes(port.value) === false)) continue;
      report({
        message: "unknown",
        data: { pods: `StatefulSet ${set.key.name}`, port: port.value },
        at: port,
        related: [
          {
            text: `StatefulSet ${set.key.name}`,
            document: set.document,
            path: [...set.root, "spec", "template", "spec", "containers"],
          },
        ],
        fixes: [...new Set(set.portNames)].map((name) => ({
          title: `Use port ${name}`,
          applicability: "review",
          edits: [{ op: "set", path: port.path, value: name }],
        })),
      });
    }
  },
});
