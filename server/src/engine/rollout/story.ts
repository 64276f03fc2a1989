import { formatApiError, podName, type ApiError } from "./spec.js";
import { withoutName } from "./claim-groups.js";
import { leftBehind, type LeftBehind } from "./left-behind.js";
import type { Simulation } from "./simulate.js";
import type { Step } from "./step.js";
import { podAt } from "./slots.js";
import { describeOrdinals } from "./describe-ordinals.js";

/** One line of the story: what happens, when, why, and the field of the manifest that it depends on. */
export interface StoryEntry {
  /** Seconds since the start. */
  readonly at: number;
  readonly tone: Tone;
  readonly title: string;
  /** A sentence, without its full stop. */
  readonly why: string;
  readonly field: string;
  /** The pod or claim that it is about. */
  readonly ordinal: number | undefined;
}

/** What sort of thing happens, which a sign before the line shows. */
export type Tone = "user" | "create" | "delete" | "ready" | "wait" | "trouble" | "gone" | "note";

/**
 * The story of a simulation: its steps in plain words. What only repeats itself is left out or told with its cause:
 * that a container starts, and the claims that a pod is created with.
 */
export function storyOf(simulation: Simulation): readonly StoryEntry[] {
  const revisions = revisionsOf(simulation);
  const entries: StoryEntry[] = [];
  let claims: string[] = [];
  let owned: Step[] = [];
  const endOwned = (): void => {
    if (owned.length > 0) entries.push(ownersEntry(owned));
    owned = [];
  };
  for (const step of simulation.steps) {
    if (step.action === "createClaim") {
      claims.push(step.claim ?? "");
    } else if (step.action === "setClaimOwner") {
      if (owned[0] !== undefined && reasonOf(owned[0]) !== reasonOf(step)) endOwned();
      owned.push(step);
    } else if (step.action !== "running") {
      endOwned();
      entries.push({
        ...entryOf(step, revisions),
        ...(step.action === "createPod" ? withClaims(step, claims, revisions) : {}),
      });
      claims = [];
    }
  }
  endOwned();
  const { outcome } = simulation;
  if (outcome.type === "rejected") entries.push(...outcome.errors.map((error) => rejectedEntry(outcome.at, error)));
  const kept = leftBehind(simulation);
  if (kept !== undefined) entries.push(keptEntry(kept, simulation, revisions));
  return entries;
}

/**
 * Whether a step that depends on `field` depends on the field under the cursor: the same, one within it, or the block
 * that it is in. Everything is in `spec`, so that says nothing.
 */
export function dependsOn(field: string, cursor: string): boolean {
  return field === cursor || isWithin(field, cursor) || isWithin(cursor, field);
}

