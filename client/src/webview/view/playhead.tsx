import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Layout } from "../../../../server/src/engine/drawing/layout.js";
import type { ModelEvent, Playhead } from "../model.js";
import type { StoryEntry } from "../../../../server/src/engine/rollout/story.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";

interface PlayheadProps {
  /** When the last thing has happened. */
  readonly end: number;
  readonly layout: Pick<Layout, "labelWidth" | "pixelsPerSecond">;
  readonly playhead: Playhead;
  readonly selected: StoryEntry | undefined;
  readonly dispatch: (event: ModelEvent) => void;
}

/** The line at the present moment, and over the axis a strip in which it can be dragged. */
export function PlayheadLine({ end, layout, playhead, selected, dispatch }: PlayheadProps): VNode {
  const strip = useRef<HTMLDivElement>(null);
  const { labelWidth, pixelsPerSecond } = layout;
  const seek = (event: PointerEvent): void => {
    const left = strip.current?.getBoundingClientRect().left ?? 0;
    dispatch({ type: "sought", at: (event.clientX - left) / pixelsPerSecond });
  };
  const onPointerDown = (event: PointerEvent): void => {
    strip.current?.setPointerCapture(event.pointerId);
    seek(event);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (strip.current?.hasPointerCapture(event.pointerId) === true) seek(event);
  };
  const moment = formatMoment(playhead.at);
  // Whole pixels, because it is a layer of its own, whose text would blur.
  const x = Math.round(playhead.at * pixelsPerSecond);
  return (
    <>
      <div class="scrubber" ref={strip} onPointerDown={onPointerDown} onPointerMove={onPointerMove} />
      <div class="playhead" style={{ transform: `translateX(${labelWidth + x}px)` }}>
        <div
          class="playhead-moment"
          style={{ transform: `translateX(max(-50%, ${-x}px))` }}
          role="slider"
          tabIndex={0}
          aria-label="Playhead"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={end}
          aria-valuenow={playhead.at}
          aria-valuetext={selected === undefined ? moment : `${moment}, ${selected.title}`}
        >
          {moment}
        </div>
      </div>
    </>
  );
}
