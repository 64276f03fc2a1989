import { behaviourOf, parseRelease, type Behaviour } from "../engine/kubernetes/versions.js";
import { applySpec } from "../engine/rollout/apply.js";
import {
  becomeReady,
  becomeUnready,
  crash,
  createClaim,
  deleteClaim,
  deletePod,
  finish,
  nextVanishingClaim,
  removeClaim,
  removePod,
} from "../engine/rollout/cluster.js";
import { sync, type Action } from "../engine/rollout/controller.js";
import { podAt, podsOf, slotsOf } from "../engine/rollout/slots.js";
import { claimName, formatApiError, podName, type WrittenSpec } from "../engine/rollout/spec.js";
import {
  emptyCluster,
  isFinished,
  isRunningAndAvailable,
  podCondition,
  type ClusterState,
  type Status,
} from "../engine/rollout/state.js";
import { sameJson, type Comparison, type Format } from "./format.js";
import type { AppliedFields, Round, Stage, StageOutput, StatusRow, Trace } from "./recording.js";

export const traceFormat: Format = (line) => {
  if (!Array.isArray(line.stages) || !Array.isArray(line.out)) return undefined;
  const trace = line as unknown as Trace;
  return { id: trace.id, category: trace.category, replay: () => replayTrace(trace) };
};

/**
 * Replays the recorded events and lets the controller of the engine answer. Throws where the recording holds an event
 * that the format does not know.
 */
