import { valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { isConfigMapKey, isDns1123Subdomain } from "../names.js";
import { invalid, type Refusal } from "../refusal.js";
import { claimSpecRefusals } from "./claims.js";
import { metadataRefusals, selectorRefusals } from "./metadata.js";
import { conflict, exclusiveRefusals, isSet, numberAt, rangeRefusals } from "./read.js";

/** Objects of these kinds are named like a DNS subdomain: NameIsDNSSubdomain (apimachinery pkg/api/validation/generic.go). */
function namedRefusals(place: Place): Iterable<Refusal> {
  return metadataRefusals(place.at("metadata"), isDns1123Subdomain, "name-invalid");
}

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

/** ValidateHorizontalPodAutoscalerSpec (pkg/apis/autoscaling/validation/validation.go, Kubernetes 1.36) */
export function* autoscalerRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  const spec = place.at("spec");
  // 0 is for clusters with the gate HPAScaleToZero, alpha since 1.16.
  yield* rangeRefusals(spec.at("minReplicas"), 0);
  yield* rangeRefusals(spec.at("maxReplicas"), 1);
  const least = numberAt(spec.at("minReplicas"));
  const most = numberAt(spec.at("maxReplicas"));
  if (least !== undefined && most !== undefined && most >= 1 && most < least)
    yield conflict(spec.at("maxReplicas"), `must be at least minReplicas (${least})`);
  for (const policies of ["scaleUp", "scaleDown"]) {
    const rules = spec.at("behavior", policies);
    yield* rangeRefusals(rules.at("stabilizationWindowSeconds"), 0, 3600);
    for (const policy of rules.at("policies").items()) {
      yield* rangeRefusals(policy.at("value"), 1);
      yield* rangeRefusals(policy.at("periodSeconds"), 1, 1800);
    }
  }
}

/** ValidateStorageClass (pkg/apis/storage/validation/validation.go, Kubernetes 1.36): the schema says the rest. */
export function* storageClassRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
}

/** ValidateServiceAccount (pkg/apis/core/validation/validation.go, Kubernetes 1.36) */
export function* serviceAccountRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
}

/** ValidateConfigMap and ValidateSecret (pkg/apis/core/validation/validation.go, Kubernetes 1.36), without their size */
export function* dataRefusals(place: Place): Iterable<Refusal> {
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
}
