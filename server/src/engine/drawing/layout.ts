import type { Lane } from "../rollout/picture.js";

/** Where things stand in the drawing, in CSS pixels. Lanes are drawn closer together the more there are. */
export interface Layout {
  readonly labelWidth: number;
  /** From the top of one lane to the top of the next. */
  readonly pitch: number;
  readonly barTop: number;
  readonly barHeight: number;
  /** The line of a lane's first claim, and from each to the next. */
  readonly claimTop: number;
  readonly claimGap: number;
  /** Whether the names of the claims are written beneath that of the pod. */
  readonly namesClaims: boolean;
  readonly plotWidth: number;
  readonly pixelsPerSecond: number;
}

export const axisHeight = 34;
export const curveHeight = 84;

export interface Space {
  /** The width of everything, labels included. */
  readonly width: number;
  readonly zoom: number;
  /** The seconds that have to fit in at zoom 1. */
  readonly seconds: number;
}

export function layoutOf(lanes: readonly Lane[], { width, zoom, seconds }: Space): Layout {
  const claims = lanes.reduce((most, lane) => Math.max(most, lane.claims.length), 0);
  const labelWidth = labelWidthFor(lanes, width);
  const plotWidth = Math.max(160, width - labelWidth - rightMargin) * zoom;
  const shared = { labelWidth, plotWidth, pixelsPerSecond: plotWidth / seconds };
  if (lanes.length <= 12) {
    const pitch = Math.max(46, 42 + claims * claimNameHeight);
    const namesClaims = claims <= 3 || lanes.length * pitch <= roomForNames;
    const bar = { barTop: 10, barHeight: 24 };
    if (namesClaims) return { ...shared, ...bar, pitch, claimTop: 41, claimGap: claimNameHeight, namesClaims };
    return { ...shared, ...bar, pitch: 46 + claims * 4, claimTop: 37.5, claimGap: 4, namesClaims };
  }
  if (lanes.length <= 100) {
    const bar = { barTop: 4, barHeight: 17, claimTop: 24.5, claimGap: 4 };
    return { ...shared, ...bar, pitch: 25 + claims * 4, namesClaims: false };
  }
  const bar = { barTop: 3, barHeight: 13, claimTop: 18.5, claimGap: 3 };
  return { ...shared, ...bar, pitch: 19 + Math.min(claims, 2) * 3, namesClaims: false };
}

const claimNameHeight = 16;
/** So high may all lanes be for the sake of more than three names in each. */
const roomForNames = 420;

/** The rows that are drawn: those in sight and a few more on either side, so that scrolling finds them there. */
export function visibleRows(
  count: number,
  pitch: number,
  { top, height }: { readonly top: number; readonly height: number },
): { readonly first: number; readonly last: number } {
  const margin = 6;
  const first = Math.max(0, Math.floor(top / pitch) - margin);
  const last = Math.min(count - 1, Math.ceil((top + height) / pitch) + margin);
  return { first, last };
}

const rightMargin = 18;
const characterWidth = 7.6;

/** Wide enough for the longest name, but never so wide that the bars have no room. */
function labelWidthFor(lanes: readonly Lane[], width: number): number {
  let longest = 14;
  for (const { pod, claims } of lanes) {
    longest = Math.max(longest, pod.length);
    for (const { name } of claims) longest = Math.max(longest, name.length * 0.86);
  }
  return Math.round(Math.min(longest * characterWidth + 34, Math.max(126, Math.min(280, width * 0.36))));
}
