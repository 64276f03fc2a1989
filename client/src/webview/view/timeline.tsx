import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  axisHeight,
  curveHeight,
  layoutOf,
  visibleRows,
  type Layout,
} from "../../../../server/src/engine/drawing/layout.js";
import type { ModelEvent, Playhead } from "../model.js";
import type { StoryEntry } from "../../../../server/src/engine/rollout/story.js";
import type { Picture } from "../../../../server/src/engine/rollout/picture.js";
import { Axis } from "./axis.js";
import { Curve } from "./curve.js";
import { bandSize, LabelBand, LaneBand, linksByBand } from "./lanes.js";
import { PlayheadLine } from "./playhead.js";
import { PatternDefinitions } from "./looks.js";
import { icons } from "./icons.js";
import { useKeptMoment, useRevealedMoment, useWheelZoom } from "./scrolling.js";

/** What is left of it in a low panel, in pixels. */
const leastHeight = 220;

interface TimelineProps {
  readonly picture: Picture;
  readonly playhead: Playhead;
  readonly selected: StoryEntry | undefined;
  readonly zoom: number;
  readonly dispatch: (event: ModelEvent) => void;
  /** Selects what happened to this pod at this moment. */
  readonly onPick: (ordinal: number, at: number) => void;
}

/**
 * One lane for each ordinal over a common axis of time. Only the lanes in sight are drawn; axis, labels and curve stay
 * in sight while the lanes scroll under them.
 */
export function Timeline({ picture, playhead, selected, zoom, dispatch, onPick }: TimelineProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useViewport(scroller);
  const { lanes, drawnUntil } = picture;
  const layout = useMemo(
    () => layoutOf(lanes, { width: view.width, zoom, seconds: drawnUntil }),
    [lanes, view.width, zoom, drawnUntil],
  );
  const rowOf = useMemo(() => new Map(lanes.map(({ ordinal }, row) => [ordinal, row])), [lanes]);
  const row = rowOf.get(selected?.ordinal ?? -1) ?? -1;
  useKeptMoment(scroller, layout, playhead.at);
  useRevealedLane(scroller, layout, row);
  useRevealedMoment(scroller, layout, playhead.at);
  useWheelZoom(scroller, zoom, dispatch);

  const { first, last } = visibleRows(lanes.length, layout.pitch, {
    top: view.top - axisHeight,
    height: view.height,
  });
  const bands = Array.from({ length: bandOf(last) - bandOf(first) + 1 }, (_, index) => bandOf(first) + index);
  const linksOf = useMemo(() => linksByBand(picture.links, rowOf), [picture.links, rowOf]);
  const lanesHeight = lanes.length * layout.pitch;
  const axis = useMemo(() => <Axis layout={layout} drawnUntil={drawnUntil} />, [layout, drawnUntil]);

  return (
    <div
      class="timeline"
      style={{ minHeight: `${Math.min(leastHeight, axisHeight + lanesHeight + curveHeight)}px` }}
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label="Timeline of the pods"
    >
      <svg width="0" height="0" class="definitions" aria-hidden="true">
        <PatternDefinitions />
      </svg>
      <div class="canvas" style={{ gridTemplateColumns: `${layout.labelWidth}px ${layout.plotWidth + 18}px` }}>
        <div class="corner" style={{ height: `${axisHeight}px` }}>
          <Zoom zoom={zoom} dispatch={dispatch} />
        </div>
        {axis}
        <Labels picture={picture} layout={layout} bands={bands} row={row} onPick={onPick} />
        <div class="plot" style={{ height: `${lanesHeight}px` }}>
          {row >= 0 && (
            <div class="selected-row" style={{ top: `${row * layout.pitch}px`, height: `${layout.pitch}px` }} />
          )}
          {bands.map((band) => (
            <LaneBand
              key={band}
              band={band}
              picture={picture}
              layout={layout}
              left={view.left}
              rowOf={rowOf}
              links={linksOf(band)}
              onPick={onPick}
            />
          ))}
        </div>
        <Curve picture={picture} layout={layout} at={playhead.at} />
        <PlayheadLine end={picture.end} layout={layout} playhead={playhead} selected={selected} dispatch={dispatch} />
      </div>
    </div>
  );
}

