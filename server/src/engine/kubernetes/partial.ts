import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Resource } from "./resource.js";
import { isPartial as isPartialStatefulSet, type StatefulSet } from "./statefulset.js";

/**
 * Whether a resource is only a part of one: a patch, or a base whose rest an overlay adds. Nothing is "missing" from
 * it. It is recognised by what every whole object of its kind has. A container without an image is part of a patch, unless
 * the set says which pods are its own and what labels they have, as no patch needs to.
 */
export function isPartial(resource: Resource): boolean {
  return isLeftToFill(resource) || isPartOfKind(resource);
}

/**
 * What a program completes, or a test compares with what a program made: an object whose owner has no uid, which only
 * the cluster knows, and a Secret without any data.
 */
function isLeftToFill({ key, place }: Resource): boolean {
  const owners = place.at("metadata", "ownerReferences").items();
  return (
    owners.some((owner) => owner.kind === "map" && valueOr(owner.at("uid").string(), "") === "") ||
    (key.kind === "Secret" && !["data", "stringData"].some((map) => place.at(map).exists))
  );
}

function isPartOfKind(resource: Resource): boolean {
  switch (resource.kind) {
    case "StatefulSet":
      return (
        isPartialStatefulSet(resource) ||
        (!namesItsPods(resource) && !resource.template.containers.items().every(hasImage))
      );
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

function namesItsPods({ selector, template }: StatefulSet): boolean {
  return selector.place.exists && template.place.at("metadata", "labels").entries().length > 0;
}

function hasImage(container: Place): boolean {
  return container.at("image").exists;
}

function hasSpec({ place }: Resource, key: string): boolean {
  return place.at("spec", key).exists;
}
