import type { Service } from "../kubernetes/kinds/service.js";
import { sameNamespace } from "./namespace.js";
import type { Scope } from "./scope.js";
import type { StatefulSetSummary } from "./summary.js";

/**
 * The StatefulSets that name this Service as their `serviceName`. Of those in scope only the ones of the nearest
 * directory that has any: further away there is often a variant of both.
 */
export function governedSets(service: Service, scope: Scope): readonly StatefulSetSummary[] {
  if (service.name.state !== "present") return [];
  const { name, namespace } = service.key;
  const sets = scope.all("StatefulSet").filter((set) => set.serviceName === name && sameNamespace(set.key, namespace));
  const nearest = sets[0] && directory(sets[0]);
  return sets.filter((set) => directory(set) === nearest);
}

function directory({ document: { uri } }: StatefulSetSummary): string {
  return uri.slice(0, uri.lastIndexOf("/"));
}
