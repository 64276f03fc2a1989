import { maxUnavailablePods, isInRange, lastOrdinal, podName, type RolloutSpec } from "./spec.js";
import { firstWhere, podAt, podsOf } from "./slots.js";
import { isRunningAndAvailable, type ClusterState } from "./state.js";
import type { Behaviour } from "../kubernetes/versions.js";
import type { Simulation } from "./simulate.js";
import type { Step } from "./step.js";

/**
 * What holds in every rollout, whatever the spec and the faults. Returns a sentence for each breach; none means
 * that all hold. Tests run it over random simulations.
 */
export function breaches(simulation: Simulation, behaviour: Behaviour): readonly string[] {
  const found: string[] = [];
  const down = new Set<number>();
  let before = simulation.start;
  for (const step of simulation.steps) {
    if (step.state.clock < before.clock) found.push(`time runs backwards at ${step.at}`);
    if (step.kind === "cluster" && step.action !== "gone") forgetAfterEdit(step, down);
    if (step.kind === "controller" && before.set.type === "present" && step.ordinal !== undefined) {
      const { spec } = before.set;
      if (step.action === "createPod") found.push(...breachesOfCreation(before, spec, step.ordinal));
      if (step.cause === "scaleDown") found.push(...breachesOfScaleDown(before, spec, step.ordinal));
      if (step.cause === "update") found.push(...breachesOfUpdate(before, spec, step.ordinal, behaviour, down));
    }
    if (step.action === "createPod" && step.ordinal !== undefined) down.delete(step.ordinal);
    before = step.state;
  }
  return found;
}

/** A new spec starts the count anew: what was taken down for the former one is not its doing. */
function forgetAfterEdit({ action }: Step, down: Set<number>): void {
  if (
    ["apply", "scale", "restart", "changeImage", "rollBack", "undo", "applyRepaired", "useRollingUpdate"].includes(
      action,
    )
  )
    down.clear();
}

/** OrderedReady creates a pod only when all below it are available. */
function breachesOfCreation(before: ClusterState, spec: RolloutSpec, ordinal: number): readonly string[] {
  if (spec.podManagement === "Parallel") return [];
  const pods = [...podsOf(before.slots)].filter((pod) => pod.ordinal < ordinal && isInRange(spec, pod.ordinal));
  const waited = pods.every(
    (pod) => !pod.terminating && isRunningAndAvailable(pod, spec.minReadySeconds, before.clock),
  );
  const complete = pods.length === ordinal - spec.firstOrdinal;
  return waited && complete ? [] : [`${podName(spec, ordinal)} is created although a pod below it is not available`];
}

/** OrderedReady deletes one condemned pod at a time, the highest first. */
function breachesOfScaleDown(before: ClusterState, spec: RolloutSpec, ordinal: number): readonly string[] {
  if (isInRange(spec, ordinal)) return [`${podName(spec, ordinal)} is scaled down although it is in range`];
  if (spec.podManagement === "Parallel") return [];
  const above = firstWhere(before.slots, Math.max(ordinal, lastOrdinal(spec)) + 1, Infinity, ({ pods }) => pods > 0);
  return above === undefined ? [] : [`${podName(spec, ordinal)} is deleted before ${podName(spec, above)}`];
}

/** An update stays at or above the partition and takes no more available pods down than allowed. */
function breachesOfUpdate(
  before: ClusterState,
  spec: RolloutSpec,
  ordinal: number,
  behaviour: Behaviour,
  down: Set<number>,
): readonly string[] {
  if (spec.strategy.type === "Recreate") return [];
  if (spec.strategy.type === "OnDelete")
    return [`${podName(spec, ordinal)} is updated although the strategy is OnDelete`];
  const partition = spec.strategy.block?.partition ?? 0;
  const found: string[] = [];
  if (ordinal < spec.firstOrdinal + partition) {
    found.push(`${podName(spec, ordinal)} is updated although it is below the partition`);
  }
  const pod = podAt(before.slots, ordinal);
  if (pod === undefined || !isRunningAndAvailable(pod, spec.minReadySeconds, before.clock)) return found;
  down.add(ordinal);
  const allowed = behaviour.maxUnavailable ? maxUnavailablePods(spec) : 1;
  if (down.size > allowed) found.push(`${down.size} available pods are down for the update, ${allowed} are allowed`);
  return found;
}
