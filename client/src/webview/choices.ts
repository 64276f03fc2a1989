import * as v from "valibot";
import { behaviourOf, isFeatureGate, type FeatureGate } from "../../../server/src/engine/kubernetes/versions.js";
import { askedFor, askedPlay, type AskedPlay } from "../../../server/src/engine/maintenance/panel-play.js";
import type { Limits } from "../../../server/src/engine/rollout/begin.js";
import {
  acting,
  creating,
  editing,
  type Scenario,
  type ScenarioFault,
} from "../../../server/src/engine/rollout/scenario.js";
import {
  playedApply,
  scenarioOf as scenarioOfApply,
  type PlayedApply,
} from "../../../server/src/engine/rollout/played-apply.js";
import { natural, number, optional, type Read } from "../../../server/src/engine/rollout/schema.js";
import type { SimulationInput } from "../../../server/src/engine/rollout/simulate.js";
import type { PodTiming } from "../../../server/src/engine/rollout/world.js";
import { writtenSpec, type WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { formerFile, previewSource } from "./preview-source.js";
import { release, whatIf, withImmutableWhatIf, withWhatIf, type SupposedFault, type WhatIf } from "./what-if.js";

/** What the host has told of the StatefulSet. */
export const manifest = v.object({
  source: previewSource,
  /** The release that the user's settings name, and the gates that they switch. */
  release,
  featureGates: v.record(
    v.custom<FeatureGate>((name) => typeof name === "string" && isFeatureGate(name)),
    v.boolean(),
  ),
  /** What the manifest says at this moment. */
  now: writtenSpec,
  /** What its file said when the panel was opened, and when it was last saved. */
  opened: writtenSpec,
  saved: writtenSpec,
  /** The revision of git with which the editor compares all files; `undefined` where it compares with something else. */
  base: optional(v.string()),
  /** `undefined` until the user has chosen another file, or the base. */
  former: optional(formerFile),
  /** What the manifest was as JSON when the panel was opened; the page keeps it. */
  openedManifest: optional(v.string()),
  /** What applying the manifest does; each `undefined` where a tool will still write some of the manifests. */
  applies: optional(
    v.object({
      create: optional(playedApply),
      opened: optional(playedApply),
      saved: optional(playedApply),
      former: optional(playedApply),
    }),
  ),
});
export type Manifest = Read<typeof manifest>;

/** What is played. Ordinals name pods. */
const play = v.variant("type", [
  v.object({ type: v.literal("create") }),
  v.object({ type: v.literal("edit") }),
  v.object({ type: v.literal("changeImage") }),
  v.object({ type: v.literal("restart") }),
  v.object({ type: v.literal("scale"), replicas: natural }),
  /**
   * The edit, or a restart where there is none, is taken back so many seconds later; `undefined` when it has settled.
   */
  v.object({ type: v.literal("rollBack"), after: optional(number) }),
  v.object({ type: v.literal("delete"), propagation: v.picklist(["Background", "Foreground", "Orphan"]) }),
  v.object({ type: v.literal("deletePod"), ordinal: natural }),
  v.object({ type: v.literal("loseNode"), ordinal: natural }),
  /** Something is done to the nodes, which the host has played. */
  v.object({ type: v.literal("nodes"), asked: askedPlay }),
]);
export type Play = Read<typeof play>;
/** What the page plays by itself. */
type RolloutPlay = Exclude<Play, { readonly type: "nodes" }>;

/** What the user has chosen in the panel; kept for the day it is restored. */
export const choices = v.object({
  /** `undefined` until the user chooses: the edit if there is one, else the creation. */
  play: optional(play),
  /** What an edit is compared with; `former` is the other file that the host has told of. */
  compareWith: v.picklist(["opened", "saved", "former"]),
  whatIf,
  /** Whether the runbook is followed, where there is one. */
  follows: optional(v.boolean()),
  /** Virtual seconds for each second of the viewer; `undefined` where it is fitted to the length of the rollout. */
  speed: optional(number),
  /** 1 shows the whole rollout, 2 half of it, and so on. */
  zoom: number,
});
export type Choices = Read<typeof choices>;

/** What is done to the nodes before the user has chosen anything of it: as many as there are pods, so that all find one. */
export function firstAsked({ now }: Manifest): AskedPlay {
  return askedFor({ play: "drain-all", nodes: Math.max(3, Math.min(now.replicas ?? 1, 20)), zones: 3 });
}

/** What is played under these choices. */
export function playOf(manifest: Manifest, choices: Choices): Play {
  return choices.play ?? { type: isEdited(manifest, choices) ? "edit" : "create" };
}

/** Whether the manifest now says anything else about the rollout than what it is compared with. */
function isEdited(manifest: Manifest, choices: Choices): boolean {
  return JSON.stringify(formerSpec(manifest, choices)) !== JSON.stringify(manifest.now);
}

/** What the engine is to simulate; `undefined` where it is the nodes that something is done to. */
export function simulationInput(manifest: Manifest, choices: Choices): SimulationInput | undefined {
  const { whatIf } = choices;
  const play = playOf(manifest, choices);
  if (play.type === "nodes") return undefined;
  const scenario = scenarioOf(manifest, choices, play);
  const hits = revisionHit(manifest, choices, play);
  return {
    behaviour: behaviourOf(whatIf.release ?? manifest.release, manifest.featureGates),
    scenario: {
      ...scenario,
      faults: whatIf.faults.map((fault) => scenarioFault(fault, hits)),
      timing: timingOf(whatIf),
    },
    refusedPods: applyOf(manifest, choices, play)?.refusedPods,
    limits,
  };
}

/** What is worth knowing about the apply that is played; one sentence each. */
export function applyNotes(manifest: Manifest, choices: Choices): readonly string[] {
  return applyOf(manifest, choices, playOf(manifest, choices))?.notes ?? [];
}

/** The apply with which a play begins, as the API server takes it. */
function applyOf(manifest: Manifest, choices: Choices, play: Play): PlayedApply | undefined {
  const { applies } = manifest;
  switch (play.type) {
    case "create":
      return applies?.create;
    case "edit":
    case "rollBack":
      return isEdited(manifest, choices) || play.type === "edit" ? applies?.[choices.compareWith] : undefined;
    default:
      return undefined;
  }
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

/** Less than elsewhere: a picture must not take long while a number of replicas is being typed. */
const limits: Limits = { steps: 100_000, replicas: 10_000 };

function scenarioOf(manifest: Manifest, choices: Choices, play: RolloutPlay): Scenario {
  const { whatIf } = choices;
  const now = withWhatIf(manifest.now, whatIf);
  switch (play.type) {
    case "create":
    case "edit":
      return applying(manifest, choices, play);
    case "scale":
    case "changeImage":
    case "restart":
    case "delete":
    case "deletePod":
    case "loseNode":
      return acting(now, play);
    case "rollBack": {
      const first = isEdited(manifest, choices) ? applying(manifest, choices, play) : acting(now, { type: "restart" });
      const when = play.after === undefined ? settled : ({ type: "at", seconds: play.after } as const);
      return { ...first, actions: [...first.actions, { when, action: play }] };
    }
  }
}

/** The apply as the API server takes it; as it is written where that is not known. */
function applying(manifest: Manifest, choices: Choices, play: RolloutPlay): Scenario {
  const { whatIf } = choices;
  const apply = applyOf(manifest, choices, play);
  if (apply !== undefined) {
    const from = apply.from && withImmutableWhatIf(apply.from, whatIf);
    return scenarioOfApply({ ...apply, from, spec: withWhatIf(apply.spec, whatIf) });
  }
  const now = withWhatIf(manifest.now, whatIf);
  if (play.type === "create") return creating(now);
  return editing(withImmutableWhatIf(formerSpec(manifest, choices), whatIf), now);
}

const settled = { type: "settled" } as const;

/** A fault of a pod is most often one of its new template: where there is one, pods of the old one are spared. */
function revisionHit(manifest: Manifest, choices: Choices, play: RolloutPlay): ScenarioFault["revision"] {
  const apply = applyOf(manifest, choices, play);
  const [former, now] = apply?.from ? [apply.from, apply.spec] : [formerSpec(manifest, choices), manifest.now];
  const changed = former.revision !== now.revision;
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
