import type { NodeLane, PlayPicture, PodLane, PodSpan, SetCurve, Stay } from "../maintenance/play-picture.js";
import { axisMarks, formatDuration, formatMoment } from "../rollout/time.js";
import { axisHeight } from "./layout.js";
import { allPatterns, lookClass, patternOf, type Appearance } from "./looks.js";
import { markup, type Markup } from "./markup.js";
import type { Drawing } from "./picture-drawing.js";

/* A play of nodes, drawn for the preview page and for files alike. */

export type LanesBy = "node" | "pod";

export interface PlayDrawingOptions {
  readonly by: LanesBy;
  /** Of the whole drawing, in pixels. */
  readonly width: number;
}

const labelWidth = 150;
const margin = 16;
const barHeight = 16;
const rowPitch = 20;
const foldedHeight = 14;
const curvePitch = 58;
/** From so many nodes on, those that drain without a refusal take one thin lane each. */
const manyNodes = 12;
/** So many lanes of pods, and so many curves, are drawn at most. */
const mostPods = 150;
const mostCurves = 8;

/** A lane with the rows that it takes. */
interface PlacedLane {
  readonly title: string;
  readonly detail: string;
  readonly top: number;
  readonly height: number;
  readonly isFolded: boolean;
  readonly phases: NodeLane["phases"];
  readonly rows: readonly (readonly Stay[])[];
  readonly waits: readonly PodSpan[];
}

/** Axis, lanes, the ready pods of each set with what its budgets need, and a legend. */
export function drawPlay(picture: PlayPicture, { by, width }: PlayDrawingOptions): Drawing {
  const { plotWidth, pixelsPerSecond: scale } = plotOf(picture, width);
  const lanes = by === "node" ? nodeLanes(picture.nodes) : podLanes(picture.pods);
  const lanesHeight = (lanes.at(-1)?.top ?? 0) + (lanes.at(-1)?.height ?? 0);
  const hidden = by === "pod" ? picture.pods.length - lanes.length : 0;
  const curves = picture.curves
    .toSorted((a, b) => a.lowest - a.replicas - (b.lowest - b.replicas))
    .slice(0, mostCurves);
  const curvesTop = axisHeight + lanesHeight + (hidden > 0 ? 24 : 8);
  const bottom = curvesTop + curves.length * curvePitch;
  const legend = drawLegend(picture, width);
  return {
    height: bottom + 12 + legend.height,
    markup: markup`<g transform="translate(${labelWidth} 0)">
${axis(picture.drawnUntil, scale, plotWidth, bottom)}
</g>
<g transform="translate(0 ${axisHeight})">
${lanes.map((lane) => drawLane(lane, scale, width))}
${by === "node" ? drawMoves(picture, lanes, scale) : undefined}
${hidden > 0 ? markup`<text class="quiet" x="${margin}" y="${lanesHeight + 16}">${hidden} more pods: lanes by node show them</text>` : undefined}
</g>
${curves.map((curve, index) => drawCurve(curve, picture.curves.indexOf(curve), { top: curvesTop + index * curvePitch, scale, until: picture.drawnUntil, width }))}
<g transform="translate(${margin} ${bottom + 12})">
${legend.markup}
</g>`,
  };
}

/** Where time is in a drawing: from which pixel on, and how fast it passes. */
export function plotOf(
  { drawnUntil }: Pick<PlayPicture, "drawnUntil">,
  width: number,
): { readonly left: number; readonly plotWidth: number; readonly pixelsPerSecond: number } {
  const plotWidth = Math.max(160, width - labelWidth - margin);
  return { left: labelWidth, plotWidth, pixelsPerSecond: plotWidth / drawnUntil };
}

