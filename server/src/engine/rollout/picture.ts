import { podAt, claimsAt, slotsOf } from "./slots.js";
import { claimName, podName, type RolloutSpec } from "./spec.js";
import { podCondition, type ClusterState } from "./state.js";
import type { Claim, Pod } from "./slot.js";
import { readyPods } from "./measure.js";
import type { Simulation } from "./simulate.js";
import type { Step } from "./step.js";
import { changedOrdinals } from "./slot-changes.js";
import { revisionsOf } from "./story.js";

/*
 * From a simulation to what is drawn: lanes, bars, links and a curve as plain data. All times are seconds of
 * virtual time since the start of what is played.
 */

/** One rollout as a picture. */
export interface Picture {
  /** When the last thing happens. */
  readonly end: number;
  /** Where the drawing ends: later, so that the last state of each pod can be seen. */
  readonly drawnUntil: number;
  /** By ascending ordinal: every ordinal that has a pod or a claim at any moment. */
  readonly lanes: readonly Lane[];
  readonly links: readonly Link[];
  readonly curve: Curve;
  readonly partition: Partition | undefined;
  /** In the order of their appearance; a bar names its own by index. */
  readonly revisions: readonly string[];
}

export interface Lane {
  readonly ordinal: number;
  readonly pod: string;
  readonly bars: readonly Bar[];
  readonly claims: readonly ClaimLine[];
}

/** A stretch of time in which a pod stays in one condition. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly look: Look;
  /** Index of the pod's revision: 0 is the first that ran. */
  readonly revision: number;
  /** Whether it stays so and holds up the rollout. */
  readonly stuck: boolean;
}

/**
 * What a reader sees of a pod. `up` is the best that it can reach, so Available where minReadySeconds asks for it and
 * otherwise Ready; `settling` is Ready but not yet Available; `failing` has failed or crashes.
 */
export type Look = "pending" | "running" | "settling" | "up" | "terminating" | "failing" | "succeeded";

export interface ClaimLine {
  readonly name: string;
  readonly spans: readonly ClaimSpan[];
}

export interface ClaimSpan {
  readonly from: number;
  readonly to: number;
  /** `ending`: deleted, but kept as long as its pod uses it. */
  readonly state: "kept" | "ending";
  /** Whether it is gone at the end of this span. */
  readonly removed: boolean;
}

/** At this moment something happened to one pod because another had got that far. */
export interface Link {
  readonly at: number;
  readonly blocker: number;
  readonly waiter: number;
}

export interface Curve {
  /** From each moment on, so many pods are ready. */
  readonly points: readonly { readonly at: number; readonly ready: number }[];
  readonly lowest: number;
  /** How many the last spec asks for. */
  readonly wanted: number;
  /** The most that there are or should be. */
  readonly highest: number;
}

/** The line between the ordinals that keep the old template and those that get the new one. */
export interface Partition {
  /** The lowest ordinal that is updated. */
  readonly ordinal: number;
  readonly partition: number;
}

/** Draws a simulation. Pure: the same simulation gives the same picture. */
export function pictureOf(simulation: Simulation): Picture {
  const { start, steps, outcome } = simulation;
  const revisions = revisionsOf(simulation);
  const end = steps.at(-1)?.at ?? 0;
  const drawnUntil = drawnEnd(end, outcome.type === "stuck");
  const tracks = new Tracks(start, revisions, drawnUntil);
  let previous = start;
  const points = [{ at: 0, ready: readyPods(start) }];
  for (const { at, state } of steps) {
    for (const ordinal of changedOrdinals(previous.slots, state.slots)) tracks.record(state, ordinal, at);
    addPoint(points, at, readyPods(state));
    previous = state;
  }
  const lanes = tracks.finish(outcome.type === "stuck" ? outcome.blocker.ordinal : undefined);
  const ready = points.map((point) => point.ready);
  const wanted = (specOf(previous) ?? specOf(start))?.replicas ?? 0;
  return {
    end,
    drawnUntil,
    lanes,
    links: linksOf(steps),
    curve: {
      points,
      lowest: ready.reduce((a, b) => Math.min(a, b)),
      wanted,
      highest: ready.reduce((a, b) => Math.max(a, b), wanted),
    },
    partition: partitionOf(previous),
    revisions,
  };
}

/** A tenth more than what happens, a third more where it never ends, and at least two seconds. */
function drawnEnd(end: number, stuck: boolean): number {
  return end + Math.max(2, Math.round(end * (stuck ? 0.3 : 0.1)));
}

interface OpenBar {
  readonly from: number;
  readonly look: Look;
  readonly uid: number;
  readonly revision: number;
  readonly stuck: boolean;
}

interface Track {
  readonly bars: Bar[];
  open: OpenBar | undefined;
  readonly claims: Map<string, { readonly spans: ClaimSpan[]; open: { from: number; claim: Claim } | undefined }>;
}

