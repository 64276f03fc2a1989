import type { ClaimFate } from "./fates.js";
import { podName } from "./spec.js";

/** Claims with the same fate for the same reason. */
export interface ClaimGroup {
  readonly fate: ClaimFate["fate"];
  readonly why: string;
  /** By ordinal, then by name. */
  readonly names: readonly string[];
}

/** Makes a sentence about one pod one that is the same for all. */
export function withoutName(sentence: string, pod: string): string {
  return sentence.replaceAll(pod, "its pod").replace(/^its/, "Its");
}

const order: readonly ClaimFate["fate"][] = ["deleted", "orphaned", "adopted", "kept"];

/** What happens to the claims of a set, the worst first. */
export function groupClaims(set: { readonly name: string }, claims: readonly ClaimFate[]): readonly ClaimGroup[] {
  const groups = new Map<
    string,
    { readonly fate: ClaimFate["fate"]; readonly why: string; readonly names: string[] }
  >();
  for (const { fate, name, ordinal, why: reason } of claims) {
    const why = withoutName(reason, podName(set, ordinal));
    const key = `${fate} ${why}`;
    const group = groups.get(key) ?? { fate, why, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate));
}
