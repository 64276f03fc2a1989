import { describeOrdinals } from "./describe-ordinals.js";
import type { ClaimFate } from "./fates.js";
import { leftBehind } from "./left-behind.js";
import type { Measure } from "./measure.js";
import type { Outcome } from "./outcome.js";
import { pictureOf } from "./picture.js";
import { runbookLines } from "./runbook.js";
import { notesOf } from "./share.js";
import type { Simulation } from "./simulate.js";
import type { Step } from "./step.js";
import { textPicture } from "./text-picture.js";

/**
 * The plan as plain text: the verdict, the lanes of the preview, and one line for each step: time, mark, what, why.
 * `notes` are further sentences. Without a line break at its end.
 */
export function planText(simulation: Simulation, title: string, notes: readonly string[] = []): string {
  const { steps, outcome, claims } = simulation;
  const clock = Math.max(...steps.map(({ at }) => formatSeconds(at).length), 0);
  const subject = Math.max(...steps.map((step) => subjectOf(step).length), 0);
  return [
    `${title}: ${verdict(simulation)}`,
    ...pictureLines(simulation),
    ...(steps.length > 0 ? [""] : []),
    ...steps.map((step) => {
      const columns = [formatSeconds(step.at).padStart(clock), markOf(step), subjectOf(step).padEnd(subject), step.why];
      return `  ${columns.join("  ")}`;
    }),
    ...keptLines(simulation).map(
      (why) => `  ${[formatSeconds(outcome.at).padStart(clock), "=", " ".repeat(subject), why].join("  ")}`,
    ),
    ...recoveryLines(outcome),
    ...claimLines(claims),
    ...noteLines([...notes, ...notesOf(simulation)]),
  ].join("\n");
}

/** What keeps its old template, and why. */
function keptLines(simulation: Simulation): readonly string[] {
  const kept = leftBehind(simulation);
  if (kept === undefined) return [];
  const names = describeOrdinals(simulation.start, kept.ordinals, ", ");
  return [`${names} ${kept.ordinals.length === 1 ? "keeps" : "keep"} the old template. ${kept.why}`];
}

function pictureLines(simulation: Simulation): readonly string[] {
  const lines = simulation.steps.length === 0 ? [] : textPicture(pictureOf(simulation));
  return lines.length === 0 ? [] : ["", ...lines.map((line) => `  ${line}`)];
}

/** One line: `converges in 3 min 20 s, at least 2 of 3 ready, no claim deleted`. */
export function verdict({ outcome, measure, start, steps }: Simulation): string {
  switch (outcome.type) {
    case "converged": {
      const { set } = steps.at(-1)?.state ?? start;
      // Of a set that did not exist, how few pods were ready says nothing.
      const told = set.type === "present" && start.set.type === "present";
      const readiness = told ? `, at least ${measure.lowestReady} of ${set.spec.replicas} ready` : "";
      return `converges in about ${formatSeconds(outcome.at)}${readiness}, ${lostClaims(measure)}`;
    }
    case "stuck":
      return `stuck ${outcome.at === 0 ? "at once" : `after about ${formatSeconds(outcome.at)}`}: ${outcome.reason}`;
    case "rejected":
      return `rejected by the API server: ${outcome.reason}`;
    case "stepLimit":
      return `not simulated to the end: ${outcome.reason}`;
  }
}

/** `0 s`, `3 min 20 s`, `1 h 5 min`: no more than a reader needs. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? "" : ` ${whole % 60} s`}`;
  const minutes = Math.floor((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h${minutes === 0 ? "" : ` ${minutes} min`}`;
}

function lostClaims({ claimsDeleted }: Measure): string {
  switch (claimsDeleted.length) {
    case 0:
      return "no claim deleted";
    case 1:
      return "1 CLAIM DELETED";
    default:
      return `${claimsDeleted.length} CLAIMS DELETED`;
  }
}

function subjectOf({ pod, claim, revision }: Step): string {
  return claim ?? pod ?? (revision === undefined ? "" : "revision");
}

/** What happens, at a glance: + comes, - goes, ~ changes, = rests, * waits, ! fails, > is done by the user. */
function markOf(step: Step): string {
  if (step.kind === "wait") return "*";
  switch (step.action) {
    case "createRevision":
    case "createClaim":
    case "createPod":
    case "adoptPod":
      return "+";
    case "deletePod":
      return step.kind === "cluster" ? ">" : "-";
    case "deleteRevision":
    case "gone":
    case "claimGone":
    case "setGone":
    case "evict":
      return "-";
    case "reuseRevision":
    case "setClaimOwner":
    case "running":
      return "~";
    case "ready":
    case "available":
    case "completeRollingUpdate":
      return "=";
    case "crash":
    case "unready":
      return "!";
    case "apply":
    case "scale":
    case "restart":
    case "changeImage":
    case "rollBack":
    case "delete":
    case "forceDeletePod":
    case "failPod":
    case "loseNode":
    case "outOfService":
    case "undo":
    case "applyRepaired":
    case "useRollingUpdate":
    case "touch":
    case "releaseClaim":
    case "deleteClaim":
      return ">";
  }
}

function recoveryLines(outcome: Outcome): readonly string[] {
  if ((outcome.type !== "stuck" && outcome.type !== "rejected") || outcome.runbook === undefined) return [];
  return [
    "",
    outcome.type === "stuck" ? "To recover:" : "To do it anyway:",
    ...runbookLines(outcome.runbook).map((line) => `  ${line}`),
  ];
}

function noteLines(notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? [] : ["", ...notes];
}

function claimLines(claims: readonly ClaimFate[]): readonly string[] {
  if (claims.length === 0) return [];
  const name = Math.max(...claims.map((claim) => claim.name.length));
  const fate = Math.max(...claims.map((claim) => claim.fate.length));
  return [
    "",
    "Claims:",
    ...claims.map((claim) => `  ${claim.name.padEnd(name)}  ${claim.fate.padEnd(fate)}  ${claim.why}`),
  ];
}
