import { grouped } from "../text/grouped.js";
import { nameOf, setName } from "./play-report.js";
import type { PlayResult, PlayStep, SetReport } from "./plays.js";

/*
 * A play of nodes as it is drawn: who is where and how, as plain data. Times are seconds since the start.
 */

export interface PlayPicture {
  /** Until when there is something to draw; a drain that hangs is drawn a little longer. */
  readonly drawnUntil: number;
  readonly nodes: readonly NodeLane[];
  readonly pods: readonly PodLane[];
  readonly moves: readonly Move[];
  readonly curves: readonly SetCurve[];
}

/** What is done to a node, and the pods that it has. */
export interface NodeLane {
  readonly node: string;
  readonly zone: string | undefined;
  readonly phases: readonly NodePhase[];
  readonly stays: readonly Stay[];
  readonly refusals: number;
}

export interface NodePhase {
  readonly state: "draining" | "hangs" | "away" | "lost";
  readonly from: number;
  readonly to: number;
}

/** A pod for as long as it is on a node. */
export interface Stay {
  readonly pod: string;
  readonly node: string;
  /** Its place among the sets; -1 of a pod that no set has. */
  readonly set: number;
  readonly spans: readonly PodSpan[];
  /** When its eviction was refused. */
  readonly refusedAt: readonly number[];
}

export interface PodSpan {
  readonly state: "starting" | "ready" | "unready" | "ending" | "pending";
  readonly from: number;
  readonly to: number;
}

export interface PodLane {
  readonly pod: string;
  readonly set: number;
  readonly stays: readonly Stay[];
  /** When it had no node. */
  readonly waits: readonly PodSpan[];
}

/** A pod is gone from one node and comes to another one. */
export interface Move {
  readonly pod: string;
  readonly from: string;
  readonly to: string;
  readonly leftAt: number;
  readonly at: number;
}

export interface SetCurve {
  readonly set: string;
  readonly replicas: number;
  readonly lowest: number;
  readonly points: readonly { readonly at: number; readonly ready: number }[];
  readonly budgets: SetReport["budgets"];
}

/** Until when there is something to draw, in seconds. */
export function drawnUntilOf({ outcome, seconds }: PlayResult): number {
  const end = Math.max(seconds, 1);
  return outcome.type === "hangs" || outcome.type === "refused" ? end + Math.max(10, end * 0.15) : end;
}

export function playPicture(result: PlayResult): PlayPicture {
  const drawnUntil = drawnUntilOf(result);
  const pods = podLanes(result, drawnUntil);
  const stays = pods.flatMap((lane) => lane.stays);
  return {
    drawnUntil,
    nodes: nodeLanes(result, stays, drawnUntil),
    pods,
    moves: pods.flatMap(movesOf),
    curves: result.sets.map((set, index) => curveOf(set, index, pods, drawnUntil)),
  };
}

function movesOf({ pod, stays }: PodLane): readonly Move[] {
  return stays.slice(1).flatMap((stay, index) => {
    const before = stays[index];
    const leftAt = before?.spans.at(-1)?.to;
    const at = stay.spans[0]?.from;
    return before === undefined || leftAt === undefined || at === undefined
      ? []
      : [{ pod, from: before.node, to: stay.node, leftAt, at }];
  });
}

interface OpenStay {
  readonly node: string;
  readonly spans: PodSpan[];
  readonly refusedAt: number[];
}

interface OpenPod {
  readonly stays: OpenStay[];
  readonly waits: PodSpan[];
  state: PodSpan["state"];
  since: number;
  /** `undefined` while it is not there or has no node. */
  stay: OpenStay | undefined;
  exists: boolean;
}

function podLanes({ start, steps, sets }: PlayResult, drawnUntil: number): readonly PodLane[] {
  const open = new Map<string, OpenPod>();
  for (const { pod, node, ready, terminating } of start) {
    const stay = node === "" ? undefined : { node, spans: [], refusedAt: [] };
    const state = node === "" ? "pending" : terminating ? "ending" : ready ? "ready" : "unready";
    open.set(pod, { stays: stay === undefined ? [] : [stay], waits: [], state, since: 0, stay, exists: true });
  }
  for (const step of steps) if (step.pod !== undefined) followPod(open, step.pod, step);
  const setOf = new Map(sets.map(({ namespace, name }, index) => [`${namespace}/${name}`, index]));
  return Array.from(open, ([pod, one]) => {
    close(one, drawnUntil);
    const set = setOf.get(pod.slice(0, pod.lastIndexOf("-"))) ?? -1;
    const stays = one.stays.map(({ node, spans, refusedAt }) => ({ pod: nameOf(pod), node, set, spans, refusedAt }));
    return { pod: nameOf(pod), set, stays, waits: one.waits };
  });
}

