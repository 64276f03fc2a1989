import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "./apply.js";
import { wantedOwner } from "./claims.js";
import { rejectedBy, tooManyReplicas, type Outcome } from "./outcome.js";
import type { Scenario, ScenarioFault } from "./scenario.js";
import { becomeUnready } from "./cluster.js";
import { podsOf, slotsFrom } from "./slots.js";
import type { RolloutSpec, WrittenSpec } from "./spec.js";
import { emptyCluster, type ClusterState } from "./state.js";
import type { Slot } from "./slot.js";
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
  if (start.type === "nothing") return { type: "ready", state: empty, written: [], isAwake: true };
  // What is there was once applied, as whatever it was: the cluster has it as apps/v1, and gates may have been on.
  const known: Behaviour = behaviour.recreate === "off" ? { ...behaviour, recreate: "on" } : behaviour;
  const applied = applySpec(empty, { ...start.spec, apiVersion: undefined }, known);
  if (applied.type === "rejected") return { type: "refused", state: empty, outcome: rejectedBy(applied.errors, empty) };
  const refused = tooManyReplicas(applied.state, limits.replicas);
  if (refused !== undefined) return { type: "refused", state: empty, outcome: refused };
  const old = scenario.faults.filter(({ revision }) => revision === "old");
  const state = broken(steadyState(applied.state, start.older ?? 0), worldOf({ ...scenario, faults: old }, behaviour));
  return { type: "ready", state, written: [start.spec], isAwake: true };
}

/** A cluster as it was found, with the misfortunes of the scenario on top. */
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

/** The set that was just applied as it is when all its pods have been Available for long. */
function steadyState(state: ClusterState, older: number): ClusterState {
  const { set } = state;
  if (set.type === "absent") return state;
  const { replicas, revision } = set.spec;
  const status = {
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    currentReplicas: older > 0 ? older : replicas,
    updatedReplicas: replicas - older,
    currentRevision: older > 0 ? olderRevision : revision,
    updateRevision: revision,
  };
  const slots = Array.from({ length: replicas }, (_, index) =>
    steadySlot(state, set.uid, set.spec, index, index < older ? olderRevision : revision),
  );
  const revisions = older > 0 ? [olderRevision, revision] : [revision];
  return {
    ...state,
    set: { ...set, status, observedGeneration: set.generation },
    slots: slotsFrom(slots),
    revisions: revisions.map((one, index) => ({ revision: one, number: index + 1 })),
    nextUid: state.nextUid + replicas * (1 + set.spec.claims.length),
  };
}

/** Of a template that is not known. */
const olderRevision = "an older template";

function steadySlot(state: ClusterState, setUid: number, spec: RolloutSpec, index: number, revision: string): Slot {
  const ordinal = spec.firstOrdinal + index;
  const uid = state.nextUid + index * (1 + spec.claims.length);
  const owner =
    wantedOwner(spec, ordinal) === "set" ? { type: "set" as const, uid: setUid } : { type: "none" as const };
  return {
    ordinal,
    pod: {
      ordinal,
      uid,
      revision,
      phase: "Running",
      // Any minReadySeconds that an edit may bring has passed.
      readySince: -Number.MAX_SAFE_INTEGER,
      terminating: false,
      bound: true,
      owned: true,
      restarts: 0,
      due: undefined,
    },
    claims: spec.claims
      .toSorted()
      .map((template, position) => ({ template, uid: uid + 1 + position, owner, terminating: false })),
  };
}

function firstApplied({ actions }: Scenario): WrittenSpec | undefined {
  for (const { action } of actions) if (action.type === "apply") return action.spec;
  return undefined;
}

function worldOf({ start, faults, timing }: Scenario, behaviour: Behaviour): SimulatedWorld {
  const oldRevision = oldRevisionOf(start);
  return calmWorld({
    timingOverride: timing ?? {},
    faults: faults.map((fault) => toFault(fault, oldRevision)),
    nodeGraceSeconds: behaviour.nodeGraceSeconds,
  });
}

function oldRevisionOf(start: Scenario["start"]): string | undefined {
  switch (start.type) {
    case "nothing":
      return undefined;
    case "steady":
      return (start.older ?? 0) > 0 ? olderRevision : start.spec.revision;
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
