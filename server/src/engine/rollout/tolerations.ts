import type { Toleration } from "./spec.js";

/**
 * Seconds until a pod is evicted from a node that does not answer, counted from when that is noticed; Infinity if it is
 * never evicted.
 *
 * The admission plugin DefaultTolerationSeconds (plugin/pkg/admission/defaulttolerationseconds/admission.go) gives a pod
 * 300 s, unless it has a toleration of that key or of every key, whatever its operator. Of those that match the taint
 * `node.kubernetes.io/unreachable:NoExecute` the first one counts (GetMatchingTolerations in
 * k8s.io/component-helpers scheduling/corev1/helpers.go); zero or less evicts at once, and none at all keeps the pod
 * (getMinTolerationTime in pkg/controller/tainteviction/taint_eviction.go). Kubernetes 1.36.
 */
export function secondsToEviction(tolerations: readonly Toleration[]): number {
  const isDefaulted = !tolerations.some(({ key, effect }) => coversKey(key) && coversEffect(effect));
  const all = isDefaulted ? [...tolerations, defaultToleration] : tolerations;
  const used = all.find(toleratesUnreachable);
  if (used === undefined) return 0;
  return Math.max(0, used.tolerationSeconds ?? Infinity);
}

const unreachable = "node.kubernetes.io/unreachable";

const defaultToleration: Toleration = {
  key: unreachable,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
};

function coversKey(key: string | undefined): boolean {
  return !key || key === unreachable;
}

function coversEffect(effect: string | undefined): boolean {
  return !effect || effect === "NoExecute";
}

/** Toleration.ToleratesTaint in k8s.io/api core/v1/toleration.go; the taint has no value. */
function toleratesUnreachable({ key, operator, value, effect }: Toleration): boolean {
  if (!coversKey(key) || !coversEffect(effect)) return false;
  return operator === "Exists" || ((!operator || operator === "Equal") && !value);
}
