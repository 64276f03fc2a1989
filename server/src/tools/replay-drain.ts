import { Agenda, passTime } from "../engine/maintenance/agenda.js";
import type { Cluster, PodEvent, SetMember } from "../engine/maintenance/cluster.js";
import { noticeGone, startDrains, type Drain } from "../engine/maintenance/drain.js";
import { isFinished, type Pod } from "../engine/maintenance/pod.js";
import { calmWorld, type SimulatedWorld } from "../engine/rollout/world.js";
import { drainOptions, drainWords, onceSorted, type DrainWords } from "./drain-lines.js";
import { budgetRows, podStates, startOf, withWorld, type EvictionCase } from "./eviction-start.js";
import { compare, sameJson, type Comparison } from "./format.js";

/** A case of eviction.jsonl in which kubectl drains nodes. */
export interface DrainCase extends EvictionCase {
  /** The node of each pod of the set, by ordinal: `a` or `b`. */
  readonly nodes: readonly string[];
  readonly command: string;
  readonly drain: readonly string[];
  readonly atOnce: boolean;
  readonly neverReady: readonly number[];
  readonly noNodeForReplacements: boolean;
  readonly out: DrainOutput;
}

interface DrainOutput {
  readonly drains: readonly (DrainWords & { readonly node: string })[];
  readonly anyOrder?: boolean;
  /** In what order the pods happened to go, in each of the two recordings. */
  readonly roundsSeen?: readonly (readonly (readonly string[])[])[];
  readonly evicted: readonly string[] | string;
  readonly [key: string]: unknown;
}

/** How the recorders' kubelet treats pods, in seconds. */
export const recordersTiming = { toRunning: 0.5, toReady: 0, toGone: 0.5 };

export function recordersWorld(neverReady: readonly number[] | "all" | "none"): SimulatedWorld {
  const ordinals = neverReady === "all" ? undefined : neverReady === "none" ? [] : neverReady;
  return calmWorld({
    timingOverride: recordersTiming,
    faults: [{ ordinals, revisions: { type: "every" }, effect: { type: "neverReady" } }],
    nodeGraceSeconds: 40,
  });
}

/** From the end of one command until the next one evicts: the recorder waits until all is still, then kubectl starts. */
const betweenDrains = 1500;

/** The recorder read the end when a drain had ended and all had been still, for about that many milliseconds. */
const readAfter = 750;

export function replayDrain(recorded: DrainCase): readonly Comparison[] {
  const { nodes, command, drain: drained, atOnce, neverReady, noNodeForReplacements, out } = recorded;
  const run = new DrainRun();
  const start = startOf(
    recorded,
    () => (noNodeForReplacements ? undefined : "node-z"),
    (event) => run.notice(event),
  );
  const { cluster, set } = start;
  place(cluster, set, nodes);
  withWorld(cluster, recordersWorld(neverReady));
  const at = { pods: podStates(cluster), budgets: budgetRows(cluster) };
  const podOnNode = nodeRows(cluster);
  const drains = run.drain(
    cluster,
    drained.map((node) => `node-${node}`),
    command,
    atOnce,
    out.roundsSeen?.[0]?.flat() ?? [],
  );
  wait(cluster, run.agenda, readAfter);
  const rounds = roundsOf(drains.map(({ drain }) => drain));
  const evicted = rounds.flat().toSorted();
  const seen = {
    start: at,
    podOnNode,
    drains: drains.map(({ drain, words }) => ({ node: drain.node.slice("node-".length), ...words })),
    evictedPerRound: rounds.map((round) => round.length),
    evicted: typeof out.evicted === "string" ? `${evicted.length} of them` : evicted,
    rounds,
    end: { pods: podStates(cluster), budgets: budgetRows(cluster), nodes: nodeRows(cluster) },
  };
  const { anyOrder = false, drains: recordedDrains, ...others } = out;
  const expected = Object.fromEntries(Object.entries(others).filter(([key]) => key !== "roundsSeen"));
  const actual = Object.fromEntries(Object.entries(seen).filter(([key]) => Object.hasOwn(expected, key)));
  return [
    ...recordedDrains.map((one, index) => compareWords(one, seen.drains[index], anyOrder)),
    ...Object.keys(expected).map((key) => compare(key, expected[key], actual[key])),
    ...(out.roundsSeen === undefined ? [] : [compare("rounds of the first recording", out.roundsSeen[0], rounds)]),
  ];
}