function replayTrace(trace: Trace): readonly Comparison[] {
  const release = parseRelease(trace.kubernetes);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${trace.kubernetes}`);
  const behaviour = behaviourOf(release, trace.gates ?? {});
  const comparisons: Comparison[] = [];
  let state = emptyCluster("web", "default", { type: "replayed" });
  let stuck: Stuck = {};
  for (const [index, stage] of trace.stages.entries()) {
    const output = trace.out[index];
    if (output === undefined) throw new Error(`stage ${index} has no output`);
    stuck = stage.stuck ?? stuck;
    const replay = replayStage(state, stuck, stage, output, behaviour);
    let next = replay.next();
    for (; next.done !== true; next = replay.next()) {
      comparisons.push({ ...next.value, title: `stage ${index}, ${next.value.title}` });
    }
    state = next.value;
  }
  return comparisons;
}

/** The pods that the kubelet never makes Ready. */
type Stuck = NonNullable<Stage["stuck"]>;

/** Yields what was compared, round by round, and returns the state at the stage's end. */
function* replayStage(
  start: ClusterState,
  stuck: Stuck,
  stage: Stage,
  output: StageOutput,
  behaviour: Behaviour,
): Generator<Comparison, ClusterState, void> {
  let state = start;
  let applyErr: readonly string[] | undefined;
  if (output.rounds.length === 0) {
    for (const name of stage.precreatePVC ?? []) state = applyClaimEvent(state, "user-pvc-create", name);
  }
  for (const [number, round] of output.rounds.entries()) {
    const before = statusRow(state);
    const events: string[][] = [];
    for (const [kind = "", name = ""] of round.k ?? []) {
      const happened = applyEvent(state, kind, name, stage, behaviour);
      state = happened.state;
      applyErr = happened.errors ?? applyErr;
      events.push(happened.event);
    }
    const settled = settle(state, behaviour);
    state = settled.state;
    yield compareRound(number, round, { events, settled, before });
  }
  yield compareEnd(state, stuck, stage, output, applyErr);
  return state;
}

interface Replayed {
  readonly events: readonly string[][];
  readonly settled: Settled;
  /** The status before: one that stays the same is left out. */
  readonly before: StatusRow | null;
}

function compareRound(number: number, round: Round, { events, settled, before }: Replayed): Comparison {
  const { actions, state, syncs, error } = settled;
  const status = statusRow(state);
  const actual: Round = {
    ...(events.length > 0 ? { k: events } : {}),
    ...(actions.length > 0 ? { c: actions } : {}),
    ...(sameJson(status, before) || status === null ? {} : { s: status }),
    ...(error === undefined ? {} : { err: error }),
  };
  return {
    title: `round ${number}`,
    expected: round,
    actual: { ...actual, n: syncs },
    same: isSameRound(round, actual, isParallel(state)),
    syncsDiffer: round.n !== undefined && round.err === undefined && round.n !== syncs,
  };
}

function compareEnd(
  state: ClusterState,
  stuck: Stuck,
  stage: Stage,
  output: StageOutput,
  applyErr: readonly string[] | undefined,
): Comparison {
  const { rounds: _rounds, ...expected } = output;
  const pvcs = claimRows(state);
  const actual = {
    end: endOf(state, stuck, stage, output),
    pods: podRows(state),
    ...(pvcs.length > 0 ? { pvcs } : {}),
    revs: state.revisions.map(({ revision, number }) => [revision, number]),
    status: statusRow(state),
    ...(applyErr === undefined ? {} : { applyErr }),
  };
  // Without a set its claims were not recorded.
  const compared = output.end === "noset" ? { ...actual, pvcs: output.pvcs } : actual;
  return { title: "end", expected, actual, same: sameJson(expected, compared), syncsDiffer: false };
}

/** `quiescent` only if no kubelet or garbage collector would do anything more. */
function endOf(state: ClusterState, stuck: Stuck, stage: Stage, output: StageOutput): string {
  if (state.set.type === "absent") return "noset";
  if (output.rounds.length === (stage.maxRounds ?? recordersLimit) + 1) return output.end;
  const left = kubeletEventsLeft(state, stuck);
  return left.length === 0 ? "quiescent" : `still to come: ${left.join(", ")}`;
}

/** After so many rounds the recorder gave up: some sets never come to rest. */
const recordersLimit = 600;

function kubeletEventsLeft(state: ClusterState, stuck: Stuck): readonly string[] {
  if (state.set.type === "absent") return [];
  const { spec } = state.set;
  const left: string[] = [];
  for (const pod of podsOf(state.slots)) {
    const name = podName(spec, pod.ordinal);
    const isStuck = (stuck.images?.includes(pod.revision) ?? false) || (stuck.ordinals?.includes(pod.ordinal) ?? false);
    if (pod.terminating) left.push(`gone ${name}`);
    else if (isFinished(pod)) continue;
    else if (pod.phase === "Pending") left.push(isStuck ? `crash ${name}` : `ready ${name}`);
    else if (pod.readySince === undefined) left.push(...(isStuck ? [] : [`ready ${name}`]));
    else if (!isRunningAndAvailable(pod, spec.minReadySeconds, state.clock)) left.push(`avail ${name}`);
  }
  if (nextVanishingClaim(state) !== undefined) left.push("pvc-gone");
  return left;
}

/** A kubelet's step takes one millisecond; so no two pods become Ready at the same moment. */
const kubeletStep = 1;

interface Happened {
  readonly state: ClusterState;
  /** As the recording would put it. */
  readonly event: string[];
  readonly errors?: readonly string[];
}

function applyEvent(state: ClusterState, kind: string, name: string, stage: Stage, behaviour: Behaviour): Happened {
  if (kind === "apply" || kind === "apply-rejected") {
    if (stage.apply === undefined) throw new Error("an apply event in a stage without apply");
    const applied = applySpec(state, toWrittenSpec(stage.apply), behaviour);
    if (applied.type === "applied") return { state: applied.state, event: ["apply"] };
    return { state, event: ["apply-rejected"], errors: applied.errors.map(formatApiError) };
  }
  if (kind.includes("pvc")) return { state: applyClaimEvent(state, kind, name), event: [kind, name] };
  const ordinal = ordinalOf(name);
  const isMissing = podAt(state.slots, ordinal) === undefined;
  const action = kind.replace(/-missing$/, "");
  if (isMissing) return { state, event: [isUserAction(action) ? `${action}-missing` : `${action} of no pod`, name] };
  return { state: applyPodEvent(state, action, ordinal), event: [action, name] };
}

function isUserAction(action: string): boolean {
  return ["user-delete", "user-force-delete", "fail", "succeed", "unready"].includes(action);
}

function applyPodEvent(state: ClusterState, kind: string, ordinal: number): ClusterState {
  const later = { ...state, clock: state.clock + kubeletStep };
  switch (kind) {
    case "ready":
      return becomeReady(later, ordinal);
    case "crash":
      return crash(later, ordinal);
    case "gone":
      return removePod(later, ordinal);
    case "avail":
      return waitUntilAvailable(state, ordinal);
    case "user-delete":
      return deletePod(state, ordinal);
    case "user-force-delete":
      return removePod(state, ordinal);
    case "fail":
      return finish(state, ordinal, "Failed");
    case "succeed":
      return finish(state, ordinal, "Succeeded");
    case "unready":
      return becomeUnready(state, ordinal);
    default:
      throw new Error(`unknown event ${kind}`);
  }
}

function waitUntilAvailable(state: ClusterState, ordinal: number): ClusterState {
  const readySince = podAt(state.slots, ordinal)?.readySince;
  if (state.set.type === "absent" || readySince === undefined) throw new Error("avail of a pod that is not Ready");
  return { ...state, clock: Math.max(state.clock, readySince + state.set.spec.minReadySeconds * 1000) };
}

function applyClaimEvent(state: ClusterState, kind: string, name: string): ClusterState {
  const { template, ordinal } = parseClaimName(name);
  switch (kind) {
    case "pvc-gone":
      return removeClaim(state, ordinal, template);
    case "user-pvc-create":
      return createClaim(state, ordinal, template);
    case "user-pvc-delete":
      return deleteUnlessUsed(state, ordinal, template);
    case "user-pvc-create-missing":
    case "user-pvc-delete-missing":
      return state;
    default:
      throw new Error(`unknown event ${kind}`);
  }
}

/** A claim that no pod uses vanishes at once, which is recorded as no event of its own. */
function deleteUnlessUsed(state: ClusterState, ordinal: number, template: string): ClusterState {
  const isUsed = podAt(state.slots, ordinal) !== undefined;
  return isUsed ? deleteClaim(state, ordinal, template) : removeClaim(state, ordinal, template);
}

interface Settled {
  readonly actions: (string | number)[][];
  readonly state: ClusterState;
  readonly syncs: number;
  readonly error: string | undefined;
}

/** Syncs until one writes nothing. */
function settle(start: ClusterState, behaviour: Behaviour): Settled {
  const actions: (string | number)[][] = [];
  let state = start;
  let error: string | undefined;
  for (let syncs = 1; syncs <= maximumSyncs; syncs++) {
    const result = sync(state, behaviour);
    error = result.error ?? error;
    for (const { action } of result.changes) {
      const row = actionRow(action);
      if (row !== undefined) actions.push(row);
    }
    state = result.state;
    if (!result.wrote) return { actions, state, syncs, error };
  }
  return { actions, state, syncs: maximumSyncs, error: `no end after ${maximumSyncs} syncs` };
}

const maximumSyncs = 10_000;

/** All recordings are of a set of this name. */
const setName = "web";

function actionRow(action: Action): (string | number)[] | undefined {
  switch (action.type) {
    case "createRevision":
      return ["rev-create", action.revision, action.number];
    case "reuseRevision":
      return ["rev-bump", action.revision, action.number];
    case "deleteRevision":
      return ["rev-delete", action.revision, action.number];
    case "createClaim":
      return ["pvc-create", claimName({ name: setName }, action.template, action.ordinal)];
    case "setClaimOwner":
      return ["pvc-own", claimName({ name: setName }, action.template, action.ordinal), action.owner];
    case "createPod":
      return ["create", podName({ name: setName }, action.ordinal), action.revision];
    case "deletePod":
      return ["delete", podName({ name: setName }, action.ordinal), ...(action.immediate ? ["immediate"] : [])];
    case "adoptPod":
    case "completeRollingUpdate":
      return undefined;
  }
}

/** Under Parallel the controller works in concurrent batches: only what it did counts, not in which order. */
function isSameRound(expected: Round, actual: Round, parallel: boolean): boolean {
  const ordered = (rows: Round["c"] = []): readonly string[] => {
    const lines = rows.map((row) => JSON.stringify(row));
    return parallel ? lines.toSorted() : lines;
  };
  return (
    sameJson(expected.k ?? [], actual.k ?? []) &&
    sameJson(ordered(expected.c), ordered(actual.c)) &&
    sameJson(expected.s, actual.s) &&
    expected.err === actual.err
  );
}

function isParallel({ set }: ClusterState): boolean {
  return set.type === "present" && set.spec.podManagement === "Parallel";
}

function podRows(state: ClusterState): readonly (readonly string[])[] {
  const minReadySeconds = state.set.type === "present" ? state.set.spec.minReadySeconds : 0;
  return [...podsOf(state.slots)].map((pod) => [
    podName({ name: setName }, pod.ordinal),
    pod.revision,
    podCondition(pod, minReadySeconds, state.clock),
  ]);
}

function claimRows(state: ClusterState): readonly (readonly [string, string])[] {
  const rows: [string, string][] = [];
  for (const { ordinal, claims } of slotsOf(state.slots)) {
    for (const { template, owner } of claims) rows.push([claimName({ name: setName }, template, ordinal), owner.type]);
  }
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function statusRow({ set }: ClusterState): StatusRow | null {
  if (set.type === "absent") return null;
  const status: Status = set.status;
  return [
    status.replicas,
    status.readyReplicas,
    status.availableReplicas,
    status.currentReplicas,
    status.updatedReplicas,
    status.currentRevision,
    status.updateRevision,
  ];
}

function ordinalOf(pod: string): number {
  const match = /^web-(\d+)$/.exec(pod);
  if (match === null) throw new Error(`not a pod of the set: ${pod}`);
  return Number(match[1]);
}

function parseClaimName(claim: string): { readonly template: string; readonly ordinal: number } {
  const match = /^(.+)-web-(\d+)$/.exec(claim);
  if (match === null) throw new Error(`not a claim of the set: ${claim}`);
  return { template: match[1] ?? "", ordinal: Number(match[2]) };
}

function toWrittenSpec({ image, vct, ...fields }: AppliedFields): WrittenSpec {
  return { ...fields, name: setName, revision: image, claims: vct ?? [] };
}
