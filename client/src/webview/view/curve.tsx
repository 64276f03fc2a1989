import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { curveHeight, type Layout } from "../../../../server/src/engine/drawing/layout.js";
import { isStuck } from "../../../../server/src/engine/drawing/looks.js";
import { curveLevel, curvePaths } from "../../../../server/src/engine/drawing/shapes.js";
import { formatDuration } from "../../../../server/src/engine/rollout/time.js";
import type { Picture } from "../../../../server/src/engine/rollout/picture.js";

interface CurveProps {
  readonly picture: Picture;
  readonly layout: Layout;
  readonly at: number;
}

/** How many pods are ready over time. */
export function Curve({ picture, layout, at }: CurveProps): VNode {
  const { curve } = picture;
  const drawing = useMemo(() => <CurveDrawing picture={picture} layout={layout} />, [picture, layout]);
  const index = curve.points.findLastIndex((point) => point.at <= at);
  const ready = curve.points[index]?.ready ?? 0;
  const until = curve.points[index + 1]?.at;
  const from = curve.points[index]?.at ?? 0;
  return (
    <>
      <div class="curve-label" style={{ height: `${curveHeight}px` }}>
        <span class="curve-title">Ready pods</span>
        <span class="curve-now">
          {ready <= curve.wanted ? `${ready} of ${curve.wanted}` : `${ready}, ${curve.wanted} wanted`}
        </span>
        <span class="curve-now">{until === undefined ? "" : `for ${formatDuration(until - from)}`}</span>
        <span class="curve-bound" style={{ top: `${curveLevel(curve, curve.highest) - 7}px` }}>
          {curve.highest}
        </span>
        {curve.lowest !== curve.highest && (
          <span class="curve-bound" style={{ top: `${curveLevel(curve, curve.lowest) - 7}px` }}>
            {curve.lowest}
          </span>
        )}
      </div>
      {drawing}
    </>
  );
}

/** The line and the area under it, without words. */
function CurveDrawing({ picture, layout }: Omit<CurveProps, "at">): VNode {
  const { line, area } = curvePaths(picture.curve, picture.drawnUntil, layout);
  const style = isStuck(picture) ? "curve-drawing stuck" : "curve-drawing";
  return (
    <svg class={style} width={layout.plotWidth + 18} height={curveHeight} aria-hidden="true">
      <path class="curve-area" d={area} />
      <path class="curve-line" d={line} />
    </svg>
  );
}
