import { autoscaler, readTarget, type Autoscaler, type AutoscalerDigest } from "../autoscaler.js";
import type { KindDescriptor } from "../kind.js";
import type { Metadata } from "../object.js";
import { autoscalerRefusals } from "../validation/autoscaler.js";

const horizontalPodAutoscaler: KindDescriptor<Autoscaler, AutoscalerDigest> = {
  ...autoscaler,
  group: "autoscaling",
  kind: "HorizontalPodAutoscaler",
  read: readHorizontalPodAutoscaler,
  refusals: ({ place }, cluster) => autoscalerRefusals(place, cluster),
  references: [
    {
      path: "spec.scaleTargetRef.name",
      to: ["apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet"],
      kindKey: "kind",
    },
  ],
  skeletons: [
    {
      label: "HorizontalPodAutoscaler",
      detail: "of a StatefulSet",
      text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {1:app}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: StatefulSet
    name: {1:app}
  minReplicas: {2:1}
  maxReplicas: {3:5}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {4:70}
`,
      documentation: "An autoscaler that changes the number of pods of a set by their use of the processor.",
    },
  ],
};
export default horizontalPodAutoscaler;

function readHorizontalPodAutoscaler(metadata: Metadata): Autoscaler {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "Autoscaler",
    target: readTarget(spec),
    minReplicas: spec.at("minReplicas").integer(),
    maxReplicas: spec.at("maxReplicas").integer(),
  };
}
