import { valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { holdsPlaceholder } from "../../yaml/placeholder.js";
import { bytesOfBase64, isBase64 } from "../base64.js";
import { isConfigMapKey, isQualifiedName } from "../names.js";
import { invalid, missing, type Refusal } from "../refusal.js";
import { namedRefusals, plainMetadataRefusals, selectorRefusals, utf8Length } from "./metadata.js";
import { duplicateRefusals, exclusiveRefusals, formRefusals, isSet, rangeRefusals, textAt } from "./read.js";

/**
 * ValidatePodDisruptionBudgetSpec (pkg/apis/policy/validation/validation.go, Kubernetes 1.36). Its metadata is only
 * looked at as that of any object is: BeforeCreate, apiserver pkg/registry/rest/create.go.
 */
export function* disruptionBudgetRefusals(place: Place): Iterable<Refusal> {
  yield* plainMetadataRefusals(place.at("metadata"));
  const spec = place.at("spec");
  yield* exclusiveRefusals(spec, ["minAvailable", "maxUnavailable"], "a PodDisruptionBudget", "FieldValueInvalid");
  for (const key of ["minAvailable", "maxUnavailable"]) yield* amountRefusals(spec.at(key));
  yield* selectorRefusals(spec.at("selector"));
}

/** ValidatePositiveIntOrPercent, IsNotMoreThan100Percent (pkg/apis/apps/validation/validation.go) */
function* amountRefusals(place: Place): Iterable<Refusal> {
  const amount = valueOr(place.intOrString(), undefined);
  if (typeof amount === "number") yield* rangeRefusals(place, 0);
  else if (amount !== undefined && !/^[0-9]+%$/.test(amount))
    yield invalid("value", place, "must be a number or a percentage such as 50%");
  else if (amount !== undefined && Number(amount.slice(0, -1)) > 100)
    yield invalid("range", place, "must be at most 100%");
}

/** ValidateStorageClass (pkg/apis/storage/validation/validation.go, Kubernetes 1.36): the schema says the rest. */
export function* storageClassRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  // validateProvisioner
  yield* formRefusals(place.at("provisioner"), isProvisioner);
  // validateReclaimPolicy: volumes may be recycled, classes cannot ask for it.
  if (textAt(place.at("reclaimPolicy")) === "Recycle")
    yield invalid("value", place.at("reclaimPolicy"), "must be Delete or Retain");
  // validateParameters
  for (const [key, value] of place.at("parameters").entries()) {
    if (key === "") yield { ...invalid("value", value, "must have a name"), data: unnamed };
  }
  yield* topologiesRefusals(place.at("allowedTopologies"));
}

/** validateAllowedTopologies: no two terms may say the same. */
function* topologiesRefusals(terms: Place): Iterable<Refusal> {
  const seen = new Set<string>();
  for (const term of terms.items()) {
    const expressions = term.at("matchLabelExpressions").items();
    const said = expressions.map(sentenceOf).toSorted(byText).join();
    if (seen.has(said) && !term.isOpen)
      yield invalid("duplicate", term.at("matchLabelExpressions"), "must not say what another term says");
    seen.add(said);
    yield* duplicateRefusals(
      expressions.map((expression) => expression.at("key")),
      new Set(),
    );
    for (const expression of expressions) {
      yield* formRefusals(expression.at("key"), isQualifiedName, "label");
      yield* duplicateRefusals(expression.at("values").items(), new Set());
    }
  }
}

