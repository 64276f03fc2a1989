import type { VNode } from "preact";
import { axisHeight, type Layout } from "../../../../server/src/engine/drawing/layout.js";
import { axisMarks, formatDuration } from "../../../../server/src/engine/rollout/time.js";

/** The times along the top. */
export function Axis({ layout, drawnUntil }: { readonly layout: Layout; readonly drawnUntil: number }): VNode {
  const { plotWidth, pixelsPerSecond } = layout;
  const marks = axisMarks(drawnUntil, plotWidth / 90);
  return (
    <svg class="axis" width={plotWidth + 18} height={axisHeight} aria-hidden="true">
      {marks.map((at) => (
        <text key={at} x={at * pixelsPerSecond} y={axisHeight - 5} text-anchor={at === 0 ? "start" : "middle"}>
          {formatDuration(at)}
        </text>
      ))}
    </svg>
  );
}
