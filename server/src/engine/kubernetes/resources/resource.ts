import type { Place } from "../../yaml/place.js";
import { valueOr } from "../../yaml/field.js";
import { kindOf, type AnyView } from "./kinds.js";
import { readMetadata, type Metadata } from "../object.js";

/** The objects that have a view, and all others; the discriminator is `kind`. */
export type Resource = AnyView;
export type Kind = Resource["kind"];
export type ResourceOf<K extends Kind> = Extract<Resource, { kind: K }>;

/**
 * The objects of a document: itself, or what it holds, if it is a list or an OpenShift template.
 *
 * kubectl takes any object with `items` for a list, and gives an item with neither `apiVersion` nor `kind` those of a
 * typed list (`decodeToList` of apimachinery pkg/apis/meta/v1/unstructured/helpers.go, Kubernetes 1.36).
 */
export function readResources(root: Place): readonly Resource[] {
  const resource = readResource(root);
  if (resource === undefined) return [];
  const key = heldUnder(resource);
  if (key === undefined) return [resource];
  return root
    .at(key)
    .items()
    .flatMap((item) => readItem(item, resource) ?? []);
}

/** The object that an item of a list or template is; `undefined` where it is none. */
export function readItem(item: Place, { key: { apiVersion, kind } }: Metadata): Resource | undefined {
  const itemKind = kind.replace(/List$/, "");
  const isTyped = itemKind !== "" && !item.at("apiVersion").exists && !item.at("kind").exists;
  return isTyped ? readResourceAs(item, apiVersion, itemKind) : readResource(item);
}

/** Under which key an object holds other ones; `undefined` where it is none that does. */
export function heldUnder({ key: { apiVersion, kind }, place }: Metadata): "items" | "objects" | undefined {
  if (kind.endsWith("List") && place.at("items").kind === "list") return "items";
  return kind === "Template" && templateVersions.has(apiVersion) ? "objects" : undefined;
}

/** `v1` is how templates were written for OpenShift before 3.6, and is still taken. */
const templateVersions: ReadonlySet<string> = new Set(["template.openshift.io/v1", "v1"]);

/**
 * The object at a place, or `undefined` where it is not of Kubernetes: only string `apiVersion` and `kind` make one.
 * A StatefulSet of another API group (apps.kruise.io, apps.pingcap.com) is an `other`: apps/v1 rules are not for it.
 */
export function readResource(place: Place): Resource | undefined {
  const apiVersion = place.at("apiVersion").string();
  const kind = place.at("kind").string();
  if (apiVersion.state !== "present" || kind.state !== "present") return undefined;
  const meant = place.at("metadata").exists ? kindInAnyCase(apiVersion.value, kind.value) : kind.value;
  return readResourceAs(place, apiVersion.value, meant);
}

/** `StatefulSet` for `Statefulset`, which no server knows: the rule kind-misspelt says so. */
function kindInAnyCase(apiVersion: string, kind: string): string {
  const kinds = /^apps\/v1(?:beta[12])?$/.test(apiVersion) ? appsKinds : apiVersion === "v1" ? coreKinds : [];
  return kinds.find((known) => known.toLowerCase() === kind.toLowerCase()) ?? kind;
}

const appsKinds = ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"] as const;
const coreKinds = [
  "ConfigMap",
  "Endpoints",
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Pod",
  "ReplicationController",
  "Secret",
  "Service",
  "ServiceAccount",
] as const;

/**
 * The same where apiVersion and kind are known from elsewhere, as a server knows them from the address of a request.
 */
export function readResourceAs(place: Place, apiVersion: string, kind: string): Resource {
  const metadata = readMetadata(place, apiVersion, kind);
  return kindOf(apiVersion, kind)?.read(metadata) ?? { ...metadata, kind: "other" };
}

/**
 * Whether a resource is only a part of one: a patch, or a base whose rest an overlay adds. Nothing is "missing" from
 * it. So is what a program completes, or a test compares with what a program made: an object whose owner has no uid,
 * which only the cluster knows.
 */
export function isPartial(resource: Resource): boolean {
  const { key, place } = resource;
  const owners = place.at("metadata", "ownerReferences").items();
  return (
    owners.some((owner) => owner.kind === "map" && valueOr(owner.at("uid").string(), "") === "") ||
    kindOf(key.apiVersion, key.kind)?.isPartial(resource) === true
  );
}