/** Collects what happens to each ordinal while the states go by. */
class Tracks {
  readonly #revisions: readonly string[];
  readonly #tracks = new Map<number, Track>();
  readonly #end: number;
  readonly #set: { readonly name: string };

  constructor(before: ClusterState, revisions: readonly string[], end: number) {
    this.#revisions = revisions;
    this.#end = end;
    this.#set = before;
    for (const { ordinal } of slotsOf(before.slots)) this.record(before, ordinal, 0);
  }

  record(state: ClusterState, ordinal: number, at: number): void {
    const track = this.#track(ordinal);
    this.#recordPod(track, state, podAt(state.slots, ordinal), at);
    this.#recordClaims(track, claimsAt(state.slots, ordinal), at);
  }

  finish(stuckAt: number | undefined): readonly Lane[] {
    const lanes: Lane[] = [];
    for (const [ordinal, track] of this.#tracks) {
      if (track.open !== undefined) {
        this.#closeBar(track, { ...track.open, stuck: ordinal === stuckAt }, this.#end);
      }
      const claims = [...track.claims].map(([template, { spans, open }]) => ({
        name: claimName(this.#set, template, ordinal),
        spans: open === undefined ? spans : [...spans, spanOf(open, this.#end, false)],
      }));
      lanes.push({ ordinal, pod: podName(this.#set, ordinal), bars: track.bars, claims });
    }
    return lanes.sort((a, b) => a.ordinal - b.ordinal);
  }

  #recordPod(track: Track, state: ClusterState, pod: Pod | undefined, at: number): void {
    const look = pod && lookOf(pod, state);
    const open = track.open;
    if (open !== undefined && open.uid === pod?.uid && open.look === look) return;
    if (open !== undefined) this.#closeBar(track, open, at);
    track.open = pod &&
      look && { from: at, look, uid: pod.uid, revision: this.#revisions.indexOf(pod.revision), stuck: false };
  }

  #closeBar(track: Track, { from, look, revision, stuck }: OpenBar, to: number): void {
    if (to > from) track.bars.push({ from, to, look, revision, stuck });
  }

  #recordClaims({ claims }: Track, present: readonly Claim[], at: number): void {
    for (const claim of present) {
      const line = claims.get(claim.template) ?? { spans: [], open: undefined };
      claims.set(claim.template, line);
      const open = line.open;
      if (open !== undefined && open.claim.uid === claim.uid && open.claim.terminating === claim.terminating) continue;
      if (open !== undefined) line.spans.push(spanOf(open, at, open.claim.uid !== claim.uid));
      line.open = { from: at, claim };
    }
    for (const line of claims.values()) {
      if (line.open === undefined || present.some(({ uid }) => uid === line.open?.claim.uid)) continue;
      line.spans.push(spanOf(line.open, at, true));
      line.open = undefined;
    }
  }

  #track(ordinal: number): Track {
    const track = this.#tracks.get(ordinal) ?? { bars: [], open: undefined, claims: new Map() };
    this.#tracks.set(ordinal, track);
    return track;
  }
}

function spanOf(open: { readonly from: number; readonly claim: Claim }, to: number, removed: boolean): ClaimSpan {
  return { from: open.from, to, state: open.claim.terminating ? "ending" : "kept", removed };
}

function lookOf(pod: Pod, state: ClusterState): Look {
  const minReadySeconds = specOf(state)?.minReadySeconds ?? 0;
  const condition = podCondition(pod, minReadySeconds, state.clock);
  switch (condition) {
    case "pending":
    case "terminating":
    case "succeeded":
      return condition;
    case "running":
      return pod.restarts > 0 ? "failing" : "running";
    case "ready":
      return "settling";
    case "available":
      return "up";
    case "failed":
      return "failing";
  }
}

/** The pod that a wait names is the blocker of what the controller does next to another pod. */
function linksOf(steps: readonly Step[]): readonly Link[] {
  const links: Link[] = [];
  let blocker: number | undefined;
  for (const step of steps) {
    if (step.kind === "wait") blocker = step.blocker.ordinal;
    if (step.kind !== "controller" || step.ordinal === undefined || blocker === undefined) continue;
    if (step.ordinal !== blocker) links.push({ at: step.at, blocker, waiter: step.ordinal });
    blocker = undefined;
  }
  return links;
}

function addPoint(points: { at: number; ready: number }[], at: number, ready: number): void {
  const last = points.at(-1);
  if (last?.ready === ready) return;
  if (last?.at === at) points.pop();
  points.push({ at, ready });
}

function partitionOf(state: ClusterState): Partition | undefined {
  const spec = specOf(state);
  if (spec?.strategy.type !== "RollingUpdate") return undefined;
  const partition = spec.strategy.block?.partition ?? 0;
  return partition === 0 ? undefined : { partition, ordinal: spec.firstOrdinal + partition };
}

function specOf({ set }: ClusterState): RolloutSpec | undefined {
  return set.type === "present" ? set.spec : undefined;
}
