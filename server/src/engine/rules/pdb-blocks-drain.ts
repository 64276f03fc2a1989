import { scaledValue } from "../kubernetes/int-or-percent.js";
import { budgetSelector, type DisruptionBudget } from "../kubernetes/kinds/pod-disruption-budget.js";
import { countSelected, select, selectsAny, type Selector } from "../kubernetes/selection.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { allowedEvictions } from "../workspace/budgets.js";
import { sameNamespace } from "../workspace/namespace.js";
import type { Scope } from "../workspace/scope.js";
import { podsIn, selectable } from "../workspace/selected-pods.js";
import type { StatefulSetSummary } from "../workspace/summary.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pdb-blocks-drain",
  flags: "a PodDisruptionBudget that never allows a pod to be evicted",
  why: `\`kubectl drain\`, node upgrades and cluster autoscalers evict pods, and an eviction waits as long as the budget does
not allow it. A budget that allows none, whatever the state of the pods, blocks them all: the drain hangs until you
delete the budget or the pod. Usually \`minAvailable\` equals the number of replicas, often with one replica.
Percentages are rounded up. A budget with neither limit allows no eviction.

\`maxUnavailable\` and percentages count all replicas of a set if the budget selects any of its pods. So a budget for
one pod (by the label \`statefulset.kubernetes.io/pod-name\`) with \`maxUnavailable: 1\` never allows the eviction of that
pod: of three expected pods only one is seen as healthy.

Replicas are counted if the budget selects one StatefulSet and nothing else in scope, and no autoscaler scales it.`,
  whenNotToUse: "If a person must agree to each eviction.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/configure-pdb/ (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["PodDisruptionBudget"],
  messages: {
    unlimited: {
      severity: "warning",
      text: "Without `minAvailable` or `maxUnavailable` no pod can be evicted, so node drains will hang",
    },
    part: {
      severity: "warning",
      text: "`{field}: {value}` counts all {total} pods of `{set}`, selected or not: {pods} can never be evicted",
    },
    never: { severity: "warning", text: "`{field}: {value}` allows no pod to be evicted, so node drains will hang" },
    all: {
      severity: "warning",
      text: "`minAvailable: {value}` with {replicas} of `{set}` allows no pod to be evicted, so node drains will hang",
    },
  },
  check(budget, { scope, report }) {
    const { minAvailable, maxUnavailable } = budget;
    const selector = budgetSelector(budget);
    if (selector === undefined || selector === "nothing") return;
    if (minAvailable.state === "absent" && maxUnavailable.state === "absent") {
      report({ message: "unlimited", at: maxUnavailable, fixes: [oneAtATime(budget)] });
      return;
    }
    const [field, limit] =
      maxUnavailable.state === "absent"
        ? (["minAvailable", minAvailable] as const)
        : (["maxUnavailable", maxUnavailable] as const);
    if (limit.state !== "present") return;
    const { value } = limit;
    const scaled = scaledValue(value, 100, "up");
    if (field === "maxUnavailable" ? scaled === 0 : typeof value === "string" && (scaled ?? 0) >= 100) {
      report({ message: "never", data: { field, value }, at: limit, fixes: [oneAtATime(budget)] });
      return;
    }
    const around = scope();
    const limits = {
      minAvailable: valueOr(minAvailable, undefined),
      maxUnavailable: valueOr(maxUnavailable, undefined),
    };
    const sets = onlySelectedSet(budget, selector, around).map((set) => {
      const pods = podsIn(set, around);
      const selection = pods && select(selector, pods);
      const selected = selection && countSelected(selection, pods);
      const allowed =
        selected === undefined || selected === 0 || set.replicas === undefined
          ? undefined
          : allowedEvictions(limits, { selected, replicas: set.replicas });
      return { set, selection, selected, allowed };
    });
    const [first] = sets;
    if (first?.selection === undefined || first.selected === undefined) return;
    if (!sets.every(({ allowed }) => allowed !== undefined && allowed <= 0)) return;
    const { set, selection, selected } = first;
    const isPart = selection.pods !== "all" && !(field === "minAvailable" && typeof value === "number");
    report({
      message: isPart ? "part" : "all",
      data: {
        field,
        value,
        replicas: selected === 1 ? "1 replica" : `${selected} replicas`,
        total: set.replicas ?? 0,
        pods: selection.pods === "only" ? selection.names.map(inCode).join(", ") : "the selected pods",
        set: set.key.name,
      },
      at: limit,
      related: [
        {
          text: `The replicas of ${inCode(set.key.name)}`,
          document: set.document,
          path: [...set.root, "spec", "replicas"],
        },
      ],
      // One of all its pods would still be too few.
      fixes: selection.pods === "all" ? [oneAtATime(budget)] : [],
    });
  },
  plays: [{ play: "drain-all", nodes: 3, zones: 3 }],
  examples: [
    {
      title: "As many as there are replicas",
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
  minAvailable: 3
  selector:
    matchLabels:
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
    {
      title: "None may be missing",
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
  maxUnavailable: 0
  selector:
    matchLabels:
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

/**
 * The variants of the one StatefulSet that a budget selects; none where it selects anything else, or an autoscaler
 * scales it.
 */
function onlySelectedSet(
  { key: budget }: DisruptionBudget,
  selector: Selector,
  scope: Scope,
): readonly StatefulSetSummary[] {
  if (!scope.complete) return [];
  const selected = selectable(selector, scope).filter(
    (one) => sameNamespace(one.key, budget.namespace) && selectsAny(selector, podsIn(one, scope)) === true,
  );
  const sets = selected.filter((one) => one.kind === "StatefulSet");
  if (sets.length < selected.length || new Set(sets.map(({ key }) => key.name)).size !== 1) return [];
  return sets.some(({ key, partial }) => partial || autoscalersOf(key, scope).length > 0) ? [] : sets;
}

function oneAtATime({ minAvailable, maxUnavailable }: DisruptionBudget): Fix {
  return {
    title: "Set `maxUnavailable` to `1`, so that one pod at a time can be evicted",
    applicability: "review",
    edits: [
      { op: "remove", at: minAvailable },
      { op: "set", at: maxUnavailable, value: 1 },
    ],
  };
}
