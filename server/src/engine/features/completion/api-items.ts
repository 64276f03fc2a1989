import {
  hasField,
  isRequired,
  knownKinds,
  rootType,
  typeSchema,
  type FieldSchema,
} from "../../kubernetes/schema/schema.js";
import { isSince, type Release } from "../../kubernetes/versions.js";
import { schemaSpot, typeName, usableValues, type SchemaSpot } from "../../kubernetes/schema/walk.js";
import { valueMeaning } from "../api-page.js";
import { fieldName, type Around } from "./around.js";
import { standIn } from "./cursor.js";
import { usualOrder } from "./usual-order.js";
import { keyInsertion, onlyItemInsertion, plainly, valueInsertion } from "./insertion.js";
import type { CompletionItem } from "./item.js";
import { referenceItems } from "./reference-items.js";

/** What the API knows may be written at the cursor: fields that are not there yet, required ones first, and values. */
export function apiItems(around: Around): readonly CompletionItem[] {
  const { key, place } = around.resource;
  const { cursor, path } = around;
  const type = rootType(key.apiVersion, key.kind);
  if (path.length === 0) return type === undefined ? typeMetaKeys(around) : fieldItems(type, around);
  if (path.length === 1 && (path[0] === "kind" || path[0] === "apiVersion") && cursor.writes === "value") {
    return typeMetaValues(path[0], place.at(path[0] === "kind" ? "apiVersion" : "kind").value(), around);
  }
  const spot = type === undefined ? undefined : schemaSpot(type, path);
  if (spot === undefined) return [];
  if (cursor.writes === "key" && spot.type.kind === "object") return fieldItems(spot.type.type, around);
  if (cursor.writes === "key" && spot.type.kind === "map") return resourceItems(spot, around);
  // A new item of a list of words looks like a key until it is written.
  if (cursor.writes === "key" && typeof path.at(-1) !== "number") return [];
  return valueItems(spot, around);
}

function fieldItems(type: string, around: Around): readonly CompletionItem[] {
  const { cursor, resource, path } = around;
  const release = around.cluster.kubernetesVersion;
  const present = new Set(
    cursor.root
      .at(...resource.place.path, ...path)
      .entries()
      .map(([name]) => name),
  );
  const written = usualOrder[type] ?? [];
  const order = (field: FieldSchema) => {
    const index = written.indexOf(field.name);
    if (index !== -1) return index;
    // What has metadata is hardly ever without.
    const rank = isNeeded(type, field, release) || field.name === "metadata" ? (field.name === "name" ? 0 : 1) : 2;
    return written.length + (field.deprecated ? 3 : rank);
  };
  return [...typeSchema(type).values()]
    .filter((field) => hasField(field, release) && !present.has(field.name) && !isReadOnly(type, field.name))
    .filter((field) => !isForbidden(field.name, around))
    .toSorted((a, b) => order(a) - order(b))
    .map((field) => fieldItem(type, field, around));
}

function fieldItem(type: string, field: FieldSchema, around: Around): CompletionItem {
  const { cursor, resource, style } = around;
  const release = around.cluster.kubernetesVersion;
  const { apiVersion, kind } = resource.key;
  const path = [...around.path, field.name];
  const writes = field.type.kind === "map" ? "key" : "value";
  const inside: Around = { ...around, path, field: fieldName(path), cursor: { ...cursor, writes } };
  return {
    label: field.name,
    kind: "field",
    detail: `${typeName(field.type)}${isNeeded(type, field, release) ? ", required" : ""}`,
    documentation: { apiVersion, kind, path },
    insert: keyInsertion(field.name, field.type, cursor, style),
    choiceFollows: !cursor.colonFollows && (hasChoice(type, field) || referenceItems(inside).length > 0),
    deprecated: field.deprecated,
  };
}

/** The amounts that may be asked for. */
function resourceItems({ field }: SchemaSpot, { cursor, resource, path, style }: Around): readonly CompletionItem[] {
  const names = field === undefined ? [] : (resourceNames[field.owner] ?? []);
  const present = new Set(
    cursor.root
      .at(...resource.place.path, ...path)
      .entries()
      .map(([name]) => name),
  );
  return names
    .filter((name) => !present.has(name))
    .map((name) => ({
      label: name,
      kind: "field",
      detail: "quantity",
      documentation: undefined,
      insert: keyInsertion(name, { kind: "scalar", scalar: "quantity" }, cursor, style),
      choiceFollows: false,
      deprecated: false,
    }));
}

/** The standard ones: validateContainerResourceName and ValidatePersistentVolumeClaimSpec, Kubernetes 1.36. */
const resourceNames: Readonly<Record<string, readonly string[]>> = {
  ResourceRequirements: ["cpu", "memory", "ephemeral-storage"],
  VolumeResourceRequirements: ["storage"],
};

