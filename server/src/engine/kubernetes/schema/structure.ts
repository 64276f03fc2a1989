import type { Place } from "../../yaml/place.js";
import { asksToBeReplaced } from "../../yaml/placeholder.js";
import { isBase64 } from "../base64.js";
import { parseQuantity } from "../quantity.js";
import {
  fieldName,
  invalid,
  mendedBy,
  missing,
  refusal,
  scalarText,
  type Refusal,
  type RefusalType,
} from "../refusal.js";
import {
  formatRelease,
  gateDefault,
  gateOf,
  gateOfField,
  gateOfValue,
  isGateOn,
  type FeatureGate,
  type Release,
  type TargetCluster,
} from "../versions.js";
import { hasField, isRequired, typeSchema, type FieldSchema, type FieldType, type Scalar } from "./schema.js";
import { nearestField, nearestValue } from "./nearest.js";
import { usableValues } from "./walk.js";
import { alternatives, inCode } from "../../text/code.js";

/**
 * What the API server refuses in an object of a type before it looks at what the values mean: unknown fields, wrong
 * types, missing values, values that are not on the list. As strict decoding does it: names are case-sensitive, null
 * is unset everywhere, whole numbers may be written `3.0`, and nothing is converted (`"3"` is a string). Values that
 * a tool will replace are passed over.
 */
export function* structureRefusals(place: Place, type: string, cluster: TargetCluster): Iterable<Refusal> {
  yield* objectRefusals(place, type, { cluster, owner: type, ignored: false });
}

interface Context {
  readonly cluster: TargetCluster;
  /** The type that has the field at hand. */
  readonly owner: string;
  /** It is decoded, but it has no effect. */
  readonly ignored: boolean;
}

/** What the API server decodes and never looks at. */
function isIgnored(type: string, name: string, place: Place): boolean {
  return (
    name === "status" ||
    // The metadata of a template: ValidatePodTemplateSpec looks at labels and annotations alone.
    (type === "ObjectMeta" && name === "ownerReferences" && place.path.length > 2) ||
    // validateMetricIdentifier, pkg/apis/autoscaling/validation/validation.go
    (type === "autoscaling.v2.MetricIdentifier" && name === "selector")
  );
}

function* objectRefusals(place: Place, type: string, context: Context): Iterable<Refusal> {
  const { cluster } = context;
  const fields = typeSchema(type);
  for (const [name, value] of place.entries()) {
    const field = fields.get(name);
    if (field === undefined) {
      if (!isVariable(name)) yield unknownField(value, name, type, [...fields.keys()], cluster);
      continue;
    }
    const gate = gateOfField(type, name);
    const isOff = gate !== undefined && !isGateOn(gate, cluster);
    if (!hasField(field, cluster.kubernetesVersion)) yield wrongRelease(value, field, cluster.kubernetesVersion);
    else if (isOff && !context.ignored) yield* gatedRefusals(value, name, gate, cluster);
    const ignored = context.ignored || isOff || isIgnored(type, name, value);
    yield* valueRefusals(value, field.type, field, { ...context, owner: type, ignored });
  }
  if (context.ignored) return;
  for (const field of fields.values()) {
    if (isRequired(field, cluster.kubernetesVersion))
      yield* requiredRefusals(place.at(field.name), field, { ...context, owner: type });
  }
}

/** A field that is forgotten because its gate is off, if there is something to forget and no other rule tells of it. */
function* gatedRefusals(place: Place, field: string, gate: FeatureGate, cluster: TargetCluster): Iterable<Refusal> {
  const isNothing =
    place.kind === "null" ||
    ((place.kind === "map" || place.kind === "list") && place.entries().length + place.items().length === 0);
  // The gate's default in a newer release is not known.
  if (isNothing || gateOf(gate).hasRule === true || cluster.newerRelease !== undefined) return;
  const { stage } = gateDefault(gate, cluster.kubernetesVersion);
  if (stage === "unknown") return;
  const dropped = refusal({
    reason: "gatedField",
    message: cluster.featureGates[gate] === false ? "switchedOff" : "dropped",
    data: { field, gate, stage, release: formatRelease(cluster.kubernetesVersion) },
    at: place.key,
    missing: false,
  });
  yield mendedBy(dropped, { op: "remove", at: place });
}

/** `${KEY}` and `$KEY`, which a tool replaces. */
function isVariable(name: string): boolean {
  return name.includes("${") || /^\$[A-Z_][A-Z0-9_]*$/.test(name);
}

