import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { axisHeight } from "../../../../server/src/engine/drawing/layout.js";
import type { PanelPlay } from "../../../../server/src/engine/maintenance/panel-play.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";
import type { Manifest } from "../choices.js";
import type { ToHost } from "../messages.js";
import { lengthOf, type Model, type ModelEvent } from "../model.js";
import { Header } from "./header.js";
import { icons } from "./icons.js";
import { PatternDefinitions } from "./looks.js";
import { ClusterBar, type ClusterProps } from "./nodes-bar.js";
import { onKey, useCalmEntry, usePlaying } from "./player.js";
import { PlayheadLine } from "./playhead.js";
import { Recovery } from "./recovery.js";
import { useKeptMoment, useRevealedMoment, useWheelZoom } from "./scrolling.js";
import { Story } from "./story.js";
import { Zoom } from "./timeline.js";
import { Transport } from "./transport.js";

interface NodesPreviewProps extends ClusterProps {
  readonly model: Model;
  readonly manifest: Manifest;
  readonly post: (message: ToHost) => void;
}

type Played = Extract<PanelPlay, { readonly type: "played" }>;

/** The page while something is done to the nodes: the host plays and draws that, and the page shows it. */
export function NodesPreview({ model, manifest, asked, dispatch, post }: NodesPreviewProps): VNode {
  const { choices, nodes, playhead, stale, story } = model;
  const played = nodes?.type === "played" ? nodes : undefined;
  const entry = useCalmEntry(playhead.entry, model.playing, 100);
  const told = story[useCalmEntry(playhead.entry, model.playing, 3000)];
  const onSelect = useCallback((chosen: number) => dispatch({ type: "entrySelected", entry: chosen }), [dispatch]);
  const onReveal = useCallback((field: string) => post({ type: "reveal", field }), [post]);
  usePlaying(model.playing, dispatch);
  return (
    <div class="app" onKeyDown={(event) => onKey(event, model, dispatch)}>
      <Header manifest={manifest} choices={choices} dispatch={dispatch} post={post} />
      <NodesVerdict nodes={nodes} onCopy={(text) => post({ type: "copy", text })} />
      {stale !== undefined && (
        <div class="banner banner-stale" role="status">
          <strong>As of a moment ago.</strong> {stale}
        </div>
      )}
      <Recovery runbook={played?.runbook} onCopy={(text) => post({ type: "copy", text })} />
      <div class="body">
        <div class="picture">
          <NodesTimeline model={model} asked={asked} played={played} dispatch={dispatch} post={post} />
          {played !== undefined && played.notes.length > 0 && (
            <div class="assumed">
              {played.notes.map((note) => (
                <p key={note}>{note}.</p>
              ))}
            </div>
          )}
        </div>
        {useMemo(
          () => (
            <Story story={story} selected={entry} cursor={undefined} onSelect={onSelect} onReveal={onReveal} />
          ),
          [story, entry, onSelect, onReveal],
        )}
      </div>
      <footer class="foot">
        <Transport model={model} dispatch={dispatch} />
        {useMemo(
          () => (
            <ClusterBar asked={asked} played={played} dispatch={dispatch} />
          ),
          [asked, played, dispatch],
        )}
      </footer>
      <p class="unseen" role="status">
        {told === undefined ? (played?.headline ?? "") : `${formatMoment(told.at)}: ${told.title}. ${told.why}`}
      </p>
    </div>
  );
}

interface NodesVerdictProps {
  readonly nodes: PanelPlay | undefined;
  readonly onCopy: (text: string) => void;
}

