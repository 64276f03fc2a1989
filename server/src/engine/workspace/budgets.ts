import type { DisruptionBudget } from "../k8s/disruption-budget.js";
import { unmet, type Labels, type Mismatch } from "../k8s/selectors.js";
import type { Scope } from "./scope.js";
import type { StatefulSetSummary, WorkloadSummary } from "./summary.js";

/** Whatever makes pods that a budget may be for. */
export type Podded = StatefulSetSummary | WorkloadSummary;

/** The StatefulSets and other workloads in scope, nearest first, whatever their namespace. */
export function allPodded(scope: Scope): readonly Podded[] {
  return [...scope.all("StatefulSet"), ...scope.all("Workload")];
}

/**
 * The lines of a budget's selector that labels do not meet; `undefined` where the selector cannot be read, or selects no
 * pod whatever its labels: a missing one, or an empty one of policy/v1beta1 (in policy/v1 an empty one selects all).
 */
export function unmetByPods({ selector, key }: DisruptionBudget, labels: Labels): readonly Mismatch[] | undefined {
  if (selector.place.kind !== "map") return undefined;
  const empty = selector.place.entries().length === 0;
  return empty && key.apiVersion !== "policy/v1" ? undefined : unmet(selector, labels);
}
