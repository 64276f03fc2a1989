import type { Path } from "../../yaml/path.js";
import { gateOfValue, isGateOn, type TargetCluster } from "../versions.js";
import { typeSchema, type FieldSchema, type FieldType } from "./schema.js";

/** What the API knows of a place in an object. */
export interface SchemaSpot {
  /** The type of the value there. */
  readonly type: FieldType;
  /** The field that the value is, or is an item or an entry of; `undefined` for the object itself. */
  readonly field: OwnedField | undefined;
}

export interface OwnedField {
  /** The type that has the field, such as `Container`. */
  readonly owner: string;
  readonly schema: FieldSchema;
  /** The field's own path in the object. */
  readonly path: Path;
}

/** Follows a path from an object of a type; `undefined` where the API knows nothing of it. */
export function schemaSpot(rootType: string, path: Path): SchemaSpot | undefined {
  let spot: SchemaSpot = { type: { kind: "object", type: rootType }, field: undefined };
  for (const [depth, step] of path.entries()) {
    const next = child(spot, step, path.slice(0, depth + 1));
    if (next === undefined) return undefined;
    spot = next;
  }
  return spot;
}

function child({ type, field }: SchemaSpot, step: string | number, path: Path): SchemaSpot | undefined {
  switch (type.kind) {
    case "object": {
      const schema = typeSchema(type.type).get(String(step));
      return schema && { type: schema.type, field: { owner: type.type, schema, path } };
    }
    case "list":
      return typeof step === "number" ? { type: type.item, field } : undefined;
    case "map":
      return { type: type.value, field };
    case "scalar":
      return undefined;
  }
}

/** The listed values of a field that a cluster takes: those that its release has and whose gates are on. */
export function usableValues(
  { owner, schema: { name, values = [] } }: OwnedField,
  cluster: TargetCluster,
): readonly string[] {
  return values
    .filter(({ value, since }) => {
      const gate = gateOfValue(owner, name, value);
      return cluster.kubernetesVersion.minor >= since && (gate === undefined || isGateOn(gate, cluster));
    })
    .map(({ value }) => value);
}

/** As in Go: `[]Container`, `map[string]string`; scalars in words. */
export function typeName(type: FieldType): string {
  switch (type.kind) {
    case "object":
      return type.type.slice(type.type.lastIndexOf(".") + 1);
    case "list":
      return `[]${typeName(type.item)}`;
    case "map":
      return `map[string]${typeName(type.value)}`;
    case "scalar":
      return scalarNames[type.scalar];
  }
}

const scalarNames = {
  any: "any value",
  bool: "boolean",
  bytes: "base64 text",
  int32: "integer",
  int64: "integer",
  intOrString: "integer or string",
  quantity: "quantity",
  string: "string",
  time: "time",
} as const;
