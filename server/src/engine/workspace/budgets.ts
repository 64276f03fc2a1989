import type { DisruptionBudget } from "../k8s/disruption-budget.js";
import { scaledValue } from "../k8s/int-or-percent.js";
import type { ResourceKey } from "../k8s/resource.js";
import { unmet, type Labels, type LabelSelector, type Mismatch } from "../k8s/selectors.js";
import { sameNamespace, type Scope } from "./scope.js";
import type { DisruptionBudgetSummary, StatefulSetSummary, WorkloadSummary } from "./summary.js";

/** Whatever makes pods that a budget may be for. */
export type Podded = StatefulSetSummary | WorkloadSummary;

/**
 * The StatefulSets and other workloads in scope, nearest first and whatever their namespace, without most of those
 * whose pods the selector certainly does not select.
 */
export function selectable({ matchLabels }: LabelSelector, scope: Scope): readonly Podded[] {
  const asked = matchLabels.state === "present" ? matchLabels.value : noLabels;
  return [...scope.selectedBy("StatefulSet", asked), ...scope.selectedBy("Workload", asked)];
}

const noLabels: Labels = new Map();

/**
 * The lines of a budget's selector that labels do not meet; `undefined` where the selector cannot be read, or selects
 * no pod whatever its labels: a missing one, or an empty one of policy/v1beta1 (in policy/v1 an empty one selects all).
 */
export function unmetByPods({ selector, key }: DisruptionBudget, labels: Labels): readonly Mismatch[] | undefined {
  if (selector.place.kind !== "map") return undefined;
  const empty = selector.place.entries().length === 0;
  return empty && key.apiVersion !== "policy/v1" ? undefined : unmet(selector, labels);
}

/** The budgets in scope that select pods with these labels, nearest first; `undefined` where one may or may not. */
export function budgetsFor(
  { namespace }: ResourceKey,
  labels: Labels,
  scope: Scope,
): readonly DisruptionBudgetSummary[] | undefined {
  const budgets = scope
    .selecting("PodDisruptionBudget", labels)
    .filter(({ key, partial }) => !partial && sameNamespace(key, namespace));
  return budgets.some(({ matchLabels }) => matchLabels === undefined) ? undefined : budgets;
}

/** Whether a budget in scope certainly selects the pods of a set. */
export function hasBudget({ key: { namespace }, podLabels }: StatefulSetSummary, scope: Scope): boolean {
  if (podLabels === undefined) return false;
  return scope
    .selecting("PodDisruptionBudget", podLabels)
    .some(({ key, matchLabels, partial }) => !partial && sameNamespace(key, namespace) && matchLabels !== undefined);
}

/**
 * How many of the pods a budget lets be missing; `undefined` where nobody can tell. Percentages are rounded up
 * (getExpectedScale in disruption.go, Kubernetes 1.36).
 */
export function allowedEvictions(budget: DisruptionBudgetSummary, replicas: number): number | undefined {
  const { minAvailable, maxUnavailable } = budget;
  if (maxUnavailable !== undefined) return scaledValue(maxUnavailable, replicas, "up");
  const needed = minAvailable === undefined ? undefined : scaledValue(minAvailable, replicas, "up");
  return needed === undefined ? undefined : replicas - needed;
}
