import type { Pod } from "./slot.js";
import type { RolloutSpec } from "./spec.js";
import { emptySlots, type Slots } from "./slots.js";
import type { World } from "./world.js";

/**
 * The cluster at one moment, as far as it concerns one StatefulSet. Immutable plain data; a later state shares all that
 * did not change with the earlier one, so thousands of states are kept at the cost of their differences.
 */
export interface ClusterState {
  /** Virtual time in milliseconds, a whole number. */
  readonly clock: number;
  /** The set's name and namespace, whether it exists or not. */
  readonly name: string;
  readonly namespace: string | undefined;
  readonly set: SetState;
  /** Pods and their claims by ordinal. */
  readonly slots: Slots;
  /** ControllerRevisions, lowest number first. */
  readonly revisions: readonly Revision[];
  /** How the kubelets and the user's faults treat pods. */
  readonly world: World;
  /** The UID that the next object gets. Two pods of one name differ in it, and claims refer to it. */
  readonly nextUid: number;
}

export type SetState =
  | { readonly type: "absent" }
  | {
      readonly type: "present";
      readonly uid: number;
      readonly spec: RolloutSpec;
      readonly status: Status;
      /** `metadata.generation` and `status.observedGeneration`. */
      readonly generation: number;
      readonly observedGeneration: number;
      /** With `foreground` deletion the object stays until all that it owns is gone. */
      readonly deletion: "none" | "foreground";
    };

export interface Status {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly currentReplicas: number;
  readonly updatedReplicas: number;
  /** Empty until the first sync. */
  readonly currentRevision: string;
  readonly updateRevision: string;
}

export interface Revision {
  readonly revision: string;
  readonly number: number;
}

export const emptyStatus: Status = {
  replicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  currentReplicas: 0,
  updatedReplicas: 0,
  currentRevision: "",
  updateRevision: "",
};

/** A cluster without the set. */
export function emptyCluster(name: string, namespace: string | undefined, world: World): ClusterState {
  return { clock: 0, name, namespace, set: { type: "absent" }, slots: emptySlots, revisions: [], world, nextUid: 1 };
}

/** pkg/controller/statefulset/stateful_set_utils.go: isRunningAndReady, isHealthy and the like (Kubernetes 1.36). */
export function isRunningAndReady(pod: Pod): boolean {
  return pod.phase === "Running" && pod.readySince !== undefined;
}

export function isRunningAndAvailable(pod: Pod, minReadySeconds: number, clock: number): boolean {
  return pod.phase === "Running" && pod.readySince !== undefined && pod.readySince <= clock - minReadySeconds * 1000;
}

export function isFinished(pod: Pod): boolean {
  return pod.phase === "Failed" || pod.phase === "Succeeded";
}

/** What a reader sees of a pod; terminating wins over every other condition. */
export type PodCondition = "pending" | "running" | "ready" | "available" | "terminating" | "failed" | "succeeded";

export function podCondition(pod: Pod, minReadySeconds: number, clock: number): PodCondition {
  if (pod.terminating) return "terminating";
  switch (pod.phase) {
    case "Pending":
      return "pending";
    case "Failed":
      return "failed";
    case "Succeeded":
      return "succeeded";
    case "Running":
      if (pod.readySince === undefined) return "running";
      return isRunningAndAvailable(pod, minReadySeconds, clock) ? "available" : "ready";
  }
}
