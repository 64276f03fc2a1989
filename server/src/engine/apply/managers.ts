import { at, isObject, parseJson, withAt, type JsonObject } from "./json.js";
import {
  compare,
  difference,
  fieldSet,
  intersection,
  merge,
  removeItems,
  union,
  validateConfiguration,
  withNamedFields,
  type Emptied,
  type PathSet,
} from "./typed.js";
import { canonicalJson } from "../kubernetes/canonical-json.js";

/** An entry of `metadata.managedFields`. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly subresource: string | undefined;
  readonly fields: PathSet;
}

export type ManagerKey = Omit<Manager, "fields">;

/** A field that a server-side apply would change, and another manager owns. */
export interface Conflict {
  readonly manager: ManagerKey;
  readonly path: string;
}

export type ServerSideApplied =
  | { readonly type: "applied"; readonly object: JsonObject; readonly managers: readonly Manager[] }
  | { readonly type: "conflicts"; readonly conflicts: readonly Conflict[] };

export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The managers after an object was created, replaced or patched (Updater.Update in structured-merge-diff
 * merge/update.go): who writes a field owns it, also where defaulting wrote it, and others lose what changed.
 */
export function managersAfterUpdate(
  live: JsonObject,
  next: JsonObject,
  managers: readonly Manager[],
  writer: ManagerKey,
): readonly Manager[] {
  // skipNonAppliedManager: an object without managers stays without them.
  if (managers.length === 0 && Object.keys(live).length > 0) return [];
  const comparison = compare(live, next);
  const changed = union(comparison.modified, comparison.added);
  const others = managers.filter((manager) => !isSame(manager, writer));
  const own = managers.find((manager) => isSame(manager, writer));
  const fields = union(difference(own?.fields ?? new Set(), comparison.removed), changed);
  return withoutEmpty([
    ...others.map((manager) => losing(manager, union(changed, comparison.removed))),
    { ...writer, fields: tracked(fields) },
  ]);
}

/**
 * A server-side apply (Updater.Apply, with what the API server puts around it: apimachinery pkg/util/managedfields). The
 * object comes back merged and not yet defaulted. Throws a TypedError for a configuration that is none.
 */
export function serverSideApply(
  live: JsonObject,
  configuration: JsonObject,
  managers: readonly Manager[],
  request: ApplyRequest,
): ServerSideApplied {
  validateConfiguration(configuration);
  const known = managers.length === 0 ? managersAfterUpdate({}, live, [], beforeFirstApply) : managers;
  return withLastApplied(live, configuration, known, request);
}

export interface ApplyRequest {
  readonly manager: string;
  /** `--force-conflicts` */
  readonly force: boolean;
  readonly emptied: Emptied;
}

/** Who owns the fields of an object that had no managers (skipNonAppliedManager). */
const beforeFirstApply: ManagerKey = { name: "before-first-apply", operation: "Update", subresource: undefined };

/** lastAppliedManager and lastAppliedUpdater: both only for kubectl's own name. */
function withLastApplied(
  live: JsonObject,
  configuration: JsonObject,
  managers: readonly Manager[],
  request: ApplyRequest,
): ServerSideApplied {
  const applied = applyOnce(live, configuration, managers, request);
  if (request.manager !== "kubectl") return applied;
  const known = applied.type === "conflicts" ? withoutClientSide(applied.conflicts, live) : undefined;
  if (known !== undefined && known.length > 0) return { type: "conflicts", conflicts: known };
  const final = known === undefined ? applied : applyOnce(live, configuration, managers, { ...request, force: true });
  if (final.type === "conflicts" || typeof annotationOf(final.object) !== "string") return final;
  return { ...final, object: withAnnotation(final.object, `${canonicalJson(configuration)}\n`) };
}

/** The conflicts that client-side apply does not explain: what it applied and is still the same is free to take. */
function withoutClientSide(conflicts: readonly Conflict[], live: JsonObject): readonly Conflict[] {
  const text = annotationOf(live);
  if (typeof text !== "string" || text === "") return conflicts;
  const last = parseJson(text);
  if (!isObject(last)) return conflicts;
  const { modified, added, removed } = compare(last, live);
  const allowed = difference(fieldSet(last), union(modified, union(added, removed)));
  return conflicts.filter(({ path }) => !allowed.has(path));
}