interface LabelsProps extends Pick<TimelineProps, "picture" | "onPick"> {
  readonly layout: Layout;
  /** Those in sight. */
  readonly bands: readonly number[];
  /** The selected one, or -1. */
  readonly row: number;
}

/** The names of the lanes; the arrow keys go from one to the next. */
function Labels({ picture, layout, bands, row, onPick }: LabelsProps): VNode {
  const { lanes } = picture;
  const labels = useFollowedFocus(row);
  // The tabulator leads to one of the labels only: the selected one or, where that is out of sight, another.
  const tabStop = bands.includes(bandOf(Math.max(0, row))) ? Math.max(0, row) : (bands[0] ?? 0) * bandSize;
  return (
    <ul
      class="labels"
      ref={labels}
      style={{ height: `${lanes.length * layout.pitch}px` }}
      aria-label="Pods and their claims"
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        const next = by === undefined ? undefined : lanes[Math.max(0, row) + by];
        if (next === undefined) return;
        event.preventDefault();
        onPick(next.ordinal, Infinity);
      }}
    >
      {bands.map((band) => (
        <LabelBand
          key={band}
          band={band}
          picture={picture}
          layout={layout}
          selected={bandOf(row) === band ? row : -1}
          tabStop={bandOf(tabStop) === band ? tabStop : -1}
          onPick={onPick}
        />
      ))}
    </ul>
  );
}

function bandOf(row: number): number {
  return Math.floor(row / bandSize);
}

/** The focus goes from label to label with the selection, once it is on one of them. */
function useFollowedFocus(row: number): { readonly current: HTMLUListElement | null } {
  const labels = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (labels.current?.contains(activeElement) !== true) return;
    labels.current.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus({ preventScroll: true });
  }, [row]);
  return labels;
}

export function Zoom({
  zoom,
  dispatch,
}: {
  readonly zoom: number;
  readonly dispatch: TimelineProps["dispatch"];
}): VNode {
  const button = (label: string, to: number, icon: VNode, disabled: boolean): VNode => (
    <button
      type="button"
      class="tool small"
      title={label}
      aria-label={label}
      disabled={disabled}
      onClick={() => dispatch({ type: "zoomed", zoom: to })}
    >
      {icon}
    </button>
  );
  return (
    <div class="zoom" role="group" aria-label="Zoom">
      {button("Zoom out (-)", zoom / 1.5, icons.zoomOut, zoom <= 1)}
      {button("Fit (0)", 1, icons.fit, zoom === 1)}
      {button("Zoom in (+)", zoom * 1.5, icons.zoomIn, zoom >= 200)}
    </div>
  );
}

interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  /** In steps, because words in the bars need not follow every pixel. */
  readonly left: number;
}

/**
 * The size of the scrolling element and how far down it is; whole lanes at a time would be enough, frames are simpler.
 */
function useViewport(scroller: { readonly current: HTMLDivElement | null }): Viewport {
  const [view, setView] = useState<Viewport>({ width: 900, height: 600, top: 0, left: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => {
      setView((former) => {
        const { clientWidth: width, clientHeight: height, scrollTop: top } = element;
        const left = Math.ceil(element.scrollLeft / 30) * 30;
        const isSame = width === former.width && height === former.height && top === former.top && left === former.left;
        return isSame ? former : { width, height, top, left };
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [scroller]);
  return view;
}

/** Scrolls as little as is needed to show the selected lane. */
function useRevealedLane(scroller: { readonly current: HTMLDivElement | null }, { pitch }: Layout, row: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null || row < 0) return;
    const above = row * pitch;
    const below = above + pitch + axisHeight + curveHeight - element.clientHeight;
    if (element.scrollTop > above) element.scrollTop = above;
    else if (element.scrollTop < below) element.scrollTop = below;
  }, [scroller, row, pitch]);
}
