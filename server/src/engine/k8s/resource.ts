import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { readService, type Service } from "./service.js";
import { readStatefulSet, type StatefulSet } from "./statefulset.js";

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

/** The kinds that have a view; the discriminator is `kind`. */
export type Resource = StatefulSet | Service | OtherResource;
export type Kind = Resource["kind"];
export type ResourceOf<K extends Kind> = Extract<Resource, { kind: K }>;

/** An object that is certainly Kubernetes', of a kind that no rule looks into. */
export interface OtherResource extends Metadata {
  readonly kind: "other";
}

/**
 * The object at a place, or `undefined` where it is none of Kubernetes': only string `apiVersion` and `kind` make one.
 * A StatefulSet of another API group (apps.kruise.io, apps.pingcap.com) is an `other`: apps/v1 rules are not for it.
 */
export function readResource(place: Place): Resource | undefined {
  const apiVersion = place.at("apiVersion").string();
  const kind = place.at("kind").string();
  if (apiVersion.state !== "present" || kind.state !== "present") return undefined;
  const name = place.at("metadata", "name").string();
  const namespace = unsetIfEmpty(place.at("metadata", "namespace").string());
  const metadata: Metadata = {
    place,
    name,
    namespace,
    key: {
      apiVersion: apiVersion.value,
      kind: kind.value,
      namespace: namespace.state === "present" ? namespace.value : undefined,
      name: name.state === "present" ? name.value : "",
    },
  };
  switch (`${apiVersion.value}/${kind.value}`) {
    // apps/v1beta1 and v1beta2 were served until Kubernetes 1.15 and are still met in manifests.
    case "apps/v1/StatefulSet":
    case "apps/v1beta1/StatefulSet":
    case "apps/v1beta2/StatefulSet":
      return readStatefulSet(metadata);
    case "v1/Service":
      return readService(metadata);
    default:
      return { ...metadata, kind: "other" };
  }
}