function applyOnce(
  live: JsonObject,
  configuration: JsonObject,
  managers: readonly Manager[],
  request: ApplyRequest,
): ServerSideApplied {
  const { manager: name, force, emptied } = request;
  const applier: ManagerKey = { name, operation: "Apply", subresource: undefined };
  const last = managers.find((manager) => isSame(manager, applier));
  const others = managers.filter((manager) => !isSame(manager, applier));
  const own: Manager = { ...applier, fields: withoutStatus(fieldSet(configuration)) };
  const object = prune(merge(live, configuration), [...others, own], last?.fields, emptied);
  const comparison = compare(live, object);
  const changed = withoutStatus(union(comparison.modified, comparison.added));
  const conflicts = others.flatMap((manager) =>
    [...intersection(manager.fields, changed)].map((path) => ({ manager, path })),
  );
  if (conflicts.length > 0 && !force) return { type: "conflicts", conflicts };
  const lost = union(changed, withoutStatus(comparison.removed));
  return {
    type: "applied",
    object,
    managers: withoutEmpty([
      ...others.map((manager) => losing(manager, lost)),
      { ...own, fields: tracked(own.fields) },
    ]),
  };
}

/** What the applier applied last time and not this time goes, unless another manager owns it. */
function prune(
  merged: JsonObject,
  managers: readonly Manager[],
  last: PathSet | undefined,
  emptied: Emptied,
): JsonObject {
  if (last === undefined || last.size === 0) return merged;
  const mergedSet = withNamedFields(fieldSet(merged));
  // addBackOwnedItems
  const managed = withNamedFields(managers.reduce<PathSet>((all, { fields }) => union(all, fields), new Set()));
  const first = withNamedFields(fieldSet(removeItems(merged, withNamedFields(last), emptied)));
  const owned = removeItems(merged, difference(mergedSet, union(first, managed)), emptied);
  // addBackDanglingItems
  const gone = difference(mergedSet, withNamedFields(fieldSet(owned)));
  return removeItems(merged, intersection(gone, withNamedFields(last)), emptied);
}

/**
 * What kubectl does after a server-side apply of an object that it applied client-side before
 * (migrateToSSAIfNecessary, k8s.io/client-go util/csaupgrade): the fields of that become those of the apply. `undefined`
 * where there is nothing to do.
 */
export function migratedManagers(managers: readonly Manager[], name: string): readonly Manager[] | undefined {
  const old = managers.filter(
    ({ operation, subresource, fields }) =>
      operation === "Update" && subresource === undefined && fields.has(annotationPath),
  );
  if (old.length === 0) return undefined;
  const applier: ManagerKey = { name, operation: "Apply", subresource: undefined };
  const fields = [...old, ...managers.filter((manager) => isSame(manager, applier))].reduce<PathSet>(
    (all, manager) => union(all, manager.fields),
    new Set(),
  );
  return [
    ...managers.filter((manager) => !old.includes(manager) && !isSame(manager, applier)),
    { ...applier, fields: difference(fields, new Set([annotationPath])) },
  ];
}

const annotationPath = ["metadata", "annotations", lastAppliedAnnotation].map((key) => `.${key}`).join("\n");

/** `"kubectl-create" using apps/v1`, as a conflict names it (managedfields/internal/conflict.go). */
export function describeManager({ name, operation, subresource }: ManagerKey): string {
  return [
    JSON.stringify(name),
    ...(subresource === undefined ? [] : [`with subresource "${subresource}"`]),
    ...(operation === "Update" ? ["using apps/v1"] : []),
  ].join(" ");
}

function annotationOf(object: JsonObject): unknown {
  return at(object, "metadata", "annotations", lastAppliedAnnotation);
}

function withAnnotation(object: JsonObject, text: string): JsonObject {
  return withAt(object, ["metadata", "annotations", lastAppliedAnnotation], text);
}

function isSame(a: ManagerKey, b: ManagerKey): boolean {
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;
}

function losing(manager: Manager, lost: PathSet): Manager {
  return { ...manager, fields: difference(manager.fields, lost) };
}

function withoutEmpty(managers: readonly Manager[]): readonly Manager[] {
  return managers.filter(({ fields }) => fields.size > 0);
}

/** stripMeta and the reset fields of the strategy: the identity of the object and its status have no owner. */
function tracked(fields: PathSet): PathSet {
  return withoutStatus(difference(fields, stripped));
}

function withoutStatus(fields: PathSet): PathSet {
  return new Set([...fields].filter((path) => path !== ".status" && !path.startsWith(".status\n")));
}

const stripped: PathSet = new Set([
  ".apiVersion",
  ".kind",
  ".metadata",
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
  ].map((key) => `.metadata\n.${key}`),
]);
