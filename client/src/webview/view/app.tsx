import type { VNode } from "preact";
import { useCallback, useMemo, useRef } from "preact/hooks";
import { groupClaims } from "../../../../server/src/engine/rollout/claim-groups.js";
import { applyNotes, type Manifest } from "../choices.js";
import type { ToHost } from "../messages.js";
import { askedNodes, type Model, type ModelEvent } from "../model.js";
import type { Simulation } from "../../../../server/src/engine/rollout/simulate.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";
import { notesOf, type Shared } from "../../../../server/src/engine/rollout/share.js";
import { verdictOf } from "../../../../server/src/engine/rollout/verdict.js";
import { pictureOf } from "../../../../server/src/engine/rollout/picture.js";
import { Assumed } from "./assumed.js";
import { Claims, DataLoss } from "./claims.js";
import { Header, VerdictLine } from "./header.js";
import { Legend } from "./legend.js";
import { NodesPreview } from "./nodes.js";
import { onKey, useCalmEntry, usePlaying } from "./player.js";
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
  const asked = askedNodes(model);
  if (manifest !== undefined && asked !== undefined) {
    return <NodesPreview model={model} manifest={manifest} asked={asked} dispatch={dispatch} post={post} />;
  }
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
          runbook={verdict.runbook && { ...verdict.runbook, lines: verdict.recovery }}
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
