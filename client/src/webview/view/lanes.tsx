import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Layout } from "../../../../server/src/engine/drawing/layout.js";
import { axisMarks } from "../../../../server/src/engine/rollout/time.js";
import type { Bar, ClaimLine, Link, Partition, Picture } from "../../../../server/src/engine/rollout/picture.js";
import { lookClass } from "../../../../server/src/engine/drawing/looks.js";
import {
  barBox,
  barWordsIn,
  claimPaths,
  linkPath,
  partitionWords,
} from "../../../../server/src/engine/drawing/shapes.js";
import { patternFill } from "./looks.js";

type OnPick = (ordinal: number, at: number) => void;

/** What a band of lanes is drawn from. None of it changes while it plays, except `selected`. */
interface BandProps {
  /** Which band it is, from the top. */
  readonly band: number;
  readonly picture: Picture;
  readonly layout: Layout;
  readonly onPick: OnPick;
}

/** Lanes are drawn in bands of so many, so that scrolling draws only what comes into sight. */
export const bandSize = 16;

interface LabelBandProps extends BandProps {
  /** A row, or -1 where it is in none of these lanes. */
  readonly selected: number;
  /** The row that the tabulator leads to, or -1. */
  readonly tabStop: number;
}

/** The names at the left of a band. */
export function LabelBand({ band, picture, layout, selected, tabStop, onPick }: LabelBandProps): VNode {
  const { lanes } = picture;
  const first = band * bandSize;
  return useMemo(
    () => (
      <>
        {lanes.slice(first, first + bandSize).map((lane, index) => (
          <li
            key={lane.ordinal}
            style={{ top: `${(first + index) * layout.pitch}px`, height: `${layout.pitch}px` }}
            class={first + index === selected ? "selected" : ""}
            aria-setsize={lanes.length}
            aria-posinset={first + index + 1}
          >
            <button
              type="button"
              class={layout.namesClaims ? "label" : "label dense"}
              tabIndex={first + index === tabStop ? 0 : -1}
              title={[lane.pod, ...lane.claims.map(({ name }) => name)].join("\n")}
              aria-pressed={first + index === selected}
              onClick={() => onPick(lane.ordinal, Infinity)}
            >
              <span class="unseen">{[lane.pod, ...lane.claims.map(({ name }) => name)].join(", ")}</span>
              <Name text={lane.pod} ordinal={lane.ordinal} kind="pod" />
              {layout.namesClaims &&
                lane.claims.map(({ name }) => <Name key={name} text={name} ordinal={lane.ordinal} kind="claim-name" />)}
            </button>
          </li>
        ))}
      </>
    ),
    [lanes, first, layout, selected, tabStop, onPick],
  );
}

/** A name that is too long loses its middle, never its ordinal. Only to be seen: aloud it would be two words. */
function Name({
  text,
  ordinal,
  kind,
}: {
  readonly text: string;
  readonly ordinal: number;
  readonly kind: string;
}): VNode {
  const tail = `-${ordinal}`;
  return (
    <span class={`name ${kind}`} aria-hidden="true">
      <span class="name-stem">{text.slice(0, -tail.length)}</span>
      <span>{tail}</span>
    </span>
  );
}

interface LaneBandProps extends BandProps {
  /** The left edge of what is in sight, in pixels of the plot. */
  readonly left: number;
  /** The row of each ordinal. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Those that begin or end in this band. */
  readonly links: readonly Link[];
}

const noLinks: readonly Link[] = [];

/** The links of each band: one that leads from one band to another is in both, since only one may be in sight. */
export function linksByBand(
  links: readonly Link[],
  rowOf: ReadonlyMap<number, number>,
): (band: number) => readonly Link[] {
  const bands = new Map<number, Link[]>();
  for (const link of links) {
    const rows = [link.blocker, link.waiter].map((ordinal) => rowOf.get(ordinal) ?? 0);
    for (const band of new Set(rows.map((row) => Math.floor(row / bandSize)))) {
      bands.set(band, [...(bands.get(band) ?? []), link]);
    }
  }
  return (band) => bands.get(band) ?? noLinks;
}

