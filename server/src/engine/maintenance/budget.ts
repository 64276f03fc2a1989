import { scaledValue } from "../kubernetes/int-or-percent.js";
import { matchesLabels, type Selector } from "../kubernetes/selection.js";
import { isMapping } from "../yaml/plain.js";
import { fieldsAt, listAt, numberAt, selectorOf, textAt } from "../kubernetes/plain-object.js";
import { keyOf, scaleKey, type Pod } from "./pod.js";

/*
 * The disruption controller: pkg/controller/disruption/disruption.go of Kubernetes 1.36, whose names it keeps.
 */

/** A PodDisruptionBudget of policy/v1. */
export interface Budget {
  readonly namespace: string;
  readonly name: string;
  readonly spec: BudgetSpec;
  /** Goes up with every change of the spec. */
  readonly generation: number;
  readonly status: BudgetStatus;
}

export interface BudgetSpec {
  /** `undefined` where it is left out: then it selects no pod. An empty one selects every pod of the namespace. */
  readonly selector: Selector | undefined;
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
  readonly unhealthyPodEvictionPolicy: "IfHealthyBudget" | "AlwaysAllow";
}

export interface BudgetStatus {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly disruptionsAllowed: number;
  /** By the name of a pod whose eviction was allowed: when, in milliseconds. */
  readonly disruptedPods: ReadonlyMap<string, number>;
  readonly observedGeneration: number;
  /** The condition DisruptionAllowed; `undefined` before the first sync. */
  readonly reason: "SufficientPods" | "InsufficientPods" | "SyncFailed" | undefined;
  /** Of that condition. */
  readonly message: string;
}

export const emptyStatus: BudgetStatus = {
  expectedPods: 0,
  desiredHealthy: 0,
  currentHealthy: 0,
  disruptionsAllowed: 0,
  disruptedPods: new Map(),
  observedGeneration: 0,
  reason: undefined,
  message: "",
};

/** How many pods a controller shall have, or why the disruption controller cannot say. */
export type Scale =
  | { readonly type: "replicas"; readonly replicas: number }
  /** Its object is gone, or is another one of that name. */
  | { readonly type: "notFound" }
  /** Its kind has no scale subresource, so that no budget can count by it. */
  | { readonly type: "noScale"; readonly resource: string };

/** How long an allowed eviction counts although its pod is not being deleted: DeletionTimeout. */
const deletionTimeout = 2 * 60 * 1000;

/**
 * Reads a PodDisruptionBudget from plain data; its status where it has one.
 * @param value the object, of `policy/v1`
 */
export function readBudget(value: unknown): Budget {
  const status = fieldsAt(value, "status");
  const condition = listAt(status, "conditions").find((one) => textAt(one, "type") === "DisruptionAllowed");
  const reasons = ["SufficientPods", "InsufficientPods", "SyncFailed"] as const;
  const disrupted = Object.entries(fieldsAt(status, "disruptedPods"));
  return {
    namespace: textAt(value, "metadata", "namespace") ?? "default",
    name: textAt(value, "metadata", "name") ?? "",
    spec: readBudgetSpec(fieldsAt(value).spec),
    generation: numberAt(value, "metadata", "generation") ?? 1,
    status: {
      expectedPods: numberAt(status, "expectedPods") ?? 0,
      desiredHealthy: numberAt(status, "desiredHealthy") ?? 0,
      currentHealthy: numberAt(status, "currentHealthy") ?? 0,
      disruptionsAllowed: numberAt(status, "disruptionsAllowed") ?? 0,
      // The time of a dump is not in it: what was allowed before counts as allowed now.
      disruptedPods: new Map(disrupted.map(([pod]) => [pod, 0])),
      observedGeneration: numberAt(status, "observedGeneration") ?? 0,
      reason: reasons.find((one) => one === textAt(condition, "reason")),
      message: textAt(condition, "message") ?? "",
    },
  };
}

export function readBudgetSpec(spec: unknown): BudgetSpec {
  const { selector, minAvailable, maxUnavailable } = fieldsAt(spec);
  return {
    selector: isMapping(selector) ? selectorOf(selector) : undefined,
    minAvailable: amountOf(minAvailable),
    maxUnavailable: amountOf(maxUnavailable),
    unhealthyPodEvictionPolicy:
      textAt(spec, "unhealthyPodEvictionPolicy") === "AlwaysAllow" ? "AlwaysAllow" : "IfHealthyBudget",
  };
}

function amountOf(value: unknown): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

/** getPodsForPdb: whether a budget selects a pod. */
export function selects({ namespace, spec }: Budget, pod: Pick<Pod, "namespace" | "labels">): boolean {
  return spec.selector !== undefined && pod.namespace === namespace && matchesLabels(spec.selector, pod.labels);
}

/**
 * One call of the controller's sync: the budget with its new status.
 * @param pods all pods that the budget selects
 * @param scaleOf how many pods the controller of a pod shall have
 * @param now in milliseconds
 */