function followPod(open: Map<string, OpenPod>, key: string, { at, type, node = "" }: PlayStep): void {
  const known = open.get(key);
  if (type === "refused") {
    known?.stay?.refusedAt.push(at);
    return;
  }
  const pod = known ?? { stays: [], waits: [], state: "pending", since: at, stay: undefined, exists: false };
  open.set(key, pod);
  switch (type) {
    case "bound":
      close(pod, at);
      pod.stay = { node, spans: [], refusedAt: [] };
      pod.stays.push(pod.stay);
      begin(pod, "starting", at);
      break;
    case "ready":
      begin(pod, "ready", at);
      break;
    case "unready":
      begin(pod, "unready", at);
      break;
    case "terminating":
      begin(pod, "ending", at);
      break;
    case "gone":
      close(pod, at);
      pod.stay = undefined;
      // The controller makes another one of the same name; until that has a node it waits.
      pod.state = "pending";
      break;
    default:
  }
}

function begin(pod: OpenPod, state: PodSpan["state"], at: number): void {
  if (pod.exists) close(pod, at);
  pod.exists = true;
  pod.state = state;
  pod.since = at;
}

function close(pod: OpenPod, at: number): void {
  if (at > pod.since) {
    const span = { state: pod.state, from: pod.since, to: at };
    if (pod.stay !== undefined) pod.stay.spans.push(span);
    else pod.waits.push({ ...span, state: "pending" });
  }
  pod.since = at;
}

function nodeLanes(result: PlayResult, stays: readonly Stay[], drawnUntil: number): readonly NodeLane[] {
  const known = new Map(result.nodes.map((report) => [report.node, report]));
  const names = new Set([...result.allNodes.map(({ node }) => node), ...stays.map(({ node }) => node)]);
  const zones = new Map(result.allNodes.map(({ node, zone }) => [node, zone]));
  const byNode = grouped(stays, ({ node }) => node);
  return Array.from(names, (node) => ({
    node,
    zone: zones.get(node),
    phases: phasesOf(node, result, drawnUntil),
    stays: byNode.get(node) ?? [],
    refusals: known.get(node)?.refusals ?? 0,
  }));
}

function phasesOf(node: string, { nodes, steps }: PlayResult, drawnUntil: number): readonly NodePhase[] {
  const phases: NodePhase[] = [];
  const report = nodes.find((one) => one.node === node);
  if (report !== undefined) {
    const { startedAt: from, drainedAt } = report;
    if (drainedAt === undefined) phases.push({ state: "hangs", from, to: drawnUntil });
    else if (drainedAt > from) phases.push({ state: "draining", from, to: drainedAt });
  }
  let away: number | undefined;
  for (const step of steps) {
    if (step.node !== node || step.pod !== undefined) continue;
    if (step.type === "lost") phases.push({ state: "lost", from: step.at, to: drawnUntil });
    else if (step.type === "drained") away = step.at;
    else if (step.type === "back" && away !== undefined) {
      if (step.at > away) phases.push({ state: "away", from: away, to: step.at });
      away = undefined;
    }
  }
  if (away !== undefined && away < drawnUntil) phases.push({ state: "away", from: away, to: drawnUntil });
  return phases;
}

function curveOf(set: SetReport, index: number, pods: readonly PodLane[], drawnUntil: number): SetCurve {
  const changes = new Map<number, number>([[0, 0]]);
  const add = (at: number, change: number): void => void changes.set(at, (changes.get(at) ?? 0) + change);
  for (const lane of pods) {
    if (lane.set !== index) continue;
    for (const { spans } of lane.stays) {
      for (const { state, from, to } of spans) {
        if (state !== "ready") continue;
        add(from, 1);
        if (to < drawnUntil) add(to, -1);
      }
    }
  }
  let ready = 0;
  const points = Array.from(changes)
    .toSorted(([a], [b]) => a - b)
    .map(([at, change]) => ({ at, ready: (ready += change) }));
  return { set: setName(set), replicas: set.replicas, lowest: set.lowestReady, points, budgets: set.budgets };
}
