import type { Field } from "../yaml/field.js";
import { readPodTemplate, type PodTemplate } from "./pod-template.js";
import type { Metadata } from "./resource.js";
import { readLabelSelector, type LabelSelector } from "./selectors.js";

/** Another workload that makes pods from a template: apps/* Deployment, DaemonSet or ReplicaSet (see `key.kind`). */
export interface Workload extends Metadata {
  readonly kind: "Workload";
  /** Always absent for a DaemonSet, which has one pod for each node. */
  readonly replicas: Field<number>;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
}

export function readWorkload(metadata: Metadata): Workload {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "Workload",
    replicas: spec.at("replicas").integer(),
    selector: readLabelSelector(spec.at("selector")),
    template: readPodTemplate(spec.at("template")),
  };
}
