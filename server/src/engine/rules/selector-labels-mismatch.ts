import { podLabels } from "../kubernetes/pod-template.js";
import { placeOf, unmetByTemplate, wantedText, type Mismatch } from "../kubernetes/selection.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "selector-labels-mismatch",
  flags: "a selector that does not match the labels of the pod template",
  why: `A StatefulSet owns only the pods that its selector matches, so the API server refuses a set whose template creates
others: \`selector does not match template labels\`. Every line of \`matchLabels\` and \`matchExpressions\` must match. The
selector cannot be changed on a live set; the labels of the template can, as long as they still match.`,
  whenNotToUse: "In a base whose overlays add the labels.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl, category selector)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-selector (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    mismatch: { severity: "error", text: "The selector needs {wanted}, but the template has {found}" },
  },
  check({ selector, template }, { report }) {
    const labels = podLabels(template);
    const mismatches = labels && unmetByTemplate(selector, labels);
    const [first] = mismatches ?? [];
    if (mismatches === undefined || first === undefined) return;

    const inTemplate = template.place.at("metadata", "labels", first.requirement.key);
    const inSelector = mismatches.flatMap(
      ({
        requirement: {
          key,
          values: [wanted],
          expression,
        },
        found,
      }) => (expression === undefined && wanted !== undefined ? [{ key, wanted, found }] : []),
    );
    report({
      message: "mismatch",
      data: {
        wanted: mismatches.map(({ requirement }) => inCode(wantedText(requirement))).join(", "),
        found: mismatches.map(foundText).join(", "),
      },
      at: inTemplate,
      against: [placeOf(first.requirement, selector.place)],
      fixes: [
        ...(inSelector.length === mismatches.length
          ? [
              {
                title: "Set the labels of the template to those of the selector",
                applicability: "review" as const,
                edits: inSelector.map(({ key, wanted }) => ({
                  op: "set" as const,
                  at: template.place.at("metadata", "labels", key),
                  value: wanted,
                })),
              },
            ]
          : []),
        ...(inSelector.length === mismatches.length && inSelector.every(({ found }) => found !== undefined)
          ? [
              {
                title: "Set the selector to the labels of the template",
                applicability: "review" as const,
                edits: inSelector.map(({ key, found = "" }) => ({
                  op: "set" as const,
                  at: selector.place.at("matchLabels", key),
                  value: found,
                })),
              },
            ]
          : []),
      ],
    });
  },
  examples: [
    {
      title: "One label was renamed in one place",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: database
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
    },
  ],
});

function foundText({ requirement: { key }, found }: Mismatch): string {
  return found === undefined ? `no label ${inCode(key)}` : inCode(`${key}=${found}`);
}