/** What it comes to in one line, and what else is to be said of it. */
function NodesVerdict({ nodes, onCopy }: NodesVerdictProps): VNode {
  if (nodes === undefined) return <p class="empty">Playing …</p>;
  const { tone, headline, why, reasons } =
    nodes.type === "played"
      ? nodes
      : { tone: "bad" as const, headline: "Cannot be played", why: undefined, reasons: nodes.problems };
  return (
    <div class={`verdict verdict-${tone}`}>
      <div class="verdict-words">
        <p class="verdict-title">
          {icons[tone]}
          {headline}
        </p>
        {why !== undefined && <p class="verdict-reason">{why}</p>}
        <ul class="facts" aria-label="What else follows">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
      {nodes.type === "played" && (
        <button type="button" class="framed" onClick={() => onCopy(nodes.text)}>
          {icons.copy}
          Copy as text
        </button>
      )}
    </div>
  );
}

interface NodesTimelineProps extends Pick<NodesPreviewProps, "model" | "asked" | "dispatch" | "post"> {
  readonly played: Played | undefined;
}

/** The drawing of the host, and the playhead over it. */
function NodesTimeline({ model, asked, played, dispatch, post }: NodesTimelineProps): VNode {
  const { choices, playhead, story } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  useAsked({ asked, width: Math.min(widest, Math.round(width * choices.zoom)) }, model.manifest, post);
  const drawing = played?.drawing;
  const layout = useMemo(
    () => ({ labelWidth: drawing?.left ?? 0, pixelsPerSecond: drawing?.pixelsPerSecond ?? 1 }),
    [drawing?.left, drawing?.pixelsPerSecond],
  );
  useKeptMoment(scroller, layout, playhead.at);
  useRevealedMoment(scroller, layout, playhead.at);
  useWheelZoom(scroller, choices.zoom, dispatch);
  return (
    <div class="timeline nodes" ref={scroller} tabIndex={0} role="group" aria-label="Timeline of the nodes">
      <svg width="0" height="0" class="definitions" aria-hidden="true">
        <PatternDefinitions />
      </svg>
      {drawing !== undefined && (
        <div
          class="canvas"
          style={{ gridTemplateColumns: `${drawing.left}px auto`, gridTemplateRows: `${axisHeight}px 1fr` }}
        >
          <div class="corner">
            <Zoom zoom={choices.zoom} dispatch={dispatch} />
          </div>
          <Drawn markup={drawing.markup} layout={layout} dispatch={dispatch} />
          <PlayheadLine
            end={lengthOf(model)}
            layout={layout}
            playhead={playhead}
            selected={story[playhead.entry]}
            dispatch={dispatch}
          />
        </div>
      )}
    </div>
  );
}

/** The widest drawing that is asked for, in pixels. */
const widest = 30_000;

interface DrawnProps {
  readonly markup: string;
  readonly layout: { readonly labelWidth: number; readonly pixelsPerSecond: number };
  readonly dispatch: (event: ModelEvent) => void;
}

/** The drawing module escapes every text, and the page's policy lets nothing run that is not the page's own script. */
function Drawn({ markup, layout, dispatch }: DrawnProps): VNode {
  return useMemo(
    () => (
      <div
        class="drawn"
        onClick={({ clientX, currentTarget }) => {
          const x = clientX - currentTarget.getBoundingClientRect().left - layout.labelWidth;
          if (x >= 0) dispatch({ type: "sought", at: x / layout.pixelsPerSecond });
        }}
        dangerouslySetInnerHTML={{ __html: markup }}
      />
    ),
    [markup, layout, dispatch],
  );
}

/** Asks the host whenever something else is to be played, or in another width. */
function useAsked(
  { asked, width }: Pick<Extract<ToHost, { readonly type: "playNodes" }>, "asked" | "width">,
  manifest: Model["manifest"],
  post: NodesPreviewProps["post"],
): void {
  const source = manifest?.source.uri;
  useEffect(() => {
    if (width === 0) return undefined;
    // While a panel is made wider, one drawing is enough.
    const timer = setTimeout(() => post({ type: "playNodes", asked, width }), 50);
    return () => clearTimeout(timer);
  }, [asked, width, source, post]);
}

/** Of what is in sight, without a scrollbar; 0 until it is known. */
function useWidth(scroller: { readonly current: HTMLDivElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  return width;
}
