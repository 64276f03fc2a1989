import type { Path } from "../yaml/path.js";
import type { DocumentId } from "../workspace/summary.js";
import { stringAt, type Value } from "./value.js";

/** A resource on its way through a build. */
export interface ComposedResource {
  /** The document that it was read from; `undefined` for what a generator makes. */
  readonly base: DocumentId | undefined;
  /** Where it begins in that document. */
  readonly root: Path;
  readonly value: Value;
  readonly id: ResourceId;
  /** What it was called before, the oldest first: references and patches by these names still mean it. */
  readonly previous: readonly ResourceId[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** Its name will get a hash that is not known here. */
  readonly hashed: boolean;
}

export interface ResourceId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where it is unset. */
  readonly namespace: string;
}

export function newResource(
  value: Value,
  base: DocumentId | undefined,
  { root, hashed }: { readonly root: Path; readonly hashed: boolean },
): ComposedResource {
  return { base, root, value, id: idOf(value), previous: [], prefixes: [], suffixes: [], hashed };
}

/** The resource with another value. */
export function withValue(resource: ComposedResource, value: Value): ComposedResource {
  return value === resource.value ? resource : { ...resource, value, id: idOf(value) };
}

/** The same, for a change that kustomize stores the previous id of (`StorePreviousId`). */
export function renamed(resource: ComposedResource, value: Value): ComposedResource {
  if (value === resource.value) return resource;
  return { ...withValue(resource, value), previous: [...resource.previous, resource.id] };
}

/** All ids that it is found by. */
export function idsOf({ id, previous }: ComposedResource): readonly ResourceId[] {
  return [...previous, id];
}

/** `Equals` of kyaml/resid: no namespace and `default` are the same. */
export function sameId(one: ResourceId, other: ResourceId): boolean {
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    one.group === other.group &&
    one.version === other.version &&
    effectiveNamespace(one) === effectiveNamespace(other)
  );
}

export function effectiveNamespace({ namespace, kind, group }: ResourceId): string {
  if (isClusterScoped(group, kind)) return "";
  return namespace === "" ? "default" : namespace;
}

export function idOf(value: Value): ResourceId {
  const apiVersion = stringAt(value, ["apiVersion"]) ?? "";
  const slash = apiVersion.lastIndexOf("/");
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    kind: stringAt(value, ["kind"]) ?? "",
    name: stringAt(value, ["metadata", "name"]) ?? "",
    namespace: stringAt(value, ["metadata", "namespace"]) ?? "",
  };
}

/** Kinds without a namespace (`precomputedIsNamespaceScoped` in kyaml/openapi/openapi.go, kustomize 5.6). */
export function isClusterScoped(group: string, kind: string): boolean {
  return clusterScoped.has(`${group}/${kind}`);
}

const clusterScoped: ReadonlySet<string> = new Set(
  `/Namespace /Node /PersistentVolume
  admissionregistration.k8s.io/MutatingWebhookConfiguration admissionregistration.k8s.io/ValidatingWebhookConfiguration
  apiextensions.k8s.io/CustomResourceDefinition apiregistration.k8s.io/APIService
  certificates.k8s.io/CertificateSigningRequest flowcontrol.apiserver.k8s.io/FlowSchema
  flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration networking.k8s.io/IngressClass node.k8s.io/RuntimeClass
  policy/PodSecurityPolicy rbac.authorization.k8s.io/ClusterRole rbac.authorization.k8s.io/ClusterRoleBinding
  scheduling.k8s.io/PriorityClass storage.k8s.io/CSIDriver storage.k8s.io/CSINode storage.k8s.io/StorageClass
  storage.k8s.io/VolumeAttachment`.split(/\s+/),
);
