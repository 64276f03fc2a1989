import type { AskedPlay, PanelPlay } from "../../../server/src/engine/maintenance/panel-play.js";
import { recovered } from "../../../server/src/engine/rollout/recovered.js";
import { simulate, type Simulation, type SimulationInput } from "../../../server/src/engine/rollout/simulate.js";
import { playOf, simulationInput, type Choices, type Manifest, type Play } from "./choices.js";
import type { ToPage } from "./messages.js";
import { storyOf, type StoryEntry } from "../../../server/src/engine/rollout/story.js";
import { noWhatIf, withoutWritten, type WhatIf } from "./what-if.js";

/*
 * The state of the page and what changes it. Pure: `reduce` never touches the document, a clock or the host.
 */

export interface Model {
  readonly manifest: Manifest | undefined;
  /** Why the manifest cannot be read at this moment, while the last readable one is shown. */
  readonly stale: string | undefined;
  /** The field that the editor's cursor is on. */
  readonly cursor: string | undefined;
  readonly choices: Choices;
  /** What the host has played of the nodes last; `undefined` before that. */
  readonly nodes: PanelPlay | undefined;
  /** What is drawn and told; `undefined` until a manifest has come, and while nodes are played. */
  readonly simulation: Simulation | undefined;
  /** What the manifest does under these choices: the same, unless a runbook is followed. */
  readonly judged: Simulation | undefined;
  /** The same when its runbook is followed; `undefined` where there is none to play. */
  readonly recovery: Simulation | undefined;
  /** The simulation in words; empty until there is one. */
  readonly story: readonly StoryEntry[];
  readonly playhead: Playhead;
  readonly playing: boolean;
}

/** The one selection: a moment, and the entry of the story that is the last to have happened by then. */
export interface Playhead {
  /** Seconds since the start. */
  readonly at: number;
  /** Index into the story; -1 before its first entry. */
  readonly entry: number;
}

export type ModelEvent =
  | { readonly type: "received"; readonly message: ToPage }
  | { readonly type: "played"; readonly play: Play }
  /** Nodes or pods have the lanes of a play of nodes. */
  | { readonly type: "lanesChosen"; readonly lanes: AskedPlay["lanes"] }
  | { readonly type: "compared"; readonly compareWith: Choices["compareWith"] }
  | { readonly type: "supposed"; readonly whatIf: Partial<WhatIf> }
  | { readonly type: "supposedNothing" }
  /** The runbook is played, or not any more. */
  | { readonly type: "followed"; readonly follows: boolean }
  | { readonly type: "entrySelected"; readonly entry: number }
  | { readonly type: "stepped"; readonly by: number }
  | { readonly type: "sought"; readonly at: number }
  /** So many seconds of the viewer have passed. */
  | { readonly type: "ticked"; readonly seconds: number }
  | { readonly type: "playToggled" }
  | { readonly type: "speedChosen"; readonly speed: number | undefined }
  | { readonly type: "zoomed"; readonly zoom: number };

export const firstChoices: Choices = {
  play: undefined,
  compareWith: "opened",
  whatIf: noWhatIf,
  follows: undefined,
  speed: undefined,
  zoom: 1,
};

/** The page before the host has said anything. */
export function initialModel(choices: Choices): Model {
  return {
    manifest: undefined,
    stale: undefined,
    cursor: undefined,
    choices,
    nodes: undefined,
    simulation: undefined,
    judged: undefined,
    recovery: undefined,
    story: [],
    playhead: beginning,
    playing: false,
  };
}

export function reduce(model: Model, event: ModelEvent): Model {
  const { choices, playhead } = model;
  switch (event.type) {
    case "received":
      return received(model, event.message);
    case "played":
      return begun(model, { ...choices, play: event.play, follows: undefined });
    case "lanesChosen": {
      const asked = askedNodes(model);
      return asked === undefined
        ? model
        : { ...model, choices: { ...choices, play: { type: "nodes", asked: { ...asked, lanes: event.lanes } } } };
    }
    case "followed":
      return begun(model, { ...choices, follows: event.follows });
    case "compared":
      return simulated({ ...model, choices: { ...choices, compareWith: event.compareWith, follows: undefined } });
    case "supposed":
      return simulated({ ...model, choices: { ...choices, whatIf: { ...choices.whatIf, ...event.whatIf } } });
    case "supposedNothing":
      return simulated({ ...model, choices: { ...choices, whatIf: noWhatIf } });
    case "entrySelected":
      return { ...model, playing: false, playhead: atEntry(model, event.entry) };
    case "stepped":
      return { ...model, playing: false, playhead: atEntry(model, playhead.entry + event.by) };
    case "sought":
      return { ...model, playing: false, playhead: atMoment(model, event.at) };
    case "ticked":
      return ticked(model, event.seconds);
    case "playToggled":
      return toggled(model);
    case "speedChosen":
      return { ...model, choices: { ...choices, speed: event.speed } };
    case "zoomed":
      return { ...model, choices: { ...choices, zoom: Math.min(200, Math.max(1, event.zoom)) } };
  }
}

