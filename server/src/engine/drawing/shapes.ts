import type { Bar, ClaimSpan, Curve, Link, Partition } from "../rollout/picture.js";
import { curveHeight, type Layout } from "./layout.js";
import { barTexts } from "./looks.js";

/* Where each thing of a picture stands, in pixels, for whoever draws it: the preview page or a file. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rx: number;
}

/** A bar in its lane. */
export function barBox({ from, to }: Pick<Bar, "from" | "to">, layout: Layout): Box {
  const { barTop, barHeight, pixelsPerSecond } = layout;
  const width = Math.max(1.5, (to - from) * pixelsPerSecond - 1);
  const x = from * pixelsPerSecond + 0.5;
  return { x, y: barTop + 0.5, width, height: barHeight - 1, rx: Math.min(3, width / 2) };
}

/** Words inside a bar; they are centred on `y`. */
export interface BarWords {
  readonly words: string;
  readonly x: number;
  readonly y: number;
  readonly isSmall: boolean;
}

/** The words that fit into the bar right of `left`; `undefined` if there is no room for any. */
export function barWordsIn(bar: Bar, layout: Layout, left: number): BarWords | undefined {
  const { barTop, barHeight } = layout;
  if (barHeight < 13) return undefined;
  const { x, width } = barBox(bar, layout);
  const start = Math.max(x, left);
  const words = barTexts(bar).find((text) => text.length * 6.2 + 14 <= x + width - start);
  return words === undefined ? undefined : { words, x: start + 8, y: barTop + barHeight / 2, isSmall: barHeight < 16 };
}

/**
 * The line of a stretch of a claim and, where it ends, the cross there. `line` counts the claims of the lane.
 */
export function claimPaths(
  { from, to, removed }: ClaimSpan,
  line: number,
  layout: Layout,
): { readonly line: string; readonly cross: string | undefined } {
  const { claimTop, claimGap, pixelsPerSecond } = layout;
  const y = claimTop + claimGap * line;
  const end = rounded(to * pixelsPerSecond);
  return {
    line: `M${rounded(from * pixelsPerSecond)} ${y}H${end}`,
    cross: removed ? `M${end - 3} ${y - 3}l6 6M${end + 3} ${y - 3}l-6 6` : undefined,
  };
}

/** From the bar of the blocker to that of the pod that waited, bent so that both ends are visible. */
export function linkPath(
  link: Link,
  rows: { readonly blocker: number; readonly waiter: number },
  layout: Layout,
): string {
  const { pitch, barTop, barHeight, pixelsPerSecond } = layout;
  const down = rows.waiter > rows.blocker;
  const x = rounded(link.at * pixelsPerSecond);
  const from = rows.blocker * pitch + barTop + (down ? barHeight : 0);
  const to = rows.waiter * pitch + barTop + (down ? 0 : barHeight);
  const bend = Math.min(10, Math.abs(to - from) / 2);
  return `M${x} ${from}Q${rounded(x - bend)} ${(from + to) / 2} ${rounded(x - 2)} ${to}`;
}

/** The line over the first lane that is updated says what it means, in as many words as there is room for. */
export function partitionWords({ partition, ordinal }: Partition, { plotWidth }: Layout): string {
  return plotWidth < 420
    ? `partition ${partition}`
    : `partition ${partition}: ordinals below ${ordinal} keep the old template`;
}

/** How many pods are ready over time: the line and the area under it. */
export function curvePaths(
  curve: Curve,
  end: number,
  { pixelsPerSecond }: Layout,
): { readonly line: string; readonly area: string } {
  const steps = curve.points.map(({ at, ready }, index) => {
    const x = rounded(at * pixelsPerSecond);
    const y = rounded(curveLevel(curve, ready));
    return index === 0 ? `M${x} ${y}` : `H${x}V${y}`;
  });
  const line = `${steps.join("")}H${rounded(end * pixelsPerSecond)}`;
  return { line, area: `${line}V${curveBottom}H0Z` };
}

/**
 * How far down in the curve so many ready pods are. The lowest value keeps a distance from the ground, unless it is
 * zero.
 */
export function curveLevel({ lowest, highest }: Curve, ready: number): number {
  if (highest === 0) return curveBottom;
  const ground = Math.max(0, lowest - Math.max(1, (highest - lowest) / 2));
  return curveBottom - ((ready - ground) / (highest - ground)) * (curveBottom - curveTop);
}

const curveTop = 14;
const curveBottom = curveHeight - 10;

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
