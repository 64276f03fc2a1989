import type { Path } from "../../yaml/path.js";
import type { Refusal } from "../refusal.js";
import { kindOf } from "./kinds.js";
import type { Resource } from "./resource.js";
import { droppedPaths } from "../schema/dropped.js";
import { rootType } from "../schema/schema.js";
import { structureRefusals } from "../schema/structure.js";
import type { TargetCluster } from "../versions.js";
import { isSet, textAt } from "../validation/read.js";

/**
 * What the API server of a cluster refuses or warns of in a resource, shape first; nothing for kinds and versions that
 * are not known. What rules of their own watch is not among it.
 */
export function* refusalsOf(resource: Resource, cluster: TargetCluster): Iterable<Refusal> {
  for (const [, refusals] of validations(resource, cluster)) yield* refusals;
}

/** The same by what is looked at, so that one that fails does not take the other along. */
export function validations(
  resource: Resource,
  cluster: TargetCluster,
): readonly (readonly [name: "schema" | "API", refusals: Iterable<Refusal>])[] {
  return [
    ["schema", shapeRefusals(resource, cluster)],
    ["API", valueRefusals(resource, cluster)],
  ];
}

function* shapeRefusals(resource: Resource, cluster: TargetCluster): Iterable<Refusal> {
  const type = validatedType(resource);
  if (type === undefined) return;
  for (const refusal of structureRefusals(resource.place, type, cluster)) {
    if (!refusal.missing || !isInReplacedVolume(resource, refusal.at.place.path)) yield refusal;
  }
}

function* valueRefusals(resource: Resource, cluster: TargetCluster): Iterable<Refusal> {
  const type = validatedType(resource);
  if (type === undefined) return;
  // What the server forgets is not validated.
  let dropped: readonly Path[] | undefined;
  for (const refusal of ownRefusals(resource, cluster)) {
    dropped ??= [...droppedPaths(resource.place, type, cluster)];
    if (!dropped.some((path) => isWithin(refusal.at.place.path, path))) yield refusal;
  }
}

function ownRefusals(resource: Resource, cluster: TargetCluster): Iterable<Refusal> {
  const { apiVersion, kind } = resource.key;
  return kindOf(apiVersion, kind)?.refusals(resource, cluster) ?? [];
}

function isWithin(inner: Path, outer: Path): boolean {
  return outer.every((step, index) => inner[index] === step);
}

/** `undefined` for kinds and versions that are not known, and for what is not applied as it stands. */
function validatedType(resource: Resource): ReturnType<typeof rootType> {
  const { apiVersion, kind } = resource.key;
  return isEncrypted(resource) || isLocal(resource) ? undefined : rootType(apiVersion, kind);
}

/** SOPS leaves a manifest whose values are cipher text, and its own key beside them: what is applied is another one. */
function isEncrypted({ place }: Resource): boolean {
  return place.at("sops").kind === "map";
}

/**
 * Whether an object is for kustomize or kpt alone, and kept from the cluster: `DropLocalNodes` in
 * api/resource/factory.go, and the configuration of a function (FunctionAnnotationKey in
 * kyaml/fn/runtime/runtimeutil/functiontypes.go, kustomize 5.6).
 */
function isLocal({ place }: Resource): boolean {
  const annotations = place.at("metadata", "annotations");
  const local = annotations.at("config.kubernetes.io/local-config").string();
  return (
    (local.state === "present" && local.value !== "false") ||
    ["config.kubernetes.io/function", "config.k8s.io/function"].some((key) => isSet(annotations.at(key)))
  );
}

/** Whether a path leads into a volume that a claim template of its name replaces before anything asks for its parts. */
function isInReplacedVolume(resource: Resource, path: Path): boolean {
  if (resource.kind !== "StatefulSet") return false;
  const [, , , list, index] = path.slice(resource.place.path.length);
  if (list !== "volumes" || typeof index !== "number") return false;
  const { template, spec } = resource;
  const name = textAt(template.place.at("spec", "volumes", index, "name"));
  return (
    name !== undefined &&
    name !== "" &&
    spec
      .at("volumeClaimTemplates")
      .items()
      .some((claim) => textAt(claim.at("metadata", "name")) === name)
  );
}
