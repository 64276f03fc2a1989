import { fieldsAt, listAt, numberAt, textAt } from "../kubernetes/plain-object.js";
import type { Status } from "../rollout/state.js";
import type { Controller, Pod } from "./pod.js";

/*
 * What kubectl prints of objects that run: their metadata and status, as plain data.
 */

/** `namespace/name`, or the name of an object without a namespace. */
export function labelOf(object: unknown): string {
  const namespace = textAt(object, "metadata", "namespace");
  const name = textAt(object, "metadata", "name") ?? "";
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What no two objects share: the uid, or kind and name if the uid was removed from the dump. */
export function identityOf(object: unknown): string {
  return textAt(object, "metadata", "uid") ?? `${textAt(object, "kind") ?? ""} ${labelOf(object)}`;
}

/** Whether it is being deleted. */
export function isTerminating(object: unknown): boolean {
  return textAt(object, "metadata", "deletionTimestamp") !== undefined;
}

/** The owner that is marked as the controller. */
export function controllerOf(object: unknown): Controller | undefined {
  const owner = listAt(object, "metadata", "ownerReferences").find((one) => fieldsAt(one).controller === true);
  if (owner === undefined) return undefined;
  return { kind: textAt(owner, "kind") ?? "", name: textAt(owner, "name") ?? "", uid: textAt(owner, "uid") ?? "" };
}

export function phaseOf(pod: unknown): Pod["phase"] {
  const phase = textAt(pod, "status", "phase");
  // A pod whose node does not answer may be Unknown: it ran.
  if (phase === "Unknown") return "Running";
  return (["Running", "Failed", "Succeeded"] as const).find((one) => one === phase) ?? "Pending";
}

/** A condition of the status; `undefined` where it is not there. */
export function conditionOf(object: unknown, type: string): unknown {
  return listAt(object, "status", "conditions").find((one) => textAt(one, "type") === type);
}

export function isReady(pod: unknown): boolean {
  return textAt(conditionOf(pod, "Ready"), "status") === "True";
}

/** The node that has a pod; empty where none does. */
export function nodeOf(pod: unknown): string {
  return textAt(pod, "spec", "nodeName") ?? "";
}

/** The name of the ControllerRevision that a pod was made of. */
export function revisionLabel(pod: unknown): string | undefined {
  return textAt(pod, "metadata", "labels", "controller-revision-hash");
}

/** getParentNameAndOrdinal: `web-3` is the pod 3 of `web`. */
export function parentOf(pod: unknown): { readonly name: string; readonly ordinal: number } | undefined {
  const match = /^(.+)-(\d+)$/.exec(textAt(pod, "metadata", "name") ?? "");
  return match === null ? undefined : { name: match[1] ?? "", ordinal: Number(match[2]) };
}

export function ordinalOf(pod: unknown): number {
  return parentOf(pod)?.ordinal ?? 0;
}

/** The claim template and the pod that a claim is of. */
export interface ClaimPlace {
  readonly template: string;
  readonly ordinal: number;
}

/** `data-web-0` is of the template `data`; `undefined` for a name that no claim of the set has. */
export function claimPlace(claim: string, set: string): ClaimPlace | undefined {
  const match = /^(.+)-(\d+)$/.exec(claim);
  const stem = match?.[1] ?? "";
  if (!stem.endsWith(`-${set}`) || stem.length === set.length + 1) return undefined;
  return { template: stem.slice(0, -set.length - 1), ordinal: Number(match?.[2]) };
}

/** The numbers of pods in the status of a set. */
export function podCounts(set: unknown): Omit<Status, "currentRevision" | "updateRevision"> {
  const count = (key: string): number => numberAt(set, "status", key) ?? 0;
  return {
    replicas: count("replicas"),
    readyReplicas: count("readyReplicas"),
    availableReplicas: count("availableReplicas"),
    currentReplicas: count("currentReplicas"),
    updatedReplicas: count("updatedReplicas"),
  };
}
