import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Layout } from "../../../../server/src/engine/drawing/layout.js";
import type { ModelEvent } from "../model.js";

/* How a picture that is wider than its place follows the playhead. */

type Scroller = { readonly current: HTMLDivElement | null };

/** When the scale changes, the playhead stays where it is on the screen. */
export function useKeptMoment(
  scroller: Scroller,
  { pixelsPerSecond }: Pick<Layout, "pixelsPerSecond">,
  at: number,
): void {
  const former = useRef(pixelsPerSecond);
  useLayoutEffect(() => {
    const element = scroller.current;
    const moved = at * (pixelsPerSecond - former.current);
    former.current = pixelsPerSecond;
    // To ask where it is scrolled to costs a layout.
    if (element !== null && moved !== 0) element.scrollLeft += moved;
  }, [scroller, pixelsPerSecond, at]);
}

/** Scrolls as little as is needed to show the moment. */
export function useRevealedMoment(
  scroller: Scroller,
  { labelWidth, pixelsPerSecond }: Pick<Layout, "labelWidth" | "pixelsPerSecond">,
  at: number,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const x = at * pixelsPerSecond;
    const room = element.clientWidth - labelWidth;
    if (x < element.scrollLeft || x > element.scrollLeft + room - 40) element.scrollLeft = x - room / 3;
  }, [scroller, at, pixelsPerSecond, labelWidth]);
}

/** Ctrl and the wheel zoom, as everywhere in VS Code; a pinch on a touchpad arrives as the same event. */
export function useWheelZoom(scroller: Scroller, zoom: number, dispatch: (event: ModelEvent) => void): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      dispatch({ type: "zoomed", zoom: zoom * Math.exp(-event.deltaY / 200) });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [scroller, zoom, dispatch]);
}
