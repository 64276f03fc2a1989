import { statefulSetType } from "./fields.js";
import { at, isArray, isObject, objectAt, parseJson, withAt, type Json, type JsonObject } from "./json.js";
import { lastAppliedAnnotation, migratedManagers, type ManagerKey } from "./managers.js";
import { apply, create, update, type Answer, type ApiServer, type StoredSet } from "./server.js";
import { applyPatch, MergeError, threeWayPatch } from "./strategic-merge.js";
import { canonicalJson } from "../kubernetes/canonical-json.js";

/** How a manifest is brought to the cluster. */
export type ApplyWay = "client" | "server" | "replace";

export interface KubectlOptions {
  /** `--field-manager`; kubectl's own name where there is none. */
  readonly fieldManager?: string | undefined;
  readonly forceConflicts?: boolean | undefined;
  readonly saveConfig?: boolean | undefined;
  /** The uid of the object, if it is made. */
  readonly uid?: string | undefined;
}

/**
 * `kubectl apply`, k8s.io/kubectl pkg/cmd/apply 1.36: creates the set, or patches it with a three-way strategic merge of
 * what was applied last, the manifest and the live object.
 */
export function clientSideApply(
  server: ApiServer,
  live: StoredSet | undefined,
  manifest: JsonObject,
  options: KubectlOptions = {},
): Answer {
  const modified = withLastApplied(inNamespace(manifest));
  const writer = writerOf(options.fieldManager ?? "kubectl-client-side-apply");
  if (live === undefined) return create(server, prunedNulls(modified), writer, options.uid ?? "");
  const current = exported(live);
  const patched = attempted(() => {
    const patch = threeWayPatch(lastApplied(live.object), modified, current, statefulSetType);
    return Object.keys(patch).length === 0 ? undefined : applyPatch(current, patch, statefulSetType);
  });
  if (patched.type === "failed") return patched.answer;
  return patched.object === undefined ? { type: "stored", set: live } : update(server, live, patched.object, writer);
}

/** `kubectl apply --server-side`, with what it does for an object that was applied client-side before. */
export function serverSideApplied(
  server: ApiServer,
  live: StoredSet | undefined,
  manifest: JsonObject,
  options: KubectlOptions = {},
): Answer {
  const manager = options.fieldManager ?? "kubectl";
  const configuration = inNamespace(manifest);
  const request = { manager, force: options.forceConflicts === true, uid: options.uid ?? "" };
  const answer = apply(server, live, configuration, request);
  if (answer.type !== "stored") return answer;
  const annotated = manager === "kubectl" ? withAnnotationManager(server, answer.set) : answer.set;
  const managers = migratedManagers(annotated.managers, manager);
  if (managers === undefined) return { type: "stored", set: annotated };
  const migrated = { ...annotated, managers };
  // That the second apply fails is only a warning.
  const again = apply(server, migrated, configuration, request);
  return again.type === "stored" ? again : { type: "stored", set: migrated };
}

/** saveLastApplyAnnotationIfNecessary: another manager keeps the annotation. */
function withAnnotationManager(server: ApiServer, set: StoredSet): StoredSet {
  const text = at(set.object, "metadata", "annotations", lastAppliedAnnotation);
  if (text === undefined) return set;
  const configuration: JsonObject = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: {
      name: at(set.object, "metadata", "name") ?? "",
      namespace: at(set.object, "metadata", "namespace") ?? "",
      annotations: { [lastAppliedAnnotation]: text },
    },
  };
  const answer = apply(server, set, configuration, { manager: "kubectl-last-applied", force: false, uid: "" });
  return answer.type === "stored" ? answer.set : set;
}

/** `kubectl create` */
export function createSet(server: ApiServer, manifest: JsonObject, options: KubectlOptions = {}): Answer {
  const body = inNamespace(manifest);
  const writer = writerOf(options.fieldManager ?? "kubectl-create");
  return create(server, options.saveConfig === true ? withLastApplied(body) : body, writer, options.uid ?? "");
}

