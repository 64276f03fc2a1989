import { allContainers } from "../kubernetes/pod-template.js";
import { defineRule } from "../lint/rule.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "probe-port-unknown",
  flags: "a probe or hook with the name of a port that its container does not declare",
  why: `The kubelet looks up a named port in the \`ports\` of the same container. If it is not there, the probe has no result: a
readiness or startup probe never succeeds, so the pod never becomes Ready and, with OrderedReady, no other pod
follows; a liveness probe never fails. The API server accepts the manifest. A port number does not have to be declared
and is not checked.`,
  whenNotToUse: "If an admission webhook adds ports.",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port (Kubernetes 1.36)",
    "pkg/probe/util.go ResolveContainerPort, pkg/kubelet/prober/worker.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    unknown: {
      severity: "warning",
      text: "Container `{container}` has no port named `{port}`, so the {what} cannot work",
    },
  },
  check({ template }, { report }) {
    for (const container of allContainers(template)) {
      const name = container.at("name").string();
      const names = portNames(container);
      // A container without an image is a patch's: its ports are elsewhere.
      if (name.state !== "present" || names === undefined || !container.at("image").exists) continue;
      for (const [what, place] of portsAsked(container)) {
        const port = place.intOrString();
        if (port.state !== "present" || typeof port.value !== "string") continue;
        // A number in quotes is refused by the API server, which is another matter.
        if (names.includes(port.value) || !/[a-z]/.test(port.value)) continue;
        report({
          message: "unknown",
          data: { container: name.value, port: port.value, what },
          at: port,
          against: names.length === 0 ? [container.at("ports")] : [],
          fixes: names.map((known) => ({
            title: `Use port ${inCode(known)}`,
            applicability: "review",
            edits: [{ op: "set", at: port, value: known }],
          })),
        });
      }
    }
  },
  examples: [
    {
      title: "A port that was renamed",
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
          readinessProbe:
            tcpSocket:
              port: db
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
          ports:
            - name: postgres
              containerPort: 5432
          readinessProbe:
            tcpSocket:
              port: postgres
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

function portsAsked(container: Place): readonly (readonly [what: string, port: Place])[] {
  const handlers = [
    ...["startupProbe", "readinessProbe", "livenessProbe"].map((what) => [what, container.at(what)] as const),
    ...["postStart", "preStop"].map((what) => [`${what} hook`, container.at("lifecycle", what)] as const),
  ];
  return handlers.flatMap(([what, handler]) =>
    ["httpGet", "tcpSocket"].map((action) => [what, handler.at(action, "port")] as const),
  );
}

/** `undefined` where a name cannot be read. */
function portNames(container: Place): readonly string[] | undefined {
  const ports = container.at("ports").list();
  if (ports.state === "absent") return [];
  if (ports.state !== "present") return undefined;
  const names = ports.value.map((port) => port.at("name").string());
  if (names.some(({ state }) => state === "opaque" || state === "invalid")) return undefined;
  return names.flatMap((name) => (name.state === "present" ? [name.value] : []));
}
