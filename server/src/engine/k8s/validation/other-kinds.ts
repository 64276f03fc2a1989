import { valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { isConfigMapKey, isQualifiedName } from "../names.js";
import { invalid, missing, type Refusal } from "../refusal.js";
import { claimSpecRefusals } from "./claims.js";
import { namedRefusals, selectorRefusals, utf8Length } from "./metadata.js";
import { duplicateRefusals, exclusiveRefusals, formRefusals, isSet, rangeRefusals, textAt } from "./read.js";

/** ValidatePersistentVolumeClaim (pkg/apis/core/validation/validation.go, Kubernetes 1.36) */
export function* claimRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  yield* claimSpecRefusals(place.at("spec"));
}

/** ValidatePodDisruptionBudgetSpec (pkg/apis/policy/validation/validation.go, Kubernetes 1.36) */
export function* disruptionBudgetRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  const spec = place.at("spec");
  yield* exclusiveRefusals(spec, ["minAvailable", "maxUnavailable"], "a PodDisruptionBudget");
  for (const key of ["minAvailable", "maxUnavailable"]) yield* amountRefusals(spec.at(key));
  yield* selectorRefusals(spec.at("selector"));
}

/** ValidatePositiveIntOrPercent, IsNotMoreThan100Percent (pkg/apis/apps/validation/validation.go) */
function* amountRefusals(place: Place): Iterable<Refusal> {
  const amount = valueOr(place.intOrString(), undefined);
  if (typeof amount === "number") yield* rangeRefusals(place, 0);
  else if (amount !== undefined && !/^[0-9]+%$/.test(amount))
    yield invalid("value-invalid", place, "must be a number or a percentage such as 50%");
  else if (amount !== undefined && Number(amount.slice(0, -1)) > 100)
    yield invalid("value-out-of-range", place, "must be at most 100%");
}

/** ValidateStorageClass (pkg/apis/storage/validation/validation.go, Kubernetes 1.36): the schema says the rest. */
export function* storageClassRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  // validateProvisioner
  yield* formRefusals(place.at("provisioner"), isProvisioner);
  // validateReclaimPolicy: volumes may be recycled, classes cannot ask for it.
  if (textAt(place.at("reclaimPolicy")) === "Recycle")
    yield invalid("value-invalid", place.at("reclaimPolicy"), "must be Delete or Retain");
  // validateParameters
  for (const [key, value] of place.at("parameters").entries()) {
    if (key === "") yield { ...invalid("value-invalid", value, "must have a name"), data: unnamed };
  }
  // validateAllowedTopologies
  for (const term of place.at("allowedTopologies").items()) {
    const expressions = term.at("matchLabelExpressions").items();
    yield* duplicateRefusals(
      expressions.map((expression) => expression.at("key")),
      new Set(),
    );
    for (const expression of expressions) {
      yield* formRefusals(expression.at("key"), isQualifiedName, "label-invalid");
      yield* duplicateRefusals(expression.at("values").items(), new Set());
    }
  }
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
          ...invalid("duplicate-value", value, ""),
          data: { field: name, value: "", must: "must not be in data too" },
          at: { path: value.path, span: value.keySpan },
        };
      }
      const must = name.includes("${") ? undefined : isConfigMapKey(name);
      if (must === undefined) continue;
      yield {
        ...invalid("name-invalid", value, ""),
        message: "key",
        data: { key: name, must },
        at: { path: value.path, span: value.keySpan },
      };
    }
  }
  if (dataBytes(place) > maxDataBytes)
    yield { ...invalid("value-invalid", place.at("data"), ""), data: { field: "data", value: "", must: tooLarge } };
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
  const has = (key: string) => ["data", "stringData"].some((map) => place.at(map, key).exists);
  for (const key of neededKeys[type] ?? []) {
    if (!has(key)) yield missing(place.at("data", key), `the type ${type} needs it`);
  }
  if (type === "kubernetes.io/basic-auth" && !has("username") && !has("password"))
    yield missing(place.at("data", "username"), `the type ${type} needs it, or a password`);
  const account = place.at("metadata", "annotations", "kubernetes.io/service-account.name");
  if (type === "kubernetes.io/service-account-token" && textAt(account) === "")
    yield missing(account, `the type ${type} needs it`);
  // Only what is written in clear is looked at.
  for (const key of type.startsWith("kubernetes.io/dockerc") ? (neededKeys[type] ?? []) : [])
    yield* formRefusals(place.at("stringData", key), isJson, "value-invalid");
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function isJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return "must be JSON";
  }
}
