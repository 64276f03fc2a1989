import type { Bar, ClaimSpan, Lane, Picture } from "../rollout/picture.js";
import { axisMarks, formatDuration, formatMoment } from "../rollout/time.js";
import { axisHeight, curveHeight, layoutOf, type Layout } from "./layout.js";
import { allPatterns, isStuck, legendOf, lookClass, lookNames, patternOf, type LegendEntry } from "./looks.js";
import { markup, type Markup } from "./markup.js";
import { barBox, barWordsIn, claimPaths, curveLevel, curvePaths, linkPath, partitionWords } from "./shapes.js";

/** A part of a drawing, and how much room it takes. */
export interface Drawing {
  readonly height: number;
  readonly markup: Markup;
}

/** The whole width of a drawing, in pixels. */
export const drawingWidth = 1200;
export const margin = 16;

/**
 * Axis, lanes, curve and legend, as the preview page draws them; without lanes there is nothing to draw. It refers to
 * what `definitionsOf` defines.
 */
export function drawPicture(picture: Picture): Drawing {
  if (picture.lanes.length === 0) return { height: 0, markup: markup`` };
  const layout = layoutOf(picture.lanes, { width: drawingWidth, zoom: 1, seconds: picture.drawnUntil });
  const lanesHeight = picture.lanes.length * layout.pitch;
  const curveTop = axisHeight + lanesHeight;
  const legendTop = curveTop + curveHeight + 8;
  const legend = drawLegend(legendOf(picture));
  return {
    height: legendTop + legend.height,
    markup: markup`<g transform="translate(${layout.labelWidth} 0)">
${axis(picture, layout, curveTop)}
</g>
<g transform="translate(0 ${axisHeight})">
${picture.lanes.map((lane, row) => drawLane(lane, row, layout))}
</g>
<g transform="translate(${layout.labelWidth} ${axisHeight})">
${linksAndPartition(picture, layout)}
</g>
<g class="${isStuck(picture) ? "stuck" : "going"}" transform="translate(0 ${curveTop})">
${curve(picture, layout)}
</g>
<g transform="translate(${margin} ${legendTop})">
${legend.markup}
</g>`,
  };
}

/** What the drawings of these pictures refer to, once for all of them. */
export function definitionsOf(pictures: readonly Picture[]): Markup {
  return markup`<defs>
${patternsOf(pictures)}
<marker id="arrow" class="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5L7 4L0 7.5Z"/></marker>
</defs>`;
}

/** The definitions of the patterns that occur, in the lanes or in the legend. */
function patternsOf(pictures: readonly Picture[]): readonly Markup[] {
  const bars = pictures.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.bars));
  const legends = pictures.flatMap((picture) => legendOf(picture));
  const samples = legends.flatMap(({ sign }) => (sign.type === "bar" ? [sign.appearance] : []));
  const used = new Set([...bars, ...samples].map((appearance) => patternOf(appearance)?.id));
  return [...allPatterns().values()]
    .filter(({ id }) => used.has(id))
    .map(
      ({ id, size, path, appearance }) =>
        markup`<pattern id="${id}" class="pattern ${lookClass(appearance)}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><path d="${path}"/></pattern>\n`,
    );
}

function axis({ drawnUntil }: Picture, { plotWidth, pixelsPerSecond }: Layout, bottom: number): Markup {
  const marks = axisMarks(drawnUntil, plotWidth / 90);
  const lines = marks.map((at) => `M${Math.round(at * pixelsPerSecond) + 0.5} ${axisHeight}V${bottom}`);
  const words = marks.map(
    (at) =>
      markup`<text class="quiet" x="${at * pixelsPerSecond}" y="${axisHeight - 10}" text-anchor="${at === 0 ? "start" : "middle"}">${formatDuration(at)}</text>`,
  );
  return markup`<path class="grid" d="${lines.join("")}"/>${words}`;
}

function drawLane(lane: Lane, row: number, layout: Layout): Markup {
  const { pitch, labelWidth } = layout;
  const bars = lane.bars.map((bar) => drawBar(lane.pod, bar, layout));
  const claims = lane.claims.flatMap(({ spans }, line) => spans.map((span) => drawClaim(span, line, layout)));
  return markup`<g transform="translate(0 ${row * pitch})">
<path class="row" d="M0 ${pitch - 0.5}H${drawingWidth}"/>${drawLabel(lane, layout)}
<g transform="translate(${labelWidth} 0)">${bars}${claims}</g>
</g>
`;
}

function drawLabel({ ordinal, pod, claims }: Lane, layout: Layout): Markup {
  const { barTop, barHeight, namesClaims } = layout;
  if (!namesClaims) {
    const name = shortened(pod, ordinal, layout, 6.8);
    return markup`<text x="${margin}" y="${barTop + barHeight / 2}" dominant-baseline="central">${name}</text>`;
  }
  const names = claims.map(({ name }, line) => {
    const text = shortened(name, ordinal, layout, 6.4);
    return markup`<text class="quiet" x="${margin}" y="${barTop + 28 + line * 16}">${text}</text>`;
  });
  return markup`<text class="pod" x="${margin}" y="${barTop + 12}">${shortened(pod, ordinal, layout, 8)}</text>${names}`;
}

