import { deleteClaim, deletePod, setClaimOwner } from "./cluster.js";
import { slotsOf, summaryOf, withPod } from "./slots.js";
import type { ClusterState } from "./state.js";
import type { Claim, Slot } from "./slot.js";

/** How `kubectl delete` treats what the set owns: `--cascade=background` (the default), `foreground` or `orphan`. */
export type Propagation = "Background" | "Foreground" | "Orphan";

/**
 * Deletes the set, as the garbage collector of Kubernetes 1.36 was recorded to (truth/deletion.jsonl). Except with
 * Orphan all pods are deleted at once, in no order, whatever podManagementPolicy says, and the claims that the set owns
 * with them; pvc-protection keeps each claim until its pod is gone.
 */
export function deleteSet(state: ClusterState, propagation: Propagation): ClusterState {
  if (state.set.type === "absent") return state;
  switch (propagation) {
    case "Background":
      return { ...deleteOwned(state), set: { type: "absent" } };
    case "Foreground":
      return endForegroundDeletion({ ...deleteOwned(state), set: { ...state.set, deletion: "foreground" } });
    case "Orphan":
      return orphan(state);
  }
}

/** With foreground deletion the set itself goes when nothing is left that it owns. */
export function endForegroundDeletion(state: ClusterState): ClusterState {
  if (state.set.type === "absent" || state.set.deletion !== "foreground") return state;
  const { pods, terminatingClaims } = summaryOf(state.slots);
  return pods === 0 && terminatingClaims === 0 ? { ...state, set: { type: "absent" }, revisions: [] } : state;
}

function deleteOwned(state: ClusterState): ClusterState {
  let next: ClusterState = { ...state, revisions: [] };
  for (const { ordinal, claims } of slotsOf(state.slots)) {
    for (const claim of claims) if (isOwnedBySet(claim)) next = deleteClaim(next, ordinal, claim.template);
    next = deletePod(next, ordinal);
  }
  return next;
}

function orphan(state: ClusterState): ClusterState {
  let next: ClusterState = { ...state, set: { type: "absent" } };
  for (const slot of slotsOf(state.slots)) next = orphanSlot(next, slot);
  return next;
}

function orphanSlot(state: ClusterState, { ordinal, pod, claims }: Slot): ClusterState {
  let next = state;
  if (pod !== undefined) next = { ...next, slots: withPod(next.slots, { ...pod, owned: false }) };
  for (const claim of claims) {
    if (isOwnedBySet(claim)) next = setClaimOwner(next, ordinal, claim.template, { type: "none" });
  }
  return next;
}

function isOwnedBySet(claim: Claim): boolean {
  return claim.owner.type === "set";
}
