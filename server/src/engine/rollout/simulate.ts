import type { Step } from "./step.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { begin, defaultLimits, type Beginning, type Limits } from "./begin.js";
import { dueOrdinals, happen, nextEventAt, nextVanishingClaim, removeClaim } from "./cluster.js";
import { sync, type Action, type SyncResult, type Wait } from "./controller.js";
import { endForegroundDeletion } from "./deletion.js";
import {
  blockerOf,
  explainAction,
  explainClaimGone,
  explainEvent,
  explainSetGone,
  explainUserAction,
  explainWait,
  heldBack,
  type Explanation,
} from "./explain.js";
import { claimFates, type ClaimFate } from "./fates.js";
import { measure, type Measure } from "./measure.js";
import { isSound, judge, judgeAsleep, neverCreated, outOfSteps, type Outcome } from "./outcome.js";
import { perform } from "./perform.js";
import type { Scenario, UserAction, When } from "./scenario.js";
import { firstWhere, podAt, podsOf } from "./slots.js";
import { claimName, podName } from "./spec.js";
import { isRunningAndReady, type ClusterState } from "./state.js";
import type { Due, Pod } from "./slot.js";

/** What a simulation is made of. */
export interface SimulationInput {
  readonly scenario: Scenario;
  readonly behaviour: Behaviour;
  readonly limits?: Limits | undefined;
  /** Why the API server takes the set and no pod of it. */
  readonly refusedPods?: RefusedPods | undefined;
}

export interface RefusedPods {
  /** The revision whose pods are refused. */
  readonly revision: string;
  readonly field: string;
  /** One sentence. */
  readonly reason: string;
}

/** A whole simulation. */
export interface Simulation {
  readonly start: ClusterState;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  readonly claims: readonly ClaimFate[];
  readonly measure: Measure;
}

/** Plays a scenario to its end. Never throws for what a user may write: see `Outcome`. */
export function simulate(input: SimulationInput): Simulation {
  const beginning = beginningOf(input);
  const start = beginning.state;
  const steps: Step[] = [];
  const playing = playFrom(beginning, input);
  let next = playing.next();
  for (; next.done !== true; next = playing.next()) steps.push(next.value);
  const claims = claimFates(start, steps);
  return { start, steps, outcome: next.value, claims, measure: measure(start, steps, claims) };
}

/** The same step by step, for a caller that may stop early. Returns the outcome. */
export function play(input: SimulationInput): Generator<Step, Outcome, void> {
  return playFrom(beginningOf(input), input);
}

function beginningOf({ scenario, behaviour, limits }: SimulationInput): Beginning {
  return begin(scenario, behaviour, limits ?? defaultLimits);
}

function* playFrom(beginning: Beginning, input: SimulationInput): Generator<Step, Outcome, void> {
  if (beginning.type === "refused") return beginning.outcome;
  const limits = input.limits ?? defaultLimits;
  const running = run(beginning, input, limits);
  let { state } = beginning;
  for (let taken = 0; ; taken++) {
    const next = running.next();
    if (next.done === true) return next.value;
    if (taken === limits.steps) return outOfSteps(state, taken);
    if (input.refusedPods !== undefined && createsPodOf(input.refusedPods, next.value)) {
      return neverCreated(state, next.value.ordinal ?? 0, input.refusedPods);
    }
    ({ state } = next.value);
    yield next.value;
  }
}

function createsPodOf({ revision }: RefusedPods, step: Step): boolean {
  return step.kind === "controller" && step.action === "createPod" && step.revision === revision;
}

/** The controller until it rests, then whatever comes next: the user, or the next event of the cluster. */
function* run(
  { state: start, written: first, isAwake }: Extract<Beginning, { readonly type: "ready" }>,
  { scenario, behaviour }: SimulationInput,
  limits: Limits,
): Generator<Step, Outcome, void> {
  let state = start;
  let history = first;
  let actions = scenario.actions;
  let shown: Wait | undefined;
  let sound = soundAtStart(start);
  let awake = isAwake;
  let last: SyncResult = { changes: [], state, wait: undefined, error: undefined, wrote: false };
  while (true) {
    if (awake) ({ state, shown, last } = yield* settle(state, behaviour, shown));
    const cleared = yield* collectGarbage(state);
    if (cleared !== state) {
      awake = last.error !== undefined || losesUnusedClaim(state);
      state = cleared;
      continue;
    }
    const revision = state.set.type === "absent" ? undefined : state.set.spec.revision;
    if (revision !== undefined && sound.at(-1) !== revision && isSound(state, last)) {
      sound = [...sound.filter((other) => other !== revision), revision];
    }
    const eventAt = nextEventAt(state);
    const [next, ...later] = actions;
    if (next !== undefined && isDue(next.when, eventAt)) {
      const at = next.when.type === "at" ? Math.max(state.clock, Math.round(next.when.seconds * 1000)) : state.clock;
      const performed = perform({ ...state, clock: at }, next.action, history, behaviour, limits.replicas);
      if (performed.type === "refused") return performed.outcome;
      yield userStep(performed.state, next.action);
      ({ state, written: history } = performed);
      actions = later;
      awake = !isAboutClaims(next.action) || last.error !== undefined;
    } else if (eventAt === undefined) {
      return judgeAsleep(state, behaviour) ?? judge(state, last, behaviour, sound);
    } else {
      state = yield* passTime({ ...state, clock: eventAt });
      awake = true;
    }
  }
}

/** Older revisions of which pods are Ready when it begins: those have proven themselves. */
function soundAtStart({ set, slots, revisions }: ClusterState): readonly string[] {
  if (set.type === "absent") return [];
  const ready = new Set([...podsOf(slots)].filter(isRunningAndReady).map(({ revision }) => revision));
  const older = revisions.filter(({ revision }) => revision !== set.spec.revision && ready.has(revision));
  return older.map(({ revision }) => revision);
}

