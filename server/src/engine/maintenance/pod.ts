import type { Labels } from "../kubernetes/selectors.js";
import type { PodTemplate } from "./pod-template.js";

/** A pod of any kind as budgets, evictions, drains and the scheduler see it. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** Another pod of the same name has another one. */
  readonly uid: string;
  readonly labels: Labels;
  readonly template: PodTemplate;
  readonly phase: "Pending" | "Running" | "Failed" | "Succeeded";
  /** Whether its Ready condition is true. */
  readonly ready: boolean;
  /** Whether it has a deletionTimestamp. */
  readonly terminating: boolean;
  /** The name of the node that has it; empty where none does. */
  readonly node: string;
  readonly controller: Controller | undefined;
  /** Whether it is the mirror of a static pod, which only its kubelet can delete. */
  readonly isMirror: boolean;
}

/** The owner that is marked as the controller of a pod. */
export interface Controller {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** Of a ReplicaSet: the Deployment that scales it. */
  readonly deployment?: string | undefined;
}

/** What the disruption controller counts a controller by: two ReplicaSets of one Deployment are one. */
export function scaleKey(namespace: string, { deployment, uid }: Controller): string {
  return deployment === undefined ? uid : `Deployment ${keyOf({ namespace, name: deployment })}`;
}

/** A pod that has run for long, wherever: its node is still to be found. */
export function settledPod(pod: Pick<Pod, "namespace" | "name" | "uid" | "template" | "controller">): Pod {
  return {
    ...pod,
    labels: pod.template.labels,
    phase: "Running",
    ready: true,
    terminating: false,
    node: "unknown",
    isMirror: false,
  };
}

export function isFinished({ phase }: Pick<Pod, "phase">): boolean {
  return phase === "Failed" || phase === "Succeeded";
}

/** `namespace/name`. */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