/**
 * What a strategic merge patch says to whoever merges it, and nothing that may stay in an object
 * (apimachinery pkg/util/strategicpatch/patch.go, Kubernetes 1.36).
 */
function isDirective(name: string): boolean {
  return /^\$(?:patch$|retainKeys$|setElementOrder\/|deleteFromPrimitiveList\/)/.test(name);
}

function* valueRefusals(place: Place, type: FieldType, field: FieldSchema, context: Context): Iterable<Refusal> {
  if (place.kind === "absent" || place.kind === "null") return;
  switch (type.kind) {
    case "scalar":
      yield* scalarRefusals(place, type.scalar, field, context);
      return;
    case "list": {
      const list = place.list();
      if (list.state === "invalid") yield wrongType(place, "a list");
      for (const item of place.items()) yield* itemRefusals(item, type.item, field, context);
      return;
    }
    case "map": {
      const map = place.map();
      if (map.state === "invalid") yield wrongType(place, "a map");
      for (const [, value] of place.entries()) yield* valueRefusals(value, type.value, field, context);
      return;
    }
    case "object": {
      const object = place.map();
      if (object.state === "invalid") yield wrongType(place, "a map");
      if (object.state === "present") yield* objectRefusals(place, type.type, context);
      return;
    }
  }
}

/**
 * A null item is an empty one: `- null` in a list of containers is a container without a name, elsewhere the text "".
 */
function* itemRefusals(item: Place, type: FieldType, field: FieldSchema, context: Context): Iterable<Refusal> {
  if (item.kind !== "null" || context.ignored) yield* valueRefusals(item, type, field, context);
  else if (type.kind === "object") yield* objectRefusals(item, type.type, context);
  else yield* valueListRefusals(item, "", field, context);
}

function* scalarRefusals(place: Place, scalar: Scalar, field: FieldSchema, context: Context): Iterable<Refusal> {
  // `SIZE` is nothing that any of these could be, so it stands for something.
  if (scalar !== "string" && scalar !== "intOrString" && asksToBeReplaced(scalarText(place))) return;
  switch (scalar) {
    case "string": {
      const text = place.string();
      if (text.state === "invalid" && !isBracedName(place)) yield wrongType(place, "a string");
      if (text.state === "present" && !context.ignored) yield* valueListRefusals(place, text.value, field, context);
      return;
    }
    case "bool":
      if (place.boolean().state === "invalid") yield wrongType(place, "true or false");
      return;
    case "int32":
    case "int64": {
      const number = place.integer();
      if (number.state === "invalid") yield wrongType(place, "an integer");
      if (number.state === "present" && !fits(number.value, scalar)) yield wrongType(place, integerOf(scalar));
      return;
    }
    case "intOrString": {
      const value = place.intOrString();
      if (value.state === "invalid") yield wrongType(place, "an integer or a string");
      if (value.state === "present" && typeof value.value === "number" && !fits(value.value, "int32"))
        yield wrongType(place, integerOf("int32"));
      return;
    }
    case "quantity": {
      const value = place.value();
      if (place.kind === "opaque") return;
      if (place.kind !== "scalar") yield wrongType(place, "a quantity");
      else if ((typeof value !== "string" && typeof value !== "number") || parseQuantity(value) === undefined)
        yield invalid("quantity", place, "must be a quantity");
      return;
    }
    case "time": {
      const text = place.string();
      if (text.state === "invalid") yield wrongType(place, "a time");
      // metav1.Time takes "" for unset.
      if (text.state === "present" && text.value !== "" && !rfc3339.test(text.value)) yield wrongType(place, "a time");
      return;
    }
    case "bytes": {
      const text = place.string();
      if (text.state === "invalid") yield wrongType(place, "base64 text");
      if (text.state === "present" && !isBase64(text.value) && !standsForBase64(text.value))
        yield wrongType(place, "base64 text");
      return;
    }
    case "any":
      return;
  }
}

/** `{namespace}`, which AsciiDoc and scripts replace: to YAML a map with a key that has no value. */
function isBracedName(place: Place): boolean {
  const [first, ...others] = place.entries();
  if (first === undefined || others.length > 0) return false;
  const [key, { kind, keySpan }] = first;
  const isFlow = place.span.start < keySpan.start;
  return isFlow && kind === "null" && /^[A-Za-z_][\w.-]*$/.test(key);
}