/**
 * A set needs its selector, which rules of their own look after instead of the schema; until 1.32 its `serviceName`
 * too.
 */
function isNeeded(type: string, field: FieldSchema, release: Release): boolean {
  if (isRequired(field, release)) return true;
  if (type !== "apps.v1.StatefulSetSpec") return false;
  return field.name === "selector" || (field.name === "serviceName" && !isSince(release, 33));
}

/**
 * What the API server refuses in the pods of a StatefulSet (ValidatePodTemplateSpecForStatefulSet, Kubernetes 1.36).
 */
function isForbidden(name: string, { resource, field }: Around): boolean {
  if (resource.kind !== "StatefulSet" || field !== "spec.template.spec") return false;
  return name === "activeDeadlineSeconds" || name === "ephemeralContainers";
}

function hasChoice(owner: string, { type, values }: FieldSchema): boolean {
  if (type.kind === "map")
    return resourceNames[owner] !== undefined && type.value.kind === "scalar" && type.value.scalar === "quantity";
  if (type.kind === "scalar") return values !== undefined || type.scalar === "bool";
  return type.kind === "object" || (type.kind === "list" && (type.item.kind === "object" || values !== undefined));
}

/**
 * What only the cluster writes: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 * (Kubernetes 1.36), and the status of any object.
 */
function isReadOnly(type: string, field: string): boolean {
  return type === "ObjectMeta" ? readOnlyMetadata.has(field) : field === "status" && typeSchema(type).has("metadata");
}

const readOnlyMetadata: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

function valueItems({ type, field }: SchemaSpot, around: Around): readonly CompletionItem[] {
  if (field === undefined) return [];
  const { cursor, cluster, style, resource } = around;
  const onlyAlways = resource.kind === "StatefulSet" && around.field === "spec.template.spec.restartPolicy";
  const items = type.kind === "list" ? type.item : type;
  if (items.kind !== "scalar") return [];
  const known = usableValues(field, cluster);
  const written =
    type.kind === "list"
      ? new Set<string>()
      : new Set(siblings(around).flatMap((value) => (typeof value === "string" ? [value] : [])));
  const texts = known
    .filter((value) => !written.has(value) && !(onlyAlways && value !== "Always"))
    .map((value) => ({
      label: value,
      insert: type.kind === "list" ? onlyItemInsertion(value, cursor, style) : valueInsertion(value, cursor, style),
      documentation: valueMeaning(field, value),
    }));
  const booleans =
    type.kind === "scalar" && type.scalar === "bool"
      ? [true, false].map((value) => ({
          label: String(value),
          insert: valueInsertion(value, cursor, style),
          documentation: undefined,
        }))
      : [];
  return [...texts, ...booleans].map((value) => ({
    ...value,
    kind: "value",
    detail: "",
    choiceFollows: false,
    deprecated: false,
  }));
}

/** The other items of the list that the cursor writes an item of. */
function siblings({ cursor, resource, path }: Around): readonly unknown[] {
  if (typeof path.at(-1) !== "number") return [];
  const list = cursor.root.at(...resource.place.path, ...path.slice(0, -1));
  return list.items().map((item) => item.value());
}

/** What an object begins with, while its kind is not known. */
function typeMetaKeys({ cursor, resource }: Around): readonly CompletionItem[] {
  const present = new Set(resource.place.entries().map(([name]) => name));
  const isForeign = (name: string) => name !== standIn && !/^(?:apiVersion|kind|metadata|spec|data)$/.test(name);
  if ([...present].some(isForeign)) return [];
  return (["apiVersion", "kind"] as const)
    .filter((name) => !present.has(name))
    .map((name) => ({
      label: name,
      kind: "field",
      detail: "string, required",
      documentation: undefined,
      insert: plainly(cursor.colonFollows || cursor.quoted ? name : `${name}: `),
      choiceFollows: !cursor.colonFollows,
      deprecated: false,
    }));
}

/** The kinds that are known, or their API versions, as far as they go with the other one if that is written. */
function typeMetaValues(
  asked: "kind" | "apiVersion",
  other: unknown,
  { cursor, style }: Around,
): readonly CompletionItem[] {
  const all = knownKinds.map((known) => {
    const slash = known.lastIndexOf("/");
    return { apiVersion: known.slice(0, slash), kind: known.slice(slash + 1) };
  });
  const fitting = all.filter(({ apiVersion, kind }) => (asked === "kind" ? apiVersion : kind) === other);
  const offered = fitting.length > 0 ? fitting : all;
  return [...new Set(offered.map((known) => known[asked]))].map((value) => ({
    label: value,
    kind: "value",
    detail:
      asked === "kind"
        ? [...new Set(offered.filter(({ kind }) => kind === value).map((one) => one.apiVersion))].join(", ")
        : "",
    documentation: undefined,
    insert: valueInsertion(value, cursor, style),
    choiceFollows: false,
    deprecated: false,
  }));
}
