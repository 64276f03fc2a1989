import { placeOf, readSelector, select, wantedText } from "../kubernetes/selection.js";
import { readLabelSelector } from "../kubernetes/selectors.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { podsOfTemplate } from "../workspace/selected-pods.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Pointed } from "../yaml/origin.js";

export default defineRule({
  id: "spread-selector-mismatch",
  flags: "a topology spread constraint whose selector does not match the set's own pods",
  why: `A spread constraint counts the pods that its \`labelSelector\` matches and places the next one where there are fewest.
If it does not match its own pods, it never counts them: all replicas can run on one node, or in one zone, and no
error appears. The usual cause is a label that was renamed, or a constraint that was copied from another workload.`,
  whenNotToUse: "If the pods are to be spread relative to other pods.",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#topologyspreadconstraints-field (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    label: {
      severity: "warning",
      text: "This constraint does not count these pods: their label `{key}` is `{found}`, not `{wanted}`",
    },
    missing: { severity: "warning", text: "This constraint does not count these pods: they have no label `{key}`" },
    expression: {
      severity: "warning",
      text: "This constraint does not count these pods: they do not meet `{expression}`",
    },
  },
  check(statefulSet, { config, report }) {
    const pods = podsOfTemplate(statefulSet, config);
    if (pods === undefined) return;
    for (const constraint of statefulSet.template.place.at("spec", "topologySpreadConstraints").items()) {
      const selector = readLabelSelector(constraint.at("labelSelector"));
      const asked = readSelector(selector);
      const selection = asked && select(asked, pods);
      if (selection?.pods !== "none") continue;
      const [mismatch] = selection.unmet;
      if (mismatch === undefined) continue;
      const { requirement, found } = mismatch;
      const at = placeOf(requirement, selector.place);
      const fixes = ownLabelsFix(statefulSet, selector.place);
      if (requirement.expression !== undefined) {
        report({ message: "expression", data: { expression: wantedText(requirement) }, at, fixes });
        continue;
      }
      const data = { key: requirement.key, wanted: requirement.values.join(), found: found ?? "" };
      report({ message: found === undefined ? "missing" : "label", data, at, fixes });
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
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: db
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
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
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

/** Selects by the labels that the set itself selects its pods by. */
function ownLabelsFix({ selector: { matchLabels } }: StatefulSet, at: Pointed): readonly Fix[] {
  if (matchLabels.state !== "present" || matchLabels.value.size === 0) return [];
  return [
    {
      title: "Use the selector of the set",
      applicability: "review",
      edits: [{ op: "set", at, value: { matchLabels: Object.fromEntries(matchLabels.value) } }],
    },
  ];
}
