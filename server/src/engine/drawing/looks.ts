import type { Bar, Look, Picture } from "../rollout/picture.js";

/*
 * How the conditions of a pod look. Each has a pattern of its own, so that colour is never needed to tell them apart;
 * the hue is that of the pod's revision, except where the condition itself is the message.
 */

/** So many hues there are for revisions; after that they begin again. */
const revisionHues = 5;

export const lookNames: Record<Look, string> = {
  pending: "pending",
  running: "running, not ready",
  settling: "ready, not yet available",
  up: "ready",
  terminating: "terminating",
  failing: "failing",
  succeeded: "ended",
};

/** What decides how a bar looks. */
export type Appearance = Pick<Bar, "look" | "revision" | "stuck">;

/** The classes that give a bar its hue and its line. */
export function lookClass({ look, revision, stuck }: Appearance): string {
  return `look-${look} hue-${revision % revisionHues}${stuck ? " stuck" : ""}`;
}

/** A pattern that fills a bar over its tint: a stroked path in a square that repeats itself. */
export interface Pattern {
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

/** `undefined` where nothing covers the tint. */
export function patternOf({ look, revision, stuck }: Appearance): Pattern | undefined {
  const pattern = patterns[look];
  if (pattern === undefined) return undefined;
  const hue = ownHue.has(look) ? "" : `-${revision % revisionHues}`;
  return { id: `look-${look}${stuck ? "-stuck" : hue}`, ...pattern };
}

/** Every pattern that a picture may need, with what it is for. */
export function allPatterns(): ReadonlyMap<string, Pattern & { readonly appearance: Appearance }> {
  const hues = Array.from({ length: revisionHues }, (_, revision) => ({ revision, stuck: false }));
  const found = new Map<string, Pattern & { readonly appearance: Appearance }>();
  for (const look of Object.keys(patterns) as Look[]) {
    for (const rest of [...hues, { revision: 0, stuck: true }]) {
      const appearance = { look, ...rest };
      const pattern = patternOf(appearance);
      if (pattern !== undefined) found.set(pattern.id, { ...pattern, appearance });
    }
  }
  return found;
}

const patterns: Partial<Record<Look, Omit<Pattern, "id">>> = {
  // A line of no length with round ends is a dot.
  pending: { size: 7, path: "M3.5 3.5h0" },
  running: { size: 6, path: "M0 3H6" },
  settling: { size: 9, path: "M4.5 0V9" },
  terminating: { size: 8, path: "M-2 2L2 -2M0 8L8 0M6 10L10 6" },
  failing: { size: 8, path: "M0 0L8 8M8 0L0 8" },
  succeeded: { size: 8, path: "M0 4H4" },
};

/** Looks whose hue is not that of the revision. */
const ownHue: ReadonlySet<Look> = new Set<Look>(["pending", "terminating", "failing", "succeeded"]);

/** What a bar may say, the fullest first; empty where the pattern has to do. */
export function barTexts({ look, revision, stuck }: Appearance): readonly string[] {
  const words = stuck ? "stuck" : barWords[look];
  return words === "" ? [] : [`${words} · v${revision + 1}`, words, `v${revision + 1}`];
}

const barWords: Record<Look, string> = {
  pending: "",
  running: "",
  settling: "",
  up: "ready",
  terminating: "",
  failing: "failing",
  succeeded: "ended",
};

/** Whether a pod stays in its way: then the curve of the ready pods is no good sign either. */
export function isStuck({ lanes }: Picture): boolean {
  return lanes.some(({ bars }) => bars.at(-1)?.stuck === true);
}

/** What a picture shows, and the words for it. */
export interface LegendEntry {
  readonly words: string;
  readonly sign:
    | { readonly type: "bar"; readonly appearance: Appearance }
    | { readonly type: "claim"; readonly state: "kept" | "ending" | "removed" }
    | { readonly type: "link" };
}

/** The meaning of every sign that occurs. */
export function legendOf({ revisions, lanes, links }: Picture): readonly LegendEntry[] {
  const bars = lanes.flatMap((lane) => lane.bars);
  const spans = lanes.flatMap(({ claims }) => claims.flatMap((claim) => claim.spans));
  const newest = Math.max(0, revisions.length - 1);
  const ready = revisions
    .map((_, revision) => ({
      appearance: { look: "up" as const, revision, stuck: false },
      words: revisions.length === 1 ? "ready" : `v${revision + 1} ready`,
    }))
    .filter(({ appearance }) => bars.some(({ look, revision }) => look === "up" && revision === appearance.revision));
  const others = legendOrder
    .filter((look) => bars.some((bar) => bar.look === look && !bar.stuck))
    .map((look) => ({ appearance: { look, revision: newest, stuck: false }, words: lookNames[look] }));
  const stuck = bars.filter((bar) => bar.stuck).map((appearance) => ({ appearance, words: "stuck" }));
  const entries: LegendEntry[] = [...ready, ...others, ...stuck].map(({ appearance, words }) => ({
    words,
    sign: { type: "bar", appearance },
  }));
  if (spans.length > 0) entries.push({ words: "claim", sign: { type: "claim", state: "kept" } });
  if (spans.some(({ state }) => state === "ending")) {
    entries.push({ words: "claim being deleted", sign: { type: "claim", state: "ending" } });
  }
  if (spans.some(({ removed }) => removed)) {
    entries.push({ words: "claim and data gone", sign: { type: "claim", state: "removed" } });
  }
  if (links.length > 0) entries.push({ words: "waited for", sign: { type: "link" } });
  return entries;
}

const legendOrder: readonly Look[] = ["pending", "running", "settling", "terminating", "failing", "succeeded"];