function place(cluster: Cluster, set: SetMember, nodes: readonly string[]): void {
  const byName = new Map(nodes.map((node, ordinal) => [`${set.name}-${ordinal}`, `node-${node}`]));
  for (const pod of Array.from(cluster.pods)) cluster.place(pod, byName.get(pod.name) ?? "node-a");
}

function nodeRows(cluster: Cluster): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(cluster.pods, ({ name, node }) => [name, node.replace(/^node-/, "")]));
}

/** Drains under way, which hear of the pods that are gone. */
export class DrainRun {
  readonly agenda = new Agenda();
  readonly #drains: Drain[] = [];
  #cluster: Cluster | undefined;

  notice({ type, pod }: PodEvent): void {
    if (type !== "gone" || this.#cluster === undefined) return;
    for (const drain of this.#drains) noticeGone(this.#cluster, this.agenda, drain, pod);
  }

  /** Drains nodes one after the other or all at once, and waits for the end. */
  drain(
    cluster: Cluster,
    nodes: readonly string[],
    command: string,
    atOnce: boolean,
    first: readonly string[],
  ): readonly { readonly drain: Drain; readonly words: DrainWords }[] {
    this.#cluster = cluster;
    const options = { ...drainOptions(command), first };
    const ended: { readonly drain: Drain; readonly words: DrainWords }[] = [];
    for (const group of atOnce ? [nodes] : nodes.map((node) => [node])) {
      if (ended.length > 0) wait(cluster, this.agenda, betweenDrains);
      const drains = startDrains(cluster, this.agenda, group, options);
      this.#drains.push(...drains);
      const open = new Set(drains);
      passTime(cluster, this.agenda, () => {
        for (const drain of open) {
          if (drain.endedAt === undefined) continue;
          open.delete(drain);
          ended.push({ drain, words: drainWords(cluster, drain, false) });
        }
        return open.size === 0;
      });
    }
    return ended.toSorted((a, b) => nodes.indexOf(a.drain.node) - nodes.indexOf(b.drain.node));
  }
}

/** Lets that many milliseconds pass. */
export function wait(cluster: Cluster, agenda: Agenda, milliseconds: number): void {
  const end = cluster.clock + milliseconds;
  passTime(cluster, agenda, () => false, end);
  cluster.advanceTo(end);
  cluster.settle();
}

/** Pods that went terminating within 2 s of each other. */
export function roundsOf(drains: readonly Drain[]): readonly (readonly string[])[] {
  const accepted = drains
    .flatMap(({ tasks, options }) => (options.dryRun === false ? tasks : []))
    .flatMap(({ pod, acceptedAt }) =>
      acceptedAt === undefined || hadGone(pod) ? [] : [{ name: pod.name, at: acceptedAt }],
    )
    .toSorted((a, b) => a.at - b.at);
  const rounds: { at: number; readonly names: string[] }[] = [];
  for (const { name, at } of accepted) {
    const last = rounds.at(-1);
    if (last !== undefined && at - last.at <= 2000) last.names.push(name);
    else rounds.push({ at, names: [name] });
  }
  return rounds.map(({ names }) => names.toSorted());
}

/** Its deletion was no news. */
function hadGone(pod: Pod): boolean {
  return pod.terminating || isFinished(pod);
}

/**
 * What kubectl wrote, sorted. Where it is chance which pod goes first, also without their ordinals, since recordings
 * write `web-N` for any of them then.
 */
export function compareWords(
  expected: DrainWords & { readonly node: string },
  actual: (DrainWords & { readonly node: string }) | undefined,
  anyOrder: boolean,
): Comparison {
  const sorted = (words: (DrainWords & { readonly node: string }) | undefined, lines: (text: string) => string) =>
    words && {
      node: words.node,
      exit: words.exit,
      stdout: onceSorted(words.stdout.map(lines)),
      stderr: onceSorted(words.stderr.map(lines)),
    };
  const exact = (text: string): string => text;
  const nameless = (text: string): string => text.replace(/\b([a-z][a-z0-9]*)-(?:\d+|N)(?!\w)/g, "$1-N");
  const [one, other] = [sorted(expected, exact), sorted(actual, exact)];
  const same = sameJson(one, other) || (anyOrder && sameJson(sorted(expected, nameless), sorted(actual, nameless)));
  return { title: `drain of ${expected.node}`, expected: one, actual: other, same, syncsDiffer: false };
}
