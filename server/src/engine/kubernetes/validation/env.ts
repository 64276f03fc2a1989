import { nearestValue } from "../schema/nearest.js";
import type { Place } from "../../yaml/place.js";
import {
  isConfigMapKey,
  isDns1123Label,
  isDns1123Subdomain,
  isEnvVarName,
  isQualifiedName,
  isRelaxedEnvVarName,
} from "../names.js";
import { parseQuantity } from "../quantity.js";
import { invalid, invalidFor, missing, type Refusal } from "../refusal.js";
import { isDropped, isSince, type TargetCluster } from "../versions.js";
import { conflict, exclusiveRefusals, formRefusals, isSet, oneOfRefusals, textAt } from "./read.js";
import { noBacksteps } from "./paths.js";
import { alternatives } from "../../text/code.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

const valueSources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/** ValidateEnv */
export function* envRefusals(env: Place, cluster: TargetCluster): Iterable<Refusal> {
  for (const variable of env.items()) {
    yield* formRefusals(variable.at("name"), envNameForm(cluster));
    const valueFrom = variable.at("valueFrom");
    if (!isSet(valueFrom)) continue;
    // validateEnvVarValueFrom
    const known = valueSources.filter((source) => !isDropped("EnvVarSource", source, cluster));
    yield* oneOfRefusals(valueFrom, known, "`valueFrom`", "FieldValueInvalid");
    yield* exclusiveRefusals(valueFrom, known, "`valueFrom`", "FieldValueInvalid");
    const value = textAt(variable.at("value"));
    if (value !== undefined && value !== "")
      yield conflict(valueFrom, "cannot be used with `value`", "FieldValueInvalid");
    yield* fieldRefRefusals(valueFrom.at("fieldRef"), "env");
    yield* resourceRefRefusals(valueFrom.at("resourceFieldRef"), "env");
    for (const kind of ["configMapKeyRef", "secretKeyRef"]) {
      // validateConfigMapKeySelector, validateSecretKeySelector
      yield* formRefusals(valueFrom.at(kind, "name"), isDns1123Subdomain);
      yield* formRefusals(valueFrom.at(kind, "key"), isConfigMapKey);
    }
    yield* fileKeyRefusals(valueFrom.at("fileKeyRef"));
  }
}

/** validateFileKeySelector */
function* fileKeyRefusals(reference: Place): Iterable<Refusal> {
  yield* formRefusals(reference.at("key"), isRelaxedEnvVarName);
  yield* formRefusals(reference.at("volumeName"), isDns1123Label);
  yield* formRefusals(reference.at("path"), noBacksteps, "value");
}

/** ValidateEnvFrom */
export function* envFromRefusals(envFrom: Place, cluster: TargetCluster): Iterable<Refusal> {
  for (const source of envFrom.items()) {
    yield* formRefusals(source.at("prefix"), envNameForm(cluster));
    yield* oneOfRefusals(source, ["configMapRef", "secretRef"], "`envFrom`", "FieldValueInvalid");
    yield* exclusiveRefusals(source, ["configMapRef", "secretRef"], "`envFrom`", "FieldValueInvalid");
    yield* formRefusals(source.at("configMapRef", "name"), isDns1123Subdomain);
    yield* formRefusals(source.at("secretRef", "name"), isDns1123Subdomain);
  }
}

function envNameForm(cluster: TargetCluster) {
  return isSince(cluster.kubernetesVersion, 32) ? isRelaxedEnvVarName : isEnvVarName;
}

/** validEnvDownwardAPIFieldPathExpressions and validVolumeDownwardAPIFieldPathExpressions. */
const fieldPaths = {
  env: [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
  ],
  volume: ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"],
} as const;

/**
 * validateObjectFieldSelector; `spec.host` is an old name (ConvertDownwardAPIFieldLabel,
 * pkg/apis/core/pods/helpers.go).
 */
export function* fieldRefRefusals(fieldRef: Place, where: keyof typeof fieldPaths): Iterable<Refusal> {
  const place = fieldRef.at("fieldPath");
  const version = textAt(fieldRef.at("apiVersion"));
  if (version !== undefined && version !== "" && version !== "v1")
    yield invalidFor("value", fieldRef.at("apiVersion"), "must be `v1`", "v1");
  const path = textAt(place);
  if (path === undefined || path === "") return;
  const [, parent, key] = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path) ?? [];
  if (parent !== undefined && key !== undefined) {
    const must = isQualifiedName(parent === "metadata.annotations" ? key.toLowerCase() : key);
    if (must !== undefined) yield invalid("value", place, `has a key in brackets that ${must}`);
    return;
  }
  const known: readonly string[] = fieldPaths[where];
  if (known.includes(path) || (where === "env" && path === "spec.host")) return;
  yield invalidFor(
    "value",
    place,
    `must be ${alternatives([...known, "metadata.labels['KEY']", "metadata.annotations['KEY']"])}`,
    nearestValue(path, known),
  );
}

const knownResources = ["limits", "requests"].flatMap((list) =>
  ["cpu", "memory", "ephemeral-storage"].map((resource) => `${list}.${resource}`),
);
const resources = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.*)$/;

/** validateContainerResourceFieldSelector, validateContainerResourceDivisor */
export function* resourceRefRefusals(reference: Place, where: "env" | "volume"): Iterable<Refusal> {
  if (!isSet(reference)) return;
  if (where === "volume" && textAt(reference.at("containerName")) === "") {
    yield missing(reference.at("containerName"));
    return;
  }
  const resource = textAt(reference.at("resource"));
  if (resource === undefined || resource === "") return;
  if (!resources.test(resource)) {
    yield invalidFor(
      "value",
      reference.at("resource"),
      "must be `limits.` or `requests.` with `cpu`, `memory`, `ephemeral-storage` or `hugepages-SIZE`",
      nearestValue(resource, knownResources),
    );
    return;
  }
  const divisor = reference.at("divisor");
  const value = divisor.value();
  const amount = typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
  if (amount === undefined || amount.nanos === 0n) return;
  const allowed = resource.endsWith(".cpu") ? ["1m", "1"] : byteDivisors;
  if (!allowed.some((one) => parseQuantity(one)?.nanos === amount.nanos))
    yield invalid("value", divisor, `must be ${alternatives(allowed)}`);
}

const byteDivisors = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
