import { scaledValue } from "../kubernetes/int-or-percent.js";
import { behaviourOf } from "../kubernetes/versions.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { allowedEvictions, budgetsFor } from "../workspace/budgets.js";
import { podsOfSet } from "../workspace/selected-pods.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "max-unavailable-all",
  flags: "a `maxUnavailable` that lets an update delete all pods at once, or more than a budget allows to be missing",
  why: `The number is a part of \`replicas\` (percentages are rounded down). If it is all of them, an update deletes every pod
at once: the service is down until the first new pods are Ready, and stays down if the new version does not start. A
cluster that elects a leader loses its majority. PodDisruptionBudgets do not help: the controller deletes pods, it
does not evict them. So if a budget allows fewer pods to be missing than an update removes, one of the two numbers is
probably wrong. That is reported as information.`,
  whenNotToUse: "For workers that can all stop at once.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-apps/961-maxunavailable-for-statefulset (on by default from Kubernetes 1.37)",
    "recorded on Kubernetes 1.36.2 with the feature gate on (test/truth/traces.jsonl, category maxunavail)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    all: {
      severity: "warning",
      text: "`maxUnavailable: {value}` of {replicas} replicas: an update deletes all pods at once",
    },
    overBudget: {
      severity: "info",
      text: "An update takes {pods} pods at a time, but {budget} allows only {allowed} to be missing",
    },
  },
  check(statefulSet, { config, scope, report }) {
    const { key, replicas } = statefulSet;
    const { type, maxUnavailable } = statefulSet.updateStrategy;
    if (
      maxUnavailable.state !== "present" ||
      !behaviourOf(config.kubernetesVersion, config.featureGates).maxUnavailable
    )
      return;
    if (valueOr(type, "RollingUpdate") !== "RollingUpdate" || replicas.state !== "present" || replicas.value < 2)
      return;
    const pods = scaledValue(maxUnavailable.value, replicas.value, "down");
    if (pods === undefined || pods < 2) return;
    const around = scope();
    if (!around.complete || autoscalersOf(key, around).length > 0) return;
    const fixes: readonly Fix[] = [
      {
        title: "Set `maxUnavailable` to `1`",
        applicability: "review",
        edits: [{ op: "set", at: maxUnavailable, value: 1 }],
      },
    ];
    if (pods >= replicas.value) {
      const data = { value: maxUnavailable.value, replicas: replicas.value };
      report({ message: "all", data, at: maxUnavailable, fixes });
      return;
    }
    const ownPods = podsOfSet(statefulSet, around);
    const budgets = ownPods && budgetsFor(key, ownPods, around);
    const [budget] = budgets ?? [];
    const [allowed] =
      budgets?.map((one) => allowedEvictions(one, { selected: replicas.value, replicas: replicas.value })) ?? [];
    // One that lets no pod be missing at all is another rule's: pdb-blocks-drain.
    if (budget === undefined || budgets?.length !== 1 || allowed === undefined || allowed < 1 || allowed >= pods)
      return;
    report({
      message: "overBudget",
      data: { pods, allowed, budget: `PodDisruptionBudget ${inCode(budget.key.name)}` },
      at: maxUnavailable,
      related: [
        {
          text: `PodDisruptionBudget ${inCode(budget.key.name)}`,
          document: budget.document,
          path: [...budget.root, "spec"],
        },
      ],
      fixes,
    });
  },
  examples: [
    {
      title: "All of them",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: Parallel
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 100%
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
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: Parallel
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 1
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
      kubernetesVersion: "1.37",
    },
  ],
});
