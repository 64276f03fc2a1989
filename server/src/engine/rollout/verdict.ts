import { describeOrdinals } from "./describe-ordinals.js";
import { leftBehind, outdatedPods } from "./left-behind.js";
import { runbookLines, type Runbook } from "./runbook.js";
import { ordinalsWhere, summaryOf } from "./slots.js";
import type { Simulation } from "./simulate.js";
import type { ClusterState } from "./state.js";
import { formatApiError, type ApiError } from "./spec.js";
import type { Step } from "./step.js";
import { revisionsOf } from "./story.js";
import { formatDuration } from "./time.js";

/** The whole rollout in one line. */
export interface Verdict {
  readonly tone: "good" | "bad" | "neutral";
  readonly title: string;
  /** A sentence that belongs to the title, such as what blocks a stuck rollout; without its full stop. */
  readonly reason: string | undefined;
  readonly facts: readonly Fact[];
  /** What the API server refuses, field by field; empty where it refuses nothing. */
  readonly refused: readonly ApiError[];
  /** What sets a stuck rollout going again, or does what is refused all the same. */
  readonly runbook: Runbook | undefined;
  /** The same as lines for a shell. */
  readonly recovery: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Data is lost. */
  readonly isLoss?: boolean;
}

export function verdictOf(simulation: Simulation): Verdict {
  const { outcome } = simulation;
  const facts = factsOf(simulation);
  switch (outcome.type) {
    case "converged":
      return { ...convergence(simulation, outcome.at, facts), ...noTrouble };
    case "stuck": {
      const title = outcome.at === 0 ? "Stuck at once" : `Stuck after about ${formatDuration(outcome.at)}`;
      return { tone: "bad", title, reason: outcome.reason, facts, refused: [], ...recoveryOf(outcome.runbook) };
    }
    case "rejected":
      return {
        tone: "bad",
        title: rejection(outcome.errors),
        reason: outcome.reason,
        facts: [],
        refused: outcome.errors,
        ...recoveryOf(outcome.runbook),
      };
    case "stepLimit":
      return { tone: "neutral", title: "Not simulated to its end", reason: outcome.reason, facts, ...noTrouble };
  }
}

const noTrouble = { refused: [], runbook: undefined, recovery: [] } as const;

function recoveryOf(runbook: Runbook | undefined): Pick<Verdict, "runbook" | "recovery"> {
  return { runbook, recovery: runbook === undefined ? [] : runbookLines(runbook) };
}

/** `Rejected: serviceName is immutable`; otherwise only that it is, since what the server says is long. */
function rejection(errors: readonly ApiError[]): string {
  const fields = immutableFieldsOf(errors);
  return fields.length === 0 ? "Rejected by the API server" : `Rejected: ${areImmutable(fields)}`;
}

function convergence(
  simulation: Simulation,
  at: number,
  facts: readonly Fact[],
): Omit<Verdict, "recovery" | "refused" | "runbook"> {
  const { start, steps, measure } = simulation;
  const end = steps.at(-1)?.state ?? start;
  const lost = measure.claimsDeleted.length;
  const tone = lost === 0 ? "good" : "bad";
  const loss = lost === 0 ? "" : `, and the data of ${lost === 1 ? "1 claim" : `${lost} claims`} is lost`;
  if (end.set.type === "absent") {
    const title = `${at === 0 ? "Gone at once" : `Gone after about ${formatDuration(at)}`}${loss}`;
    const orphaned = summaryOf(end.slots).pods > 0;
    return { tone, title, reason: orphaned ? "Its pods run on without it" : undefined, facts };
  }
  if (steps.length <= 1 && start.set.type === "present") {
    const title = "Nothing changes for the pods";
    return { tone: "neutral", title, reason: "No changes since the last apply", facts: [] };
  }
  const kept = leftBehind(simulation);
  if (at === 0 && kept !== undefined && lost === 0)
    return { tone: "neutral", title: "No pod is replaced", reason: kept.why, facts };
  return {
    tone,
    title: `${at === 0 ? "Converges at once" : `Converges in about ${formatDuration(at)}`}${loss}`,
    reason: kept?.why,
    facts,
  };
}

