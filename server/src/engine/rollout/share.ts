import { groupClaims, type ClaimGroup } from "./claim-groups.js";
import { assumptionsText } from "./assumptions.js";
import { pictureOf, type Look, type Picture } from "./picture.js";
import { rolloutStatusNote } from "./rollout-status.js";
import type { Simulation } from "./simulate.js";
import { storyOf, type StoryEntry } from "./story.js";
import { formatMoment } from "./time.js";
import { textPicture } from "./text-picture.js";
import { verdictOf, type Verdict } from "./verdict.js";

/** What is taken along from a preview. */
export interface Shared {
  /** The name of the StatefulSet. */
  readonly name: string;
  readonly verdict: Verdict;
  readonly story: readonly StoryEntry[];
  readonly claims: readonly ClaimGroup[];
  readonly picture: Picture;
  /** What a pipeline sees, and what was assumed: sentences without their full stop. */
  readonly notes: readonly string[];
}

/** `name` is that of the StatefulSet; `notes` are further sentences, without their full stop. */
export function sharedOf(name: string, simulation: Simulation, notes: readonly string[] = []): Shared {
  return {
    name,
    verdict: verdictOf(simulation),
    story: storyOf(simulation),
    claims: groupClaims(simulation.start, simulation.claims),
    picture: pictureOf(simulation),
    notes: [...notes, ...notesOf(simulation)],
  };
}

/** What a pipeline sees, and what was assumed: sentences without their full stop. */
export function notesOf(simulation: Simulation): readonly string[] {
  return [rolloutStatusNote(simulation), assumptionsText(simulation)].filter((note) => note !== undefined);
}

/** The whole preview as plain text: verdict, picture, story, data. */
export function asText({ name, verdict, story, claims, picture, notes }: Shared): string {
  const moments = story.map(({ at }) => formatMoment(at));
  const width = moments.reduce((most, moment) => Math.max(most, moment.length), 0);
  const told = story.map(({ title, why }, index) => {
    const line = `${(moments[index] ?? "").padStart(width)}  ${title}`;
    return why === "" ? line : `${line}\n${" ".repeat(width)}    ${why}`;
  });
  const data = claims.map(({ fate, names, why }) => `${fate}: ${names.join(", ")}\n    ${why}`);
  const parts = [
    [
      `${name}: ${verdict.title}`,
      ...sentences(verdict),
      ...verdict.facts.map(({ label, value }) => `  ${label} ${value}`),
    ],
    textPicture(picture),
    told,
    data.length === 0 ? [] : ["Data", ...data.map((line) => `  ${line}`)],
    verdict.recovery.length === 0 ? [] : ["To recover", ...verdict.recovery.map((command) => `  ${command}`)],
    notes,
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The lanes as a Gantt chart of Mermaid (mermaid.js.org/syntax/gantt.html), in seconds since the start. */
export function asMermaid({ name, verdict, picture }: Pick<Shared, "name" | "verdict" | "picture">): string {
  const lines = picture.lanes.flatMap(({ pod, bars }) => [
    `    section ${safe(pod)}`,
    ...bars.map(({ look, revision, from, to }) => `    ${taskName(look, revision)} :${tags[look]}${from}, ${to}`),
  ]);
  const format = picture.drawnUntil < 3600 ? "%M:%S" : "%H:%M:%S";
  return [
    "gantt",
    `    title ${safe(`${name}, ${verdict.title}`)}`,
    "    dateFormat X",
    `    axisFormat ${format}`,
    ...lines,
    "",
  ].join("\n");
}

function sentences({ reason }: Verdict): readonly string[] {
  return reason === undefined ? [] : [`  ${reason}`];
}

/** How Mermaid draws a task: done is grey, active is light, crit is red. */
const tags: Record<Look, string> = {
  pending: "done, ",
  running: "active, ",
  settling: "active, ",
  up: "",
  terminating: "done, ",
  failing: "crit, ",
  succeeded: "done, ",
};

const taskNames: Record<Look, string> = {
  pending: "pending",
  running: "running",
  settling: "not yet available",
  up: "ready",
  terminating: "terminating",
  failing: "not ready",
  succeeded: "ended",
};

function taskName(look: Look, revision: number): string {
  return `${taskNames[look]} v${revision + 1}`;
}

/** Signs that mean something to Mermaid or to the page around it would let a name end its line or become markup. */
function safe(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ._,-]/gu, "_");
}