function isWithin(field: string, block: string): boolean {
  return block.includes(".") && field.startsWith(block) && /^[.[]/.test(field.slice(block.length));
}

/** The revisions that occur, in the order of their appearance: the first is called v1. */
export function revisionsOf({ start, steps }: Simulation): readonly string[] {
  const revisions = new Set(start.revisions.map(({ revision }) => revision));
  for (const { action, revision } of steps) {
    if (action === "createRevision" && revision !== undefined) revisions.add(revision);
  }
  return [...revisions];
}

function withClaims(step: Step, claims: readonly string[], revisions: readonly string[]): Pick<StoryEntry, "title"> {
  const title = titleOf(step, revisions);
  return { title: claims.length === 0 ? title : `${title}, with ${claims.join(", ")}` };
}

function ownersEntry(steps: readonly Step[]): StoryEntry {
  const [first] = steps;
  const title = steps.length === 1 ? `${first?.claim} changes its owner` : `${steps.length} claims change their owner`;
  return {
    at: first?.at ?? 0,
    tone: "note",
    title,
    why: first === undefined ? "" : steps.length === 1 ? first.why : reasonOf(first),
    field: first?.field ?? "",
    ordinal: first?.ordinal,
  };
}

/** Why, in words that are the same for each pod. */
function reasonOf({ why, state, ordinal }: Step): string {
  return ordinal === undefined ? why : withoutName(why, podName(state, ordinal));
}

function rejectedEntry(at: number, error: ApiError): StoryEntry {
  const title = "the API server rejects the manifest";
  // The nearest field that a preview can show: without the items of lists.
  const [field = ""] = error.field.split("[");
  return { at, tone: "trouble", title, why: formatApiError(error), field, ordinal: undefined };
}

function keptEntry(
  { ordinals, why, field }: LeftBehind,
  { start, steps, outcome }: Simulation,
  revisions: readonly string[],
): StoryEntry {
  const { slots } = steps.at(-1)?.state ?? start;
  const old = new Set(ordinals.map((ordinal) => revisions.indexOf(podAt(slots, ordinal)?.revision ?? "") + 1));
  const names = describeOrdinals(start, ordinals, ", ");
  const verb = ordinals.length === 1 ? "stays" : "stay";
  const on = [...old].map((revision) => `v${revision}`).join(" and ");
  return { at: outcome.at, tone: "note", title: `${names} ${verb} on ${on}`, why, field, ordinal: ordinals.at(-1) };
}

function entryOf(step: Step, revisions: readonly string[]): StoryEntry {
  const { at, why, field, ordinal } = step;
  const tone = toneOf(step);
  // What the user does is its own reason, so the sentence is all that there is to say.
  const words = tone === "user" ? { title: why, why: "" } : { title: titleOf(step, revisions), why };
  return { at, tone, ...words, field, ordinal };
}

function toneOf({ kind, action }: Step): Tone {
  if (kind === "wait") return "wait";
  switch (action) {
    case "createPod":
    case "adoptPod":
      return "create";
    case "deletePod":
      return kind === "controller" ? "delete" : "user";
    case "ready":
    case "available":
    case "completeRollingUpdate":
      return "ready";
    case "crash":
    case "unready":
    case "evict":
    case "claimGone":
      return "trouble";
    case "gone":
    case "setGone":
      return "gone";
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
      return "user";
    case "createRevision":
    case "reuseRevision":
    case "deleteRevision":
    case "createClaim":
    case "setClaimOwner":
    case "running":
      return "note";
  }
}

function titleOf(step: Step, revisions: readonly string[]): string {
  const { pod = "", claim = "" } = step;
  const revision = step.revision === undefined ? "" : `v${revisions.indexOf(step.revision) + 1}`;
  switch (step.action) {
    case "createRevision":
      return `record the template as ${revision}`;
    case "reuseRevision":
      return `use ${revision} again`;
    case "deleteRevision":
      return `forget ${revision || "an old revision"}`;
    case "createClaim":
      return `create ${claim}`;
    case "setClaimOwner":
      return `${claim} changes its owner`;
    case "createPod":
      return `create ${pod} on ${revision}`;
    case "deletePod":
      return `delete ${pod}`;
    case "adoptPod":
      return `adopt ${pod}`;
    case "completeRollingUpdate":
      return `the update to ${revision} is complete`;
    case "running":
      return `${pod} runs`;
    case "ready":
      return `${pod} is Ready`;
    case "available":
      return `${pod} is Available`;
    case "crash":
      return `${pod} crashes`;
    case "unready":
      return `${pod} is no longer Ready`;
    case "evict":
      return `${pod} is evicted`;
    case "gone":
      return `${pod} is gone`;
    case "claimGone":
      return `${claim} is deleted, and its data`;
    case "setGone":
      return "the StatefulSet is gone";
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
      return step.why;
    case "waitToCreate":
    case "waitToDelete":
    case "waitToUpdate":
      return waitTitle(step, pod);
  }
}

/**
 * A pod may stand in its own way: until it is gone no new one can have its name, and one that is broken is not
 * replaced.
 */
function waitTitle(step: Step, pod: string): string {
  if (step.kind !== "wait") return "";
  const blocker = step.blocker.type === "pod" ? step.blocker.pod : step.blocker.claim;
  if (blocker !== pod) return `${pod} waits for ${blocker}`;
  return step.action === "waitToCreate" ? `the new ${pod} waits for the old one to stop` : `${pod} is not replaced`;
}