function* valueListRefusals(place: Place, text: string, field: FieldSchema, context: Context): Iterable<Refusal> {
  const { cluster, owner } = context;
  const { kubernetesVersion: release, newerRelease } = cluster;
  if (field.values === undefined || (text === "" && isEmptyUnset(place, field, release))) return;
  const listed = field.values.find(({ value }) => value === text);
  const gate = gateOfValue(owner, field.name, text);
  if (listed !== undefined && release.minor >= listed.since) {
    if (gate !== undefined && !isGateOn(gate, cluster)) yield* gatedValueRefusals(place, text, gate, cluster);
    return;
  }
  const reason = text === "Recreate" ? "recreateStrategy" : "enum";
  if (listed !== undefined) {
    yield refusal({
      reason,
      message: "tooNew",
      data: tooNewData(place, text, listed.since, release),
      at: place,
      missing: false,
    });
    return;
  }
  const known = usableValues({ owner, schema: field, path: place.path }, cluster);
  const near = nearestValue(text, known);
  if (near === undefined && asksToBeReplaced(text)) return;
  yield {
    type: invalidIfUnlisted.has(`${owner}#${field.name}`) ? "FieldValueInvalid" : "FieldValueNotSupported",
    reason: "enum",
    message: near !== undefined || newerRelease === undefined ? "unsupported" : "unknownYet",
    data: {
      field: fieldName(place),
      value: text === "" ? '""' : text,
      near: near ?? "",
      known: alternatives(near === undefined ? known : [near, ...known.filter((value) => value !== near)]),
      ...newerData(cluster),
    },
    at: place,
    missing: false,
  };
}

/** Fields with a list of values whose functions answer Invalid instead of NotSupported (validation.go, Kubernetes 1.36). */
const invalidIfUnlisted: ReadonlySet<string> = new Set([
  "LabelSelectorRequirement#operator",
  "NodeSelectorRequirement#operator",
  "apps.v1.StatefulSetSpec#podManagementPolicy",
  "apps.v1.StatefulSetUpdateStrategy#type",
]);

function tooNewData(place: Place, value: string, since: number, release: Release): Refusal["data"] {
  return {
    field: fieldName(place),
    value,
    since: formatRelease({ minor: since, patch: undefined }),
    release: formatRelease(release),
  };
}

/** A value that the API server refuses because its gate is off. */
function* gatedValueRefusals(
  place: Place,
  value: string,
  gate: FeatureGate,
  { kubernetesVersion: release, newerRelease }: TargetCluster,
): Iterable<Refusal> {
  // The gate's default in a newer release is not known.
  if (newerRelease !== undefined) return;
  const reason = value === "Recreate" ? "recreateStrategy" : "enum";
  const { stage } = gateDefault(gate, release);
  const since = gateOf(gate).periods[0]?.minor ?? 0;
  yield stage === "unknown"
    ? refusal({ reason, message: "tooNew", data: tooNewData(place, value, since, release), at: place, missing: false })
    : refusal({
        reason,
        message: "gated",
        data: { field: fieldName(place), value, gate, stage, release: formatRelease(release) },
        at: place,
        missing: false,
      });
}

/** What a sentence about a release that is newer than all that are known names. */
function newerData({ kubernetesVersion, newerRelease }: TargetCluster): Refusal["data"] {
  return { newest: formatRelease(kubernetesVersion), release: formatRelease(newerRelease ?? kubernetesVersion) };
}

/** "" stands for the default, or is missing: then that is reported. An item of a required list is neither. */
function isEmptyUnset({ path }: Place, field: FieldSchema, release: Release): boolean {
  return field.emptyIsUnset || (isRequired(field, release) && typeof path.at(-1) !== "number");
}

/** Fields whose functions do not tell "" and 0 from other values that they refuse (validation.go, Kubernetes 1.36). */
const typesIfUnset: Readonly<Record<string, RefusalType>> = {
  "HTTPGetAction#port": "FieldValueInvalid",
  "LabelSelectorRequirement#key": "FieldValueInvalid",
  "NodeSelectorRequirement#key": "FieldValueInvalid",
  "TCPSocketAction#port": "FieldValueInvalid",
  "TopologySpreadConstraint#maxSkew": "FieldValueInvalid",
  "TopologySpreadConstraint#whenUnsatisfiable": "FieldValueNotSupported",
};

/**
 * A required value must not only be there but be more than empty: "", [] and null count as missing to the API server.
 */