/** `kubectl replace` */
export function replaceSet(
  server: ApiServer,
  live: StoredSet | undefined,
  manifest: JsonObject,
  options: KubectlOptions = {},
): Answer {
  if (live === undefined) return { type: "refused", reason: "notFound", errors: [], immutable: [] };
  const body = inNamespace(manifest);
  // CreateOrUpdateAnnotation: a manifest that has the annotation gets it anew.
  const hasAnnotation = at(body, "metadata", "annotations", lastAppliedAnnotation) !== undefined;
  return update(
    server,
    live,
    hasAnnotation ? withLastApplied(body) : body,
    writerOf(options.fieldManager ?? "kubectl-replace"),
  );
}

/** `kubectl patch`: with a strategic merge patch, or with `--type=merge` (RFC 7386). */
export function patchSet(
  server: ApiServer,
  live: StoredSet,
  patch: JsonObject,
  type: "strategic" | "merge",
  fieldManager: string,
): Answer {
  const current = exported(live);
  const patched = attempted(() =>
    type === "strategic" ? applyPatch(current, patch, statefulSetType) : mergePatched(current, patch),
  );
  if (patched.type === "failed") return patched.answer;
  return patched.object === undefined
    ? { type: "stored", set: live }
    : update(server, live, patched.object, writerOf(fieldManager));
}

/** `kubectl edit` and what else reads an object, changes it and sends the difference. */
export function editSet(server: ApiServer, live: StoredSet, edited: JsonObject, fieldManager: string): Answer {
  return update(server, live, edited, writerOf(fieldManager));
}

/** What `kubectl get -o json` prints of a set, without `metadata.managedFields`. */
export function exported({ object }: StoredSet): JsonObject {
  return { apiVersion: "apps/v1", kind: "StatefulSet", ...object };
}

/** Whether an object was printed by a cluster: what was applied to it last is in its annotation, if anywhere. */
export function isExported(object: JsonObject): boolean {
  return at(object, "metadata", "uid") !== undefined || at(object, "metadata", "resourceVersion") !== undefined;
}

/** Without what an exported object says of the moment when it was exported. */
export function withoutIdentity(manifest: JsonObject): JsonObject {
  const metadata = at(manifest, "metadata");
  if (!isObject(metadata)) return manifest;
  const dropped = new Set(["uid", "resourceVersion", "generation", "managedFields", "creationTimestamp"]);
  return { ...manifest, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !dropped.has(key))) };
}

/** What was applied last, from the annotation; nothing where there is none. */
export function lastApplied(object: JsonObject): JsonObject {
  const text = at(object, "metadata", "annotations", lastAppliedAnnotation);
  if (typeof text !== "string" || text === "") return {};
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

/** GetModifiedConfiguration: the annotation holds the manifest without itself. */
function withLastApplied(manifest: JsonObject): JsonObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = objectAt(manifest, "metadata", "annotations");
  const plain = withAt(manifest, ["metadata", "annotations"], annotations);
  return withAt(plain, ["metadata", "annotations", lastAppliedAnnotation], `${canonicalJson(plain)}\n`);
}

function inNamespace(manifest: JsonObject): JsonObject {
  const namespace = at(manifest, "metadata", "namespace");
  return namespace === undefined || namespace === null || namespace === ""
    ? withAt(manifest, ["metadata", "namespace"], "default")
    : manifest;
}

/** pruneNullsFromMap */
function prunedNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === null ? [] : [[key, prunedValue(value)]])),
  );
}

function prunedValue(value: Json): Json {
  if (isArray(value)) return value.map(prunedValue);
  return isObject(value) ? prunedNulls(value) : value;
}

function mergePatched(target: Json | undefined, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? mergePatched(merged[key], value) : value;
  }
  return merged;
}

function attempted(
  make: () => JsonObject | undefined,
):
  | { readonly type: "made"; readonly object: JsonObject | undefined }
  | { readonly type: "failed"; readonly answer: Answer } {
  try {
    return { type: "made", object: make() };
  } catch (error) {
    if (!(error instanceof MergeError)) throw error;
    const errors = [{ field: "patch", type: "Invalid value", detail: error.message }];
    return { type: "failed", answer: { type: "refused", reason: "undecodable", errors, immutable: [] } };
  }
}

function writerOf(name: string): ManagerKey {
  return { name, operation: "Update", subresource: undefined };
}
