import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { groupClaims } from "../../../../server/src/engine/rollout/claim-groups.js";
import { applyNotes, type Manifest } from "../choices.js";
import type { ToHost } from "../messages.js";
import type { Model, ModelEvent } from "../model.js";
import type { Simulation } from "../../../../server/src/engine/rollout/simulate.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";
import { notesOf, type Shared } from "../../../../server/src/engine/rollout/share.js";
import { verdictOf } from "../../../../server/src/engine/rollout/verdict.js";
import { pictureOf } from "../../../../server/src/engine/rollout/picture.js";
import { Assumed } from "./assumed.js";
import { Claims, DataLoss } from "./claims.js";
import { Header, VerdictLine } from "./header.js";
import { Legend } from "./legend.js";
import { Recovery } from "./recovery.js";
import { Refused } from "./refused.js";
import { Share } from "./share.js";
import { Story } from "./story.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { WhatIfBar } from "./what-if-bar.js";

export interface AppProps {
  readonly model: Model;
  readonly dispatch: (event: ModelEvent) => void;
  readonly post: (message: ToHost) => void;
}

/** The whole page. */
export function App({ model, dispatch, post }: AppProps): VNode {
  const { manifest, simulation, judged, stale } = model;
  if (manifest !== undefined && simulation !== undefined && judged !== undefined) {
    const shared = { model, manifest, simulation, judged, dispatch, post };
    return <Preview {...shared} />;
  }
  return <p class="empty">{stale ?? "Reading the manifest …"}</p>;
}

interface PreviewProps extends AppProps {
  readonly manifest: Manifest;
  /** What is drawn. */
  readonly simulation: Simulation;
  /** What the verdict is about. */
  readonly judged: Simulation;
}

function Preview(props: PreviewProps): VNode {
  const { model, manifest, simulation, judged, dispatch, post } = props;
  const { story, playhead, choices, stale, cursor } = model;
  const picture = useMemo(() => pictureOf(simulation), [simulation]);
  const verdict = useMemo(() => verdictOf(judged), [judged]);
  const claims = useMemo(() => groupClaims(simulation.start, simulation.claims), [simulation]);
  const entry = useCalmEntry(playhead.entry, model.playing, 100);
  const selected = story[entry];
  const told = story[useCalmEntry(playhead.entry, model.playing, 3000)];
  usePlaying(model.playing, dispatch);

  const storyNow = useLatest(story);
  const onPick = useCallback(
    (ordinal: number, at: number) => dispatch({ type: "entrySelected", entry: entryOf(storyNow.current, ordinal, at) }),
    [dispatch, storyNow],
  );
  const onSelect = useCallback((entry: number) => dispatch({ type: "entrySelected", entry }), [dispatch]);
  const onReveal = useCallback((field: string) => post({ type: "reveal", field }), [post]);

  return (
    <div class="app" onKeyDown={(event) => onKey(event, model, dispatch)}>
      {useTop(props, { verdict, claims, picture }, onReveal)}
      <div class="body">
        <div class="picture">
          {picture.lanes.length === 0 ? (
            <p class="empty">There are no pods to draw.</p>
          ) : (
            <Timeline
              picture={picture}
              playhead={playhead}
              selected={selected}
              zoom={choices.zoom}
              dispatch={dispatch}
              onPick={onPick}
            />
          )}
          {useMemo(
            () => (
              <>
                <Legend picture={picture} />
                <Claims groups={claims} />
                <Assumed
                  simulation={simulation}
                  notes={applyNotes(manifest, choices)}
                  whatIf={choices.whatIf}
                  dispatch={dispatch}
                />
              </>
            ),
            [picture, claims, simulation, manifest, choices, dispatch],
          )}
        </div>
        {useMemo(
          () => (
            <Story story={story} selected={entry} cursor={cursor} onSelect={onSelect} onReveal={onReveal} />
          ),
          [story, entry, cursor, onSelect, onReveal],
        )}
      </div>
      <footer class="foot">
        <Transport model={model} dispatch={dispatch} />
        {useMemo(
          () => (
            <WhatIfBar
              manifest={manifest}
              whatIf={choices.whatIf}
              stale={stale !== undefined}
              dispatch={dispatch}
              post={post}
            />
          ),
          [manifest, choices.whatIf, stale, dispatch, post],
        )}
      </footer>
      <p class="unseen" role="status">
        {told === undefined ? verdict.title : `${formatMoment(told.at)}: ${told.title}. ${told.why}`}
      </p>
    </div>
  );
}

/** For callbacks that stay the same while what they look at changes. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}

/** What is above the picture. It does not hang on the playhead, so it is not drawn anew while that moves. */
function useTop(
  { model, manifest, judged, dispatch, post }: PreviewProps,
  { verdict, claims, picture }: Pick<Shared, "verdict" | "claims" | "picture">,
  onReveal: (field: string) => void,
): VNode {
  const { story, choices, stale, recovery } = model;
  const notes = useMemo(() => [...applyNotes(manifest, choices), ...notesOf(judged)], [manifest, choices, judged]);
  return useMemo(
    () => (
      <>
        <Header manifest={manifest} choices={choices} dispatch={dispatch} post={post} />
        <VerdictLine verdict={verdict}>
          <Share shared={{ name: manifest.now.name, verdict, story, claims, picture, notes }} post={post} />
        </VerdictLine>
        {stale !== undefined && (
          <div class="banner banner-stale" role="status">
            <strong>As of a moment ago.</strong> {stale}
          </div>
        )}
        {manifest.former?.problem !== undefined && choices.compareWith === "former" && (
          <div class="banner banner-stale" role="status">
            <strong>{manifest.former.label}:</strong> {manifest.former.problem}
          </div>
        )}
        <DataLoss groups={claims} />
        <Refused errors={verdict.refused} onReveal={onReveal} />
        <Recovery
          runbook={verdict.runbook}
          recovery={recovery}
          follows={choices.follows === true}
          onCopy={(text) => post({ type: "copy", text })}
          onFollow={(follows) => dispatch({ type: "followed", follows })}
        />
      </>
    ),
    [manifest, choices, dispatch, post, stale, story, picture, verdict, claims, notes, recovery, onReveal],
  );
}

/**
 * The entry that the playhead has come to; while it plays, as it was so many milliseconds ago at most: faster nobody
 * can read or listen, and lanes and story need not be drawn anew in each frame.
 */
function useCalmEntry(entry: number, playing: boolean, milliseconds: number): number {
  const calm = useRef({ entry, since: 0 });
  const now = performance.now();
  if (!playing || now - calm.current.since >= milliseconds) calm.current = { entry, since: now };
  return calm.current.entry;
}

/** The last entry about a pod by then or, if there is none, its first. */
function entryOf(story: Model["story"], ordinal: number, at: number): number {
  const last = story.findLastIndex((entry) => entry.ordinal === ordinal && entry.at <= at);
  return last >= 0
    ? last
    : Math.max(
        0,
        story.findIndex((entry) => entry.ordinal === ordinal),
      );
}

/** While it plays, time passes frame by frame; for those who want little motion, once a second. */
function usePlaying(playing: boolean, dispatch: AppProps["dispatch"]): void {
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
function onKey(event: KeyboardEvent, { story, choices }: Model, dispatch: AppProps["dispatch"]): void {
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
