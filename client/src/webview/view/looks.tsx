import type { VNode } from "preact";
import type { Bar, Look } from "../../../../server/src/engine/rollout/picture.js";

/*
 * How the conditions of a pod look. Each has a pattern of its own, so that colour is never needed to tell them apart;
 * the hue is that of the pod's revision, except where the condition itself is the message.
 */

/** So many hues there are for revisions; after that they begin again. */
export const revisionHues = 5;

export const lookNames: Record<Look, string> = {
  pending: "pending",
  running: "running, not ready",
  settling: "ready, not yet available",
  up: "ready",
  terminating: "terminating",
  failing: "failing",
  succeeded: "ended",
};

/** Short words for inside a bar; empty where the pattern has to do. */
export const barWords: Record<Look, string> = {
  pending: "",
  running: "",
  settling: "",
  up: "ready",
  terminating: "",
  failing: "failing",
  succeeded: "ended",
};

interface Patterned {
  readonly size: number;
  readonly drawing: VNode;
}

const patterns: Partial<Record<Look, Patterned>> = {
  pending: { size: 7, drawing: <circle cx="3.5" cy="3.5" r="1" class="dot" /> },
  running: { size: 6, drawing: <path d="M0 3H6" /> },
  settling: { size: 9, drawing: <path d="M4.5 0V9" /> },
  terminating: { size: 8, drawing: <path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" /> },
  failing: { size: 8, drawing: <path d="M0 0L8 8M8 0L0 8" /> },
  succeeded: { size: 8, drawing: <path d="M0 4H4" /> },
};

/** Looks whose hue is not that of the revision. */
const ownHue: ReadonlySet<Look> = new Set<Look>(["pending", "terminating", "failing", "succeeded"]);

/** What decides how a bar looks. */
export type Appearance = Pick<Bar, "look" | "revision" | "stuck">;

function patternId({ look, revision, stuck }: Appearance): string {
  if (stuck) return `look-${look}-stuck`;
  return ownHue.has(look) ? `look-${look}` : `look-${look}-${revision % revisionHues}`;
}

/** The class that gives a bar its hue and its line. */
export function lookClass({ look, revision, stuck }: Appearance): string {
  return `look-${look} hue-${revision % revisionHues}${stuck ? " stuck" : ""}`;
}

/** What fills the bar over its tint; `undefined` where nothing does. */
export function patternOf(appearance: Appearance): string | undefined {
  return patterns[appearance.look] === undefined ? undefined : `url(#${patternId(appearance)})`;
}

/** The definitions that `patternOf` refers to. */
export function PatternDefinitions(): VNode {
  return (
    <defs>
      {(Object.entries(patterns) as [Look, Patterned][]).flatMap(([look, { size, drawing }]) =>
        appearancesOf(look).map((appearance) => (
          <pattern
            key={patternId(appearance)}
            id={patternId(appearance)}
            class={`pattern ${lookClass(appearance)}`}
            width={size}
            height={size}
            patternUnits="userSpaceOnUse"
          >
            {drawing}
          </pattern>
        )),
      )}
      <marker
        id="arrow"
        class="arrow"
        viewBox="0 0 8 8"
        refX="6"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path d="M0 0.5L7 4L0 7.5Z" />
      </marker>
    </defs>
  );
}

/** One for each hue that a look can have. */
function appearancesOf(look: Look): readonly Appearance[] {
  const revisions = ownHue.has(look) ? [0] : Array.from({ length: revisionHues }, (_, revision) => revision);
  const going = revisions.map((revision) => ({ look, revision, stuck: false }));
  return [...going, { look, revision: 0, stuck: true }];
}

/** A sample for the legend. */
export function Swatch({ appearance }: { readonly appearance: Appearance }): VNode {
  const pattern = patternOf(appearance);
  return (
    <svg class="swatch" width="22" height="14" aria-hidden="true">
      <g class={`bar ${lookClass(appearance)}`}>
        <rect class="tint" x="0.5" y="0.5" width="21" height="13" rx="2.5" />
        {pattern && <rect fill={pattern} x="0.5" y="0.5" width="21" height="13" rx="2.5" />}
      </g>
    </svg>
  );
}
