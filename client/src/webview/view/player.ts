import { useEffect, useRef } from "preact/hooks";
import type { Model, ModelEvent } from "../model.js";

/* What the page's views have in common: time passes, and keys move it. */

type Dispatch = (event: ModelEvent) => void;

/**
 * The entry that the playhead has come to; while it plays, as it was so many milliseconds ago at most: faster nobody
 * can read or listen, and lanes and story need not be drawn anew in each frame.
 */
export function useCalmEntry(entry: number, playing: boolean, milliseconds: number): number {
  const calm = useRef({ entry, since: 0 });
  const now = performance.now();
  if (!playing || now - calm.current.since >= milliseconds) calm.current = { entry, since: now };
  return calm.current.entry;
}

/** While it plays, time passes frame by frame; for those who want little motion, once a second. */
export function usePlaying(playing: boolean, dispatch: Dispatch): void {
  useEffect(() => {
    if (!playing) return undefined;
    if (wantsLittleMotion()) {
      const timer = setInterval(() => dispatch({ type: "ticked", seconds: 1 }), 1000);
      return () => clearInterval(timer);
    }
    let last: number | undefined;
    let frame = 0;
    const tick = (now: number): void => {
      if (last !== undefined) dispatch({ type: "ticked", seconds: (now - last) / 1000 });
      last = now;
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, dispatch]);
}

/** The system says so, or VS Code's setting `workbench.reduceMotion`, which it tells in a class of the body. */
function wantsLittleMotion(): boolean {
  const { classList } = document.body;
  return matchMedia("(prefers-reduced-motion: reduce)").matches || classList.contains("vscode-reduce-motion");
}

/** The page's keys, except where a control has them for itself. */
export function onKey(event: KeyboardEvent, { story, choices }: Model, dispatch: Dispatch): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isControl(event)) return;
  const action = keyAction(event.key, story.length, choices.zoom);
  if (action === undefined) return;
  event.preventDefault();
  dispatch(action);
}

function keyAction(key: string, entries: number, zoom: number): ModelEvent | undefined {
  switch (key) {
    case "ArrowLeft":
      return { type: "stepped", by: -1 };
    case "ArrowRight":
      return { type: "stepped", by: 1 };
    case "Home":
      return { type: "entrySelected", entry: 0 };
    case "End":
      return { type: "entrySelected", entry: entries - 1 };
    case " ":
      return { type: "playToggled" };
    case "+":
    case "=":
      return { type: "zoomed", zoom: zoom * 1.5 };
    case "-":
      return { type: "zoomed", zoom: zoom / 1.5 };
    case "0":
      return { type: "zoomed", zoom: 1 };
    default:
      return undefined;
  }
}

/** Fields take every key, a radio button the space bar and the arrows, another button the space bar. */
function isControl(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (event.composedPath().some((node) => node instanceof HTMLElement && node.localName.startsWith("vscode-")))
    return true;
  if (target instanceof HTMLInputElement && target.type === "radio") return /^(?: |Arrow.*)$/.test(event.key);
  return target instanceof HTMLInputElement || (event.key === " " && target instanceof HTMLButtonElement);
}
