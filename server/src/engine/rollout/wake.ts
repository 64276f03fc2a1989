import type { Behaviour } from "../kubernetes/versions.js";
import { sync } from "./controller.js";
import { summaryOf } from "./slots.js";
import type { ClusterState } from "./state.js";

/*
 * What wakes the controller: events of the set, its pods and its revisions, an error (with a back-off), minReadySeconds,
 * and a resync hours later. It does not watch claims (NewStatefulSetController in
 * pkg/controller/statefulset/stateful_set.go, Kubernetes 1.36).
 */

/**
 * Whether the controller has something before it that it has not dealt with, in a state that was found. Each sync ends
 * with writing the status, so a status that is as a sync would write it is that of a controller at rest.
 */
export function isAwake(state: ClusterState, behaviour: Behaviour): boolean {
  const { set } = state;
  if (set.type === "absent" || set.deletion !== "none") return false;
  const result = sync(state, behaviour);
  const after = result.state.set;
  return result.error !== undefined || after !== set || summaryOf(state.slots).orphans > 0;
}
