import type { Field } from "../yaml/field.js";
import type { Metadata } from "./resource.js";
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
