import { scaledValue } from "../kubernetes/int-or-percent.js";
import type { ResourceKey } from "../kubernetes/object.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { select, selectorFor, type Pods } from "../kubernetes/selection.js";
import type { Plain } from "../yaml/edit.js";
import { valueOr } from "../yaml/field.js";
import { sameNamespace } from "./namespace.js";
import type { Scope } from "./scope.js";
import { podsIn, selectedByBudget } from "./selected-pods.js";
import type { DisruptionBudgetSummary, StatefulSetSummary } from "./summary.js";

/** The budgets in scope that select all of these pods, nearest first; `undefined` where one may or may not. */
export function budgetsFor(
  { namespace }: ResourceKey,
  pods: Pods,
  scope: Scope,
): readonly DisruptionBudgetSummary[] | undefined {
  const budgets = scope
    .selecting("PodDisruptionBudget", pods.labels)
    .filter(({ key, partial }) => !partial && sameNamespace(key, namespace));
  const selections = budgets.map((budget) => selectedByBudget(budget, pods));
  if (selections.includes(undefined)) return undefined;
  return budgets.filter((_, index) => selections[index]?.pods === "all");
}

/** The written values of a budget. */
export interface Limits {
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
}

/**
 * How many healthy pods may be evicted at once; 0 or less is none. `selected` are the healthy pods that the budget
 * selects, `replicas` those of the whole sets that they belong to: `maxUnavailable` and percentages count these, even
 * where the selector leaves some of them out. Percentages are rounded up; without any limit no pod is expected, and none
 * may go (getExpectedPodCount and updatePdbStatus in pkg/controller/disruption/disruption.go, Kubernetes 1.36).
 * `undefined` for a limit that cannot be read.
 */
export function allowedEvictions(
  { minAvailable, maxUnavailable }: Limits,
  { selected, replicas }: { readonly selected: number; readonly replicas: number },
): number | undefined {
  if (maxUnavailable !== undefined) {
    const unavailable = scaledValue(maxUnavailable, replicas, "up");
    return unavailable === undefined ? undefined : selected - Math.max(replicas - unavailable, 0);
  }
  if (minAvailable === undefined) return 0;
  const needed = scaledValue(minAvailable, replicas, "up");
  return needed === undefined ? undefined : selected - needed;
}

/** Whether a budget in scope certainly selects pods of a set. */
export function hasBudget(set: StatefulSetSummary, scope: Scope): boolean {
  const pods = podsIn(set, scope);
  if (pods === undefined) return false;
  return scope.selecting("PodDisruptionBudget", pods.labels).some((budget) => {
    if (budget.partial || !sameNamespace(budget.key, set.key.namespace)) return false;
    const selection = selectedByBudget(budget, pods);
    return selection !== undefined && selection.pods !== "none";
  });
}

/** Whether a budget in scope selects any of a set's pods, or may. */
export function mayHaveBudget({ key }: StatefulSet, pods: Pods, scope: Scope): boolean {
  return scope
    .selecting("PodDisruptionBudget", pods.labels)
    .some((budget) => sameNamespace(budget.key, key.namespace) && selectedByBudget(budget, pods)?.pods !== "none");
}

/**
 * A budget for a set that has none, as a new document: one pod may go at a time. `undefined` where the set's own
 * selector does not select its pods, or another budget has the name, which would be changed.
 */
export function newBudgetFor({ key, name, selector }: StatefulSet, pods: Pods, scope: Scope): Plain | undefined {
  const own = valueOr(selector.matchLabels, new Map<string, string>());
  const isTaken = scope.named("PodDisruptionBudget", key.name).some((one) => sameNamespace(one.key, key.namespace));
  if (own === undefined || own.size === 0 || name.state !== "present" || isTaken) return undefined;
  if (select(selectorFor(own), pods)?.pods !== "all") return undefined;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: name.value, ...(key.namespace === undefined ? {} : { namespace: key.namespace }) },
    spec: { maxUnavailable: 1, selector: { matchLabels: Object.fromEntries(own) } },
  };
}