/** What a drawing refers to. */
export function playDefinitions(): Markup {
  return markup`<defs>
${Array.from(allPatterns().values(), ({ id, size, path, appearance }) => markup`<pattern id="${id}" class="pattern ${lookClass(appearance)}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><path d="${path}"/></pattern>\n`)}
<marker id="arrow" class="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5L7 4L0 7.5Z"/></marker>
</defs>`;
}

function nodeLanes(nodes: readonly NodeLane[]): readonly PlacedLane[] {
  let top = 0;
  return nodes.map(({ node, zone, phases, stays, refusals }) => {
    const isFolded = nodes.length > manyNodes && refusals === 0 && phases.every(({ state }) => state !== "hangs");
    const rows = isFolded ? [] : packed(stays);
    const height = isFolded ? foldedHeight : Math.max(2, rows.length) * rowPitch + 8;
    const pods = new Set(stays.map(({ pod }) => pod)).size;
    const detail = isFolded ? `${pods} ${pods === 1 ? "pod" : "pods"}` : zone === undefined ? "" : `zone ${zone}`;
    const lane = { title: node, detail, top, height, isFolded, phases, rows, waits: [] };
    top += height;
    return lane;
  });
}

function podLanes(pods: readonly PodLane[]): readonly PlacedLane[] {
  const shown =
    pods.length <= mostPods
      ? pods
      : pods.toSorted((a, b) => refusalsOf(b) - refusalsOf(a) || pods.indexOf(a) - pods.indexOf(b)).slice(0, mostPods);
  return shown.map(({ pod, stays, waits }, index) => ({
    title: pod,
    detail: "",
    top: index * (rowPitch + 4),
    height: rowPitch + 4,
    isFolded: false,
    phases: [],
    rows: [stays],
    waits,
  }));
}

function refusalsOf({ stays }: PodLane): number {
  return stays.reduce((sum, { refusedAt }) => sum + refusedAt.length, 0);
}

/** Stays in as few rows as they fit into one after the other. */
function packed(stays: readonly Stay[]): readonly (readonly Stay[])[] {
  const rows: Stay[][] = [];
  const fromOf = ({ spans }: Stay): number => spans[0]?.from ?? 0;
  for (const stay of stays.toSorted((a, b) => fromOf(a) - fromOf(b))) {
    const row = rows.find((one) => (one.at(-1)?.spans.at(-1)?.to ?? 0) <= fromOf(stay));
    if (row === undefined) rows.push([stay]);
    else row.push(stay);
  }
  return rows;
}

function axis(until: number, scale: number, plotWidth: number, bottom: number): Markup {
  const marks = axisMarks(until, plotWidth / 90);
  const lines = marks.map((at) => `M${Math.round(at * scale) + 0.5} ${axisHeight}V${bottom}`);
  const words = marks.map(
    (at) =>
      markup`<text class="quiet" x="${at * scale}" y="${axisHeight - 10}" text-anchor="${at === 0 ? "start" : "middle"}">${formatDuration(at)}</text>`,
  );
  return markup`<path class="grid" d="${lines.join("")}"/>${words}`;
}

function drawLane(lane: PlacedLane, scale: number, width: number): Markup {
  const { title, detail, top, height, isFolded, phases, rows, waits } = lane;
  const names = isFolded
    ? markup`<text x="${margin}" y="${height / 2}" dominant-baseline="central">${cut(title, 14)}</text><text class="quiet" x="${labelWidth - 10}" y="${height / 2}" text-anchor="end" dominant-baseline="central">${detail}</text>`
    : markup`<text class="pod" x="${margin}" y="17">${cut(title, 16)}</text><text class="quiet" x="${margin}" y="33">${detail}</text>`;
  const areas = phases.map(
    ({ state, from, to }) =>
      markup`<rect class="phase phase-${state}" x="${from * scale}" y="0.5" width="${Math.max(1, (to - from) * scale)}" height="${height - 1}"><title>${title}: ${phaseWords[state]}, ${formatMoment(from)} to ${formatMoment(to)}</title></rect>`,
  );
  const bars = rows.flatMap((row, index) =>
    row.map((stay) => drawStay(stay, title === stay.pod ? stay.node : stay.pod, { y: index * rowPitch + 4, scale })),
  );
  const pending = waits.map((span) => drawSpan({ pod: title, set: -1 }, span, "", { y: 4, scale }));
  return markup`<g transform="translate(0 ${top})">
<path class="row" d="M0 ${height - 0.5}H${width}"/>${names}<g transform="translate(${labelWidth} 0)">${areas}${pending}${bars}</g>
</g>
`;
}

const phaseWords = { draining: "draining", hangs: "drain hangs", away: "away", lost: "does not answer" } as const;

interface BarPlace {
  readonly y: number;
  readonly scale: number;
}

/** @param words what its bars say */
function drawStay(stay: Stay, words: string, { y, scale }: BarPlace): Markup {
  const { pod, spans, refusedAt } = stay;
  const bars = spans.map((span) => {
    // A sign at its beginning must not cover the words.
    const isCovered = refusedAt.some((at) => (at - span.from) * scale < 16 && at >= span.from);
    return drawSpan(stay, span, words, { y, scale }, isCovered ? 20 : 7);
  });
  const marks = refusedAt.map((at) => {
    const x = Math.max(7, at * scale);
    return markup`<g class="refused"><title>${pod}: eviction refused, ${formatMoment(at)}</title><circle cx="${x}" cy="${y + barHeight / 2}" r="6"/><path d="M${x - 3.5} ${y + barHeight / 2}h7"/></g>`;
  });
  return markup`${bars}${marks}`;
}

function drawSpan(
  { pod, set }: Pick<Stay, "pod" | "set">,
  span: PodSpan,
  words: string,
  { y, scale }: BarPlace,
  indent = 7,
): Markup {
  const width = Math.max(1.5, (span.to - span.from) * scale - 1);
  const x = span.from * scale + 0.5;
  const appearance = appearanceOf(span, set);
  const box = markup`x="${x}" y="${y + 0.5}" width="${width}" height="${barHeight - 1}" rx="${Math.min(3, width / 2)}"`;
  const pattern = patternOf(appearance);
  const fill = pattern && markup`<rect fill="url(#${pattern.id})" ${box}/>`;
  const style = pattern === undefined ? "" : "over";
  const text =
    words.length * 6.2 + indent + 7 <= width
      ? markup`<text class="${style}" x="${x + indent}" y="${y + barHeight / 2}" dominant-baseline="central">${words}</text>`
      : undefined;
  return markup`<g class="bar ${lookClass(appearance)}"><title>${pod}: ${stateWords[span.state]}, ${formatMoment(span.from)} to ${formatMoment(span.to)}</title><rect class="tint" ${box}/>${fill}${text}</g>`;
}

const stateWords: Readonly<Record<PodSpan["state"], string>> = {
  starting: "starting",
  ready: "ready",
  unready: "not ready",
  ending: "terminating",
  pending: "without a node",
};

const looks = {
  starting: "running",
  ready: "up",
  unready: "failing",
  ending: "terminating",
  pending: "pending",
} as const;

/** The hue is that of the set. */
function appearanceOf({ state }: Pick<PodSpan, "state">, set: number): Appearance {
  return { look: looks[state], revision: Math.max(0, set), stuck: false };
}

/** From where a pod was to where it comes; not where there are so many that nothing would be seen. */
function drawMoves({ moves }: PlayPicture, lanes: readonly PlacedLane[], scale: number): readonly Markup[] {
  if (moves.length > 40) return [];
  const middles = new Map<string, number>();
  for (const { top, rows } of lanes) {
    for (const [index, row] of rows.entries()) {
      for (const { pod, node, spans } of row) {
        middles.set(`${pod} ${node} ${spans[0]?.from}`, top + index * rowPitch + 4 + barHeight / 2);
        middles.set(`${pod} ${node} until ${spans.at(-1)?.to}`, top + index * rowPitch + 4 + barHeight / 2);
      }
    }
  }
  return moves.flatMap(({ pod, from, to, leftAt, at }) => {
    const y1 = middles.get(`${pod} ${from} until ${leftAt}`);
    const y2 = middles.get(`${pod} ${to} ${at}`);
    if (y1 === undefined || y2 === undefined) return [];
    const [x1, x2] = [labelWidth + leftAt * scale, labelWidth + at * scale];
    const bend = Math.max(12, (x2 - x1) / 2);
    return [
      markup`<path class="link" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 1} ${y2}" marker-end="url(#arrow)"/>`,
    ];
  });
}

