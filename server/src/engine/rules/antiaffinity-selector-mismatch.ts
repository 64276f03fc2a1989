import { podLabels } from "../k8s/pod-template.js";
import { readLabelSelector, unmet, type Labels, type Mismatch } from "../k8s/selectors.js";
import { defineRule } from "../lint/rule.js";
import { selectable } from "../workspace/budgets.js";
import type { Place } from "../yaml/place.js";

export default defineRule({
  id: "antiaffinity-selector-mismatch",
  flags: "an anti-affinity term that was meant for the set's own pods and does not match them",
  why: `Anti-affinity keeps a pod away from the pods that the term's \`labelSelector\` matches. When it was meant to keep the
replicas apart and a label has been renamed since, it matches nobody: all replicas may land on one node, and no error
appears.

A term may well be about other pods. So it is flagged only where no term of the set matches its own pods, no workload
in scope has pods that this one matches, and the labels are nearly the set's own: a part of them is met, a value is
that of another label, or one value is a part of the other.`,
  whenNotToUse: "Where the pods to stay away from are made elsewhere.",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    label: {
      severity: "warning",
      text: "the term does not match these pods: their label {key} is {found}, not {wanted}",
    },
    missing: { severity: "warning", text: "the term does not match these pods: they have no label {key}" },
  },
  examples: [
    {
      title: "A label of another scheme",
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
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
                    k8s-app: db
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
  check({ selector: { matchLabels }, template }, { scope, report }) {
    const labels = podLabels(template);
    if (labels === undefined) return;
    const selectors = termsOf(template.place).map((term) => readLabelSelector(term.at("labelSelector")));
    const mismatches = selectors.map((selector) => unmet(selector, labels));
    // An unreadable term may be the one that keeps the replicas apart, and an empty selector matches all pods.
    if (mismatches.some((mismatch) => mismatch === undefined || mismatch.length === 0)) return;
    const around = scope();
    if (!around.complete) return;
    for (const [index, selector] of selectors.entries()) {
      const [mismatch] = mismatches[index] ?? [];
      if (mismatch?.kind !== "label") continue;
      const lines =
        selector.place.at("matchLabels").entries().length + selector.place.at("matchExpressions").items().length;
      if (mismatches[index]?.length === lines && !isNear(mismatch, labels)) continue;
      const selected = selectable(selector, around).some(
        (one) => one.podLabels === undefined || unmet(selector, one.podLabels)?.length === 0,
      );
      if (selected) continue;
      const { key, wanted, found } = mismatch;
      report({
        message: found === undefined ? "missing" : "label",
        data: { key, wanted, found: found ?? "" },
        at: selector.place.at("matchLabels", key),
        fixes:
          matchLabels.state !== "present" || matchLabels.value.size === 0
            ? []
            : [
                {
                  title: "Match the pods as the set selects them",
                  applicability: "review",
                  edits: [
                    {
                      op: "set",
                      path: selector.place.path,
                      value: { matchLabels: Object.fromEntries(matchLabels.value) },
                    },
                  ],
                },
              ],
      });
    }
  },
});

function termsOf(template: Place): readonly Place[] {
  const antiAffinity = template.at("spec", "affinity", "podAntiAffinity");
  return [
    ...antiAffinity.at("requiredDuringSchedulingIgnoredDuringExecution").items(),
    ...antiAffinity
      .at("preferredDuringSchedulingIgnoredDuringExecution")
      .items()
      .map((term) => term.at("podAffinityTerm")),
  ];
}

function isNear({ wanted, found }: Extract<Mismatch, { kind: "label" }>, labels: Labels): boolean {
  if (found === undefined) return [...labels.values()].includes(wanted);
  return found !== "" && wanted !== "" && (found.includes(wanted) || wanted.includes(found));
}
