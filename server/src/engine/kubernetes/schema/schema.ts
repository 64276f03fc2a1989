import { isSince, type Release } from "../versions.js";
import { roots, types } from "./data/types.js";

/** The type of a field's value, as Go's JSON decoder reads it. */
export type FieldType =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "object"; readonly type: string }
  | { readonly kind: "list"; readonly item: FieldType }
  | { readonly kind: "map"; readonly value: FieldType };

/** `any` is not looked into. `bytes` are base64. */
const scalars = ["string", "bool", "int32", "int64", "quantity", "intOrString", "time", "bytes", "any"] as const;
export type Scalar = (typeof scalars)[number];

/** What the API says of one field. Releases are minor numbers: 33 is Kubernetes 1.33. */
export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  /** The release from which on it need not be given; `Infinity` where it always must, 0 where it never must. */
  readonly requiredUntil: number;
  /** The release that brought it and the one that took it away, where they are among 1.29 to 1.37. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly deprecated: boolean;
  /** The values it may have, each with the release that brought it; `undefined` where any will do. */
  readonly values: readonly { readonly value: string; readonly since: number }[] | undefined;
  /** Whether "" stands for the default, where `values` are listed. */
  readonly emptyIsUnset: boolean;
}

export type TypeSchema = ReadonlyMap<string, FieldSchema>;

/** The type of a kind's objects, such as `apps.v1.StatefulSet`; `undefined` for kinds that are not known. */
export function rootType(apiVersion: string, kind: string): string | undefined {
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(roots, key) ? roots[key] : undefined;
}

/** All kinds that are known, as `apps/v1/StatefulSet`. */
export const knownKinds: readonly string[] = Object.keys(roots);

/** The fields of a type by name, in alphabetical order. Throws for a name that the data do not have. */
export function typeSchema(type: string): TypeSchema {
  const schema = schemas.get(type);
  if (schema === undefined) throw new Error(`the schema has no type ${type}`);
  return schema;
}

/** Whether the API server of a release knows a field. */
export function hasField({ since, until }: FieldSchema, release: Release): boolean {
  return (since === undefined || isSince(release, since)) && (until === undefined || !isSince(release, until));
}

export function isRequired({ requiredUntil }: FieldSchema, release: Release): boolean {
  return release.minor < requiredUntil;
}

const schemas: ReadonlyMap<string, TypeSchema> = new Map(
  Object.entries(types).map(([type, fields]) => [
    type,
    new Map(Object.entries(fields).map(([name, text]) => [name, readField(name, text)])),
  ]),
);

/**
 * Reads a field of the data: `[Container]!`, `string!<33`, `string since=31 deprecated enum?=A|B@37`. `!` required,
 * `!<33` required before 1.33; `enum` and `enum?` list values, and with `enum?` "" stands for the default; `@37` is the
 * release that brought a value.
 */
function readField(name: string, text: string): FieldSchema {
  const [typed = "", ...words] = text.split(" ");
  const [, type = "", required, until] = /^([^!]*)(!(?:<(\d+))?)?$/.exec(typed) ?? [];
  const options = new Map(
    words.map((word) => {
      const [key = "", value = ""] = word.split("=");
      return [key, value] as const;
    }),
  );
  const number = (key: string) => (options.has(key) ? Number(options.get(key)) : undefined);
  const values = options.get("enum?") ?? options.get("enum");
  return {
    name,
    type: readType(type),
    requiredUntil: required === undefined ? 0 : until === undefined ? Infinity : Number(until),
    since: number("since"),
    until: number("until"),
    deprecated: options.has("deprecated"),
    values: values?.split("|").map((one) => {
      const [value = "", since] = one.split("@");
      return { value, since: Number(since ?? 0) };
    }),
    emptyIsUnset: options.has("enum?"),
  };
}

function readType(text: string): FieldType {
  if (text.startsWith("[")) return { kind: "list", item: readType(text.slice(1, -1)) };
  if (text.startsWith("{")) return { kind: "map", value: readType(text.slice(1, -1)) };
  const scalar = scalars.find((one) => one === text);
  return scalar === undefined ? { kind: "object", type: text } : { kind: "scalar", scalar };
}
