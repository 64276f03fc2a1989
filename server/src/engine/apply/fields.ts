import { typeSchema, type FieldSchema, type FieldType } from "../kubernetes/schema/schema.js";
import { atomicTypes, goFields } from "./data/go-fields.js";

/** What the API says of a field, as far as an apply depends on it: its schema, and the tags of its Go type. */
export interface ApiField {
  readonly schema: FieldSchema;
  /** A pointer in Go: `false`, 0 and `""` are stored, and differ from nothing. */
  readonly isPointer: boolean;
  /** A struct in Go, which is always stored, also empty. */
  readonly isStruct: boolean;
  /** Without `omitempty`: stored as its zero value where nothing is given. */
  readonly isAlways: boolean;
  /** `patchStrategy` and `patchMergeKey`: how a strategic merge patch treats it. */
  readonly patch: PatchStrategy;
  /** `listType` and `listMapKey`: how a server-side apply treats a list. */
  readonly list: ListKind;
  /** `mapType: atomic` or `structType: atomic`: a server-side apply takes it as a whole. */
  readonly isAtomic: boolean;
}

export interface PatchStrategy {
  readonly merges: boolean;
  readonly key: string | undefined;
  readonly retainKeys: boolean;
}

export type ListKind =
  { readonly kind: "atomic" } | { readonly kind: "set" } | { readonly kind: "map"; readonly keys: readonly string[] };

/** A field of a type of the schema; `undefined` where the API has none. */
export function apiField(type: string, name: string): ApiField | undefined {
  return fieldsOf(type).get(name);
}

/** All fields of a type. */
export function fieldsOf(type: string): ReadonlyMap<string, ApiField> {
  const known = cache.get(type);
  if (known !== undefined) return known;
  const fields = new Map([...typeSchema(type)].map(([name, schema]) => [name, readField(type, schema)] as const));
  cache.set(type, fields);
  return fields;
}

/** What is behind a key of a value of a type: a field, or an entry of a map. */
export function childOf(
  type: FieldType | undefined,
  key: string,
): { readonly type: FieldType | undefined; readonly patch: PatchStrategy } {
  switch (type?.kind) {
    case "object": {
      const field = apiField(type.type, key);
      return { type: field?.schema.type, patch: field?.patch ?? replaces };
    }
    case "map":
      return { type: type.value, patch: replaces };
    default:
      return { type: undefined, patch: replaces };
  }
}

export function itemTypeOf(type: FieldType | undefined): FieldType | undefined {
  return type?.kind === "list" ? type.item : undefined;
}

export function isAtomicType(type: FieldType): boolean {
  return type.kind === "object" && atomicTypes.includes(type.type);
}

/** The root of all that is applied here. */
export const statefulSetType: FieldType = { kind: "object", type: "apps.v1.StatefulSet" };

const replaces: PatchStrategy = { merges: false, key: undefined, retainKeys: false };

/** Filled once for each type: the tables never change. */
const cache = new Map<string, ReadonlyMap<string, ApiField>>();

/** Reads words such as `pointer always patch=merge,retainKeys:name map=containerPort,protocol`. */
function readField(type: string, schema: FieldSchema): ApiField {
  const words = (goFields[`${type}#${schema.name}`] ?? "").split(" ");
  const word = (name: string) => words.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const [strategies = "", key] = (word("patch") ?? "").split(":");
  const mapKeys = word("map");
  return {
    schema,
    isPointer: words.includes("pointer"),
    isStruct: words.includes("struct"),
    isAlways: words.includes("always"),
    patch: {
      merges: strategies.split(",").includes("merge"),
      key,
      retainKeys: strategies.split(",").includes("retainKeys"),
    },
    list:
      mapKeys !== undefined
        ? { kind: "map", keys: mapKeys.split(",") }
        : { kind: words.includes("set") ? "set" : "atomic" },
    isAtomic: words.includes("atomic"),
  };
}
