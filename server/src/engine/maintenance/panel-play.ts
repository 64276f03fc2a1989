import * as v from "valibot";
import { natural, number, optional, type Read } from "../rollout/schema.js";
import { playTypes, volumeBindings } from "./plays.js";

/* What the preview page asks about nodes and what it is answered: plain data, with the schemas that guard it. */

/** A play of nodes as it is chosen in the page; what is left out is chosen by `panelPlay`. */
export const askedPlay = v.object({
  play: v.picklist(playTypes),
  nodes: natural,
  /** How many zones the nodes are in, in turn. */
  zones: v.pipe(natural, v.maxValue(26)),
  /** The one that is drained or lost. */
  node: optional(v.string()),
  zone: optional(v.string()),
  /** How many nodes are left. */
  to: optional(natural),
  surge: v.boolean(),
  volumes: v.picklist(volumeBindings),
  /** The set gets another template as the play begins. */
  rollout: v.boolean(),
  /** Alone, or with the other sets of its file. */
  sets: v.picklist(["one", "file"]),
  lanes: v.picklist(["node", "pod"]),
});
export type AskedPlay = Read<typeof askedPlay>;

/** What a command of an editor gets to open the preview with it. */
export const playArgument = v.object({ play: askedPlay });

/** What a play needs to know; the rest is as usual. */
export type ShownPlay = Pick<AskedPlay, "play" | "nodes" | "zones"> & Partial<AskedPlay>;

/** As it is asked for. */
export function askedFor(shown: ShownPlay): AskedPlay {
  return {
    node: undefined,
    zone: undefined,
    to: undefined,
    surge: false,
    volumes: "zone",
    rollout: false,
    sets: "one",
    lanes: "node",
    ...shown,
  };
}

/** The names of so many zones: `a`, `b`, ... */
export function zoneNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(97 + index));
}

/** How the command line plays the same of some files. */
export function playCommand({ play, nodes, zones, volumes }: ShownPlay, files: string): string {
  const words = [
    `ordinal plan --play ${play} --nodes ${nodes}`,
    zones === 0 ? "" : ` --zones ${zoneNames(zones).join(",")}`,
    play === "drain-node" || play === "lose-node" ? " --node node-0" : "",
    play === "lose-zone" ? " --zone a" : "",
    volumes === undefined ? "" : ` --volumes ${volumes}`,
  ];
  return `${words.join("")} ${files}`;
}

/** Widths of drawings, in pixels: what a panel may be wide, enlarged. */
export const drawnWidth = v.pipe(number, v.minValue(1), v.maxValue(60_000));

const played = v.object({
  type: v.literal("played"),
  tone: v.picklist(["good", "bad"]),
  headline: v.string(),
  why: optional(v.string()),
  reasons: v.array(v.string()),
  notes: v.array(v.string()),
  /** In the order of time. */
  steps: v.array(
    v.object({
      at: number,
      tone: v.picklist(["trouble", "ready", "delete", "note"]),
      title: v.string(),
      why: v.string(),
    }),
  ),
  /** When the last thing has happened. */
  seconds: number,
  /** What the play may be about. */
  nodes: v.array(v.string()),
  zones: v.array(v.string()),
  /** What was chosen of them. */
  node: optional(v.string()),
  zone: optional(v.string()),
  to: optional(natural),
  /** How many sets the file has that can be played together. */
  setsInFile: natural,
  drawing: v.object({
    /** An SVG whose texts are escaped. */
    markup: v.string(),
    /** Where the beginning is, in pixels from the left. */
    left: number,
    pixelsPerSecond: number,
  }),
  /** Where a drain hangs or does not begin: what to do, as lines of a shell. */
  runbook: optional(v.object({ title: v.string(), lines: v.array(v.string()) })),
  /** The play as text, to take along. */
  text: v.string(),
});

export const panelPlay = v.variant("type", [
  played,
  /** What keeps it from being played, in sentences. */
  v.object({ type: v.literal("invalid"), problems: v.array(v.string()) }),
]);
export type PanelPlay = Read<typeof panelPlay>;