/** Bars, claims, links and the partition of a band. */
export function LaneBand({ band, picture, layout, left, rowOf, links, onPick }: LaneBandProps): VNode {
  const { lanes, partition, drawnUntil } = picture;
  const { pitch, plotWidth, pixelsPerSecond } = layout;
  const first = band * bandSize;
  return useMemo(() => {
    const rows = lanes.slice(first, first + bandSize);
    const top = first * pitch;
    const height = rows.length * pitch;
    const marks = axisMarks(drawnUntil, plotWidth / 90);
    const partitionRow = partition && rowOf.get(partition.ordinal);
    return (
      <svg class="band" style={{ top: `${top}px` }} width={plotWidth + 18} height={height} aria-hidden="true">
        <path class="grid" d={marks.map((at) => `M${Math.round(at * pixelsPerSecond) + 0.5} 0V${height}`).join("")} />
        <path class="grid" d={rows.map((_, row) => `M0 ${(row + 1) * pitch - 0.5}H${plotWidth + 18}`).join("")} />
        {rows.map((lane, index) => (
          <g key={lane.ordinal} transform={`translate(0 ${index * pitch})`}>
            {lane.bars.map((bar) => (
              <BarShape bar={bar} layout={layout} left={left} onPick={() => onPick(lane.ordinal, bar.from)} />
            ))}
            {lane.claims.map((claim, line) => (
              <ClaimShape key={claim.name} claim={claim} line={line} layout={layout} />
            ))}
          </g>
        ))}
        <g transform={`translate(0 ${-top})`}>
          {links.map((link) => (
            <LinkShape link={link} layout={layout} rowOf={rowOf} />
          ))}
          {partition && partitionRow !== undefined && Math.floor(partitionRow / bandSize) === band && (
            <PartitionShape partition={partition} layout={layout} row={partitionRow} />
          )}
        </g>
      </svg>
    );
  }, [
    lanes,
    partition,
    drawnUntil,
    first,
    band,
    layout,
    left,
    rowOf,
    links,
    onPick,
    pitch,
    plotWidth,
    pixelsPerSecond,
  ]);
}

interface BarProps {
  readonly bar: Bar;
  readonly layout: Layout;
  /** The left edge of what is in sight, in pixels of the plot. */
  readonly left: number;
  readonly onPick: () => void;
}

/** A bar, and its words as far as there is room for them in the part that is in sight. */
function BarShape({ bar, layout, left, onPick }: BarProps): VNode {
  const box = barBox(bar, layout);
  const pattern = patternFill(bar);
  const words = barWordsIn(bar, layout, left);
  return (
    <g class={`bar ${lookClass(bar)}`} onClick={onPick}>
      <rect class="tint" {...box} />
      {pattern && <rect fill={pattern} {...box} />}
      {words && (
        <text class={words.isSmall ? "small" : ""} x={words.x} y={words.y} dominant-baseline="central">
          {words.words}
        </text>
      )}
    </g>
  );
}

function ClaimShape({
  claim,
  line,
  layout,
}: {
  readonly claim: ClaimLine;
  readonly line: number;
  readonly layout: Layout;
}): VNode {
  return (
    <>
      {claim.spans.map((span) => {
        const paths = claimPaths(span, line, layout);
        return (
          <>
            <path class={`claim claim-${span.state}`} d={paths.line} />
            {paths.cross && <path class="claim-removed" d={paths.cross} />}
          </>
        );
      })}
    </>
  );
}

interface LinkProps {
  readonly link: Link;
  readonly layout: Layout;
  readonly rowOf: ReadonlyMap<number, number>;
}

function LinkShape({ link, layout, rowOf }: LinkProps): VNode {
  const rows = { blocker: rowOf.get(link.blocker) ?? 0, waiter: rowOf.get(link.waiter) ?? 0 };
  return <path class="link" d={linkPath(link, rows, layout)} marker-end="url(#arrow)" />;
}

interface PartitionProps {
  readonly partition: Partition;
  readonly layout: Layout;
  readonly row: number;
}

function PartitionShape({ partition, layout, row }: PartitionProps): VNode {
  const y = row * layout.pitch + 0.5;
  return (
    <g class="partition">
      <path d={`M0 ${y}H${layout.plotWidth + 18}`} />
      <text x={layout.plotWidth} y={y - 4} text-anchor="end">
        {partitionWords(partition, layout)}
      </text>
    </g>
  );
}
