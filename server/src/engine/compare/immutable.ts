import { isSameAmount } from "../apply/changes.js";
import { at, isArray, isObject, sameJson, type Json } from "../apply/json.js";
import { clientSideApply, createSet, isExported, withoutIdentity } from "../apply/kubectl.js";
import type { ApiServer } from "../apply/server.js";
import { parseQuantity } from "../kubernetes/quantity.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { isGateOn, isSince, type TargetCluster } from "../kubernetes/versions.js";
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
      return ofClaim(old, now, cluster);
    case "StorageClass":
      return ofStorageClass(old, now);
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

/**
 * ValidatePersistentVolumeClaimUpdate (pkg/apis/core/validation/validation.go, Kubernetes 1.36): all of the spec is
 * compared but the storage of a bound claim and its volumeAttributesClassName. What is not written before, the cluster
 * has filled in; a data source that goes stays in the other of its two fields.
 */
function ofClaim(
  before: Json | undefined,
  after: Json | undefined,
  cluster: TargetCluster,
): readonly ImmutableChange[] {
  const answer = "spec is immutable after creation except resources.requests and volumeAttributesClassName";
  const filledIn = ["accessModes", "storageClassName", "volumeName", "dataSource", "dataSourceRef"].flatMap((field) =>
    differing(before, after, ["spec", field], answer),
  );
  const isCertain = ({ before: old, after: now, path }: ImmutableChange) =>
    old !== undefined && (now !== undefined || !String(path[1]).startsWith("dataSource"));
  const path = ["spec", "volumeMode"];
  const [old, now] = [before, after].map((value) => at(value, ...path) ?? "Filesystem");
  return [
    ...filledIn.filter(isCertain),
    ...(old === now ? [] : [{ path, before: at(before, ...path), after: at(after, ...path), answer }]),
    ...[["selector"], ["resources", "limits"]].flatMap((field) => differing(before, after, ["spec", ...field], answer)),
    ...storageChange(before, after, answer, cluster),
  ];
}

/**
 * Less storage is refused. With the gate RecoverVolumeExpansionFailure (on since 1.32) only what the volume has already
 * got, which a live claim tells; a manifest is taken to have got what it asks for.
 */
function storageChange(
  before: Json | undefined,
  after: Json | undefined,
  answer: string,
  cluster: TargetCluster,
): readonly ImmutableChange[] {
  const path = ["spec", "resources", "requests", "storage"];
  const [old, now] = [at(before, ...path), at(after, ...path)];
  const [was, is, got] = [old, now, at(before, "status", "capacity", "storage")].map(amountOf);
  const change = { path, before: old, after: now };
  const phase = at(before, "status", "phase");
  if (was === undefined || is === undefined || was === is) return [];
  if (phase !== undefined && phase !== "Bound") return [{ ...change, answer: `${answer} for bound claims` }];
  if (is > was) return [];
  if (!isGateOn("RecoverVolumeExpansionFailure", cluster)) {
    return [{ ...change, answer: "field can not be less than previous value" }];
  }
  return got !== undefined && is > got ? [] : [{ ...change, answer: "field can not be less than status.capacity" }];
}

function amountOf(value: Json | undefined): bigint | undefined {
  return typeof value === "string" || typeof value === "number" ? parseQuantity(value)?.nanos : undefined;
}

/**
 * ValidateStorageClassUpdate (pkg/apis/storage/validation/validation.go, Kubernetes 1.36), with the defaults of
 * pkg/apis/storage/v1/defaults.go.
 */
function ofStorageClass(before: Json | undefined, after: Json | undefined): readonly ImmutableChange[] {
  const withDefault = (field: string, byDefault: string, answer: string) => {
    const [old, now] = [before, after].map((value) => at(value, field) ?? byDefault);
    return old === now ? [] : [{ path: [field], before: at(before, field), after: at(after, field), answer }];
  };
  return [
    ...differing(before, after, ["parameters"], "updates to parameters are forbidden."),
    ...differing(before, after, ["provisioner"], "updates to provisioner are forbidden."),
    ...withDefault("reclaimPolicy", "Delete", "updates to reclaimPolicy are forbidden."),
    ...withDefault("volumeBindingMode", "Immediate", fieldIsImmutable),
  ];
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
