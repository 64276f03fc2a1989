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
