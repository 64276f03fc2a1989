import { selectorFor, selectsAny } from "../kubernetes/selection.js";
import { isHeadless } from "../kubernetes/kinds/service.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn, selectable } from "../workspace/selected-pods.js";
import type { Present } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-ports-mismatch",
  flags: "a `targetPort` that no container of the selected pods declares",
  why: `A \`targetPort\` that is a name is looked up in the ports of each pod's containers. If no container has a port of that
name, the pod is not an endpoint of this port: connections are refused although everything runs.

A container can listen on a port that it does not declare. So a number is a hint, and only if the set is in the same
directory, its pods declare ports, and the Service is not headless. Without \`targetPort\` the port number itself is
used.`,
  whenNotToUse: "If an admission webhook adds the container that has the port.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports (Kubernetes 1.36)",
    "FindPort in pkg/api/v1/pod/util.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["Service"],
  messages: {
    unknown: { severity: "warning", text: "No container of {pods} has a port named `{port}`" },
    undeclared: { severity: "hint", text: "No container of {pods} declares port `{port}`, but they declare others" },
  },
  check(service, { scope, report }) {
    const { key, place, selector } = service;
    const ports = place
      .at("spec", "ports")
      .items()
      .map(targetOf)
      .filter((port) => port !== undefined);
    if (selector.state !== "present" || selector.value.size === 0 || ports.length === 0) return;

    const around = scope();
    const asked = selectorFor(selector.value);
    const selected = selectable(asked, around).filter(
      (one) => sameNamespace(one.key, key.namespace) && selectsAny(asked, podsIn(one, around)) === true,
    );
    const sets = selected.filter((one) => one.kind === "StatefulSet");
    const [set] = sets;
    if (set === undefined || sets.some(({ partial }) => partial)) return;
    const pods = `StatefulSet ${inCode(set.key.name)}`;
    const related = [
      { text: pods, document: set.document, path: [...set.root, "spec", "template", "spec", "containers"] },
    ];
    const fixes = ({ written }: Target, declared: readonly (string | number)[] = []): readonly Fix[] =>
      [...new Set(declared)].map((value) => ({
        title: `Use port ${inCode(value)}`,
        applicability: "review",
        edits: [{ op: "set", at: written, value }],
      }));
    for (const port of ports) {
      const { value } = port.field;
      if (typeof value === "string") {
        if (!selected.every(({ portNames }) => portNames?.includes(value) === false)) continue;
        report({
          message: "unknown",
          data: { pods, port: value },
          at: port.field,
          related,
          fixes: fixes(port, set.portNames),
        });
        continue;
      }
      // What declares no ports at all says nothing of where it listens. Nothing forwards to the ports of a headless Service.
      const known =
        around.named("StatefulSet", set.key.name, "directory").includes(set) &&
        selected.every(({ portNumbers }) => portNumbers !== undefined && portNumbers.length > 0);
      if (!known || isHeadless(service) !== false) continue;
      if (selected.some(({ portNumbers }) => portNumbers?.includes(value) === true)) continue;
      report({
        message: "undeclared",
        data: { pods, port: value },
        at: port.field,
        related,
        fixes: fixes(port, set.portNumbers),
      });
    }
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
});

/** Where a port of a Service leads: to `targetPort`, or to the pods' port of the same number where that is left out. */
function targetOf(place: Place): Target | undefined {
  const written = place.at("targetPort");
  const target = written.intOrString();
  const field = target.state === "absent" ? place.at("port").integer() : target;
  if (field.state !== "present") return undefined;
  // Text without a letter is no name, and the API server refuses it. A target of 0 is none.
  if (typeof field.value === "string" ? !/[a-z]/.test(field.value) : field.value === 0) return undefined;
  return { field, written };
}

interface Target {
  readonly field: Present<string | number>;
  /** The `targetPort`, whether it is there or not. */
  readonly written: Place;
}
