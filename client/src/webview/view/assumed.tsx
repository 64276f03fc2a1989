import type { VNode } from "preact";
import { assumedTiming, assumptionsText } from "../../../../server/src/engine/rollout/assumptions.js";
import { rolloutStatusNote } from "../../../../server/src/engine/rollout/rollout-status.js";
import type { Simulation } from "../../../../server/src/engine/rollout/simulate.js";
import type { ModelEvent } from "../model.js";
import type { WhatIf } from "../what-if.js";
import { NumberField } from "./fields.js";

interface AssumedProps {
  readonly simulation: Simulation;
  /** What is worth knowing about the apply. */
  readonly notes: readonly string[];
  readonly whatIf: WhatIf;
  readonly dispatch: (event: ModelEvent) => void;
}

const times = [
  ["secondsToStart", "start", "toRunning"],
  ["secondsToReady", "ready", "toReady"],
  ["secondsToStop", "stop", "toGone"],
  ["secondsToDetach", "detach", "toDetach"],
] as const;

/** What a pipeline sees, what was assumed, and fields to assume something else. */
export function Assumed({ simulation, notes, whatIf, dispatch }: AssumedProps): VNode | null {
  const assumed = assumptionsText(simulation);
  if (assumed === undefined && notes.length === 0) return null;
  const timing = assumedTiming(simulation);
  const pipeline = rolloutStatusNote(simulation);
  return (
    <div class="assumed">
      {notes.map((note) => (
        <p key={note}>{note}.</p>
      ))}
      {pipeline !== undefined && <p>{pipeline.replaceAll("`", "")}.</p>}
      {assumed !== undefined && (
        <details>
          <summary>{assumed}</summary>
          <div class="assumed-times" role="group" aria-label="Assumed seconds">
            {times.map(([key, label, field]) => (
              <NumberField
                key={key}
                label={`seconds to ${label}`}
                least={0}
                changed={whatIf[key] !== undefined}
                value={whatIf[key]}
                placeholder={String(timing[field])}
                onChange={(seconds) => dispatch({ type: "supposed", whatIf: { [key]: seconds } })}
              />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}
