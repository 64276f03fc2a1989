import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { formatRelease, parseRelease, type Release } from "../../../../server/src/engine/kubernetes/versions.js";
import { podName } from "../../../../server/src/engine/rollout/spec.js";
import {
  areFieldEdits,
  controlNames,
  controlOf,
  formOf,
  valueOf,
  type ControlName,
} from "../../../../server/src/engine/rollout/fields.js";
import type { Control } from "../../../../server/src/engine/kubernetes/rollout-fields.js";
import type { FaultEffect } from "../../../../server/src/engine/rollout/world.js";
import type { Manifest } from "../choices.js";
import type { ToHost } from "../messages.js";
import type { ModelEvent } from "../model.js";
import { editsOf, isAsWritten, type SupposedFault, type WhatIf } from "../what-if.js";
import { Choice, NumberField, TextField } from "./fields.js";
import { icons } from "./icons.js";

interface WhatIfProps {
  readonly manifest: Manifest;
  readonly whatIf: WhatIf;
  readonly dispatch: (event: ModelEvent) => void;
}

interface WhatIfBarProps extends WhatIfProps {
  /** The manifest cannot be read at this moment, so nothing can be written to it. */
  readonly stale: boolean;
  readonly post: (message: ToHost) => void;
}

/** The controls for everything that can be supposed without editing the file. */
export function WhatIfBar({ manifest, whatIf, stale, dispatch, post }: WhatIfBarProps): VNode {
  const { release } = whatIf;
  const [more, setMore] = useState(false);
  const edits = editsOf(manifest.now, whatIf);
  return (
    <div class="what-if" role="group" aria-label="What if">
      <span class="group-title">What if</span>
      <SpecControls row="first" manifest={manifest} whatIf={whatIf} dispatch={dispatch} />
      <Faults manifest={manifest} whatIf={whatIf} dispatch={dispatch} />
      {more && (
        <>
          <SpecControls row="more" manifest={manifest} whatIf={whatIf} dispatch={dispatch} />
          <Choice
            position="above"
            label="Kubernetes"
            changed={release !== undefined}
            value={formatRelease(release ?? manifest.release)}
            options={releases(manifest.release)}
            onChange={(text) => {
              const chosen = text === formatRelease(manifest.release) ? undefined : parseRelease(text);
              dispatch({ type: "supposed", whatIf: { release: chosen } });
            }}
          />
        </>
      )}
      <button type="button" class="more" aria-expanded={more} onClick={() => setMore(!more)}>
        {more ? "Less" : "More"}
      </button>
      {!isAsWritten(whatIf) && (
        <button type="button" class="more" onClick={() => dispatch({ type: "supposedNothing" })}>
          As written
        </button>
      )}
      <button
        type="button"
        class="write"
        disabled={stale || !areFieldEdits(edits)}
        title={edits.map(({ field, value }) => (value === null ? `without ${field}` : `${field}: ${value}`)).join("\n")}
        onClick={() => post({ type: "write", edits })}
      >
        Write to the manifest
      </button>
    </div>
  );
}

/** The controls of one row for the fields of the StatefulSet. */
function SpecControls({ row, manifest, whatIf, dispatch }: WhatIfProps & Pick<Control, "row">): VNode {
  const rolling = (whatIf.strategy ?? valueOf(manifest.now, "strategy")) === "RollingUpdate";
  const shown = controlNames
    .filter((name) => controlOf(name).row === row && (rolling || controlOf(name).rolling !== true))
    .toSorted((one, other) => controlOf(one).order - controlOf(other).order);
  return (
    <>
      {shown.map((name) => (
        <SpecControl key={name} name={name} manifest={manifest} whatIf={whatIf} dispatch={dispatch} />
      ))}
    </>
  );
}

function SpecControl({ name, manifest, whatIf, dispatch }: WhatIfProps & { readonly name: ControlName }): VNode {
  const written = valueOf(manifest.now, name);
  const value = whatIf[name] ?? written;
  const { label, since } = controlOf(name);
  const shared = { label, changed: whatIf[name] !== undefined };
  /** A control that is set back to what the manifest says supposes nothing any more. */
  const suppose = (chosen: number | string | undefined): void =>
    dispatch({ type: "supposed", whatIf: { [name]: chosen === written ? undefined : chosen } });
  const { minor } = whatIf.release ?? manifest.release;
  const form = formOf(name);
  switch (form.type) {
    case "count":
      return <NumberField {...shared} least={0} value={Number(value)} onChange={suppose} />;
    case "amount":
      return (
        <TextField
          {...shared}
          value={String(value)}
          onChange={(text) => suppose(text === "" ? undefined : amountOf(text))}
        />
      );
    case "choice":
      return (
        <Choice
          {...shared}
          position="above"
          value={String(value)}
          options={form.options.filter((option) => minor >= (since?.[option] ?? 0))}
          onChange={suppose}
        />
      );
  }
}

const effects: readonly (readonly [type: FaultEffect["type"], words: string])[] = [
  ["neverReady", "never becomes ready"],
  ["crashLoop", "crashes again and again"],
  ["failsOnce", "fails once"],
  ["slow", "takes 5 minutes"],
  ["unschedulable", "finds no node"],
];

/** One pod in trouble each: those that are supposed, and a row to add another. */
function Faults({ manifest, whatIf, dispatch }: WhatIfProps): VNode {
  const start = manifest.now.ordinals?.start ?? 0;
  const replicas = Math.max(1, whatIf.replicas ?? manifest.now.replicas ?? 1);
  const [chosen, setChosen] = useState<number>();
  const ordinal = chosen ?? start + replicas - 1;
  const setFaults = (faults: readonly SupposedFault[]): void => dispatch({ type: "supposed", whatIf: { faults } });
  const add = (type: string): void => {
    const effect = effectOf(type);
    if (effect === undefined) return;
    setFaults([...whatIf.faults.filter((fault) => fault.ordinal !== ordinal), { ordinal, effect }]);
  };
  return (
    <div class="faults" role="group" aria-label="Faults">
      {whatIf.faults.map((fault) => {
        const words = `${podName(manifest.now, fault.ordinal)} ${wordsOf(fault.effect)}`;
        return (
          <button
            key={fault.ordinal}
            type="button"
            class="chip fault"
            aria-label={`Remove: ${words}`}
            title="Remove"
            onClick={() => setFaults(whatIf.faults.filter((other) => other !== fault))}
          >
            {words}
            {icons.close}
          </button>
        );
      })}
      <NumberField label="pod" least={start} value={ordinal} onChange={setChosen} />
      <Choice position="above" label="fault" value="" options={[["", "add a fault"], ...effects]} onChange={add} />
    </div>
  );
}

function effectOf(type: string): FaultEffect | undefined {
  switch (type) {
    case "neverReady":
    case "crashLoop":
    case "failsOnce":
    case "unschedulable":
      return { type };
    case "slow":
      return { type, secondsToReady: 300 };
    default:
      return undefined;
  }
}

function wordsOf({ type }: FaultEffect): string {
  return effects.find(([other]) => other === type)?.[1] ?? type;
}

/** The releases whose differences `kubernetes/versions.ts` knows, 1.35 twice because of its two behaviours. */
function releases(own: Release): readonly string[] {
  const known = [
    "1.37",
    "1.36",
    "1.35",
    "1.35.3",
    "1.34",
    "1.33",
    "1.32",
    "1.31",
    "1.30",
    "1.29",
    "1.28",
    "1.27",
    "1.26",
  ];
  const text = formatRelease(own);
  return known.includes(text) ? known : [text, ...known];
}

function amountOf(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
