import { autoscaler, readTarget, type Autoscaler, type AutoscalerDigest } from "../autoscaler.js";
import type { KindDescriptor } from "../kind.js";
import type { Metadata } from "../object.js";

const scaledObject: KindDescriptor<Autoscaler, AutoscalerDigest> = {
  ...autoscaler,
  group: "keda.sh",
  kind: "ScaledObject",
  read: readScaledObject,
  refusals: () => [],
  references: [
    {
      path: "spec.scaleTargetRef.name",
      to: ["apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet"],
      kindKey: "kind",
      ignoredByKustomize: true,
    },
  ],
};
export default scaledObject;

/** keda.sh/v1alpha1 ScaledObject, KEDA 2: it makes a HorizontalPodAutoscaler for its target. */
function readScaledObject(metadata: Metadata): Autoscaler {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "Autoscaler",
    target: readTarget(spec),
    minReplicas: spec.at("minReplicaCount").integer(),
    maxReplicas: spec.at("maxReplicaCount").integer(),
  };
}
