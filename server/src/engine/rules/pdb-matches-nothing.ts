import { budgetSelector } from "../kubernetes/kinds/pod-disruption-budget.js";
import { equalities, placeOf, podNameLabel, wantedText, type Mismatch } from "../kubernetes/selection.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { hasBudget } from "../workspace/budgets.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn, selectable, selectedByBudget, type Podded } from "../workspace/selected-pods.js";
import type { StatefulSetSummary } from "../workspace/summary.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pdb-matches-nothing",
  flags: "a PodDisruptionBudget that selects no pods, next to a StatefulSet that it is probably for",
  why: `A budget protects the pods that its selector matches. A budget that matches none is accepted and protects nothing: a
drain can remove all pods at once. Only its status shows it (\`expectedPods: 0\`). Without \`selector\` a budget matches
no pod. With an empty one (\`{}\`) it matches every pod of its namespace, but none in \`policy/v1beta1\`.

A selector is reported only if no StatefulSet or other workload in scope has such pods, and one in the same directory
almost matches: it meets a part of the selector, or the budget is named after it.`,
  whenNotToUse: "If an operator creates the pods.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#check-the-status-of-the-pdb (Kubernetes 1.36)",
    "PodDisruptionBudgetSpec.Selector in k8s.io/api policy/v1 types.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["PodDisruptionBudget"],
  onPartial: true,
  messages: {
    noSelector: { severity: "warning", text: "Without `selector` this budget protects no pod" },
    empty: { severity: "warning", text: "An empty `selector` selects no pod in `policy/v1beta1`" },
    label: {
      severity: "warning",
      text: "This budget selects no pods: those of `{set}` have the label `{key}: {found}`, not `{wanted}`",
    },
    missing: { severity: "warning", text: "This budget selects no pods: those of `{set}` have no label `{key}`" },
    expression: {
      severity: "warning",
      text: "This budget selects no pods: those of `{set}` do not meet `{expression}`",
    },
  },
  check(budget, { scope, report }) {
    const around = scope();
    if (!around.complete) return;
    const { key } = budget;
    const { place } = budget.selector;
    const selector = budgetSelector(budget);
    if (selector === undefined) return;
    const fixesFor = (set: StatefulSetSummary | undefined): readonly Fix[] => {
      const labels = set && (set.selector === undefined ? set.podLabels : equalities(set.selector));
      if (set === undefined || labels === undefined || labels.size === 0) return [];
      return [
        {
          title: `Select the pods of ${inCode(set.key.name)}`,
          applicability: "review",
          edits: [{ op: "set", at: place, value: { matchLabels: Object.fromEntries(labels) } }],
        },
      ];
    };
    const beside = around
      .all("StatefulSet", "directory")
      .filter((set) => !set.partial && sameNamespace(set.key, key.namespace));
    // One that has a budget of its own was not meant: this one is for something that is not there.
    const without = () => beside.filter((set) => !hasBudget(set, around));
    if (selector === "nothing") {
      // What stands by itself may be a patch of a budget, here or elsewhere.
      const hasBase = around.named("PodDisruptionBudget", key.name).some(({ partial }) => !partial);
      const isAlone = (["StatefulSet", "Workload"] as const).every((kind) =>
        around.all(kind, "directory").every(({ partial }) => partial),
      );
      if (place.kind === "absent" && (hasBase || isAlone)) return;
      const isEmpty = place.kind === "map";
      const [only, ...others] = without();
      const fixes = others.length === 0 ? fixesFor(only) : [];
      report({ message: isEmpty ? "empty" : "noSelector", at: place, fixes });
      return;
    }

    // Where some labels are unknown, they may be the ones.
    const unmetBy = (one: Podded) => {
      const selection = selectedByBudget({ selector }, podsIn(one, around));
      return selection?.pods === "none" ? selection.unmet : undefined;
    };
    if (!selectable(selector, around).every((one) => unmetBy(one) !== undefined)) return;
    const meant =
      beside.find((set) => unmetBy(set)?.some(isPodOf(set.key.name))) ??
      without().find((set) => unmetBy(set)?.length !== selector.length || namedAfter(key.name, set.key.name));
    const [mismatch] = (meant && unmetBy(meant)) ?? [];
    if (meant === undefined || mismatch === undefined) return;
    const { requirement, found } = mismatch;
    const set = meant.key.name;
    const shared = {
      at: placeOf(requirement, place),
      related: [
        {
          text: `The labels of the pods of ${inCode(set)}`,
          document: meant.document,
          path: [...meant.root, "spec", "template", "metadata", "labels"],
        },
      ],
      fixes: requirement.key === podNameLabel ? [] : fixesFor(meant),
    };
    if (requirement.expression !== undefined) {
      report({ ...shared, message: "expression", data: { set, expression: wantedText(requirement) } });
      return;
    }
    const data = { set, key: requirement.key, wanted: requirement.values.join(), found: found ?? "" };
    report({ ...shared, message: found === undefined ? "missing" : "label", data });
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
});

/** Whether it asks for one pod of the set that there is not: `db-7`. */
function isPodOf(set: string): (mismatch: Mismatch) => boolean {
  return ({ requirement: { key, values } }) =>
    key === podNameLabel && values.some((value) => /-\d+$/.test(value) && value.startsWith(`${set}-`));
}

/** `db-pdb` for `db`. */
function namedAfter(budget: string, set: string): boolean {
  return set !== "" && (budget === set || budget.startsWith(`${set}-`));
}
