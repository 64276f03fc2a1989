import { isSameAmount } from "../apply/changes.js";
import { at, isArray, isObject, sameJson, type Json } from "../apply/json.js";
import { clientSideApply, createSet, isExported, withoutIdentity } from "../apply/kubectl.js";
import type { ApiServer } from "../apply/server.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { isSince, type TargetCluster } from "../kubernetes/versions.js";
import type { Path } from "../yaml/path.js";
import { knownValues } from "./known-values.js";

/** A value of a live object that no update may change, and that one changes. */
export interface ImmutableChange {
  /** From the root of the object. */
  readonly path: Path;
  /** As the API server stores them; `undefined` where there is none. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** What the API server says, without the value. */
  readonly answer: string;
}

/**
 * What an apply changes of an object that the API server does not let change. What a tool will still write is passed
 * over, and so is what only the live object tells: a class that the cluster chose, an address that it gave.
 */
export function immutableChanges(
  before: Resource,
  after: Resource,
  cluster: TargetCluster,
): readonly ImmutableChange[] {
  const known = knownValues(before.place, after.place);
  const [old, now] = [known.before, known.after];
  switch (before.key.kind) {
    case "StatefulSet":
      return ofStatefulSet(old, now, cluster);
    case "Service":
      return ofService(old, now);
    case "PersistentVolumeClaim":
      return ofClaim(old, now);
    case "ConfigMap":
    case "Secret":
      return ofData(old, now, before.key.kind);
    case "Deployment":
    case "DaemonSet":
    case "ReplicaSet":
      // ValidateUpdate in pkg/registry/apps/{deployment,daemonset,replicaset}/strategy.go, Kubernetes 1.36
      return after.key.apiVersion === "apps/v1" ? differing(old, now, ["spec", "selector"], fieldIsImmutable) : [];
    default:
      return [];
  }
}

const fieldIsImmutable = "field is immutable";

/** As the API server compares them: after the merge of the apply, with defaults, amounts by their size. */
function ofStatefulSet(
  before: Json | undefined,
  after: Json | undefined,
  cluster: TargetCluster,
): readonly ImmutableChange[] {
  if (!isObject(before) || !isObject(after)) return [];
  // Other mistakes are no matter here.
  const server: ApiServer = { cluster, refusals: () => [] };
  const live = isExported(before)
    ? createSet(server, withoutIdentity(before))
    : clientSideApply(server, undefined, before);
  if (live.type !== "stored") return [];
  const name = at(live.set.object, "metadata", "name");
  const answer = clientSideApply(server, live.set, after);
  if (answer.type !== "refused" || name === undefined) return [];
  // ValidateStatefulSetUpdate: one sentence for all up to 1.36, each field by its name from 1.37 (pull request 138080).
  const text = isSince(cluster.kubernetesVersion, 37)
    ? fieldIsImmutable
    : "updates to statefulset spec for fields other than 'replicas', ... are forbidden";
  return answer.immutable.flatMap(({ field, before: old, after: now }) =>
    differencesOf(old, now, ["spec", field]).map((change) => ({ ...change, answer: text })),
  );
}

/**
 * ValidateServiceUpdate and patchAllocatedValues (pkg/apis/core/validation/validation.go and
 * pkg/registry/core/service/storage/alloc.go, Kubernetes 1.36): an address that is written must be the one that the
 * Service has; one that is not written stays. A headless Service has "None", any other one an address of its own.
 */
function ofService(before: Json | undefined, after: Json | undefined): readonly ImmutableChange[] {
  const path = ["spec", "clusterIP"];
  const [old, now] = [before, after].map((value) => at(value, ...path) ?? "");
  const isExternal = [before, after].some((value) => at(value, "spec", "type") === "ExternalName");
  if (isExternal || now === "" || now === old || typeof now !== "string" || typeof old !== "string") return [];
  // What the cluster gave may be the very address that is written now.
  if (old === "" && now !== "None") return [];
  return [{ path, before: old === "" ? undefined : old, after: now, answer: "may not change once set" }];
}

/** ValidatePersistentVolumeClaimUpdate (pkg/apis/core/validation/validation.go, Kubernetes 1.36). */
function ofClaim(before: Json | undefined, after: Json | undefined): readonly ImmutableChange[] {
  const text = "spec is immutable after creation except resources.requests and volumeAttributesClassName";
  const changes = ["accessModes", "storageClassName", "volumeMode", "selector"].flatMap((field) =>
    differing(before, after, ["spec", field], text),
  );
  // What is not written there the cluster has filled in.
  return changes.filter(({ before: old, path }) => old !== undefined || path[1] === "selector");
}

/** ValidateConfigMapUpdate and ValidateSecretUpdate (pkg/apis/core/validation/validation.go, Kubernetes 1.36). */
function ofData(
  before: Json | undefined,
  after: Json | undefined,
  kind: "ConfigMap" | "Secret",
): readonly ImmutableChange[] {
  const type = kind === "Secret" ? typeChange(before, after) : [];
  if (at(before, "immutable") !== true) return type;
  const text = "field is immutable when `immutable` is set";
  const flag = at(after, "immutable") === true ? [] : differing(before, after, ["immutable"], text);
  // `stringData` is written into `data`, which may have been the same before.
  const data = ["data", "binaryData"].flatMap((field) => differing(before, after, [field], text));
  return [...type, ...flag, ...data];
}

function typeChange(before: Json | undefined, after: Json | undefined): readonly ImmutableChange[] {
  const [old, now] = [before, after].map((value) => at(value, "type") ?? "Opaque");
  return old === now ? [] : [{ path: ["type"], before: old, after: now, answer: fieldIsImmutable }];
}

function differing(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  answer: string,
): readonly ImmutableChange[] {
  return differencesOf(at(before, ...path), at(after, ...path), path).map((change) => ({ ...change, answer }));
}

/** The deepest values that differ; a list whose items are others as a whole. */
function differencesOf(
  before: Json | undefined,
  after: Json | undefined,
  path: Path,
): readonly Omit<ImmutableChange, "answer">[] {
  if (sameJson(before, after) || isSameAmount(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differencesOf(before[key], after[key], [...path, key]),
    );
  }
  if (isArray(before) && isArray(after) && before.length === after.length && before.every(isObject)) {
    const isSameItem = (index: number) => sameJson(nameOf(before[index]), nameOf(after[index]));
    if (before.every((_, index) => isSameItem(index))) {
      return before.flatMap((item, index) => differencesOf(item, after[index], [...path, index]));
    }
  }
  return [{ path, before, after }];
}

function nameOf(item: Json | undefined): Json | undefined {
  return at(item, "metadata", "name") ?? at(item, "name") ?? at(item, "key");
}
