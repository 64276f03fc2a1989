import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isPathSegment } from "../names.js";
import { parseQuantity } from "../quantity.js";
import { invalid, invalidFor, mendedBy, missing, refusal, type Refusal } from "../refusal.js";
import { formatRelease, gateDefault, isGateOn, isSince, type TargetCluster } from "../versions.js";
import { namedRefusals } from "./metadata.js";
import { conflict, formRefusals, isEmpty, isSet, isUnset, numberAt, rangeRefusals, textAt } from "./read.js";

/** The functions named here are those of pkg/apis/autoscaling/validation/validation.go, Kubernetes 1.36. */

/** ValidateHorizontalPodAutoscalerSpec */
export function* autoscalerRefusals(place: Place, cluster: TargetCluster): Iterable<Refusal> {
  yield* namedRefusals(place);
  const spec = place.at("spec");
  if (numberAt(spec.at("minReplicas")) === 0) yield* zeroRefusals(place, cluster);
  else yield* rangeRefusals(spec.at("minReplicas"), 1);
  yield* rangeRefusals(spec.at("maxReplicas"), 1);
  const least = numberAt(spec.at("minReplicas"));
  const most = numberAt(spec.at("maxReplicas"));
  if (least !== undefined && most !== undefined && most >= 1 && most < least)
    yield conflict(spec.at("maxReplicas"), `must be at least \`minReplicas\` (${least})`, "FieldValueInvalid");
  const target = spec.at("scaleTargetRef");
  yield* referenceRefusals(target);
  if (isSince(cluster.kubernetesVersion, 36)) yield* groupRefusals(target);
  // autoscaling/v1: it becomes a metric (pkg/apis/autoscaling/v1/conversion.go).
  yield* rangeRefusals(spec.at("targetCPUUtilizationPercentage"), 1);
  for (const metric of spec.at("metrics").items()) yield* metricRefusals(metric);
  for (const policies of ["scaleUp", "scaleDown"]) yield* scalingRefusals(spec.at("behavior", policies));
}

/** validateMetrics: something must notice that pods are needed again. */
function* zeroRefusals(place: Place, cluster: TargetCluster): Iterable<Refusal> {
  const spec = place.at("spec");
  const least = spec.at("minReplicas");
  const { kubernetesVersion: release, newerRelease } = cluster;
  if (!isGateOn("HPAScaleToZero", cluster) && newerRelease === undefined) {
    const { stage } = gateDefault("HPAScaleToZero", release);
    const data = { gate: "HPAScaleToZero", stage, release: formatRelease(release) };
    yield refusal({ reason: "range", message: "gatedZero", data, at: least, missing: false });
    return;
  }
  const metrics = spec.at("metrics");
  // Of autoscaling/v1, where the annotation holds such metrics.
  const others = place.at("metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics");
  if (metrics.list().state === "opaque" || metrics.items().some(mayWakeUp) || others.exists) return;
  yield {
    ...invalid("range", least, "scaling to zero needs a metric of the type Object or External"),
    missing: !metrics.exists,
  };
}

/** Whether a metric is there without any pod. */
function mayWakeUp(metric: Place): boolean {
  const type = textAt(metric.at("type"));
  return type === undefined || type === "Object" || type === "External";
}

/** ValidateCrossVersionObjectReference: what is not there is the schema's business. */
function* referenceRefusals(reference: Place): Iterable<Refusal> {
  for (const key of ["kind", "name"]) yield* formRefusals(reference.at(key), isPathSegment);
}

/**
 * ValidateAPIVersion: the target must be of a group, unless it is the only kind without one that can be scaled
 * (validationOptionsForHorizontalPodAutoscaler, pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go). A
 * StatefulSet's group is the business of the rule hpa-target-missing.
 */
function* groupRefusals(target: Place): Iterable<Refusal> {
  const version = target.at("apiVersion");
  const text = textAt(version);
  const kind = textAt(target.at("kind"));
  if (!isSet(target) || text === undefined || kind === undefined) return;
  if (kind === "ReplicationController" || kind === "StatefulSet") return;
  const meant = kind === "Deployment" || kind === "ReplicaSet" ? "apps/v1" : undefined;
  if (text === "") {
    const found = missing(version, `a ${kind === "" ? "target" : kind} has one such as \`apps/v1\``);
    yield meant === undefined ? found : mendedBy(found, { op: "set", at: version, value: meant });
  } else if (text.split("/").length !== 2 || text.startsWith("/"))
    yield invalidFor("value", version, "must be a group and a version such as `apps/v1`", meant);
}

/** validateScalingRules, validateScalingPolicy */
function* scalingRefusals(rules: Place): Iterable<Refusal> {
  yield* rangeRefusals(rules.at("stabilizationWindowSeconds"), 0, 3600);
  yield* toleranceRefusals(rules);
  const policies = rules.at("policies");
  // Left out, there are default ones.
  if (policies.kind === "list" && isEmpty(policies)) yield missing(policies, "at least one is required");
  for (const policy of policies.items()) {
    yield* rangeRefusals(policy.at("value"), 1);
    yield* rangeRefusals(policy.at("periodSeconds"), 1, 1800);
  }
}

function* toleranceRefusals(rules: Place): Iterable<Refusal> {
  const amount = amountAt(rules.at("tolerance"));
  if (amount !== undefined && amount < 0n) yield invalid("range", rules.at("tolerance"), "must be 0 or more");
}

/** The source that a metric of a type has, in the order in which the API server looks for them. */
const sources: Readonly<Record<string, string>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};

/**
 * validateMetricSpec: of several sources only the first one is looked at. A type that is not known is the schema's
 * business.
 */
function* metricRefusals(metric: Place): Iterable<Refusal> {
  const type = textAt(metric.at("type"));
  if (type === undefined) return;
  const expected = sources[type];
  const given = Object.values(sources).filter((key) => isSet(metric.at(key)));
  const [first, ...others] = given;
  if (first !== undefined) yield* sourceRefusals(metric.at(first), first);
  if (expected !== undefined && isUnset(metric.at(expected))) yield missing(metric.at(expected));
  if (others.length === 0) return;
  for (const key of given) {
    if (key !== expected) yield conflict(metric.at(key), `cannot be used with \`${expected ?? first}\``);
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
  yield* formRefusals(source.at("container"), isDns1123Label);
  switch (kind) {
    case "object":
      yield* referenceRefusals(source.at("describedObject"));
      if (isUnset(value) && isUnset(average)) yield missing(average, "set it or `value`");
      return;
    case "external":
      if (isUnset(value) && isUnset(average)) yield missing(average, "set it or `value`");
      if (isSet(value) && isSet(average)) yield conflict(value, "cannot be used with `averageValue`");
      return;
    case "pods":
      if (isUnset(average)) yield missing(average);
      return;
    default:
      if (isUnset(utilization) && isUnset(average)) yield missing(utilization, "set it or `averageValue`");
      if (isSet(utilization) && isSet(average)) yield conflict(average, "cannot be used with `averageUtilization`");
  }
}

function* positiveRefusals(place: Place): Iterable<Refusal> {
  const amount = amountAt(place);
  if (amount !== undefined && amount <= 0n) yield invalid("range", place, "must be greater than 0");
}

function amountAt(place: Place): bigint | undefined {
  const value = place.value();
  if (place.kind === "opaque" || (typeof value !== "string" && typeof value !== "number")) return undefined;
  return parseQuantity(value)?.nanos;
}
