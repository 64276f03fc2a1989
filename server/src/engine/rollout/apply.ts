import type { Behaviour } from "../kubernetes/versions.js";
import { replanAvailability } from "./cluster.js";
import { admit, admitUpdate, type ApiError, type RolloutSpec, type WrittenSpec } from "./spec.js";
import { emptyStatus, type ClusterState, type SetState } from "./state.js";
import { podTiming, type World } from "./world.js";

export type Applied =
  | { readonly type: "applied"; readonly state: ClusterState }
  | { readonly type: "rejected"; readonly errors: readonly ApiError[] };

/** `kubectl apply` of the whole spec: creates the set, or updates it; what the API server refuses changes nothing. */
export function applySpec(state: ClusterState, written: WrittenSpec, behaviour: Behaviour): Applied {
  const { set } = state;
  const admission = set.type === "absent" ? admit(written, behaviour) : admitUpdate(written, set.spec, behaviour);
  if (admission.type === "rejected") return admission;
  const { spec } = admission;
  const world = withTiming(state.world, spec);
  if (set.type === "absent") {
    const created: SetState = {
      type: "present",
      uid: state.nextUid,
      spec,
      status: emptyStatus,
      generation: 1,
      observedGeneration: 0,
      deletion: "none",
    };
    return { type: "applied", state: { ...state, world, set: created, nextUid: state.nextUid + 1 } };
  }
  // Both were made by `admit`, so equal specs have their fields in the same order.
  const generation = JSON.stringify(spec) === JSON.stringify(set.spec) ? set.generation : set.generation + 1;
  const next = { ...state, world, set: { ...set, spec, generation } };
  const replanned = spec.minReadySeconds === set.spec.minReadySeconds ? next : replanAvailability(next);
  return { type: "applied", state: replanned };
}

function withTiming(world: World, { revision, timing }: RolloutSpec): World {
  if (world.type === "replayed") return world;
  return { ...world, timings: { ...world.timings, [revision]: podTiming(timing) } };
}
