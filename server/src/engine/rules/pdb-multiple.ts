import { overlap, selectsAny, type Selection } from "../kubernetes/selection.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import type { Reach } from "../workspace/scope.js";
import { podsIn, podsOfSet, selectedByBudget } from "../workspace/selected-pods.js";
import type { DisruptionBudgetSummary, StatefulSetSummary } from "../workspace/summary.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pdb-multiple",
  flags: "pods that are selected by more than one PodDisruptionBudget",
  why: `The Eviction API refuses a pod that several budgets select (\`This pod has more than one PodDisruptionBudget, which the
eviction subresource does not support\`), whatever they allow. So \`kubectl drain\` cannot empty the node, and node
upgrades hang.

Budgets of the same directory count. If they select several StatefulSets of the directory, only those of the same file
count, because such files are usually variants of each other. A budget with an empty selector (\`{}\`) selects every pod
of its namespace, so it counts too.`,
  whenNotToUse: "If the budgets of a directory are alternatives and only one is applied.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets (Kubernetes 1.36)",
    "pkg/registry/core/pod/storage/eviction.go (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    several: {
      severity: "warning",
      text: "Budgets `{first}` and `{second}` both select these pods, so the Eviction API refuses to evict them",
    },
  },
  check(statefulSet, { scope, report }) {
    const { key, name } = statefulSet;
    const around = scope();
    const pods = podsOfSet(statefulSet, around);
    if (pods === undefined || pods.count === 0) return;
    const selecting = (reach: Reach) =>
      around
        .selecting("PodDisruptionBudget", pods.labels, reach)
        .filter((budget) => sameNamespace(budget.key, key.namespace))
        .flatMap((budget) => {
          const selection = selectedByBudget(budget, pods);
          return selection === undefined || selection.pods === "none" ? [] : [{ budget, selection }];
        });
    // Budgets that select several sets of a directory are those of variants, each a file of its own.
    const inDirectory = selecting("directory");
    const isOther = (set: StatefulSetSummary) => set.key.name !== key.name;
    const variants = inDirectory.some(
      ({ budget: { selector } }) =>
        selector !== undefined &&
        selector !== "nothing" &&
        around
          .selectedBy("StatefulSet", selector, "directory")
          .some((set) => isOther(set) && selectsAny(selector, podsIn(set, around)) === true),
    );
    const budgets = variants ? selecting("file") : inDirectory;
    const first = budgets.find((one) => budgets.some((other) => areTwo(one, other, key.namespace)));
    const second = first && budgets.find((other) => areTwo(first, other, key.namespace));
    if (first === undefined || second === undefined) return;
    report({
      message: "several",
      data: { first: first.budget.key.name, second: second.budget.key.name },
      at: name,
      related: budgets.map(({ budget: { key: other, document, root } }) => ({
        text: `PodDisruptionBudget ${inCode(other.name)} selects these pods`,
        document,
        path: [...root, "spec", "selector"],
      })),
    });
  },
  examples: [
    {
      title: "One for all, and one more",
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
      app: db
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db-quorum
spec:
  minAvailable: 2
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

interface Selecting {
  readonly budget: DisruptionBudgetSummary;
  readonly selection: Selection;
}

/** The set may be in the namespace of either; of a namespace that only one of them names it is not known to be both. */
function areTwo(one: Selecting, other: Selecting, namespace: string | undefined): boolean {
  const { key } = one.budget;
  if (namespace === undefined && key.namespace !== other.budget.key.namespace) return false;
  return key.name !== other.budget.key.name && overlap(one.selection, other.selection);
}
