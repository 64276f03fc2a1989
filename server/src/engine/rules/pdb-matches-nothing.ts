import type { Labels } from "../k8s/selectors.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { hasBudget, selectable, unmetByPods } from "../workspace/budgets.js";
import { sameNamespace } from "../workspace/scope.js";

export default defineRule({
  id: "pdb-matches-nothing",
  flags: "a PodDisruptionBudget that selects no pods, next to a StatefulSet that it was probably written for",
  why: `A budget protects the pods that its selector matches. One that matches none is accepted and protects nothing: a drain may
take all pods at once. Its status says so (\`expectedPods: 0\`), but nobody looks there.

It is said only where no StatefulSet or other workload in scope has such pods, and one in the same directory nearly has:
it meets a part of the selector, or the budget is named after it.`,
  whenNotToUse: "Where an operator makes the pods.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#check-the-status-of-the-pdb (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  scope: "workspace",
  kinds: ["PodDisruptionBudget"],
  messages: {
    label: { severity: "warning", text: "no pods are selected: those of {set} have {key} {found}, not {wanted}" },
    missing: { severity: "warning", text: "no pods are selected: those of {set} have no label {key}" },
    expression: { severity: "warning", text: "no pods are selected: those of {set} do not meet {expression}" },
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: db
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
    },
  ],
  check(budget, { scope, report }) {
    const around = scope();
    if (!around.complete) return;
    const { key, selector } = budget;
    // Where some labels are unknown, they may be the ones.
    const unmetBy = (labels: Labels | undefined) => labels && unmetByPods(budget, labels);
    if (!selectable(selector, around).every((one) => (unmetBy(one.podLabels)?.length ?? 0) > 0)) return;
    const lines =
      selector.place.at("matchLabels").entries().length + selector.place.at("matchExpressions").items().length;
    const meant = around.all("StatefulSet", "directory").find(
      (set) =>
        !set.partial &&
        sameNamespace(set.key, key.namespace) &&
        // One that has a budget of its own was not meant: this one is for something that is not there.
        !hasBudget(set, around) &&
        (unmetBy(set.podLabels)?.length !== lines || namedAfter(key.name, set.key.name)),
    );
    const [mismatch] = unmetBy(meant?.podLabels) ?? [];
    if (meant === undefined || mismatch === undefined) return;

    const labels = meant.matchLabels ?? meant.podLabels;
    const fixes: Fix[] =
      labels === undefined || labels.size === 0
        ? []
        : [
            {
              title: `Select the pods of ${meant.key.name}`,
              applicability: "review",
              edits: [{ op: "set", path: selector.place.path, value: { matchLabels: Object.fromEntries(labels) } }],
            },
          ];
    const related = [
      {
        text: `the labels of the pods of ${meant.key.name}`,
        document: meant.document,
        path: [...meant.root, "spec", "template", "metadata", "labels"],
      },
    ];
    const set = meant.key.name;
    switch (mismatch.kind) {
      case "label": {
        const { key: label, wanted, found } = mismatch;
        report({
          message: found === undefined ? "missing" : "label",
          data: { set, key: label, wanted, found: found ?? "" },
          at: selector.place.at("matchLabels", label),
          related,
          fixes,
        });
        break;
      }
      case "expression":
        report({
          message: "expression",
          data: { set, expression: mismatch.text },
          at: selector.place.at("matchExpressions", mismatch.index),
          related,
          fixes,
        });
        break;
    }
  },
});

/** `db-pdb` for `db`. */
function namedAfter(budget: string, set: string): boolean {
  return set !== "" && (budget === set || budget.startsWith(`${set}-`));
}
