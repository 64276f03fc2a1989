import { withCondition, type Budget } from "./budget.js";
import { isFinished, type Pod } from "./pod.js";

/*
 * The Eviction API: pkg/registry/core/pod/storage/eviction.go of Kubernetes 1.36, whose names it keeps.
 */

/** What the API server answers to an eviction. */
export type Answer =
  /** The pod is deleted. `budget` is the one that this has used up by one, as it is now. */
  | { readonly code: 201; readonly budget: Budget | undefined }
  | {
      readonly code: 403 | 404 | 409 | 429 | 500;
      readonly reason: string;
      readonly message: string;
      /** The message of the cause DisruptionBudget. */
      readonly cause: string | undefined;
      /** The budget that refuses. */
      readonly budget: Budget | undefined;
    };

/** The options of an eviction that decide its answer. */
export interface EvictionOptions {
  readonly dryRun: boolean;
  /** Whether the request asks for a pod of another UID than this one has. */
  readonly otherUid: boolean;
}

const tooManyDisruptedPods = 2000;

/**
 * Whether a pod may be evicted. An answer of 201 or 409 may bring a budget with one disruption less, which counts
 * whether the pod is then deleted or not.
 * @param budgets all budgets that select the pod
 * @param now in milliseconds
 */
export function evict(
  pod: Pod,
  budgets: readonly Budget[],
  { dryRun, otherUid }: EvictionOptions,
  now: number,
): Answer {
  if (canIgnorePDB(pod)) return otherUid ? conflict(pod, undefined) : { code: 201, budget: undefined };
  const [budget, ...others] = budgets;
  if (others.length > 0) return refused(500, "", moreThanOneBudget, undefined, budget);
  const checked = budget === undefined || isUnguarded(pod, budget) ? undefined : checkAndDecrement(pod, budget, now);
  if (checked?.type === "refused") return checked.answer;
  // A dry run writes nothing and deletes nothing.
  const used = dryRun ? undefined : checked?.budget;
  return otherUid ? conflict(pod, used) : { code: 201, budget: used };
}

export const moreThanOneBudget =
  "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";

export const wouldViolate = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Pods whose eviction disrupts nothing pass without any budget. */
function canIgnorePDB(pod: Pod): boolean {
  return isFinished(pod) || pod.phase === "Pending" || pod.terminating;
}

/** A pod that is not Ready does not count as healthy, so its eviction uses nothing up. */
function isUnguarded({ ready }: Pod, { spec, status }: Budget): boolean {
  if (ready) return false;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
}

type Checked =
  { readonly type: "allowed"; readonly budget: Budget } | { readonly type: "refused"; readonly answer: Answer };

function checkAndDecrement(pod: Pod, budget: Budget, now: number): Checked {
  const { name, status, generation } = budget;
  const refuse = (code: 403 | 429, reason: string, message: string, cause: string): Checked => ({
    type: "refused",
    answer: refused(code, reason, message, cause, budget),
  });
  if (status.observedGeneration < generation) {
    const cause = `The disruption budget ${name} is still being processed by the server.`;
    return refuse(429, "TooManyRequests", wouldViolate, cause);
  }
  if (status.disruptedPods.size > tooManyDisruptedPods) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    const message = `poddisruptionbudget.policy "${name}" is forbidden: ${why}`;
    const pending = "too many pending evictions not confirmed by PDB controller";
    return refuse(
      403,
      "Forbidden",
      message,
      `The disruption budget ${name} does not allow evicting pods currently: ${pending}`,
    );
  }
  if (status.disruptionsAllowed <= 0) return refuse(429, "TooManyRequests", wouldViolate, whyNone(budget));
  const left = {
    ...status,
    disruptionsAllowed: status.disruptionsAllowed - 1,
    disruptedPods: new Map(status.disruptedPods).set(pod.name, now),
  };
  return { type: "allowed", budget: { ...budget, status: left.disruptionsAllowed === 0 ? withCondition(left) : left } };
}

function whyNone({ name, status }: Budget): string {
  const none = `The disruption budget ${name} does not allow evicting pods currently`;
  const { reason, message, currentHealthy, desiredHealthy } = status;
  // The numbers are those of an earlier sync.
  if (reason === "SyncFailed" && message !== "") return `${none} because it failed sync: ${message}`;
  if (currentHealthy > desiredHealthy) return none;
  return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}

/** addConditionAndDeletePod: the request is about a pod that is no longer there. */
function conflict({ name }: Pod, budget: Budget | undefined): Answer {
  const why = "the UID in the precondition (<uid>) does not match the UID in record (<uid>)";
  const message = `Operation cannot be fulfilled on Pod "${name}": ${why}. The object might have been deleted and then recreated`;
  return refused(409, "Conflict", message, undefined, budget);
}

export function notFound(name: string): Answer {
  return refused(404, "NotFound", `pods "${name}" not found`, undefined, undefined);
}

function refused(
  code: 403 | 404 | 409 | 429 | 500,
  reason: string,
  message: string,
  cause: string | undefined,
  budget: Budget | undefined,
): Answer {
  return { code, reason, message, cause, budget };
}