/**
 * Whether a pod without a node is about to lose its claim: the scheduler then writes another reason into the pod's
 * status, which wakes the controller (VolumeBinding.PreFilter in pkg/scheduler/framework/plugins/volumebinding, 1.36).
 */
function losesUnusedClaim({ slots }: ClusterState): boolean {
  return firstWhere(slots, 0, Infinity, ({ vanishing, pods }) => vanishing > 0 && pods > 0) !== undefined;
}

/** The controller does not watch claims. */
function isAboutClaims({ type }: UserAction): boolean {
  return type === "deleteClaim" || type === "releaseClaim";
}

function isDue(when: When, eventAt: number | undefined): boolean {
  return eventAt === undefined || (when.type === "at" && when.seconds * 1000 <= eventAt);
}

interface Rest {
  readonly state: ClusterState;
  readonly last: SyncResult;
  /** The wait that was last told, so that it is not told again with every event. */
  readonly shown: Wait | undefined;
}

function* settle(start: ClusterState, behaviour: Behaviour, before: Wait | undefined): Generator<Step, Rest, void> {
  let state = start;
  let shown = before;
  while (true) {
    const result = sync(state, behaviour);
    for (const { action, state: after } of result.changes) {
      shown = undefined;
      yield controllerStep(action, after, state, behaviour);
    }
    ({ state } = result);
    if (result.wrote) continue;
    const { wait } = result;
    if (wait !== undefined && !isSameWait(wait, shown)) {
      const step = waitStep(state, wait, behaviour);
      if (step !== undefined) yield step;
    }
    return { state, last: result, shown: wait };
  }
}

/** All that happens at this moment, lowest ordinal first. */
function* passTime(start: ClusterState): Generator<Step, ClusterState, void> {
  let state = start;
  for (const ordinal of dueOrdinals(start)) {
    const pod = podAt(state.slots, ordinal);
    if (pod?.due === undefined) continue;
    const after = happen(state, ordinal);
    yield podStep(pod.due.event, pod, state, after);
    state = after;
  }
  return state;
}

function* collectGarbage(start: ClusterState): Generator<Step, ClusterState, void> {
  let state = start;
  for (let claim = nextVanishingClaim(state); claim !== undefined; claim = nextVanishingClaim(state)) {
    const { ordinal, template } = claim;
    const after = removeClaim(state, ordinal, template);
    yield {
      kind: "cluster",
      action: "claimGone",
      ...fields(after, explainClaimGone(state, ordinal, template)),
      ordinal,
      claim: claimName(after, template, ordinal),
    };
    state = after;
  }
  const ended = endForegroundDeletion(state);
  if (ended !== state) {
    yield { kind: "cluster", action: "setGone", ...fields(ended, explainSetGone()) };
  }
  return ended;
}

function controllerStep(action: Action, after: ClusterState, before: ClusterState, behaviour: Behaviour): Step {
  return {
    kind: "controller",
    action: action.type,
    ...fields(after, explainAction(action, before, behaviour)),
    ...subjectOf(action, after),
    cause: action.type === "deletePod" ? action.cause : undefined,
  };
}

function subjectOf(action: Action, state: ClusterState): Subject {
  switch (action.type) {
    case "createRevision":
    case "reuseRevision":
    case "deleteRevision":
    case "completeRollingUpdate":
      return { revision: action.revision };
    case "createClaim":
    case "setClaimOwner":
      return { ordinal: action.ordinal, claim: claimName(state, action.template, action.ordinal) };
    case "createPod":
    case "deletePod":
      return { ...podSubject(state, action.ordinal), revision: action.revision };
    case "adoptPod":
      return podSubject(state, action.ordinal);
  }
}

function waitStep(state: ClusterState, wait: Wait, behaviour: Behaviour): Step | undefined {
  const held = heldBack(state, wait);
  if (held === undefined) return undefined;
  return {
    kind: "wait",
    action: held.action,
    ...fields(state, explainWait(state, wait, held, behaviour)),
    ...podSubject(state, held.ordinal),
    blocker: blockerOf(state, wait),
  };
}

function podStep(event: Due["event"], pod: Pod, before: ClusterState, after: ClusterState): Step {
  return {
    kind: "cluster",
    action: event,
    ...fields(after, explainEvent(event, pod, before)),
    ...podSubject(after, pod.ordinal),
    revision: pod.revision,
  };
}

function userStep(state: ClusterState, action: UserAction): Step {
  return {
    kind: "cluster",
    action: action.type,
    ...fields(state, explainUserAction(action, state)),
    ...("ordinal" in action ? podSubject(state, action.ordinal) : {}),
    ...(action.type === "deleteClaim" || action.type === "releaseClaim"
      ? { claim: claimName(state, action.claim, action.ordinal) }
      : {}),
  };
}

type Subject = Pick<Step, "ordinal" | "pod" | "claim" | "revision">;

function podSubject(state: ClusterState, ordinal: number): Subject {
  return { ordinal, pod: podName(state, ordinal) };
}

function fields(state: ClusterState, { why, field }: Explanation): Pick<Step, "at" | "why" | "field" | "state"> {
  return { at: state.clock / 1000, why, field, state };
}

function isSameWait(a: Wait, b: Wait | undefined): boolean {
  return b !== undefined && a.type === b.type && ordinalOf(a) === ordinalOf(b) && untilOf(a) === untilOf(b);
}

function ordinalOf(wait: Wait): number | undefined {
  return wait.type === "unknownStrategy" ? undefined : wait.ordinal;
}

function untilOf(wait: Wait): string | undefined {
  return wait.type === "replica" ? wait.until : undefined;
}
