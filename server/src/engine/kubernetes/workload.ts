import { valueOr, type Field } from "../yaml/field.js";
import type { KindDescriptor } from "./kind.js";
import { hasSpec, type Metadata } from "./object.js";
import { podLabels, portNames, portNumbers, readPodTemplate, type PodTemplate } from "./pod-template.js";
import { podReferences } from "./references.js";
import { readSelector, type Selector } from "./selection.js";
import { readLabelSelector, type LabelSelector, type Labels } from "./selectors.js";

/** The parts that the descriptors of these kinds share. */
export const workload: Omit<KindDescriptor<Workload, WorkloadDigest>, "kind"> = {
  group: "apps",
  view: "Workload",
  read: readWorkload,
  digest,
  isPartial: (one) => !hasSpec(one, "selector"),
  refusals: () => [],
  references: podReferences("spec.template"),
};

/** Another workload that makes pods from a template: apps/* Deployment, DaemonSet or ReplicaSet (see `key.kind`). */
export interface Workload extends Metadata {
  readonly kind: "Workload";
  /** Always absent for a DaemonSet, which has one pod for each node. */
  readonly replicas: Field<number>;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
}

function readWorkload(metadata: Metadata): Workload {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "Workload",
    replicas: spec.at("replicas").integer(),
    selector: readLabelSelector(spec.at("selector")),
    template: readPodTemplate(spec.at("template")),
  };
}

/** What other files may see of one. */
export interface WorkloadDigest {
  readonly kind: "Workload";
  /** 1 where it is omitted; of no meaning for a DaemonSet. */
  readonly replicas: number | undefined;
  readonly podLabels: Labels | undefined;
  readonly selector: Selector | undefined;
  /** The names of the ports of its containers. */
  readonly portNames: readonly string[] | undefined;
  /** The numbers of the ports that its containers declare. */
  readonly portNumbers: readonly number[] | undefined;
}

function digest(workload: Workload): WorkloadDigest {
  return {
    kind: "Workload",
    replicas: valueOr(workload.replicas, 1),
    podLabels: podLabels(workload.template),
    selector: readSelector(workload.selector),
    portNames: portNames(workload.template),
    portNumbers: portNumbers(workload.template),
  };
}