export function syncBudget(budget: Budget, pods: Iterable<Pod>, scaleOf: (pod: Pod) => Scale, now: number): Budget {
  const listed = [...pods];
  const counted = getExpectedPodCount(budget.spec, listed, scaleOf);
  // failSafe: all but disruptionsAllowed stays as the last sync left it.
  if (counted.type === "failed") {
    const status = { ...budget.status, disruptionsAllowed: 0, reason: "SyncFailed" as const, message: counted.error };
    return { ...budget, status };
  }
  const { expectedPods, desiredHealthy } = counted;
  const disruptedPods = buildDisruptedPodMap(budget.status.disruptedPods, listed, now);
  const currentHealthy = countHealthyPods(listed, disruptedPods);
  const allowed = currentHealthy - desiredHealthy;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(allowed, 0);
  return {
    ...budget,
    status: withCondition({
      expectedPods,
      desiredHealthy,
      currentHealthy,
      disruptionsAllowed,
      disruptedPods,
      observedGeneration: budget.generation,
    }),
  };
}

/** UpdateDisruptionAllowedCondition (k8s.io/component-helpers apps/poddisruptionbudget/helpers.go, Kubernetes 1.36) */
export function withCondition(status: Omit<BudgetStatus, "reason" | "message">): BudgetStatus {
  const reason = status.disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods";
  return { ...status, reason, message: "" };
}

type Counted =
  | { readonly type: "counted"; readonly expectedPods: number; readonly desiredHealthy: number }
  | { readonly type: "failed"; readonly error: string };

/**
 * A number of minAvailable counts the pods that are there; everything else counts what their controllers shall have.
 * Percentages are rounded up. With neither, nothing is expected.
 */
function getExpectedPodCount(
  { minAvailable, maxUnavailable }: BudgetSpec,
  pods: readonly Pod[],
  scaleOf: (pod: Pod) => Scale,
): Counted {
  if (maxUnavailable === undefined && typeof minAvailable === "number") {
    return { type: "counted", expectedPods: pods.length, desiredHealthy: minAvailable };
  }
  if (maxUnavailable === undefined && minAvailable === undefined) {
    return { type: "counted", expectedPods: 0, desiredHealthy: 0 };
  }
  const scale = getExpectedScale(pods, scaleOf);
  if (scale.type === "failed") return scale;
  const { expectedPods } = scale;
  const amount = scaledValue(maxUnavailable ?? minAvailable ?? 0, expectedPods, "up") ?? 0;
  const desiredHealthy = maxUnavailable === undefined ? amount : Math.max(expectedPods - amount, 0);
  return { type: "counted", expectedPods, desiredHealthy };
}

/** The replicas of all controllers that any of the pods has, each once; pods without a controller do not count. */
function getExpectedScale(
  pods: readonly Pod[],
  scaleOf: (pod: Pod) => Scale,
): Exclude<Counted, { readonly type: "counted" }> | { readonly type: "scale"; readonly expectedPods: number } {
  const scales = new Map<string, number>();
  let last: string | undefined;
  for (const pod of pods) {
    if (pod.controller === undefined) continue;
    const key = scaleKey(pod.namespace, pod.controller);
    if (key === last || scales.has(key)) continue;
    last = key;
    const scale = scaleOf(pod);
    switch (scale.type) {
      case "replicas":
        scales.set(key, scale.replicas);
        break;
      case "notFound":
        return { type: "failed", error: `found no controllers for pod "${pod.name}"` };
      case "noScale":
        return { type: "failed", error: `${scale.resource} does not implement the scale subresource` };
    }
  }
  let expectedPods = 0;
  for (const replicas of scales.values()) expectedPods += replicas;
  return { type: "scale", expectedPods };
}

/** Ready is enough: minReadySeconds plays no part. */
function countHealthyPods(pods: readonly Pod[], disruptedPods: ReadonlyMap<string, number>): number {
  return pods.filter(({ name, terminating, ready }) => !terminating && !disruptedPods.has(name) && ready).length;
}

/** Of the evictions that were allowed, those whose pods are not yet seen being deleted. */
function buildDisruptedPodMap(
  before: ReadonlyMap<string, number>,
  pods: readonly Pod[],
  now: number,
): ReadonlyMap<string, number> {
  if (before.size === 0) return before;
  const kept = new Map<string, number>();
  for (const { name, terminating } of pods) {
    const since = before.get(name);
    if (!terminating && since !== undefined && since + deletionTimeout >= now) kept.set(name, since);
  }
  return kept;
}

/** When the controller looks again at a budget, since an allowed eviction has not come about by then; Infinity if never. */
export function recheckAt({ status: { disruptedPods } }: Budget): number {
  let next = Infinity;
  for (const since of disruptedPods.values()) next = Math.min(next, since + deletionTimeout + 1);
  return next;
}

/** `name`, with its namespace where that is not `default`. */
export function budgetLabel(budget: Budget): string {
  return budget.namespace === "default" ? budget.name : keyOf(budget);
}
