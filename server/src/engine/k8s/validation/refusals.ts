import type { Refusal } from "../refusal.js";
import type { Resource } from "../resource.js";
import { rootType } from "../schema/schema.js";
import { structureRefusals } from "../schema/structure.js";
import type { Release } from "../versions.js";
import { autoscalerRefusals } from "./autoscaler.js";
import { claimRefusals } from "./claims.js";
import {
  configMapRefusals,
  disruptionBudgetRefusals,
  secretRefusals,
  serviceAccountRefusals,
  storageClassRefusals,
} from "./other-kinds.js";
import { serviceRefusals } from "./service.js";
import { statefulSetRefusals } from "./statefulset.js";

/**
 * What the API server of a release refuses or warns of in a resource, shape first; nothing for kinds and versions that
 * are not known. What rules of their own watch is not among it.
 */
export function* refusalsOf(resource: Resource, release: Release): Iterable<Refusal> {
  const { apiVersion, kind } = resource.key;
  const type = rootType(apiVersion, kind);
  if (type === undefined || isEncrypted(resource)) return;
  yield* structureRefusals(resource.place, type, release);
  yield* validationRefusals(resource, release);
}

/** SOPS leaves a manifest whose values are cipher text, and its own key beside them: what is applied is another one. */
function isEncrypted({ place }: Resource): boolean {
  return place.at("sops").kind === "map";
}

function validationRefusals(resource: Resource, release: Release): Iterable<Refusal> {
  const { place } = resource;
  switch (resource.kind) {
    case "StatefulSet":
      return statefulSetRefusals(resource, release);
    case "Service":
      return serviceRefusals(resource, release);
    case "PersistentVolumeClaim":
      return claimRefusals(place);
    case "PodDisruptionBudget":
      return disruptionBudgetRefusals(place);
    case "Autoscaler":
      return autoscalerRefusals(place, release);
    case "StorageClass":
      return storageClassRefusals(place);
    case "Workload":
      return [];
    case "other":
      switch (resource.key.kind) {
        case "ConfigMap":
          return configMapRefusals(place);
        case "Secret":
          return secretRefusals(place);
        case "ServiceAccount":
          return serviceAccountRefusals(place);
        default:
          return [];
      }
  }
}
