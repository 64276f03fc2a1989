import { behaviourOf, type GateOverrides, type Release } from "../../../server/src/engine/kubernetes/versions.js";
import type { Limits } from "../../../server/src/engine/rollout/begin.js";
import type { Propagation } from "../../../server/src/engine/rollout/deletion.js";
import {
  acting,
  creating,
  editing,
  type Scenario,
  type ScenarioFault,
} from "../../../server/src/engine/rollout/scenario.js";
import type { SimulationInput } from "../../../server/src/engine/rollout/simulate.js";
import type { PodTiming } from "../../../server/src/engine/rollout/world.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import type { FormerFile, PreviewSource } from "./preview-source.js";
import { withImmutableWhatIf, withWhatIf, type SupposedFault, type WhatIf } from "./what-if.js";

/** What the host has told of the StatefulSet. */
export interface Manifest {
  readonly source: PreviewSource;
  readonly release: Release;
  /** The gates that the settings switch. */
  readonly featureGates: GateOverrides;
  readonly now: WrittenSpec;
  readonly opened: WrittenSpec;
  readonly saved: WrittenSpec;
  readonly former: FormerFile | undefined;
}

/** What the user has chosen in the panel; kept for the day it is restored. */
export interface Choices {
  /** `undefined` until the user chooses: the edit if there is one, else the creation. */
  readonly play: Play | undefined;
  /** What an edit is compared with; `former` is the other file that the host has told of. */
  readonly compareWith: "opened" | "saved" | "former";
  readonly whatIf: WhatIf;
  /** Virtual seconds for each second of the viewer; `undefined` where it is fitted to the length of the rollout. */
  readonly speed: number | undefined;
  /** 1 shows the whole rollout, 2 half of it, and so on. */
  readonly zoom: number;
}

/** What is played. Ordinals name pods. */
export type Play =
  | { readonly type: "create" }
  | { readonly type: "edit" }
  | { readonly type: "scale"; readonly replicas: number }
  | { readonly type: "changeImage" }
  | { readonly type: "restart" }
  /**
   * The edit, or a restart where there is none, is taken back so many seconds later; `undefined` when it has settled.
   */
  | { readonly type: "rollBack"; readonly after: number | undefined }
  | { readonly type: "delete"; readonly propagation: Propagation }
  | { readonly type: "deletePod"; readonly ordinal: number }
  | { readonly type: "loseNode"; readonly ordinal: number };

/** What is played under these choices. */
export function playOf(manifest: Manifest, choices: Choices): Play {
  return choices.play ?? { type: isEdited(manifest, choices) ? "edit" : "create" };
}

/** Whether the manifest now says anything else about the rollout than what it is compared with. */
function isEdited(manifest: Manifest, choices: Choices): boolean {
  return JSON.stringify(formerSpec(manifest, choices)) !== JSON.stringify(manifest.now);
}

/** What the engine is to simulate. */
export function simulationInput(manifest: Manifest, choices: Choices): SimulationInput {
  const { whatIf } = choices;
  const play = playOf(manifest, choices);
  const scenario = scenarioOf(manifest, choices, play);
  const hits = revisionHit(manifest, choices, play);
  return {
    behaviour: behaviourOf(whatIf.release ?? manifest.release, manifest.featureGates),
    scenario: {
      ...scenario,
      faults: whatIf.faults.map((fault) => scenarioFault(fault, hits)),
      timing: timingOf(whatIf),
    },
    limits,
  };
}

/** Only the times that the user chose. */
function timingOf(whatIf: WhatIf): Partial<PodTiming> | undefined {
  const times = [
    ["toRunning", whatIf.secondsToStart],
    ["toReady", whatIf.secondsToReady],
    ["toGone", whatIf.secondsToStop],
    ["toDetach", whatIf.secondsToDetach],
  ] as const;
  const supposed = times.filter(([, seconds]) => seconds !== undefined);
  return supposed.length === 0 ? undefined : Object.fromEntries(supposed);
}

/** Less than elsewhere: nobody wants to wait for a picture while a number of replicas is being typed. */
const limits: Limits = { steps: 100_000, replicas: 10_000 };

function scenarioOf(manifest: Manifest, choices: Choices, play: Play): Scenario {
  const { whatIf } = choices;
  const former = withImmutableWhatIf(formerSpec(manifest, choices), whatIf);
  const now = withWhatIf(manifest.now, whatIf);
  switch (play.type) {
    case "create":
      return creating(now);
    case "edit":
      return editing(former, now);
    case "scale":
    case "changeImage":
    case "restart":
    case "delete":
    case "deletePod":
    case "loseNode":
      return acting(now, play);
    case "rollBack": {
      const first = isEdited(manifest, choices) ? editing(former, now) : acting(now, { type: "restart" });
      const when = play.after === undefined ? settled : ({ type: "at", seconds: play.after } as const);
      return { ...first, actions: [...first.actions, { when, action: play }] };
    }
  }
}

const settled = { type: "settled" } as const;

/** A fault of a pod is most often one of its new template: where there is one, pods of the old one are spared. */
function revisionHit(manifest: Manifest, choices: Choices, play: Play): ScenarioFault["revision"] {
  const changed = formerSpec(manifest, choices).revision !== manifest.now.revision;
  switch (play.type) {
    case "changeImage":
    case "restart":
      return "new";
    case "rollBack":
      return changed || !isEdited(manifest, choices) ? "new" : undefined;
    case "edit":
      return changed ? "new" : undefined;
    case "create":
    case "scale":
    case "delete":
    case "deletePod":
    case "loseNode":
      return undefined;
  }
}

function scenarioFault({ ordinal, effect }: SupposedFault, revision: ScenarioFault["revision"]): ScenarioFault {
  return { ordinals: [ordinal], revision, effect };
}

/** What the set is before an edit. That of another file counts as this set, whatever it is called there. */
function formerSpec({ now, opened, saved, former }: Manifest, { compareWith }: Choices): WrittenSpec {
  switch (compareWith) {
    case "opened":
      return opened;
    case "saved":
      return saved;
    case "former":
      return former?.written ? { ...former.written, name: now.name, namespace: now.namespace } : opened;
  }
}
