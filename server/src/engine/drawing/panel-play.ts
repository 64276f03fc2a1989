import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { drainRunbook } from "../maintenance/drain-runbook.js";
import { startOfManifests } from "../maintenance/manifests.js";
import { zoneNames, type AskedPlay, type PanelPlay } from "../maintenance/panel-play.js";
import { drawnUntilOf } from "../maintenance/play-picture.js";
import { resolvePlay } from "../maintenance/play-options.js";
import { playText, playVerdict, stepTitle, stepTone, whyOf } from "../maintenance/play-report.js";
import { runbookLines } from "../rollout/runbook.js";
import { playMaintenance, type Play, type PlayResult } from "../maintenance/plays.js";
import { inlinePlay } from "./play-files.js";
import { plotOf } from "./play-drawing.js";

/** What runs on the nodes. */
export interface PlayedObjects {
  readonly statefulSets: readonly StatefulSet[];
  /** Plain data. */
  readonly budgets: readonly unknown[];
  /** What a reader should know of them. */
  readonly notes: readonly string[];
  readonly setsInFile: number;
}

/** The most nodes that a panel plays: it does so again with each change of the manifest. */
const mostNodes = 200;

type Played =
  | {
      readonly type: "played";
      readonly result: PlayResult;
      readonly nodes: readonly string[];
      readonly zones: readonly string[];
    }
  | Extract<PanelPlay, { readonly type: "invalid" }>;

/** Plays what a preview page asks for. */
export function playAsked(
  { statefulSets, budgets }: Pick<PlayedObjects, "statefulSets" | "budgets">,
  asked: AskedPlay,
  behaviour: Behaviour,
): Played {
  if (asked.nodes > mostNodes) return { type: "invalid", problems: [`The panel plays up to ${mostNodes} nodes`] };
  const zones = zoneNames(asked.zones);
  const nodes = Array.from({ length: asked.nodes }, (_, index) => `node-${index}`);
  const used = zones.slice(0, asked.nodes);
  // Of fewer nodes or zones than before, the chosen one may be gone.
  const node = among(asked.node, nodes);
  const zone = among(asked.zone, used);
  const to = Math.min(asked.to ?? Infinity, Math.max(0, asked.nodes - 1));
  const { play, surge, volumes, rollout } = asked;
  const resolved = resolvePlay({ play, nodes: asked.nodes, zones, node, zone, to, surge, volumes, rollout }, undefined);
  if (resolved.type === "invalid") return { type: "invalid", problems: resolved.errors };
  const sets = statefulSets.map((running) => ({ running, next: undefined }));
  const start = startOfManifests(sets, {
    behaviour,
    nodes: resolved.nodes,
    budgets,
    rollout: resolved.rollout,
    faults: [],
    timing: {},
  });
  if (start.type === "invalid") return { type: "invalid", problems: start.problems };
  return { type: "played", result: playMaintenance({ ...resolved, ...start }), nodes, zones: used };
}

/** The same as the page is shown it, drawn in so many pixels. */
export function playForPanel(
  objects: PlayedObjects,
  asked: AskedPlay,
  { behaviour, width }: { readonly behaviour: Behaviour; readonly width: number },
): PanelPlay {
  const played = playAsked(objects, asked, behaviour);
  if (played.type === "invalid") return played;
  const { result, nodes, zones } = played;
  const { tone, headline, why, reasons } = playVerdict(result);
  const { lanes } = asked;
  const { left, pixelsPerSecond } = plotOf({ drawnUntil: drawnUntilOf(result) }, width);
  return {
    type: "played",
    tone,
    headline,
    why,
    reasons: [...reasons],
    notes: [...objects.notes, ...result.notes],
    steps: result.steps.map((step) => ({
      at: step.at,
      tone: stepTone(step),
      title: stepTitle(step),
      why: whyOf(step) ?? "",
    })),
    seconds: result.seconds,
    nodes: [...nodes],
    zones: [...zones],
    ...chosenIn(result.play),
    setsInFile: objects.setsInFile,
    drawing: {
      markup: inlinePlay(result, { by: lanes, width }, "play").markup,
      left,
      pixelsPerSecond,
    },
    runbook: shownRunbook(result),
    text: playText(result),
  };
}

function shownRunbook(result: PlayResult): Extract<PanelPlay, { readonly type: "played" }>["runbook"] {
  const runbook = drainRunbook(result);
  return runbook && { title: runbook.title, lines: [...runbookLines(runbook)] };
}

function among(wanted: string | undefined, known: readonly string[]): string | undefined {
  return wanted !== undefined && known.includes(wanted) ? wanted : known[0];
}

function chosenIn(play: Play): Record<"node" | "zone", string | undefined> & { readonly to: number | undefined } {
  return {
    node: "node" in play ? play.node : undefined,
    zone: "zone" in play ? play.zone : undefined,
    to: "to" in play ? play.to : undefined,
  };
}
