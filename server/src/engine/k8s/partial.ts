import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Resource } from "./resource.js";
import { isPartial as isPartialStatefulSet } from "./statefulset.js";

/**
 * Whether a resource is only a part of one: a patch, or a base whose rest an overlay adds. Nothing is "missing" from
 * it. It is recognised by what every whole object of its kind has; a container without an image is part of a patch.
 */
export function isPartial(resource: Resource): boolean {
  return isLeftToFill(resource.place) || isPartOfKind(resource);
}

/**
 * What a program completes, or a test compares with what a program made: an object whose name is written as empty, one
 * whose owner has no uid, which only the cluster knows, and a Secret without any data.
 */
function isLeftToFill(place: Place): boolean {
  const metadata = place.at("metadata");
  const owners = metadata.at("ownerReferences").items();
  return (
    (metadata.at("name").exists && isEmptyText(metadata.at("name"))) ||
    owners.some((owner) => owner.kind === "map" && isEmptyText(owner.at("uid"))) ||
    (valueOr(place.at("kind").string(), "") === "Secret" && !["data", "stringData"].some((key) => place.at(key).exists))
  );
}

/** Whether a text is written as `""`, or not at all. */
function isEmptyText(place: Place): boolean {
  return place.kind !== "null" && valueOr(place.string(), "") === "";
}

function isPartOfKind(resource: Resource): boolean {
  switch (resource.kind) {
    case "StatefulSet":
      return isPartialStatefulSet(resource) || !resource.template.containers.items().every(hasImage);
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

function hasImage(container: Place): boolean {
  return container.at("image").exists;
}

function hasSpec({ place }: Resource, key: string): boolean {
  return place.at("spec", key).exists;
}