/** How long it takes until the last thing has happened, in seconds. */
export function lengthOf(model: Pick<Model, "manifest" | "choices" | "nodes" | "simulation">): number {
  const { nodes, simulation } = model;
  if (askedNodes(model) !== undefined) return nodes?.type === "played" ? nodes.seconds : 0;
  return simulation?.steps.at(-1)?.at ?? 0;
}

/** What is to be done to the nodes, where that is played. */
export function askedNodes({ manifest, choices }: Pick<Model, "manifest" | "choices">): AskedPlay | undefined {
  const play = manifest && playOf(manifest, choices);
  return play?.type === "nodes" ? play.asked : undefined;
}

/** Virtual seconds for each second of the viewer. Where none is chosen, the whole takes about 15 seconds. */
export function speedOf(model: Model): number {
  return model.choices.speed ?? Math.max(1, Math.round(lengthOf(model) / 15));
}

const beginning: Playhead = { at: 0, entry: 0 };

/** From its beginning. */
function begun(model: Model, choices: Choices): Model {
  return simulated({ ...model, choices, playhead: beginning, playing: false });
}

function received(model: Model, message: ToPage): Model {
  switch (message.type) {
    case "show": {
      const { type: _, former, ...manifest } = message;
      const whatIf = withoutWritten(model.choices.whatIf, manifest.now);
      const choices = whatIf === model.choices.whatIf ? model.choices : { ...model.choices, whatIf };
      return simulated({
        ...model,
        choices,
        stale: undefined,
        manifest: { ...manifest, former: former ?? undefined },
      });
    }
    case "formerChosen":
      return simulated({ ...model, choices: { ...model.choices, play: { type: "edit" }, compareWith: "former" } });
    case "stale":
      return { ...model, stale: message.reason };
    case "cursor":
      return { ...model, cursor: message.field ?? undefined };
    case "choices":
      return simulated({ ...model, choices: message.choices });
    case "playNodes":
      return begun(model, { ...model.choices, play: { type: "nodes", asked: message.asked } });
    case "nodesPlayed":
      return simulated({ ...model, nodes: message.play });
  }
}

/** Simulates anew and keeps the playhead where it is, as far as there still is such a moment. */
function simulated(model: Model): Model {
  const { manifest, choices, playhead } = model;
  if (manifest === undefined) return model;
  const input = simulationInput(manifest, choices);
  const next = { ...model, ...(input === undefined ? nodesTold(model) : rolledOut(input, choices)) };
  const { story } = next;
  const isThere = story[playhead.entry]?.at === playhead.at;
  return isThere ? next : { ...next, playhead: atMoment(next, playhead.at) };
}

type Told = Pick<Model, "simulation" | "judged" | "recovery" | "story">;

function rolledOut(input: SimulationInput, choices: Choices): Told {
  const judged = simulate(input);
  const recovery = recovered(input, judged);
  const simulation = choices.follows === true && recovery !== undefined ? recovery : judged;
  return { simulation, judged, recovery, story: storyOf(simulation) };
}

function nodesTold({ nodes }: Model): Told {
  const steps = nodes?.type === "played" ? nodes.steps : [];
  const story = steps.map((step): StoryEntry => ({ ...step, field: "", ordinal: undefined }));
  return { simulation: undefined, judged: undefined, recovery: undefined, story };
}

function atEntry({ story, playhead }: Model, entry: number): Playhead {
  const index = Math.max(0, Math.min(story.length - 1, entry));
  const at = story[index]?.at;
  return at === undefined ? playhead : { at, entry: index };
}

function atMoment(model: Model, at: number): Playhead {
  if (model.manifest === undefined) return model.playhead;
  const moment = Math.max(0, Math.min(at, lengthOf(model)));
  return { at: moment, entry: lastEntryBy(model.story, moment) };
}

function ticked(model: Model, seconds: number): Model {
  const { playing, playhead } = model;
  if (!playing) return model;
  const next = atMoment(model, playhead.at + seconds * speedOf(model));
  return { ...model, playhead: next, playing: next.at < lengthOf(model) };
}

function toggled(model: Model): Model {
  const { manifest, playing, playhead } = model;
  if (manifest === undefined) return model;
  const startsAgain = !playing && playhead.at >= lengthOf(model);
  return { ...model, playing: !playing, playhead: startsAgain ? beginning : playhead };
}

/** The last entry that has happened by a moment; -1 if there is none. */
function lastEntryBy(story: readonly StoryEntry[], at: number): number {
  let low = -1;
  let high = story.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((story[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
