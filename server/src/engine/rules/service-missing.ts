import { nearest } from "../kubernetes/schema/nearest.js";
import type { Fix } from "../lint/finding.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { isDns1123Label } from "../kubernetes/names.js";
import { valueOr } from "../yaml/field.js";
import { defineRule } from "../lint/rule.js";
import type { ServiceSummary } from "../workspace/summary.js";
import {
  governingService,
  headlessServiceFor,
  mayBeElsewhere,
  servicesSelectingPods,
} from "../workspace/governing-service.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-missing",
  flags: "a `serviceName` that is not the name of a Service in scope",
  why: `The pods of a StatefulSet get their stable DNS names (\`db-0.db\`) from the Service in \`serviceName\`. Kubernetes does
not create this Service, and the API server does not check whether it exists: the pods start, and their names do not
resolve. The usual cause is a misspelt name, so if another Service selects these pods, the finding names it.

The manifests do not show whether an operator or another repository creates the Service. So a missing Service is
information, and only a hint if the workspace has no Service at all. To name such Services, use the setting
\`externalServices\` (also in \`.ordinal.yaml\`), with \`*\` for any part of a name, or a comment in the document of the
StatefulSet. Then no rule looks for them:

\`\`\`yaml
# ordinal-external-service vault-internal, consul-* -- their operators create them
\`\`\`

Controllers of operators often name a Service that does not exist, because the field was required before Kubernetes
1.33: one pod without PVCs, whose \`serviceName\` is its own name, with a service account or with Services only for
external clients (\`NodePort\`, \`LoadBalancer\`). This is information too. So is a set that was exported from a cluster
(with a \`uid\`): its Service may exist there.

A placeholder that another tool replaces (\`<service>\`, \`SERVICE_NAME\`) is not reported.

Ordinal looks in the same file, the same directory, and the subtree of the parent directory. A Service of that name
anywhere else in the workspace also counts, unless it clearly belongs to something else: it selects other pods, or
only other StatefulSets beside it use it.`,
  whenNotToUse: "If all Services are created by something else. For single ones, see `externalServices` above.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    misnamed: {
      severity: "warning",
      text: "Service `{name}` does not exist. Did you mean `{other}`, which selects these pods?",
    },
    formality: {
      severity: "info",
      text: "Service `{name}` does not exist. Did you mean `{other}`, which selects these pods?",
    },
    missing: { severity: "info", text: "Service `{name}` does not exist in these manifests", absence: true },
    alone: {
      severity: "hint",
      text: "Service `{name}` does not exist in these manifests, which have no Service at all",
      absence: true,
    },
  },
  check(statefulSet, { scope, report }) {
    const around = scope();
    const service = governingService(statefulSet, around);
    if (service === undefined || service.candidates.length > 0) return;
    const { name } = service;
    if (!around.complete || mayBeElsewhere(statefulSet, name, around)) return;
    // No Service can have such a name: service-name-invalid says so.
    if (isDns1123Label(name) !== undefined) return;

    const selecting = servicesSelectingPods(statefulSet, around);
    const created = headlessServiceFor(statefulSet, name);
    const near =
      nearest(
        name,
        selecting.map(({ key }) => key.name),
      ) ?? (selecting.length === 1 ? selecting[0]?.key.name : undefined);
    const fixes: Fix[] = selecting.map(({ key }) => ({
      title: `Use Service ${inCode(key.name)}`,
      applicability: "review",
      ...(key.name === near ? { isMeant: true } : {}),
      edits: [{ op: "set", at: statefulSet.serviceName, value: key.name }],
    }));
    if (created !== undefined) {
      fixes.push({
        title: `Create the headless Service ${inCode(name)} in this file`,
        applicability: "review",
        edits: [{ op: "addDocument", value: created }],
      });
    }
    const [first] = selecting;
    if (first === undefined) {
      const message = around.hasServices ? "missing" : "alone";
      report({ message, data: { name }, at: statefulSet.serviceName, fixes });
    } else {
      report({
        message:
          isExported(statefulSet) || (isFormality(statefulSet, selecting) && !isLike(name, first.key.name))
            ? "formality"
            : "misnamed",
        data: { name, other: first.key.name },
        at: statefulSet.serviceName,
        related: selecting.map(({ document, root, key }) => ({
          text: `Service ${inCode(key.name)} selects these pods`,
          document,
          path: [...root, "metadata", "name"],
        })),
        fixes,
      });
    }
  },
  examples: [
    {
      title: "The name is misspelt",
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
  serviceName: bd
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
      title: "No Service at all",
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
            - containerPort: 5432
              name: postgres
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
            - containerPort: 5432
              name: postgres
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
    - name: postgres
      port: 5432
`,
    },
  ],
});

/**
 * Whether the name was probably given because it had to be, before Kubernetes 1.33: a controller of one pod, which
 * keeps nothing and works through the API server or for callers from outside, and not through its peers.
 */
function isFormality(statefulSet: StatefulSet, selecting: readonly ServiceSummary[]): boolean {
  const { key, serviceName, replicas, claimTemplates, template } = statefulSet;
  return (
    valueOr(serviceName, "") === key.name &&
    valueOr(replicas, 1) === 1 &&
    claimTemplates.state === "absent" &&
    (template.place.at("spec", "serviceAccountName").exists ||
      selecting.every(({ type }) => type === "NodePort" || type === "LoadBalancer"))
  );
}

/** Whether it was read from a cluster, which alone gives a `uid`. */
function isExported({ place }: StatefulSet): boolean {
  return place.at("metadata", "uid").exists;
}

function isLike(name: string, other: string): boolean {
  return name.includes(other) || other.includes(name);
}
