import { textOrSymbol, unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

/** A resource by its own words; two variants of one manifest in two files have the same key. */
export interface ResourceKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What every Kubernetes object has. */
export interface Metadata {
  readonly place: Place;
  readonly key: ResourceKey;
  readonly name: Field<string>;
  /** Absent where it is omitted or empty: then whoever applies the manifest chooses. */
  readonly namespace: Field<string>;
}

/** Reads what all objects have, where apiVersion and kind are known. */
export function readMetadata(place: Place, apiVersion: string, kind: string): Metadata {
  const name = place.at("metadata", "name").string();
  const namespace = unsetIfEmpty(place.at("metadata", "namespace").string());
  return {
    place,
    name,
    namespace,
    key: {
      apiVersion,
      kind,
      namespace: namespace.state === "present" ? namespace.value : undefined,
      name: textOrSymbol(name) ?? "",
    },
  };
}

/**
 * What a cluster knows an object by: two manifests with the same one are about one object. Versions of an API are views
 * of the same object, so only its group counts. `undefined` where a part is left to others: a name that is generated,
 * a value that a tool fills in.
 */
export function identity({ key, name, namespace }: Metadata): string | undefined {
  if (name.state !== "present" || name.value === "") return undefined;
  if (namespace.state !== "present" && namespace.state !== "absent") return undefined;
  return JSON.stringify([groupOf(key.apiVersion), key.kind, key.namespace ?? null, key.name]);
}

/** `apps` of `apps/v1`; empty for the core group's `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.lastIndexOf("/"), 0));
}

/** Whether the object has a key in its `spec`. */
export function hasSpec({ place }: Metadata, key: string): boolean {
  return place.at("spec", key).exists;
}
