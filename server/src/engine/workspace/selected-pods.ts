import { podLabels } from "../kubernetes/pod-template.js";
import { podsOf, select, selectorFor, type Pods, type Selection, type Selector } from "../kubernetes/selection.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { behaviourOf } from "../kubernetes/versions.js";
import { valueOr } from "../yaml/field.js";
import { isScaled } from "./autoscalers.js";
import type { Cluster, Scope } from "./scope.js";
import type { DisruptionBudgetSummary, ServiceSummary, StatefulSetSummary, WorkloadSummary } from "./summary.js";

/** Whatever makes pods that a selector may select. */
export type Podded = StatefulSetSummary | WorkloadSummary;

/**
 * The pods of a workload in scope; `undefined` where their labels are not known. How many there are is not known where
 * an autoscaler scales it.
 */
export function podsIn(workload: Podded, scope: Scope): Pods | undefined {
  const { key, identity, podLabels: labels, replicas } = workload;
  if (labels === undefined) return undefined;
  return podsOf({
    kind: key.kind,
    name: identity === undefined ? undefined : key.name,
    labels,
    replicas: isScaled(key, replicas, scope) ? undefined : replicas,
    firstOrdinal: workload.kind === "StatefulSet" ? workload.firstOrdinal : 0,
    podIndexLabel: hasIndexLabel(scope.cluster),
  });
}

/** The pods of a set that the manifest holds. */
export function podsOfSet(statefulSet: StatefulSet, scope: Scope): Pods | undefined {
  const replicas = valueOr(statefulSet.replicas, 1);
  const known = isScaled(statefulSet.key, replicas, scope) ? undefined : replicas;
  return podsOfTemplate(statefulSet, scope.cluster, known);
}

/** The same where nothing else is asked, not even how many pods there are. */
export function podsOfTemplate(
  { key, name, template, firstOrdinal }: StatefulSet,
  cluster: Cluster,
  replicas?: number,
): Pods | undefined {
  const labels = podLabels(template);
  if (labels === undefined) return undefined;
  const known = name.state === "present" ? key.name : undefined;
  return podsOf({
    kind: "StatefulSet",
    name: known,
    labels,
    replicas,
    firstOrdinal: valueOr(firstOrdinal, 0),
    podIndexLabel: hasIndexLabel(cluster),
  });
}

function hasIndexLabel({ kubernetesVersion, featureGates }: Cluster): boolean {
  return behaviourOf(kubernetesVersion, featureGates).podIndexLabel;
}

/** Which of the pods a Service selects; one without a selector selects none. `undefined` where it cannot be known. */
export function selectedByService({ selector }: ServiceSummary, pods: Pods | undefined): Selection | undefined {
  if (selector === undefined || pods === undefined) return undefined;
  return selector.size === 0 ? { pods: "none", unmet: [] } : select(selectorFor(selector), pods);
}

/** Which of the pods a budget selects; `undefined` where it cannot be known. */
export function selectedByBudget(
  { selector }: Pick<DisruptionBudgetSummary, "selector">,
  pods: Pods | undefined,
): Selection | undefined {
  if (selector === "nothing") return { pods: "none", unmet: [] };
  return selector && pods && select(selector, pods);
}

/**
 * The StatefulSets and other workloads in scope, nearest first and whatever their namespace, without most of those of
 * which the selector certainly selects no pod.
 */
export function selectable(selector: Selector, scope: Scope): readonly Podded[] {
  return [...scope.selectedBy("StatefulSet", selector), ...scope.selectedBy("Workload", selector)];
}
