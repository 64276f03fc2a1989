import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "./apply.js";
import { rejectedBy, tooManyReplicas, type Outcome } from "./outcome.js";
import type { Scenario, ScenarioFault } from "./scenario.js";
import { becomeUnready } from "./cluster.js";
import { podsOf } from "./slots.js";
import { admit, type WrittenSpec } from "./spec.js";
import { hasOlderPods, olderRevision, startFaults, startState, steady, type DescribedStart } from "./start.js";
import { emptyCluster, type ClusterState } from "./state.js";
import { isAwake } from "./wake.js";
import { calmWorld, faultOf, type Fault, type RevisionFilter, type SimulatedWorld } from "./world.js";

/** What is refused instead of simulated without end. */
export interface Limits {
  /** After so many steps a simulation ends with `stepLimit`. */
  readonly steps: number;
  /** A set with more replicas is not simulated. */
  readonly replicas: number;
}

/** A step and its state take a few kilobytes at most. */
export const defaultLimits: Limits = { steps: 100_000, replicas: 100_000 };

/** How a simulation begins; `written` are the specs applied so far, the one in force last. */
export type Beginning =
  | {
      readonly type: "ready";
      readonly state: ClusterState;
      readonly written: readonly WrittenSpec[];
      /** Whether the controller has something before it. */
      readonly isAwake: boolean;
    }
  | { readonly type: "refused"; readonly state: ClusterState; readonly outcome: Outcome };

export function begin(scenario: Scenario, behaviour: Behaviour, limits: Limits): Beginning {
  const { start } = scenario;
  if (start.type === "found") return found(start, scenario, behaviour, limits);
  const written = start.type === "steady" ? start.spec : firstApplied(scenario);
  const world = worldOf(scenario, behaviour);
  const empty = emptyCluster(written?.name ?? "", written?.namespace, world);
  if (start.type === "nothing") return leftOver(empty, written, start.described, behaviour);
  // What is there was once applied, as whatever it was: the cluster has it as apps/v1, and gates may have been on.
  const known: Behaviour = behaviour.recreate === "off" ? { ...behaviour, recreate: "on" } : behaviour;
  const applied = applySpec(empty, { ...start.spec, apiVersion: undefined }, known);
  if (applied.type === "rejected") return { type: "refused", state: empty, outcome: rejectedBy(applied.errors, empty) };
  const refused = tooManyReplicas(applied.state, limits.replicas);
  if (refused !== undefined) return { type: "refused", state: empty, outcome: refused };
  const { set } = applied.state;
  if (set.type === "absent") return { type: "ready", state: applied.state, written: [], isAwake: true };
  const described = start.described ?? steady;
  const old = scenario.faults.filter(({ revision }) => revision === "old");
  const state = broken(
    startState(applied.state, set.spec, described),
    worldOf({ ...scenario, faults: old }, behaviour),
  );
  const older = hasOlderPods(described) ? [{ ...start.spec, revision: olderRevision }] : [];
  return { type: "ready", state, written: [...older, start.spec], isAwake: true };
}

/** What a set that is gone has left, which the first apply finds. */
function leftOver(
  empty: ClusterState,
  written: WrittenSpec | undefined,
  described: DescribedStart | undefined,
  behaviour: Behaviour,
): Beginning {
  const admission = written === undefined || described === undefined ? undefined : admit(written, behaviour);
  // A refusal is reported when it is applied.
  const state =
    admission?.type === "admitted" && described !== undefined ? startState(empty, admission.spec, described) : empty;
  return { type: "ready", state, written: [], isAwake: true };
}

/** A cluster as it was found, with the faults of the scenario on top. */
function found(
  start: Extract<Scenario["start"], { readonly type: "found" }>,
  scenario: Scenario,
  behaviour: Behaviour,
  limits: Limits,
): Beginning {
  const refused = tooManyReplicas(start.state, limits.replicas);
  if (refused !== undefined) return { type: "refused", state: start.state, outcome: refused };
  const world = worldOf(scenario, behaviour);
  const { world: known } = start.state;
  const timings = known.type === "simulated" ? known.timings : {};
  const state = { ...start.state, world: { ...world, timings, faults: [...start.faults, ...world.faults] } };
  return { type: "ready", state, written: start.written, isAwake: isAwake(state, behaviour) };
}

/** Pods that run already are broken where a fault is of the old revision. */
function broken(state: ClusterState, world: SimulatedWorld): ClusterState {
  if (world.faults.length === 0) return state;
  let next = state;
  for (const pod of podsOf(state.slots)) {
    const effect = faultOf(world, pod.ordinal, pod.revision)?.type;
    const isBroken = effect === "neverReady" || effect === "crashLoop" || effect === "unschedulable";
    if (isBroken) next = becomeUnready(next, pod.ordinal);
  }
  return next;
}

function firstApplied({ actions }: Scenario): WrittenSpec | undefined {
  for (const { action } of actions) if (action.type === "apply") return action.spec;
  return undefined;
}

function worldOf({ start, faults, timing }: Scenario, behaviour: Behaviour): SimulatedWorld {
  const oldRevision = oldRevisionOf(start);
  const described = start.type === "steady" ? start.described : undefined;
  const found = described === undefined || start.type !== "steady" ? [] : startFaults(described, start.spec.revision);
  return calmWorld({
    timingOverride: timing ?? {},
    faults: [...found, ...faults.map((fault) => toFault(fault, oldRevision))],
    nodeGraceSeconds: behaviour.nodeGraceSeconds,
  });
}

function oldRevisionOf(start: Scenario["start"]): string | undefined {
  switch (start.type) {
    case "nothing":
      return undefined;
    case "steady":
      return start.described !== undefined && hasOlderPods(start.described) ? olderRevision : start.spec.revision;
    case "found":
      return start.state.set.type === "absent" ? undefined : start.state.set.status.currentRevision;
  }
}

function toFault({ ordinals, revision, effect }: ScenarioFault, oldRevision: string | undefined): Fault {
  return { ordinals, revisions: toFilter(revision, oldRevision), effect };
}

function toFilter(revision: ScenarioFault["revision"], oldRevision: string | undefined): RevisionFilter {
  switch (revision) {
    case undefined:
      return { type: "every" };
    case "old":
      return oldRevision === undefined ? { type: "none" } : { type: "only", revision: oldRevision };
    case "new":
      return oldRevision === undefined ? { type: "every" } : { type: "except", revision: oldRevision };
  }
}
