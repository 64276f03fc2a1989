import { parseQuantity } from "../quantity.js";
import { invalid, missing, type Refusal } from "../refusal.js";
import type { Place } from "../../yaml/place.js";
import { namedRefusals } from "./metadata.js";
import { conflict, formRefusals, isSet, isUnset, numberAt, rangeRefusals, textAt } from "./read.js";

/** The functions named here are those of pkg/apis/autoscaling/validation/validation.go, Kubernetes 1.36. */

/** ValidateHorizontalPodAutoscalerSpec */
export function* autoscalerRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  const spec = place.at("spec");
  // 0 is for clusters with the gate HPAScaleToZero: alpha and off since 1.16.
  yield* rangeRefusals(spec.at("minReplicas"), 1);
  yield* rangeRefusals(spec.at("maxReplicas"), 1);
  const least = numberAt(spec.at("minReplicas"));
  const most = numberAt(spec.at("maxReplicas"));
  if (least !== undefined && most !== undefined && most >= 1 && most < least)
    yield conflict(spec.at("maxReplicas"), `must be at least minReplicas (${least})`);
  yield* referenceRefusals(spec.at("scaleTargetRef"));
  for (const metric of spec.at("metrics").items()) yield* metricRefusals(metric);
  for (const policies of ["scaleUp", "scaleDown"]) yield* scalingRefusals(spec.at("behavior", policies));
}

/** ValidateCrossVersionObjectReference: what is not there is the schema's business. */
function* referenceRefusals(reference: Place): Iterable<Refusal> {
  for (const key of ["kind", "name"]) yield* formRefusals(reference.at(key), isPathSegment);
}

/** IsValidPathSegmentName, apimachinery pkg/api/validation/path/name.go */
function isPathSegment(text: string): string | undefined {
  if (text === "." || text === "..") return `must not be ${text}`;
  return /[/%]/.test(text) ? "must not contain / or %" : undefined;
}

/** validateScalingRules, validateScalingPolicy */
function* scalingRefusals(rules: Place): Iterable<Refusal> {
  yield* rangeRefusals(rules.at("stabilizationWindowSeconds"), 0, 3600);
  const policies = rules.at("policies");
  // Left out, there are default ones.
  if (policies.kind === "list" && policies.items().length === 0) yield missing(policies, "at least one is needed");
  for (const policy of policies.items()) {
    yield* rangeRefusals(policy.at("value"), 1);
    yield* rangeRefusals(policy.at("periodSeconds"), 1, 1800);
  }
}

/** The source that a metric of a type has. */
const sources: Readonly<Record<string, string>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

/** validateMetricSpec; one of no known type is the schema's business. */
function* metricRefusals(metric: Place): Iterable<Refusal> {
  const expected = sources[textAt(metric.at("type")) ?? ""];
  if (expected === undefined) return;
  const source = metric.at(expected);
  if (isUnset(source)) yield missing(source);
  else if (isSet(source)) yield* sourceRefusals(source, expected);
  const given = Object.values(sources).filter((key) => isSet(metric.at(key)));
  if (given.length < 2) return;
  for (const key of given) {
    if (key !== expected) yield conflict(metric.at(key), `may not be given beside ${expected}`);
  }
}

function* sourceRefusals(source: Place, kind: string): Iterable<Refusal> {
  const target = source.at("target");
  const [value, average, utilization] = ["value", "averageValue", "averageUtilization"].map((key) => target.at(key));
  if (value === undefined || average === undefined || utilization === undefined) return;
  // validateMetricTarget
  for (const amount of [value, average]) yield* positiveRefusals(amount);
  yield* rangeRefusals(utilization, 1);
  yield* formRefusals(source.at("metric", "name"), isPathSegment);
  switch (kind) {
    case "object":
      yield* referenceRefusals(source.at("describedObject"));
      if (isUnset(value) && isUnset(average)) yield missing(average, "or a value");
      return;
    case "external":
      if (isUnset(value) && isUnset(average)) yield missing(average, "or a value");
      if (isSet(value) && isSet(average)) yield conflict(value, "may not be given beside averageValue");
      return;
    case "pods":
      if (isUnset(average)) yield missing(average);
      return;
    default:
      if (isUnset(utilization) && isUnset(average)) yield missing(utilization, "or an averageValue");
      if (isSet(utilization) && isSet(average)) yield conflict(average, "may not be given beside averageUtilization");
  }
}

function* positiveRefusals(place: Place): Iterable<Refusal> {
  const value = place.value();
  if (place.kind === "opaque" || (typeof value !== "string" && typeof value !== "number")) return;
  const amount = parseQuantity(value);
  if (amount !== undefined && amount.nanos <= 0n) yield invalid("value-out-of-range", place, "must be greater than 0");
}