function* requiredRefusals(place: Place, field: FieldSchema, context: Context): Iterable<Refusal> {
  const unset = place.kind === "absent" || place.kind === "null";
  switch (field.type.kind) {
    case "object":
      // A struct that is left out is an empty one, and what it lacks is missing.
      if (unset) yield* objectRefusals(place, field.type.type, context);
      return;
    case "scalar": {
      const text = place.string();
      const type = typesIfUnset[`${context.owner}#${field.name}`];
      if (unset || (text.state === "present" && text.value === ""))
        yield type === undefined ? missing(place) : { ...missing(place), type };
      return;
    }
    case "list":
      if (unset || (place.kind === "list" && !place.isOpen && place.items().length === 0)) yield missing(place);
      return;
    case "map":
      if (unset || (place.kind === "map" && !place.isOpen && place.entries().length === 0)) yield missing(place);
      return;
  }
}

/** Names that a field has in a neighbouring type. */
const namesElsewhere: Readonly<Record<string, string>> = {
  "ConfigMapVolumeSource#configMapName": "name",
  "PersistentVolumeClaimVolumeSource#name": "claimName",
  "SecretVolumeSource#name": "secretName",
};

function unknownField(
  place: Place,
  name: string,
  type: string,
  known: readonly string[],
  cluster: TargetCluster,
): Refusal {
  const near = namesElsewhere[`${type}#${name}`] ?? nearestField(name, known);
  const parent = place.path.at(-2);
  const data = {
    field: name,
    near: near ?? "",
    parent: typeof parent === "string" ? ` in ${inCode(parent)}` : "",
    ...newerData(cluster),
  };
  const at = place.key;
  return refusal({
    reason: "unknownField",
    message: near !== undefined ? "misspelt" : cluster.newerRelease === undefined ? "unknown" : "unknownYet",
    data,
    at,
    missing: isDirective(name),
  });
}

function wrongRelease(place: Place, { name, since, until }: FieldSchema, release: Release): Refusal {
  const early = since !== undefined && release.minor < since;
  return refusal({
    reason: early ? "futureField" : "removedField",
    message: early ? "tooNew" : "removed",
    data: { field: name, release: `1.${early ? since : (until ?? 0)}`, target: formatRelease(release) },
    at: place.key,
    missing: false,
  });
}

function wrongType(place: Place, expected: string): Refusal {
  const { source } = place;
  const value = place.value();
  const isPlainNumber = typeof value === "number" && source === String(value);
  const found = isPlainNumber && expected === "a string" ? "a number" : foundText(place);
  const data = { field: writtenName(place), found, expected, text: source ?? "" };
  const isReread = source !== undefined && (typeof value === "boolean" || typeof value === "number");
  const message =
    isReread && expected === "a string" ? "unquoted" : isReread && source !== String(value) ? "read" : "mismatch";
  return refusal({ reason: "type", message, data, at: place, missing: false });
}

/** The name of a field, as it is written and, where that is something else, as it is read: `on` (read as `true`). */
function writtenName(place: Place): string {
  const name = fieldName(place);
  const { keySource = name } = place;
  return keySource === name ? inCode(name) : `${inCode(keySource)} (read as ${inCode(name)})`;
}

/** The value in a sentence. */
function foundText(place: Place): string {
  if (place.kind === "map") return "a map";
  if (place.kind === "list") return "a list";
  const value = place.value();
  const text = scalarText(place);
  const shown = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  if (typeof value === "string") return `the string ${inCode(shown)}`;
  if (typeof value === "boolean") return `the boolean ${inCode(shown)}`;
  return `the number ${inCode(shown)}`;
}

function integerOf(size: "int32" | "int64"): string {
  return `an integer of ${size === "int32" ? 32 : 64} bits`;
}

/** To JavaScript the greatest int64 is 2^63: what is a little more is let through with it. */
function fits(number: number, size: "int32" | "int64"): boolean {
  return size === "int32" ? number >= -(2 ** 31) && number < 2 ** 31 : Math.abs(number) <= 2 ** 63;
}

/** `time.RFC3339`, as metav1.Time reads it. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * What is replaced: it names the form that it should have (`put_base64_here`) or a variable (`DB_TOKEN`), or is cut
 * (`LS0t...`).
 */
function standsForBase64(text: string): boolean {
  return /base-?64|\.\.\.$/i.test(text) || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text);
}
