import type { VNode } from "preact";
import { assumedTiming, assumptionsOf } from "../../../../server/src/engine/rollout/assumptions.js";
import { rolloutStatusNote } from "../../../../server/src/engine/rollout/rollout-status.js";
import type { Simulation } from "../../../../server/src/engine/rollout/simulate.js";
import type { ModelEvent } from "../model.js";
import type { WhatIf } from "../what-if.js";
import { NumberField } from "./fields.js";

interface AssumedProps {
  readonly simulation: Simulation;
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
export function Assumed({ simulation, whatIf, dispatch }: AssumedProps): VNode | null {
  const assumptions = assumptionsOf(simulation);
  if (assumptions.length === 0) return null;
  const timing = assumedTiming(simulation);
  const start = assumptions.find(({ about }) => about === "start");
  const pipeline = rolloutStatusNote(simulation);
  return (
    <section class="assumed" aria-labelledby="assumed-title">
      <h2 id="assumed-title">What was assumed</h2>
      {pipeline !== undefined && <p>{pipeline.replaceAll("`", "")}.</p>}
      {start !== undefined && <p>{`${start.text.charAt(0).toUpperCase()}${start.text.slice(1)}.`}</p>}
      <p>Seconds that a pod takes to start, to become Ready and to stop, and that a lost node keeps its volumes:</p>
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
    </section>
  );
}
