import { textOrSymbol, unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { readHorizontalPodAutoscaler, readScaledObject, type Autoscaler } from "./autoscaler.js";
import { readClaim, type Claim } from "./claim.js";
import { readDisruptionBudget, type DisruptionBudget } from "./disruption-budget.js";
import { readService, type Service } from "./service.js";
import { readStatefulSet, type StatefulSet } from "./statefulset.js";
import { readStorageClass, type StorageClass } from "./storage-class.js";
import { readWorkload, type Workload } from "./workload.js";

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
export type Resource =
  StatefulSet | Service | DisruptionBudget | Autoscaler | Claim | StorageClass | Workload | OtherResource;
export type Kind = Resource["kind"];
export type ResourceOf<K extends Kind> = Extract<Resource, { kind: K }>;

/** An object that is certainly Kubernetes', of a kind that no rule looks into. */
export interface OtherResource extends Metadata {
  readonly kind: "other";
}

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
  const { apiVersion, kind } = resource.key;
  const itemKind = kind.replace(/List$/, "");
  return root
    .at(key)
    .items()
    .flatMap((item) => {
      const isTyped = itemKind !== "" && !item.at("apiVersion").exists && !item.at("kind").exists;
      return (isTyped ? readResourceAs(item, apiVersion, itemKind) : readResource(item)) ?? [];
    });
}

/** Under which key an object holds other ones; `undefined` where it is none that does. */
export function heldUnder({ key: { apiVersion, kind }, place }: Metadata): "items" | "objects" | undefined {
  if (kind.endsWith("List") && place.at("items").kind === "list") return "items";
  return kind === "Template" && templateVersions.has(apiVersion) ? "objects" : undefined;
}

/** `v1` is how templates were written for OpenShift before 3.6, and is still taken. */
const templateVersions: ReadonlySet<string> = new Set(["template.openshift.io/v1", "v1"]);

/**
 * The object at a place, or `undefined` where it is none of Kubernetes': only string `apiVersion` and `kind` make one.
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
  const name = place.at("metadata", "name").string();
  const namespace = unsetIfEmpty(place.at("metadata", "namespace").string());
  const metadata: Metadata = {
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
  return readers[`${group(apiVersion)}/${kind}`]?.(metadata) ?? { ...metadata, kind: "other" };
}

/**
 * What a cluster knows an object by: two manifests with the same one are about one object. Versions of an API are views
 * of the same object, so only its group counts. `undefined` where a part is left to others: a name that is generated,
 * a value that a tool fills in.
 */
export function identity({ key, name, namespace }: Metadata): string | undefined {
  if (name.state !== "present" || name.value === "") return undefined;
  if (namespace.state !== "present" && namespace.state !== "absent") return undefined;
  return JSON.stringify([group(key.apiVersion), key.kind, key.namespace ?? null, key.name]);
}

/** By API group, whatever the version: older versions (apps/v1beta1, policy/v1beta1) are still met in manifests. */
const readers: Readonly<Record<string, (metadata: Metadata) => Resource>> = {
  "/PersistentVolumeClaim": readClaim,
  "/Service": readService,
  "apps/DaemonSet": readWorkload,
  "apps/Deployment": readWorkload,
  "apps/ReplicaSet": readWorkload,
  "apps/StatefulSet": readStatefulSet,
  "autoscaling/HorizontalPodAutoscaler": readHorizontalPodAutoscaler,
  "keda.sh/ScaledObject": readScaledObject,
  "policy/PodDisruptionBudget": readDisruptionBudget,
  "storage.k8s.io/StorageClass": readStorageClass,
};

/** `apps` of `apps/v1`; empty for the core group's `v1`. */
function group(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.lastIndexOf("/"), 0));
}
