import type { Config } from "../config/config.js";
import { playedBehaviour } from "../kubernetes/versions.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { createDrains } from "../maintenance/hanging-drains.js";
import { readWrittenSpec } from "../rollout/read.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { memoize } from "../workspace/memo.js";
import { allowedEvictions, budgetsFor } from "../workspace/budgets.js";
import { podsOfSet } from "../workspace/selected-pods.js";
import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

/** More pods would make the plays long, and are rarely on five nodes. */
const mostReplicas = 20;

export default defineRule({
  id: "drain-hangs",
  flags: "pods that fit on no other node when theirs is drained, so that their budget stops the drain",
  why: `An evicted pod is created again, and may fit on no node: a \`topologySpreadConstraints\` entry with
\`whenUnsatisfiable: DoNotSchedule\` also counts the drained node, which is empty. The pod stays Pending, the
PodDisruptionBudget counts it as missing and allows no further eviction, and the drain waits as long as the node is
cordoned. Nothing is wrong with the set before that: all pods run, and the budget allows evictions.

Ordinal simulates the drain of each node for 2 to 5 equal nodes and reports the smallest number with which no node can be drained.
Nothing is reported if a part of the set is not known, an autoscaler scales it, or it has more than ${mostReplicas} replicas.`,
  whenNotToUse: "If there are always more nodes than the reported numbers, or each drain adds another node first.",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition (Kubernetes 1.36)",
    "https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  recommended: false,
  messages: {
    hangs: {
      severity: "warning",
      text: "On {nodes} nodes every drain hangs: `{pod}` cannot be scheduled ({why}), and budget `{budget}` waits for it",
    },
  },
  check(statefulSet, { config, scope, report }) {
    const { key, replicas, template } = statefulSet;
    if (replicas.state !== "present" || replicas.value < 2 || replicas.value > mostReplicas) return;
    const at = constraintOf(template.place.at("spec"));
    if (at === undefined) return;
    const around = scope();
    if (!around.complete || autoscalersOf(key, around).length > 0) return;
    if (readWrittenSpec(statefulSet).unknown.length > 0 || !isKnown(template.place)) return;
    const pods = podsOfSet(statefulSet, around);
    const [budget, ...others] = (pods && budgetsFor(key, pods, around)) ?? [];
    if (budget === undefined || others.length > 0) return;
    const allowed = allowedEvictions(budget, { selected: replicas.value, replicas: replicas.value });
    if (allowed === undefined || allowed <= 0) return;
    const { minAvailable, maxUnavailable } = budget;
    const limit = maxUnavailable === undefined ? { minAvailable } : { maxUnavailable };
    const namespace = key.namespace ?? "default";
    const plain = { metadata: { name: budget.key.name, namespace }, spec: { ...limit, selector: {} } };
    const { hanging, honoringHelps } = drainsFor(config)(statefulSet, plain);
    if (hanging === undefined) return;
    const { nodes, waiting } = hanging;
    report({
      message: "hangs",
      data: { nodes, pod: waiting.pod.slice(waiting.pod.indexOf("/") + 1), why: waiting.why, budget: budget.key.name },
      at,
      related: [
        {
          text: `PodDisruptionBudget ${inCode(budget.key.name)}`,
          document: budget.document,
          path: [...budget.root, "spec"],
        },
      ],
      fixes: honoringHelps ? [notCountingDrained(statefulSet)] : [],
    });
  },
  plays: [2, 3, 4, 5].map((nodes) => ({ play: "drain-all", nodes, zones: 3, volumes: "anywhere" })),
  examples: [
    {
      title: "Two pods on each of two nodes",
      bad: example(""),
      good: example("\n          nodeTaintsPolicy: Honor"),
    },
  ],
});

const drainsFor = memoize((config: Config) => createDrains(playedBehaviour(config)));

/** What may keep a pod from other nodes; `undefined` where nothing does. */
function constraintOf(spec: Place): Place | undefined {
  const hard = spec.at("topologySpreadConstraints").items().find(isHard);
  if (hard !== undefined) return hard.at("whenUnsatisfiable");
  return ["podAntiAffinity", "podAffinity"]
    .map((kind) => spec.at("affinity", kind, "requiredDuringSchedulingIgnoredDuringExecution"))
    .find((terms) => terms.items().length > 0);
}

/** It is the default: only `ScheduleAnyway` is soft. */
function isHard(constraint: Place): boolean {
  return valueOr(constraint.at("whenUnsatisfiable").string(), "DoNotSchedule") === "DoNotSchedule";
}

/** Whether no tool will write any part of it. */
function isKnown(place: Place): boolean {
  if (place.kind === "opaque" || place.isOpen) return false;
  return place.items().every(isKnown) && place.entries().every(([, value]) => isKnown(value));
}

function notCountingDrained({ template }: StatefulSet): Fix {
  return {
    title: "Set `nodeTaintsPolicy` to `Honor`, so that drained nodes do not count",
    applicability: "review",
    edits: template.place
      .at("spec", "topologySpreadConstraints")
      .items()
      .filter(isHard)
      .map((constraint) => ({ op: "set" as const, at: constraint.at("nodeTaintsPolicy"), value: "Honor" })),
  };
}

function example(policy: string): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 4
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
          whenUnsatisfiable: DoNotSchedule${policy}
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
`;
}
