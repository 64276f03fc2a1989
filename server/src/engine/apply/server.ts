import type { FieldType } from "../kubernetes/schema/schema.js";
import { isDropped, isSince, type TargetCluster } from "../kubernetes/versions.js";
import { changesBetween, immutableChanges, isSemanticallyEqual, type ImmutableChange } from "./changes.js";
import { withDefaults } from "./defaults.js";
import { childOf, fieldsOf, itemTypeOf, statefulSetType } from "./fields.js";
import { at, isArray, isObject, objectAt, sameJson, withAt, type Json, type JsonObject } from "./json.js";
import { managersAfterUpdate, serverSideApply, type Conflict, type Manager, type ManagerKey } from "./managers.js";
import { storedObject } from "./stored.js";
import { TypedError } from "./typed.js";

/** The API server of one cluster, as far as StatefulSets go. */
export interface ApiServer {
  readonly cluster: TargetCluster;
  /** What validation refuses in an object as such, and what decoding does not read: unknown fields, wrong types. */
  readonly refusals: (object: JsonObject, stage: "decode" | "validate") => readonly ServerError[];
}

/** One error as the API server tells it. */
export interface ServerError {
  /** `spec.updateStrategy.rollingUpdate` */
  readonly field: string;
  /** `Invalid value`, `Forbidden` */
  readonly type: string;
  readonly detail: string;
}

/** An object as it is stored: defaulted, with its managers, which `metadata.managedFields` holds. */
export interface StoredSet {
  readonly object: JsonObject;
  readonly managers: readonly Manager[];
}

export type Answer =
  | { readonly type: "stored"; readonly set: StoredSet }
  /** `undecodable`: the request is refused before validation; `conflict`: it speaks of another state of the object. */
  | {
      readonly type: "refused";
      readonly reason: "invalid" | "undecodable" | "conflict" | "badRequest" | "notFound";
      readonly errors: readonly ServerError[];
      /** The immutable fields that it would change. */
      readonly immutable: readonly ImmutableChange[];
    }
  | { readonly type: "conflicts"; readonly conflicts: readonly Conflict[] };

/** POST */
export function create(server: ApiServer, body: JsonObject, writer: ManagerKey, uid: string): Answer {
  const undecodable = server.refusals(body, "decode");
  if (undecodable.length > 0) return refused("undecodable", undecodable);
  const object = prepared(server, body, undefined, uid);
  const invalid = server.refusals(object, "validate");
  if (invalid.length > 0) return refused("invalid", invalid);
  return { type: "stored", set: { object, managers: managersAfterUpdate({}, object, [], writer) } };
}

/** PUT, and PATCH with what the patch came to. */
export function update(server: ApiServer, live: StoredSet, body: JsonObject, writer: ManagerKey): Answer {
  const undecodable = server.refusals(body, "decode");
  if (undecodable.length > 0) return refused("undecodable", undecodable);
  const checked = checkedUpdate(server, live.object, body);
  if (checked.type === "refused") return checked;
  const { object } = checked;
  return stored(live, object, managersAfterUpdate(live.object, object, live.managers, writer));
}

/** PATCH with the configuration of a server-side apply; without a live object it creates one. */
export function apply(
  server: ApiServer,
  live: StoredSet | undefined,
  configuration: JsonObject,
  { manager, force, uid }: { readonly manager: string; readonly force: boolean; readonly uid: string },
): Answer {
  if (at(configuration, "metadata", "managedFields") !== undefined) {
    return refused("badRequest", [
      { field: "metadata.managedFields", type: "Bad request", detail: "metadata.managedFields must be nil" },
    ]);
  }
  const before = live ?? { object: {}, managers: [] };
  let applied: ReturnType<typeof serverSideApply>;
  try {
    // See removeItems.
    const emptied = server.cluster.kubernetesVersion.minor === 36 ? "kept" : "null";
    applied = serverSideApply(before.object, configuration, before.managers, { manager, force, emptied });
  } catch (error) {
    if (!(error instanceof TypedError)) throw error;
    const [, path = "", detail = ""] = /^(\.[^:]*): (.*)$/s.exec(error.message) ?? [undefined, "", error.message];
    return refused("undecodable", [{ field: path.slice(1), type: "Invalid value", detail }]);
  }
  if (applied.type === "conflicts") return applied;
  const undecodable = server.refusals(applied.object, "decode");
  if (undecodable.length > 0) return refused("undecodable", undecodable);
  if (live === undefined) {
    const object = prepared(server, applied.object, undefined, uid);
    const invalid = server.refusals(object, "validate");
    if (invalid.length > 0) return refused("invalid", invalid);
    return { type: "stored", set: { object, managers: applied.managers } };
  }
  const checked = checkedUpdate(server, live.object, applied.object);
  return checked.type === "refused" ? checked : stored(live, checked.object, applied.managers);
}

/** The update of a subresource: `/scale` changes the replicas alone. */
export function scale(live: StoredSet, replicas: number, manager: string): StoredSet {
  const changed = withAt(live.object, ["spec", "replicas"], replicas);
  const object =
    replicas === at(live.object, "spec", "replicas") ? changed : withGeneration(changed, generationOf(live.object) + 1);
  const writer: ManagerKey = { name: manager, operation: "Update", subresource: "scale" };
  // scaleHandler.ToSubresource: /scale has the managers of the replicas, and without any it gets none.
  const isManaged = live.managers.some(({ fields }) => fields.has(".spec\n.replicas"));
  const managers = isManaged ? managersAfterUpdate(live.object, object, live.managers, writer) : live.managers;
  const answer = stored(live, object, managers);
  return answer.type === "stored" ? answer.set : live;
}

