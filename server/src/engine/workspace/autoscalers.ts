import type { ResourceKey } from "../kubernetes/object.js";
import { sameNamespace } from "./namespace.js";
import type { Scope } from "./scope.js";
import type { AutoscalerSummary } from "./summary.js";

/** The autoscalers in scope that set the replicas of this StatefulSet, nearest first. */
export function autoscalersOf({ name, namespace }: ResourceKey, scope: Scope): readonly AutoscalerSummary[] {
  return scope
    .scaling(name)
    .filter(({ targetKind, key }) => targetKind === "StatefulSet" && sameNamespace(key, namespace));
}

/** Whether an autoscaler may change the replicas of a workload, so that the written number tells nothing. */
export function isScaled({ kind, name, namespace }: ResourceKey, replicas: number | undefined, scope: Scope): boolean {
  return scope
    .scaling(name)
    .some(
      ({ targetKind, key, wakes }) =>
        (targetKind === undefined || targetKind === kind) && sameNamespace(key, namespace) && (replicas !== 0 || wakes),
    );
}
