import { claimsAt, slotsOf } from "./slots.js";
import { claimName, isInRange, type RolloutSpec } from "./spec.js";
import type { ClusterState } from "./state.js";
import type { Claim } from "./slot.js";
import type { Step } from "./step.js";

/** What becomes of a claim, and so of its data. */
export interface ClaimFate {
  readonly name: string;
  readonly ordinal: number;
  /**
   * `kept`: a pod of the set uses it. `orphaned`: it is left without a pod. `adopted`: it was there without a pod, and
   * now a pod uses it. `deleted`: its data is gone, even if a new and empty claim has the same name.
   */
  readonly fate: "kept" | "deleted" | "orphaned" | "adopted";
  readonly why: string;
}

/** Of every claim that there was at the start or later, by name. */
export function claimFates(start: ClusterState, steps: readonly Step[]): readonly ClaimFate[] {
  const end = steps.at(-1)?.state ?? start;
  const before = claimsByName(start);
  const after = claimsByName(end);
  const deleted = new Map<string, ClaimFate>();
  const used = new Set(before.keys());
  for (const { action, claim, ordinal, why, state } of steps) {
    if (ordinal === undefined) continue;
    if (action === "running") {
      for (const { template } of claimsAt(state.slots, ordinal)) used.add(claimName(state, template, ordinal));
    }
    if (action !== "claimGone" || claim === undefined) continue;
    // A claim that is recreated before a pod ever ran with it loses no data.
    if (used.has(claim) || !after.has(claim)) deleted.set(claim, { name: claim, ordinal, fate: "deleted", why });
  }
  const fates = [...deleted.values()];
  const { set } = steps.findLast(({ state }) => state.set.type === "present")?.state ?? start;
  const lastSpec = set.type === "present" ? set.spec : undefined;
  for (const [name, found] of after)
    if (!deleted.has(name)) fates.push(survivorsFate(name, found, before.get(name), end, lastSpec));
  return fates.toSorted((a, b) => a.ordinal - b.ordinal || (a.name < b.name ? -1 : 1));
}

interface Found {
  readonly ordinal: number;
  readonly claim: Claim;
  readonly isUsed: boolean;
}

function claimsByName(state: ClusterState): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const { ordinal, pod, claims } of slotsOf(state.slots)) {
    for (const claim of claims) {
      found.set(claimName(state, claim.template, ordinal), { ordinal, claim, isUsed: pod !== undefined });
    }
  }
  return found;
}

/** `lastSpec` is that of the set, or what it was before it was deleted. */
function survivorsFate(
  name: string,
  found: Found,
  before: Found | undefined,
  end: ClusterState,
  lastSpec: RolloutSpec | undefined,
): ClaimFate {
  const { ordinal, claim, isUsed } = found;
  if (claim.terminating) {
    return { name, ordinal, fate: "deleted", why: "Deleted. It is removed as soon as no pod uses it" };
  }
  if (before !== undefined && !before.isUsed && isUsed) {
    return {
      name,
      ordinal,
      fate: "adopted",
      why: "Left from an earlier pod with this name. The new pod uses it",
    };
  }
  const { set } = end;
  if (isUsed && set.type === "present") {
    return {
      name,
      ordinal,
      fate: "kept",
      why: before === undefined ? "It was created for its pod" : "Its pod uses it",
    };
  }
  return { name, ordinal, fate: "orphaned", why: orphanReason(end, found, lastSpec) };
}

function orphanReason(
  { set }: ClusterState,
  { ordinal, isUsed }: Pick<Found, "ordinal" | "isUsed">,
  lastSpec: RolloutSpec | undefined,
): string {
  if (set.type === "absent") {
    if (isUsed) return "The set is gone, but its pod runs on and uses the claim";
    return lastSpec?.retention.whenDeleted === "Delete"
      ? "The set and its pod are gone, and the set did not own this claim"
      : "The set and its pod are gone, and whenDeleted is Retain";
  }
  return isInRange(set.spec, ordinal) ? "Its pod is missing" : "Its pod is gone, and whenScaled is Retain";
}
