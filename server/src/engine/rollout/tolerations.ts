import type { Toleration } from "./spec.js";

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

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
  const isDefaulted = !tolerations.some((toleration) => covers(toleration, unreachable));
  const all = isDefaulted ? [...tolerations, defaultToleration] : tolerations;
  const used = all.find((toleration) => tolerates(toleration, unreachable));
  if (used === undefined) return 0;
  return Math.max(0, used.tolerationSeconds ?? Infinity);
}

const unreachable: Taint = { key: "node.kubernetes.io/unreachable", value: "", effect: "NoExecute" };

const defaultToleration: Toleration = {
  key: unreachable.key,
  operator: "Exists",
  effect: unreachable.effect,
  tolerationSeconds: 300,
};

/** A key or effect that is left out stands for all of them. */
function covers({ key, effect }: Toleration, taint: Taint): boolean {
  return (!key || key === taint.key) && (!effect || effect === taint.effect);
}

/** Toleration.ToleratesTaint in k8s.io/api core/v1/toleration.go, Kubernetes 1.36. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { operator, value } = toleration;
  if (!covers(toleration, taint)) return false;
  return operator === "Exists" || ((!operator || operator === "Equal") && (value ?? "") === taint.value);
}
