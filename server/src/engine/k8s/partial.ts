import type { Resource } from "./resource.js";
import { isPartial as isPartialStatefulSet } from "./statefulset.js";

/**
 * Whether a resource is only a part of one: a patch, or a base whose rest an overlay adds. Nothing is "missing" from
 * it. It is recognised by what every whole object of its kind has.
 */
export function isPartial(resource: Resource): boolean {
  switch (resource.kind) {
    case "StatefulSet":
      return isPartialStatefulSet(resource);
    case "Service":
      return !["ports", "clusterIP", "clusterIPs", "externalName"].some((key) => hasSpec(resource, key));
    case "PersistentVolumeClaim":
      return !hasSpec(resource, "accessModes") || !hasSpec(resource, "resources");
    case "PodDisruptionBudget":
      return !hasSpec(resource, "selector");
    case "Autoscaler":
      return !hasSpec(resource, "scaleTargetRef");
    case "StorageClass":
      return !resource.place.at("provisioner").exists;
    case "Workload":
      return !hasSpec(resource, "selector");
    case "other":
      return false;
  }
}

function hasSpec({ place }: Resource, key: string): boolean {
  return place.at("spec", key).exists;
}
