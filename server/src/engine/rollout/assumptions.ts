import type { Simulation } from "./simulate.js";
import { podsOf, summaryOf } from "./slots.js";
import type { ClusterState } from "./state.js";
import { formatDuration } from "./time.js";
import { podTiming, timingOf, type PodTiming } from "./world.js";

/** What a simulation takes for granted because no manifest says it. */
export interface Assumption {
  readonly about: "start" | keyof Omit<PodTiming, "toEvict">;
  /** A part of a sentence. */
  readonly text: string;
}

/** Of the pods of the last template; the panel lets its reader change the times. */
export function assumptionsOf(simulation: Simulation): readonly Assumption[] {
  const { start, outcome } = simulation;
  if (outcome.type === "rejected") return [];
  const { toRunning, toReady, toGone, toDetach } = assumedTiming(simulation);
  const times: readonly Assumption[] = [
    { about: "toRunning", text: `a pod starts in ${formatDuration(toRunning)} (its images are on the node)` },
    { about: "toReady", text: `becomes Ready ${toReady === 0 ? "at once" : `${formatDuration(toReady)} later`}` },
    { about: "toGone", text: `stops in ${formatDuration(toGone)}` },
    { about: "toDetach", text: `a lost node keeps its volumes attached for up to ${formatDuration(toDetach)}` },
  ];
  const text = startText(start);
  return text === undefined ? times : [{ about: "start", text }, ...times];
}

/** One sentence without its full stop; `undefined` if nothing is assumed. */
export function assumptionsText(simulation: Simulation): string | undefined {
  const assumptions = assumptionsOf(simulation);
  if (assumptions.length === 0) return undefined;
  return `Assumed: ${assumptions.map(({ text }) => text).join("; ")}`;
}

/** How long the pods of the last template take. */
export function assumedTiming({ start, steps }: Simulation): PodTiming {
  const { set, world } = steps.findLast(({ state }) => state.set.type === "present")?.state ?? start;
  return set.type === "absent" || world.type === "replayed" ? podTiming({}) : timingOf(world, set.spec.revision);
}

function startText({ set, slots }: ClusterState): string | undefined {
  if (set.type === "absent") {
    return slots.root === undefined ? "neither the set nor its claims exist at the start" : undefined;
  }
  const isUpToDate = [...podsOf(slots)].every(({ revision }) => revision === set.status.updateRevision);
  const isHealthy = summaryOf(slots).unhealthy === 0 && summaryOf(slots).pods === set.spec.replicas;
  return isUpToDate && isHealthy ? "the set is healthy and up to date at the start" : undefined;
}
