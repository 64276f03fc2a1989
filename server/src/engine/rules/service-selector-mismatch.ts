import { podLabels } from "../k8s/pod-template.js";
import { unmetLabels, type Labels } from "../k8s/selectors.js";
import type { FixEdit } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { valueOr } from "../yaml/field.js";
import type { ServiceSummary } from "../workspace/summary.js";

export default defineRule({
  id: "service-selector-mismatch",
  flags: "a governing Service whose selector does not match the pods",
  why: `DNS names of the pods come from the Service's endpoints, and only pods that match every label of its selector are
among them. With one label different the Service is there, and empty: no name resolves and no connection is made.`,
  whenNotToUse: "Where labels are added to the pods or to the Service after these manifests are read.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    mismatch: { severity: "error", text: "Service {name} selects {wanted}, but these pods have {found}" },
  },
  examples: [
    {
      title: "One label differs",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: database
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
  check(statefulSet, { scope, report }) {
    const service = governingService(statefulSet, scope());
    const labels = podLabels(statefulSet.template);
    if (service === undefined || labels === undefined) return;
    const { name, candidates } = service;
    const [nearest] = candidates;
    const differing = nearest?.selector && unmetLabels(nearest.selector, labels);
    const [first] = differing ?? [];
    if (nearest === undefined || differing === undefined || first === undefined) return;
    if (!candidates.every(({ selector }) => selector !== undefined && unmetLabels(selector, labels).length > 0)) return;

    report({
      message: "mismatch",
      data: {
        name,
        wanted: differing.map(({ key, wanted }) => `${key}=${wanted}`).join(", "),
        found: differing
          .map(({ key, found }) => (found === undefined ? `no label ${key}` : `${key}=${found}`))
          .join(", "),
      },
      at: statefulSet.serviceName,
      related: candidates.map(({ document, root }) => ({
        text: `the selector of Service ${name}`,
        document,
        path: [...root, "spec", "selector", first.key],
      })),
      fixes: [
        {
          title: `Let Service ${name} select these pods`,
          applicability: "review",
          edits: selectorEdits(nearest, labels, valueOr(statefulSet.selector.matchLabels, undefined) ?? labels),
        },
      ],
    });
  },
});

/**
 * Labels that the pods have otherwise take the pods' value; those that they lack give way to what the set selects by.
 */
function selectorEdits(service: ServiceSummary, labels: Labels, selectedBy: Labels): readonly FixEdit[] {
  const { document, root, selector = new Map<string, string>() } = service;
  const path = [...root, "spec", "selector"];
  const kept = [...selector.keys()].filter((key) => labels.has(key));
  if (kept.length === 0) return [{ op: "set", path, value: Object.fromEntries(selectedBy), document }];
  return unmetLabels(selector, labels).map(({ key, found }) =>
    found === undefined
      ? { op: "remove", path: [...path, key], document }
      : { op: "set", path: [...path, key], value: found, document },
  );
}
