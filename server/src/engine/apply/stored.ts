import type { FieldType, Scalar } from "../kubernetes/schema/schema.js";
import { fieldsOf, type ApiField } from "./fields.js";
import { isArray, isObject, type Json, type JsonObject } from "./json.js";
import { storedQuantity } from "./quantity.js";

/**
 * A value as the API server writes it again after reading it: encoding/json over the Go types of k8s.io/api. Nulls and
 * zero values go unless the field is a pointer, empty lists and maps go, structs stay although they are empty, and
 * unknown fields are not read. It makes no difference which of two writings with one stored form was sent.
 */
export function storedObject(value: JsonObject, type: string): JsonObject {
  const stored: Record<string, Json> = {};
  for (const [name, field] of fieldsOf(type)) {
    const one = storedField(value[name], field);
    if (one !== undefined) stored[name] = one;
  }
  return stored;
}

function storedField(value: Json | undefined, field: ApiField): Json | undefined {
  const { type } = field.schema;
  if (value === undefined || value === null) return zeroOf(field);
  switch (type.kind) {
    case "scalar": {
      const scalar = storedScalar(value, type.scalar);
      const isDropped = !field.isPointer && !field.isAlways && isZero(scalar, type.scalar);
      return isDropped ? undefined : scalar;
    }
    case "object":
      return isObject(value) ? storedObject(value, type.type) : value;
    case "list":
      if (isArray(value) && value.length === 0 && !field.isAlways) return undefined;
      return storedValue(value, type);
    case "map":
      if (isObject(value) && Object.keys(value).length === 0 && !field.isAlways) return undefined;
      return storedValue(value, type);
  }
}

/** A value that is an item of a list or an entry of a map, where nothing is left out. */
function storedValue(value: Json, type: FieldType): Json {
  switch (type.kind) {
    case "scalar":
      return value === null && type.scalar === "string" ? "" : storedScalar(value, type.scalar);
    case "object":
      return storedObject(isObject(value) ? value : {}, type.type);
    case "list":
      return isArray(value) ? value.map((item) => storedValue(item, type.item)) : value;
    case "map":
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, storedValue(entry, type.value)]));
  }
}

function storedScalar(value: Json, scalar: Scalar): Json {
  if (scalar !== "quantity" || (typeof value !== "string" && typeof value !== "number")) return value;
  return storedQuantity(value) ?? value;
}

function zeroOf({ schema: { type }, isStruct, isPointer, isAlways }: ApiField): Json | undefined {
  if (type.kind === "object") return isStruct ? storedObject({}, type.type) : undefined;
  if (type.kind !== "scalar" || isPointer) return undefined;
  // resource.Quantity is a struct, which omitempty does not leave out.
  if (type.scalar === "quantity") return "0";
  return isAlways ? zeroOfScalar(type.scalar) : undefined;
}

function zeroOfScalar(scalar: Scalar): Json | undefined {
  switch (scalar) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "intOrString":
      return 0;
    default:
      return undefined;
  }
}

/** An IntOrString is a struct, which omitempty does not leave out. */
function isZero(value: Json, scalar: Scalar): boolean {
  return scalar !== "intOrString" && scalar !== "quantity" && (value === "" || value === 0 || value === false);
}
