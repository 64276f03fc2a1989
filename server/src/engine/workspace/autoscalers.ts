import type { ResourceKey } from "../k8s/resource.js";
import { sameNamespace, type Scope } from "./scope.js";
import type { AutoscalerSummary } from "./summary.js";

/** The autoscalers in scope that set the replicas of this StatefulSet, nearest first. */
export function autoscalersOf({ name, namespace }: ResourceKey, scope: Scope): readonly AutoscalerSummary[] {
  return scope
    .scaling(name)
    .filter(({ targetKind, key }) => targetKind === "StatefulSet" && sameNamespace(key, namespace));
}