function factsOf(simulation: Simulation): readonly Fact[] {
  const { start, steps, measure, claims } = simulation;
  const end = steps.at(-1)?.state ?? start;
  const facts: Fact[] = [];
  if (start.set.type === "present" && end.set.type === "present") {
    facts.push({ label: "at least", value: `${measure.lowestReady} of ${end.set.spec.replicas} ready` });
  }
  const restarted = restartedPods(simulation);
  if (restarted.length > 0) facts.push({ label: "replaces", value: describeOrdinals(start, restarted, " → ") });
  const kept = outdatedPods(end);
  if (kept.length > 0) {
    const [oldest] = kept;
    const label = `stay on v${revisionsOf(simulation).indexOf(oldest?.revision ?? "") + 1}`;
    facts.push({
      label,
      value: describeOrdinals(
        start,
        kept.map(({ ordinal }) => ordinal),
        ", ",
      ),
    });
  }
  const deleted = measure.claimsDeleted.length;
  if (claims.length > 0) facts.push({ label: "claims deleted", value: String(deleted), isLoss: deleted > 0 });
  return facts;
}

/** The ordinals of the pods that the controller deletes although the set goes on having them, in that order. */
export function restartedPods({ steps }: Simulation): readonly number[] {
  return steps.filter(isRestart).map(({ ordinal }) => ordinal ?? 0);
}

/** What an edit does, in a few words: `Restarts 3 pods, about 4 min`, `Rejected: serviceName is immutable`. */
export function effectOf(simulation: Simulation): string {
  const { outcome, measure, start, steps } = simulation;
  if (outcome.type === "rejected") return `Rejected: ${refusalOf(outcome.errors)}`;
  if (outcome.type === "stepLimit") return "Not simulated to its end";
  const pods = (verb: string, ordinals: readonly number[]): readonly string[] => {
    const { size } = new Set(ordinals);
    return size === 0 ? [] : [`${verb} ${size === 1 ? "1 pod" : `${size} pods`}`];
  };
  const end = steps.at(-1)?.state ?? start;
  const podsOf = ({ slots }: ClusterState) => ordinalsWhere(slots, (summary) => summary.pods > 0);
  const [before, after] = [new Set(podsOf(start)), new Set(podsOf(end))];
  const lost = measure.claimsDeleted.length;
  const done = [
    ...pods("restarts", restartedPods(simulation)),
    ...pods(
      "creates",
      [...after].filter((ordinal) => !before.has(ordinal)),
    ),
    ...pods(
      "removes",
      [...before].filter((ordinal) => !after.has(ordinal)),
    ),
    ...(lost === 0 ? [] : [`loses the data of ${lost === 1 ? "1 claim" : `${lost} claims`}`]),
  ];
  const text = done.length === 0 ? "restarts nothing" : done.join(", ");
  const time = outcome.at === 0 || done.length === 0 ? "" : `, about ${formatDuration(outcome.at)}`;
  if (outcome.type === "converged") return capitalised(`${text}${time}`);
  return `Gets stuck: ${outcome.reason}`;
}

/** The fields that no update may change, or the first thing that the API server says. */
function refusalOf(errors: readonly ApiError[]): string {
  const fields = immutableFieldsOf(errors);
  const [error] = errors;
  if (fields.length > 0) return areImmutable(fields);
  return error === undefined ? "by the API server" : formatApiError(error);
}

/** `serviceName`, as far as the errors name fields. */
function immutableFieldsOf(errors: readonly ApiError[]): readonly string[] {
  const fields = errors.flatMap(({ field, detail, change }) => {
    const isImmutable = change !== undefined || detail.endsWith("field is immutable");
    return isImmutable && field !== "spec" ? [/^spec\.(\w+)/.exec(field)?.[1] ?? field] : [];
  });
  return [...new Set(fields)];
}

export function areImmutable(fields: readonly string[]): string {
  if (fields.length === 1) return `${fields[0]} is immutable`;
  return `${fields.slice(0, -1).join(", ")} and ${fields.at(-1)} are immutable`;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function isRestart(step: Step): boolean {
  return step.kind === "controller" && step.action === "deletePod" && isInSet(step);
}

function isInSet({ state, ordinal }: Step): boolean {
  const { set } = state;
  if (set.type === "absent" || ordinal === undefined) return false;
  return ordinal >= set.spec.firstOrdinal && ordinal < set.spec.firstOrdinal + set.spec.replicas;
}
