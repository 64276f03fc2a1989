import type { ResourceKey } from "../kubernetes/object.js";

/** An omitted namespace is whatever the other one is: both will be applied with the same default. */
export function sameNamespace(key: ResourceKey, namespace: string | undefined): boolean {
  return key.namespace === undefined || namespace === undefined || key.namespace === namespace;
}
