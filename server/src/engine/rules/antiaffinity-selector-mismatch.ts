import {
  placeOf,
  readSelector,
  select,
  selectsAny,
  type Mismatch,
  type Pods,
  type Requirement,
} from "../kubernetes/selection.js";
import { readLabelSelector, type Labels } from "../kubernetes/selectors.js";
import { nearest } from "../kubernetes/schema/nearest.js";
import { defineRule } from "../lint/rule.js";
import { labelsToSelect } from "../workspace/governing-service.js";
import { podsIn, podsOfSet, selectable } from "../workspace/selected-pods.js";
import type { Place } from "../yaml/place.js";
import { alternatives } from "../text/code.js";

export default defineRule({
  id: "antiaffinity-selector-mismatch",
  flags: "an anti-affinity term that is meant for the set's own pods but does not match them",
  why: `Anti-affinity keeps a pod away from the pods that the \`labelSelector\` of the term matches. If a label was renamed
since, the term matches nothing: all replicas can run on one node, and no error appears.

A term can also be about other pods. So it is reported only if no term of the set matches its own pods, no workload in
scope has pods that match, and the labels are close to those of the set: some of them match, a value belongs to
another label, or one value contains the other or differs by a typo.`,
  whenNotToUse: "If the pods to stay away from are created elsewhere.",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    label: {
      severity: "warning",
      text: "This term does not match these pods: their label `{key}` is `{found}`, not {wanted}",
    },
    missing: { severity: "warning", text: "This term does not match these pods: they have no label `{key}`" },
  },
  check(statefulSet, { scope, report }) {
    const { template } = statefulSet;
    const around = scope();
    const pods = podsOfSet(statefulSet, around);
    if (pods === undefined) return;
    const terms = termsOf(template.place)
      .filter((term) => !isForOthers(term, pods))
      .map((term) => {
        const { place, ...selector } = readLabelSelector(term.at("labelSelector"));
        const asked = readSelector({ place, ...selector });
        return { place, asked, selection: asked && select(asked, pods) };
      });
    // An unreadable term may be the one that keeps the replicas apart, and an empty selector matches all pods.
    if (terms.some(({ selection }) => selection?.pods !== "none") || !around.complete) return;
    for (const { place, asked = [], selection } of terms) {
      const unmet = selection?.pods === "none" ? selection.unmet : [];
      const [mismatch] = unmet;
      // What excludes these pods in so many words is about others.
      if (mismatch === undefined || unmet.some(({ requirement }) => excludes(requirement))) continue;
      if (unmet.length === asked.length && !isNear(mismatch, pods.labels)) continue;
      const isSelected = selectable(asked, around).some((one) => selectsAny(asked, podsIn(one, around)) !== false);
      if (isSelected) continue;
      const { requirement, found } = mismatch;
      const own = labelsToSelect(statefulSet);
      report({
        message: found === undefined ? "missing" : "label",
        data: { key: requirement.key, wanted: alternatives(requirement.values), found: found ?? "" },
        at: placeOf(requirement, place),
        fixes:
          own === undefined
            ? []
            : [
                {
                  title: "Use the selector of the set",
                  applicability: "review",
                  edits: [{ op: "set", at: place, value: { matchLabels: Object.fromEntries(own) } }],
                },
              ],
      });
    }
  },
  plays: [{ play: "lose-node", nodes: 2, zones: 2 }],
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

function excludes({ operator }: Requirement): boolean {
  return operator === "NotIn" || operator === "DoesNotExist";
}

/**
 * Whether a term leaves out pods with the same value of a label: `mismatchLabelKeys` adds `key NotIn (own value)` where
 * the pod has the label. `matchLabelKeys` adds `key In (own value)`, which the set's own pods meet
 * (applyMatchLabelKeysAndMismatchLabelKeys in pkg/registry/core/pod/strategy.go, Kubernetes 1.36).
 */
function isForOthers(term: Place, { labels, chosen, own }: Pods): boolean {
  const keys = term.at("mismatchLabelKeys").stringList();
  return keys.state === "present" && keys.value.some((key) => labels.has(key) || chosen.has(key) || own.has(key));
}

function isNear({ requirement: { values }, found }: Mismatch, labels: Labels): boolean {
  return values.some((wanted) =>
    found === undefined
      ? [...labels.values()].includes(wanted)
      : found !== "" &&
        wanted !== "" &&
        (found.includes(wanted) || wanted.includes(found) || nearest(wanted, [found]) !== undefined),
  );
}
