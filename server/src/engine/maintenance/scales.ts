import { labelsAt, numberAt, textAt } from "../kubernetes/plain-object.js";
import { readBudget, selects } from "./budget.js";
import { keyOf, scaleKey, type Controller, type Pod } from "./pod.js";
import { conditionOf, controllerOf } from "./printed.js";

/*
 * How many pods the controllers of a dump shall have that are no StatefulSets. The disruption controller asks the
 * Deployment of a ReplicaSet and counts it once, and any other controller itself (getPodDeployment, getPodReplicaSet,
 * getExpectedScale in pkg/controller/disruption/disruption.go, Kubernetes 1.36).
 */

/** The objects of a dump, plain data, by their kinds. */
export interface Scaled {
  readonly deployments: readonly unknown[];
  readonly replicaSets: readonly unknown[];
  readonly budgets: readonly unknown[];
}

/**
 * The controller of a pod, with the Deployment behind it. Where the dump has no ReplicaSets, that follows from their
 * names: the Deployment's, and the hash that its pods have as a label (getNewReplicaSet in
 * pkg/controller/deployment/sync.go, Kubernetes 1.36).
 */
export function scaledController(pod: unknown, { replicaSets }: Pick<Scaled, "replicaSets">): Controller | undefined {
  const controller = controllerOf(pod);
  if (controller?.kind !== "ReplicaSet") return controller;
  const set = replicaSets.find((one) => textAt(one, "metadata", "uid") === controller.uid);
  const owner = set === undefined ? undefined : controllerOf(set);
  if (set !== undefined) return { ...controller, deployment: owner?.kind === "Deployment" ? owner.name : undefined };
  const hash = labelsAt(pod, "metadata", "labels").get("pod-template-hash");
  const isOfDeployment = hash !== undefined && controller.name.endsWith(`-${hash}`);
  return { ...controller, deployment: isOfDeployment ? controller.name.slice(0, -hash.length - 1) : undefined };
}

/**
 * The replicas that are written, or that the disruption controller has counted, by `scaleKey`. Of others it is only known
 * how many pods there are.
 */
export function knownScales(
  pods: readonly Pod[],
  { deployments, replicaSets, budgets }: Scaled,
): ReadonlyMap<string, number> {
  const written = new Map<string, number>();
  for (const object of deployments)
    written.set(`Deployment ${placeOf(object)}`, numberAt(object, "spec", "replicas") ?? 1);
  for (const object of replicaSets) {
    const uid = textAt(object, "metadata", "uid");
    if (uid !== undefined) written.set(uid, numberAt(object, "spec", "replicas") ?? 1);
  }
  for (const object of budgets) {
    const counted = countedByBudget(object, pods);
    if (counted !== undefined && !written.has(counted.scale)) written.set(counted.scale, counted.replicas);
  }
  return written;
}

function placeOf(object: unknown): string {
  return keyOf({
    namespace: textAt(object, "metadata", "namespace") ?? "default",
    name: textAt(object, "metadata", "name") ?? "",
  });
}

/** What the status of a budget says, if it is about one controller and up to date. */
function countedByBudget(
  object: unknown,
  pods: readonly Pod[],
): { readonly scale: string; readonly replicas: number } | undefined {
  const budget = readBudget(object);
  const replicas = numberAt(object, "status", "expectedPods");
  // A number of minAvailable counts the pods that are there instead.
  const countsScales = budget.spec.maxUnavailable !== undefined || typeof budget.spec.minAvailable === "string";
  const failed = textAt(conditionOf(object, "DisruptionAllowed"), "reason") === "SyncFailed";
  const isCurrent = numberAt(object, "status", "observedGeneration") === numberAt(object, "metadata", "generation");
  if (replicas === undefined || !countsScales || failed || !isCurrent) return undefined;
  const selected = pods.filter((pod) => selects(budget, pod));
  const scales = new Set(selected.map((pod) => pod.controller && scaleKey(pod.namespace, pod.controller)));
  const [scale, ...others] = scales;
  return scale === undefined || others.length > 0 ? undefined : { scale, replicas };
}