/** A requirement of a topology, whatever the order of its values. */
function sentenceOf(requirement: Place): string {
  const values = requirement.at("values").items().map(textAt);
  return JSON.stringify([textAt(requirement.at("key")), values.toSorted((a, b) => byText(a ?? "", b ?? ""))]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isProvisioner(text: string): string | undefined {
  // kustomize replaces its vars everywhere, and nothing else is written so.
  return /^\$\(\w+\)$/.test(text) ? undefined : isQualifiedName(text.toLowerCase());
}

const unnamed = { field: "parameters", value: '""', must: "a parameter must have a name" };

/** ValidateServiceAccount (pkg/apis/core/validation/validation.go, Kubernetes 1.36) */
export function* serviceAccountRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
}

/** ValidateConfigMap (pkg/apis/core/validation/validation.go, Kubernetes 1.36) */
export function* configMapRefusals(place: Place): Iterable<Refusal> {
  yield* dataRefusals(place);
}

/** What ValidateConfigMap and ValidateSecret share. */
function* dataRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  for (const key of ["data", "binaryData", "stringData"]) {
    for (const [name, value] of place.at(key).entries()) {
      if (key === "binaryData" && isSet(place.at("data", name))) {
        yield {
          ...invalid("duplicate", value, ""),
          type: "FieldValueInvalid",
          data: { field: name, value: "", must: "must not be in data too" },
          at: { path: value.path, span: value.keySpan },
        };
      }
      const must = holdsPlaceholder([], name) ? undefined : isConfigMapKey(name);
      if (must === undefined) continue;
      yield {
        ...invalid("name", value, ""),
        message: "key",
        data: { key: name, must },
        at: { path: value.path, span: value.keySpan },
      };
    }
  }
  if (dataBytes(place) > maxDataBytes)
    yield {
      ...invalid("value", place.at("data"), ""),
      type: "FieldValueTooLong",
      data: { field: "data", value: "", must: tooLarge },
    };
}

/** MaxSecretSize, for ConfigMaps too. */
const maxDataBytes = 1024 * 1024;
const tooLarge = `must not hold more than ${maxDataBytes} bytes`;

/** The bytes of all values; base64 has four characters for three of them. */
function dataBytes(place: Place): number {
  const bytesOf = (key: string, size: (text: string) => number) =>
    place
      .at(key)
      .entries()
      .reduce((sum, [, value]) => sum + size(textAt(value) ?? ""), 0);
  const encoded = (text: string) => Math.floor((text.replace(/[\s=]/g, "").length * 3) / 4);
  const isSecret = textAt(place.at("kind")) === "Secret";
  return (
    bytesOf("data", isSecret ? encoded : utf8Length) +
    bytesOf("binaryData", encoded) +
    bytesOf("stringData", utf8Length)
  );
}

/** ValidateSecret (pkg/apis/core/validation/validation.go, Kubernetes 1.36): each type needs its keys. */
export function* secretRefusals(place: Place): Iterable<Refusal> {
  yield* dataRefusals(place);
  const type = textAt(place.at("type")) ?? "";
  // What stringData says takes the place of what data says: Convert_v1_Secret_To_core_Secret.
  const valueOf = (key: string) => [place.at("stringData", key), place.at("data", key)].find(({ exists }) => exists);
  for (const key of neededKeys[type] ?? []) {
    const value = valueOf(key);
    // An empty key would be no key; the other types only ask that something is there.
    if (value === undefined || (type === "kubernetes.io/ssh-auth" && textAt(value) === ""))
      yield missing(value ?? place.at("data", key), `the type ${type} needs it`);
  }
  if (type === "kubernetes.io/basic-auth" && (valueOf("username") ?? valueOf("password")) === undefined)
    yield missing(place.at("data", "username"), `the type ${type} needs it, or a password`);
  const account = place.at("metadata", "annotations", "kubernetes.io/service-account.name");
  if (type === "kubernetes.io/service-account-token" && textAt(account) === "")
    yield missing(account, `the type ${type} needs it`);
  for (const key of type.startsWith("kubernetes.io/dockerc") ? (neededKeys[type] ?? []) : []) {
    const value = valueOf(key);
    const text = value === undefined ? undefined : textAt(value);
    if (value === undefined || text === undefined) continue;
    const isClear = value.path[0] === "stringData";
    if (isClear || isBase64(text)) {
      const must = isJsonObject(isClear ? text : bytesOfBase64(text));
      if (must !== undefined)
        yield { ...invalid("value", value, must), data: { field: key, value: "(not shown)", must } };
    }
  }
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** As json.Unmarshal reads a map. */
function isJsonObject(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? undefined : "must be a JSON object";
  } catch {
    return "must be JSON";
  }
}