interface CurvePlace {
  readonly top: number;
  readonly scale: number;
  readonly until: number;
  readonly width: number;
}

function drawCurve(curve: SetCurve, set: number, { top, scale, until, width }: CurvePlace): Markup {
  const { replicas, lowest, points, budgets } = curve;
  const levelOf = (ready: number): number => 44 - (ready / Math.max(1, replicas)) * 34;
  const line = points
    .map(({ at, ready }, index) => {
      const [x, y] = [at * scale, levelOf(ready)];
      return index === 0 ? `M${hundredth(x)} ${hundredth(y)}` : `H${hundredth(x)}V${hundredth(y)}`;
    })
    .join("");
  const end = hundredth(until * scale);
  const bounds = budgets.map(({ budget, needed, spare }, index) => {
    const y = levelOf(needed);
    const words = `budget ${budget}: ${spare} ${spare === 1 ? "disruption" : "disruptions"} allowed, ${needed} must stay`;
    return markup`<path class="budget" d="M0 ${y}H${end}"/><text class="budget-words over" x="${end - 4}" y="${y + 11 + index * 12}" text-anchor="end">${words}</text>`;
  });
  return markup`<g transform="translate(0 ${top})"><path class="row" d="M0 0.5H${width}"/><text class="pod" x="${margin}" y="20">${cut(curve.set, 16)}</text><text class="quiet" x="${margin}" y="36">at least ${lowest} of ${replicas} ready</text><g class="hue-${Math.max(0, set) % 5}" transform="translate(${labelWidth} 0)"><path class="area" d="${line}H${end}V44H0Z"/><path class="curve" d="${line}H${end}"/>${bounds}</g></g>
`;
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

function drawLegend({ pods, nodes }: PlayPicture, width: number): Drawing {
  const states = new Set(
    pods.flatMap(({ stays, waits }) => [...stays.flatMap(({ spans }) => spans), ...waits].map(({ state }) => state)),
  );
  const phases = new Set(nodes.flatMap((node) => node.phases.map(({ state }) => state)));
  const isRefused = nodes.some(({ refusals }) => refusals > 0);
  const entries: (readonly [words: string, sign: Markup])[] = [];
  for (const state of ["ready", "starting", "unready", "ending", "pending"] as const) {
    if (!states.has(state)) continue;
    const appearance = appearanceOf({ state }, 0);
    const box = markup`x="0.5" y="0.5" width="21" height="13" rx="2.5"`;
    const pattern = patternOf(appearance);
    const fill = pattern && markup`<rect fill="url(#${pattern.id})" ${box}/>`;
    entries.push([
      stateWords[state],
      markup`<g class="bar ${lookClass(appearance)}"><rect class="tint" ${box}/>${fill}</g>`,
    ]);
  }
  for (const state of ["draining", "hangs", "away", "lost"] as const) {
    if (!phases.has(state)) continue;
    entries.push([
      `node ${phaseWords[state]}`,
      markup`<rect class="phase phase-${state}" x="0" y="0" width="22" height="14"/>`,
    ]);
  }
  if (isRefused) {
    entries.push([
      "eviction refused",
      markup`<g class="refused"><circle cx="11" cy="7" r="6"/><path d="M7.5 7h7"/></g>`,
    ]);
  }
  let [x, y] = [0, 0];
  const drawn = entries.map(([words, sign]) => {
    const taken = 52 + words.length * 6.4;
    if (x + taken > width - 2 * margin) [x, y] = [0, y + 22];
    const place = markup`translate(${x} ${y})`;
    x += taken;
    return markup`<g transform="${place}">${sign}<text class="quiet" x="29" y="11">${words}</text></g>`;
  });
  return { height: y + 24, markup: markup`${drawn}` };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 7)}…${text.slice(-6)}`;
}
