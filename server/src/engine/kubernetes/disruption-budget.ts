import type { Field } from "../yaml/field.js";
import type { Metadata } from "./resource.js";
import { readSelector, type Selector } from "./selection.js";
import { readLabelSelector, type LabelSelector } from "./selectors.js";

/** policy/v1 PodDisruptionBudget (and v1beta1, served until Kubernetes 1.24). */
export interface DisruptionBudget extends Metadata {
  readonly kind: "PodDisruptionBudget";
  readonly selector: LabelSelector;
  readonly minAvailable: Field<number | string>;
  readonly maxUnavailable: Field<number | string>;
}

export function readDisruptionBudget(metadata: Metadata): DisruptionBudget {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "PodDisruptionBudget",
    selector: readLabelSelector(spec.at("selector")),
    minAvailable: spec.at("minAvailable").intOrString(),
    maxUnavailable: spec.at("maxUnavailable").intOrString(),
  };
}

/**
 * What a budget selects by, where that can be read; `nothing` where it selects no pod whatever its labels: without a
 * selector, and by an empty one of policy/v1beta1. An empty one of policy/v1 selects all pods of its namespace
 * (policy/v1 types.go, PodDisruptionBudgetSpec.Selector, Kubernetes 1.36).
 */
export function budgetSelector({ selector, key }: DisruptionBudget): Selector | "nothing" | undefined {
  const { kind, isOpen } = selector.place;
  if (kind === "absent" || kind === "null") return "nothing";
  if (kind !== "map") return undefined;
  const isEmpty = !isOpen && selector.place.entries().length === 0;
  return isEmpty && key.apiVersion !== "policy/v1" ? "nothing" : readSelector(selector);
}
