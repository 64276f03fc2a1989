import type { VNode } from "preact";
import type { Layout } from "../../../../server/src/engine/drawing/layout.js";
import { axisMarks } from "../../../../server/src/engine/rollout/time.js";
import type { Bar, ClaimLine, Lane, Link, Partition, Picture } from "../../../../server/src/engine/rollout/picture.js";
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

/** The rows from `first` to `last`; `selected` is a row, or -1. */
interface Rows {
  readonly layout: Layout;
  readonly first: number;
  readonly last: number;
  readonly selected: number;
  readonly onPick: OnPick;
}

interface LanesProps extends Rows {
  readonly picture: Picture;
  /** The left edge of what is in sight, in pixels of the plot. */
  readonly left: number;
  /** The row of each ordinal. */
  readonly rowOf: ReadonlyMap<number, number>;
}

/** The names at the left. */
export function LaneLabels({
  lanes,
  layout,
  first,
  last,
  selected,
  onPick,
}: Rows & { readonly lanes: readonly Lane[] }): VNode {
  const rows = lanes.slice(first, last + 1);
  return (
    <ul class="labels" style={{ height: `${lanes.length * layout.pitch}px` }} aria-label="Pods and their claims">
      {rows.map((lane, index) => (
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
            title={[lane.pod, ...lane.claims.map(({ name }) => name)].join("\n")}
            aria-pressed={first + index === selected}
            onClick={() => onPick(lane.ordinal, Infinity)}
          >
            <Name text={lane.pod} ordinal={lane.ordinal} kind="pod" />
            {layout.namesClaims &&
              lane.claims.map(({ name }) => <Name key={name} text={name} ordinal={lane.ordinal} kind="claim-name" />)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A name that is too long loses its middle, never its ordinal. */
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
    <span class={`name ${kind}`}>
      <span class="name-stem">{text.slice(0, -tail.length)}</span>
      <span>{tail}</span>
    </span>
  );
}

/** Bars, claims, links and the partition, in one drawing that covers the rows. */
export function Lanes({ picture, layout, first, last, selected, left, rowOf, onPick }: LanesProps): VNode {
  const { lanes, links, partition, drawnUntil } = picture;
  const { pitch, plotWidth, pixelsPerSecond } = layout;
  const top = first * pitch;
  const height = Math.max(0, last - first + 1) * pitch;
  const rows = lanes.slice(first, last + 1);
  const marks = axisMarks(drawnUntil, plotWidth / 90);
  return (
    <svg class="plot" style={{ top: `${top}px` }} width={plotWidth + 18} height={height} aria-hidden="true">
      <path class="grid" d={marks.map((at) => `M${Math.round(at * pixelsPerSecond) + 0.5} 0V${height}`).join("")} />
      {rows.map((lane, index) => (
        <g key={lane.ordinal} transform={`translate(0 ${index * pitch})`}>
          {first + index === selected && <rect class="selected-row" width={plotWidth + 18} height={pitch} />}
          <path class="row-line" d={`M0 ${pitch - 0.5}H${plotWidth + 18}`} />
          {lane.bars.map((bar) => (
            <BarShape
              key={bar.from}
              bar={bar}
              layout={layout}
              left={left}
              onPick={() => onPick(lane.ordinal, bar.from)}
            />
          ))}
          {lane.claims.map((claim, line) => (
            <ClaimShape key={claim.name} claim={claim} line={line} layout={layout} />
          ))}
        </g>
      ))}
      <g transform={`translate(0 ${-top})`}>
        {links
          .filter(({ blocker, waiter }) => isAmong(rowOf, blocker, first, last) || isAmong(rowOf, waiter, first, last))
          .map((link) => (
            <LinkShape key={`${link.at} ${link.waiter}`} link={link} layout={layout} rowOf={rowOf} />
          ))}
        {partition && <PartitionShape partition={partition} layout={layout} row={rowOf.get(partition.ordinal)} />}
      </g>
    </svg>
  );
}

function isAmong(rowOf: ReadonlyMap<number, number>, ordinal: number, first: number, last: number): boolean {
  const row = rowOf.get(ordinal);
  return row !== undefined && row >= first && row <= last;
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
    <g>
      {claim.spans.map((span) => {
        const paths = claimPaths(span, line, layout);
        return (
          <g key={span.from}>
            <path class={`claim claim-${span.state}`} d={paths.line} />
            {paths.cross && <path class="claim-removed" d={paths.cross} />}
          </g>
        );
      })}
    </g>
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
  readonly row: number | undefined;
}

function PartitionShape({ partition, layout, row }: PartitionProps): VNode | null {
  if (row === undefined) return null;
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