/** `metadata.generation` */
export function generationOf(object: JsonObject): number {
  return Number(at(object, "metadata", "generation") ?? 0);
}

function refused(
  reason: "invalid" | "undecodable" | "conflict" | "badRequest",
  errors: readonly ServerError[],
  immutable: readonly ImmutableChange[] = [],
): Answer & { readonly type: "refused" } {
  return { type: "refused", reason, errors, immutable };
}

/** A new resourceVersion comes with every change, also of the managers. */
function stored(live: StoredSet, object: JsonObject, managers: readonly Manager[]): Answer {
  const isSame =
    sameJson(live.object, object) &&
    live.managers.length === managers.length &&
    managers.every((manager) =>
      live.managers.some(
        (old) =>
          old.name === manager.name &&
          old.operation === manager.operation &&
          old.fields.size === manager.fields.size &&
          [...old.fields].every((path) => manager.fields.has(path)),
      ),
    );
  if (isSame) return { type: "stored", set: live };
  const version = Number(at(live.object, "metadata", "resourceVersion") ?? 0) + 1;
  return {
    type: "stored",
    set: { object: withAt(object, ["metadata", "resourceVersion"], String(version)), managers },
  };
}

function checkedUpdate(
  server: ApiServer,
  live: JsonObject,
  body: JsonObject,
): { readonly type: "ready"; readonly object: JsonObject } | (Answer & { readonly type: "refused" }) {
  // rest.BeforeUpdate and the preconditions of the store: the request must speak of this object, in this state.
  for (const field of ["uid", "resourceVersion"]) {
    const [said, is] = [at(body, "metadata", field), at(live, "metadata", field)];
    if (said !== undefined && said !== null && said !== "" && said !== is) {
      return refused("conflict", [
        { field: `metadata.${field}`, type: "Conflict", detail: "the object has been modified" },
      ]);
    }
  }
  const object = prepared(server, body, live, "");
  const immutable = immutableChanges(live, object);
  const errors = [...server.refusals(object, "validate"), ...immutableErrors(immutable, server.cluster)];
  return errors.length > 0 ? refused("invalid", errors, immutable) : { type: "ready", object };
}

/** Decoded, defaulted, without what the cluster drops and what users may not set: PrepareForCreate and PrepareForUpdate. */
function prepared(server: ApiServer, body: JsonObject, live: JsonObject | undefined, uid: string): JsonObject {
  const { status: _, ...rest } = body;
  const kept = withoutDropped(
    withDefaults(storedObject(rest, "apps.v1.StatefulSet"), server.cluster),
    live,
    server.cluster,
  );
  const { status: __, ...object } = kept;
  const { managedFields: ___, ...metadata } = objectAt(object, "metadata");
  const identity =
    live === undefined
      ? {
          namespace: metadata["namespace"] ?? "default",
          uid,
          resourceVersion: "1",
          creationTimestamp: "2026-01-01T00:00:00Z",
        }
      : Object.fromEntries(
          ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"].flatMap((key) => {
            const value = at(live, "metadata", key);
            return value === undefined ? [] : [[key, value]];
          }),
        );
  const whole = { ...object, metadata: { ...metadata, ...identity } };
  if (live === undefined) return withGeneration(whole, 1);
  const spec = childOf(statefulSetType, "spec").type;
  const isSame = isSemanticallyEqual(at(live, "spec"), at(whole, "spec"), spec);
  return withGeneration(whole, generationOf(live) + (isSame ? 0 : 1));
}

function withGeneration(object: JsonObject, generation: number): JsonObject {
  return withAt(object, ["metadata", "generation"], generation);
}

/** dropDisabledFields: fields whose gate is off go, unless the object had them before. */
function withoutDropped(object: JsonObject, live: JsonObject | undefined, cluster: TargetCluster): JsonObject {
  const kept = dropped(object, live, statefulSetType, cluster);
  return isObject(kept) ? kept : {};
}

function dropped(value: Json, live: Json | undefined, type: FieldType | undefined, cluster: TargetCluster): Json {
  if (isArray(value)) {
    return value.map((item, index) =>
      dropped(item, isArray(live) ? live[index] : undefined, itemTypeOf(type), cluster),
    );
  }
  if (!isObject(value)) return value;
  const owner = type?.kind === "object" ? type.type : undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      const before = at(live, key);
      if (owner !== undefined && fieldsOf(owner).has(key) && isDropped(owner, key, cluster) && before === undefined)
        return [];
      return [[key, dropped(entry, before, childOf(type, key).type, cluster)]];
    }),
  );
}

/**
 * ValidateStatefulSetUpdate: one sentence for all up to 1.36, each field by its name from 1.37 (pull request 138080).
 */
function immutableErrors(changes: readonly ImmutableChange[], cluster: TargetCluster): readonly ServerError[] {
  if (changes.length === 0) return [];
  if (!isSince(cluster.kubernetesVersion, 37)) return [immutableError];
  return changes.map(({ field, after }) => ({
    field: `spec.${field}`,
    type: "Invalid value",
    detail: `${JSON.stringify(after ?? null)}: field is immutable`,
  }));
}

const immutableError: ServerError = {
  field: "spec",
  type: "Forbidden",
  detail:
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
};

/** What differs in what a ControllerRevision holds: the pod template. */
export function templateChanges(before: JsonObject, after: JsonObject): ReturnType<typeof changesBetween> {
  return changesBetween(at(before, "spec", "template"), at(after, "spec", "template"));
}
