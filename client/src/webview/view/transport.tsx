import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { lengthOf, type Model, type ModelEvent } from "../model.js";
import { formatMoment } from "../../../../server/src/engine/rollout/time.js";
import { Choice } from "./fields.js";
import { icons } from "./icons.js";

const speeds = [1, 2, 5, 10, 30, 60, 300];

/** Plays, stops and steps. */
export function Transport({
  model,
  dispatch,
}: {
  readonly model: Model;
  readonly dispatch: (event: ModelEvent) => void;
}): VNode {
  const { playing, playhead, story, choices } = model;
  const end = lengthOf(model);
  // All but the moment stays as it is while it plays.
  const buttons = useMemo(
    () => <Buttons playing={playing} lastEntry={story.length - 1} dispatch={dispatch} />,
    [playing, story.length, dispatch],
  );
  const speed = useMemo(() => <Speed speed={choices.speed} dispatch={dispatch} />, [choices.speed, dispatch]);
  return (
    <div class="transport" role="group" aria-label="Playback">
      {buttons}
      <span class="moment">{`${formatMoment(playhead.at)} / ${formatMoment(end)}`}</span>
      {speed}
    </div>
  );
}

interface ButtonsProps {
  readonly playing: boolean;
  readonly lastEntry: number;
  readonly dispatch: (event: ModelEvent) => void;
}

function Buttons({ playing, lastEntry, dispatch }: ButtonsProps): VNode {
  const button = (label: string, keys: string, icon: VNode, event: ModelEvent): VNode => (
    <button type="button" class="tool" aria-label={label} title={`${label} (${keys})`} onClick={() => dispatch(event)}>
      {icon}
    </button>
  );
  return (
    <>
      {button("To the start", "Home", icons.toStart, { type: "entrySelected", entry: 0 })}
      {button("One step back", "Left", icons.back, { type: "stepped", by: -1 })}
      <button
        type="button"
        class="tool round"
        aria-label={playing ? "Pause" : "Play"}
        title={`${playing ? "Pause" : "Play"} (Space)`}
        onClick={() => dispatch({ type: "playToggled" })}
      >
        {playing ? icons.pause : icons.play}
      </button>
      {button("One step on", "Right", icons.forward, { type: "stepped", by: 1 })}
      {button("To the end", "End", icons.toEnd, { type: "entrySelected", entry: lastEntry })}
    </>
  );
}

interface SpeedProps {
  readonly speed: number | undefined;
  readonly dispatch: (event: ModelEvent) => void;
}

function Speed({ speed, dispatch }: SpeedProps): VNode {
  return (
    <Choice
      position="above"
      label="speed"
      value={speed === undefined ? "fit" : String(speed)}
      options={[["fit", "fitted"], ...speeds.map((value) => [String(value), `${value}×`] as const)]}
      onChange={(value) => dispatch({ type: "speedChosen", speed: value === "fit" ? undefined : Number(value) })}
    />
  );
}