function drawClaim(span: ClaimSpan, line: number, layout: Layout): Markup {
  const paths = claimPaths(span, line, layout);
  const cross = paths.cross === undefined ? undefined : markup`<path class="claim-removed" d="${paths.cross}"/>`;
  return markup`<path class="claim claim-${span.state}" d="${paths.line}"/>${cross}`;
}

function drawBar(pod: string, bar: Bar, layout: Layout): Markup {
  const { x, y, width, height, rx } = barBox(bar, layout);
  const box = markup`x="${x}" y="${y}" width="${width}" height="${height}" rx="${rx}"`;
  const pattern = patternOf(bar);
  const fill = pattern && markup`<rect fill="url(#${pattern.id})" ${box}/>`;
  const words = barWordsIn(bar, layout, 0);
  const style = [words?.isSmall === true ? "small" : "", pattern === undefined ? "" : "over"].join(" ").trim();
  const text =
    words &&
    markup`<text class="${style}" x="${words.x}" y="${words.y}" dominant-baseline="central">${words.words}</text>`;
  return markup`<g class="${lookClass(bar)}"><title>${describeBar(pod, bar)}</title><rect class="tint" ${box}/>${fill}${text}</g>`;
}

/** `db-1: running, not ready, v2, 0:04 to 0:07`. */
function describeBar(pod: string, { look, revision, stuck, from, to }: Bar): string {
  const until = stuck ? "without end" : `to ${formatMoment(to)}`;
  return `${pod}: ${lookNames[look]}, v${revision + 1}, ${formatMoment(from)} ${until}`;
}

function linksAndPartition({ lanes, links, partition }: Picture, layout: Layout): Markup {
  const rowOf = new Map(lanes.map(({ ordinal }, row) => [ordinal, row]));
  const drawn = links.map((link) => {
    const rows = { blocker: rowOf.get(link.blocker) ?? 0, waiter: rowOf.get(link.waiter) ?? 0 };
    return markup`<path class="link" d="${linkPath(link, rows, layout)}" marker-end="url(#arrow)"/>`;
  });
  const row = partition && rowOf.get(partition.ordinal);
  if (partition === undefined || row === undefined) return markup`${drawn}`;
  const y = row * layout.pitch + 0.5;
  return markup`${drawn}<path class="partition" d="M0 ${y}H${layout.plotWidth + 18}"/><text class="partition-words over" x="${layout.plotWidth}" y="${y - 4}" text-anchor="end">${partitionWords(partition, layout)}</text>`;
}

function curve({ curve: ready, drawnUntil }: Picture, layout: Layout): Markup {
  const { line, area } = curvePaths(ready, drawnUntil, layout);
  const levels = ready.lowest === ready.highest ? [ready.highest] : [ready.highest, ready.lowest];
  return markup`<text class="pod" x="${margin}" y="26">Ready pods</text><text class="quiet" x="${margin}" y="42">at least ${ready.lowest} of ${ready.wanted}</text><g transform="translate(${layout.labelWidth} 0)">${levels.map(
    (level) =>
      markup`<text class="quiet" x="-10" y="${curveLevel(ready, level) + 4}" text-anchor="end">${level}</text>`,
  )}<path class="area" d="${area}"/><path class="curve" d="${line}"/></g>`;
}

/** As many entries to a line as fit. */
function drawLegend(entries: readonly LegendEntry[]): Drawing {
  let [x, y] = [0, 0];
  const drawn = entries.map(({ words, sign }) => {
    const width = 52 + words.length * 6.4;
    if (x + width > drawingWidth - 2 * margin) [x, y] = [0, y + 22];
    const place = markup`translate(${x} ${y})`;
    x += width;
    return markup`<g transform="${place}">${sample(sign)}<text class="quiet" x="29" y="11">${words}</text></g>`;
  });
  return { height: y + 22, markup: markup`${drawn}` };
}

function sample(sign: LegendEntry["sign"]): Markup {
  switch (sign.type) {
    case "bar": {
      const box = markup`x="0.5" y="0.5" width="21" height="13" rx="2.5"`;
      const pattern = patternOf(sign.appearance);
      const fill = pattern && markup`<rect fill="url(#${pattern.id})" ${box}/>`;
      return markup`<g class="${lookClass(sign.appearance)}"><rect class="tint" ${box}/>${fill}</g>`;
    }
    case "claim":
      return sign.state === "removed"
        ? markup`<path class="claim-removed" d="M8 4l6 6M14 4l-6 6"/>`
        : markup`<path class="claim claim-${sign.state}" d="M1 7H21"/>`;
    case "link":
      return markup`<path class="link" d="M1 7H18" marker-end="url(#arrow)"/>`;
  }
}

/** A name that is too long for its place loses its middle, never its ordinal. */
function shortened(name: string, ordinal: number, { labelWidth }: Layout, characterWidth: number): string {
  const room = Math.floor((labelWidth - margin - 8) / characterWidth);
  if (name.length <= room) return name;
  const tail = `-${ordinal}`;
  return `${name.slice(0, Math.max(1, room - tail.length - 1))}…${tail}`;
}
