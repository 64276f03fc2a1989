import { isInRange, type RolloutSpec } from "./spec.js";
import type { OwnerKind } from "./slots.js";
import type { Claim, ClaimOwner, Pod } from "./slot.js";

/*
 * Who owns a claim. The controller never deletes one: it sets the owner reference and leaves the rest to the garbage
 * collector. Names as in pkg/controller/statefulset/stateful_set_utils.go and stateful_pod_control.go, Kubernetes 1.36.
 */

/** Who should own the claims of a pod, by the retention policy and by whether the pod is to stay. */
export function wantedOwner(spec: RolloutSpec, ordinal: number): Exclude<OwnerKind, "stale"> {
  const { whenScaled, whenDeleted } = spec.retention;
  if (whenScaled === "Delete" && !isInRange(spec, ordinal)) return "pod";
  return whenDeleted === "Delete" ? "set" : "none";
}

/**
 * Whether nothing is to be done about the owner of a claim. A reference to a former object of the same name counts as
 * up to date, because the garbage collector is about to take the claim.
 */
export function isClaimOwnerUpToDate(spec: RolloutSpec, setUid: number, claim: Claim, pod: PodIdentity): boolean {
  if (hasStaleOwnerRef(claim, setUid, pod)) return true;
  return claim.owner.type === wantedOwner(spec, pod.ordinal);
}

export function updateClaimOwnerRefForSetAndPod(spec: RolloutSpec, setUid: number, pod: PodIdentity): ClaimOwner {
  const wanted = wantedOwner(spec, pod.ordinal);
  switch (wanted) {
    case "none":
      return { type: "none" };
    case "set":
      return { type: "set", uid: setUid };
    case "pod":
      // A pod that is condemned exists, so it has a UID.
      return { type: "pod", uid: pod.uid ?? 0 };
  }
}

/**
 * A claim for which a pod that is to be created must wait, because it still belongs to its predecessor. Only asked
 * where scaling down deletes claims.
 */
export function podClaimIsStale(spec: RolloutSpec, claims: readonly Claim[]): Claim | undefined {
  if (spec.retention.whenScaled === "Retain") return undefined;
  return claims.find((claim) => spec.claims.includes(claim.template) && claim.owner.type === "pod");
}

/** A pod, or one that is about to be created and has no UID yet. */
export type PodIdentity = Pick<Pod, "ordinal"> & { readonly uid: number | undefined };

function hasStaleOwnerRef({ owner }: Claim, setUid: number, pod: PodIdentity): boolean {
  switch (owner.type) {
    case "none":
      return false;
    case "set":
      return owner.uid !== setUid;
    case "pod":
      return owner.uid !== pod.uid;
  }
}
