import { runbookJson, type RunbookJson } from "../rollout/plan-json.js";
import { runbookLines } from "../rollout/runbook.js";
import { formatDuration, formatMoment } from "../rollout/time.js";
import { drainRunbook } from "./drain-runbook.js";
import type { Blocked, Homeless, NodeReport, Play, PlayOutcome, PlayResult, PlayStep, SetReport } from "./plays.js";

/** A play in one sentence, and what else is to be said of it. */
export interface PlayVerdict {
  /** `bad`: a drain hangs, a quorum is lost, or a pod is left without a node. */
  readonly tone: "good" | "bad";
  /** `headline: why` */
  readonly title: string;
  /** What happens, and why if that needs saying. */
  readonly headline: string;
  readonly why: string | undefined;
  readonly reasons: readonly string[];
}

export function playVerdict(result: PlayResult): PlayVerdict {
  const troubles = [...quorumTroubles(result), ...absenceTroubles(result), ...homelessTroubles(result)];
  const stop = stopOf(result.outcome);
  if (stop !== undefined) return verdict("bad", stop.headline, stop.why, [...stop.reasons, ...troubles]);
  const [first, ...others] = troubles;
  if (first !== undefined) return verdict("bad", first, undefined, others);
  return verdict("good", successOf(result), undefined, awayTexts(result));
}

function verdict(
  tone: PlayVerdict["tone"],
  headline: string,
  why: string | undefined,
  reasons: readonly string[],
): PlayVerdict {
  return { tone, title: why === undefined ? headline : `${headline}: ${why}`, headline, why, reasons };
}

/** Why a play does not get to its end. */
function stopOf(outcome: PlayOutcome): Pick<PlayVerdict, "headline" | "why" | "reasons"> | undefined {
  switch (outcome.type) {
    case "done":
      return undefined;
    case "hangs": {
      const [first, ...others] = distinct(outcome.blocked).map(blockedText);
      return { headline: `Hangs at ${outcome.node}`, why: first, reasons: others };
    }
    case "refused": {
      const [first, ...others] = outcome.blocked.map(({ pod, why }) => `kubectl drain ${why}: ${nameOf(pod)}`);
      return { headline: `Nothing leaves ${outcome.node}`, why: first, reasons: others };
    }
    case "impossible":
      return { headline: `No node takes ${nameOf(outcome.pod)}`, why: outcome.why, reasons: [] };
    case "circle": {
      const pods = outcome.pods.map(nameOf);
      const why = "each requires a node that runs the other (required pod affinity)";
      return { headline: `${pods.join(" and ")} wait for each other`, why, reasons: [] };
    }
    case "rejected":
      return { headline: `The API server rejects ${nameOf(outcome.set)}`, why: outcome.why, reasons: [] };
    case "endless":
      return { headline: "Not played to its end", why: "the pods never come to rest", reasons: [] };
  }
}

/** Several pods of one budget are held back by one thing. */
function distinct(blocked: readonly Blocked[]): readonly Blocked[] {
  const seen = new Set<string>();
  return blocked.filter(({ budget, pod, why }) => {
    const key = `${budget ?? pod} ${why}`;
    return seen.has(key) ? false : seen.add(key).size > 0;
  });
}

function blockedText({ pod, budget, why }: Blocked): string {
  if (budget === undefined) return `${nameOf(pod)} stays: ${why}`;
  return `budget ${budget} allows no eviction because ${why}`;
}

function quorumTroubles({ sets }: PlayResult): readonly string[] {
  return sets.flatMap((set) => {
    if (set.quorum === undefined || set.secondsWithoutQuorum + isWithoutQuorum(set) === 0) return [];
    const whose = sets.length === 1 ? "The quorum" : `The quorum of ${setName(set)}`;
    if (isWithoutQuorum(set) === 1)
      return [`${whose} is lost, and does not come back: ${set.readyAtEnd} of ${set.replicas} ready`];
    return [`${whose} is lost for ${formatDuration(set.secondsWithoutQuorum)}`];
  });
}

function isWithoutQuorum({ quorum = 0, readyAtEnd }: SetReport): 0 | 1 {
  return readyAtEnd < quorum ? 1 : 0;
}

/** Sets that have no quorum to lose and no Ready pod at the end. */
function absenceTroubles({ sets }: PlayResult): readonly string[] {
  return sets
    .filter((set) => isAbsent(set))
    .map((set) => `No pod of ${setName(set)} is Ready, and none becomes Ready again`);
}

function isAbsent({ quorum, replicas, readyAtEnd }: SetReport): boolean {
  return quorum === undefined && replicas > 0 && readyAtEnd === 0;
}

/** Where nodes stay away on purpose or by bad luck, it is no news that some pods wait for them. */
function homelessTroubles({ play, homeless, sets }: PlayResult): readonly string[] {
  const isTrouble = play.type === "drain-all" || play.type === "scale-down";
  const absent = new Set(sets.filter(isAbsent).map(({ namespace, name }) => `${namespace}/${name}`));
  const ofAbsent = ({ pod }: Homeless): boolean => absent.has(pod.replace(/-\d+$/, ""));
  return homeless.filter((one) => isTrouble || ofAbsent(one)).map(homelessText);
}

function homelessText({ pod, why }: Homeless): string {
  return `${nameOf(pod)} finds no node: ${why}`;
}

/** What is worth a sentence although nothing is wrong. */
function awayTexts({ sets, play, homeless }: PlayResult): readonly string[] {
  const away = sets.filter(({ quorum, secondsWithoutReady }) => quorum === undefined && secondsWithoutReady > 0);
  const waiting = play.type === "drain-all" || play.type === "scale-down" ? [] : homeless.map(homelessText);
  return [
    ...away.map((set) => `No pod of ${setName(set)} is Ready for ${formatDuration(set.secondsWithoutReady)}`),
    ...waiting,
  ];
}

function successOf({ play, seconds, sets, nodes }: PlayResult): string {
  const ready = readyText(sets);
  switch (play.type) {
    case "drain-all":
      return `Every node drains in about ${roughly(seconds)}${ready}`;
    case "drain-node": {
      const [report] = nodes;
      const took = (report?.drainedAt ?? 0) - (report?.startedAt ?? 0);
      return `${play.node} drains in about ${roughly(took)}${ready}`;
    }
    case "scale-down":
      return `The pool shrinks to ${play.to} ${play.to === 1 ? "node" : "nodes"} in about ${roughly(seconds)}${ready}`;
    case "lose-node":
      return `The loss of ${play.node} is survived${ready}`;
    case "lose-zone":
      return `The loss of zone ${play.zone} is survived${ready}`;
  }
}

function readyText(sets: readonly SetReport[]): string {
  const [only, ...others] = sets;
  if (only === undefined) return "";
  if (others.length === 0) return `, at least ${only.lowestReady} of ${only.replicas} ready`;
  const isWhole = sets.every(({ lowestReady, replicas }) => lowestReady >= replicas - 1);
  return isWhole ? ", at most one pod of each set away at a time" : "";
}

/** To the minute from one and a half of them on: node times are assumptions. */
function roughly(seconds: number): string {
  return seconds < 90 ? formatDuration(Math.round(seconds)) : formatDuration(Math.round(seconds / 60) * 60);
}

export function setName({ namespace, name }: Pick<SetReport, "namespace" | "name">): string {
  return namespace === "default" ? name : `${namespace}/${name}`;
}

/** A key without the namespace `default`. */
export function nameOf(key: string): string {
  return key.replace(/^default\//, "");
}

const manySteps = 300;

/** The play as text, for a terminal; without the last line break. */
export function playText(result: PlayResult): string {
  const verdict = playVerdict(result);
  const lines = [
    `play ${describePlay(result.play)}`,
    verdict.title,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    ...result.notes.map((note) => `  Note: ${note}`),
    ...recoveryLines(result),
    ...section(result.nodes.map(nodeLine)),
    ...section(result.sets.map((set) => setLine(set, result))),
    ...section(stepLines(result.steps)),
  ];
  return lines.join("\n");
}

function recoveryLines(result: PlayResult): readonly string[] {
  const runbook = drainRunbook(result);
  return runbook === undefined ? [] : ["", "To do it anyway:", ...runbookLines(runbook).map((line) => `  ${line}`)];
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

export function describePlay(play: Play): string {
  switch (play.type) {
    case "drain-node":
      return `drain-node: drain ${play.node}`;
    case "drain-all":
      return play.surge
        ? "drain-all: a new node for each, one after the other"
        : "drain-all: every node, one after the other";
    case "lose-node":
      return `lose-node: ${play.node} stops answering`;
    case "lose-zone":
      return `lose-zone: all nodes of zone ${play.zone} stop answering`;
    case "scale-down":
      return `scale-down: nodes are removed until ${play.to} ${play.to === 1 ? "is" : "are"} left`;
  }
}

function nodeLine({ node, zone, startedAt, drainedAt, evicted, refusals }: NodeReport): string {
  const where = zone === undefined ? node : `${node} (zone ${zone})`;
  const took = drainedAt === undefined ? "not drained" : `drained in ${formatDuration(drainedAt - startedAt)}`;
  const waits = refusals === 0 ? "" : `, ${refusals} ${refusals === 1 ? "refusal" : "refusals"}`;
  const pods = evicted.length > 8 ? `${evicted.length} pods` : evicted.map(nameOf).join(", ");
  return `  ${formatMoment(startedAt).padStart(7)}  ${where}: ${took}${waits}${pods === "" ? ", no pods" : `: ${pods}`}`;
}

function setLine(set: SetReport, { budgets }: PlayResult): string {
  const least = `at least ${set.lowestReady} of ${set.replicas} ready`;
  const quorum = set.quorum === undefined ? "" : `, a quorum is ${set.quorum}`;
  const own = budgets.filter(({ namespace, name }) => namespace === set.namespace && name === set.name);
  const allowed = own.map(
    ({ name, status }) =>
      `; budget ${name}: ${status.disruptionsAllowed} of ${status.expectedPods} may be evicted at the end`,
  );
  return `  ${setName(set)}: ${least}${quorum}${allowed.join("")}`;
}

function stepLines(steps: readonly PlayStep[]): readonly string[] {
  if (steps.length > manySteps) return [`  ${steps.length} steps: --format json has them`];
  return steps.map((step) => `  ${formatMoment(step.at).padStart(7)}  ${markOf(step)}  ${stepText(step)}`);
}

/** How a step counts for who reads it. */
export function stepTone({ type }: PlayStep): "trouble" | "ready" | "delete" | "note" {
  switch (type) {
    case "refused":
    case "lost":
    case "unready":
      return "trouble";
    case "ready":
    case "drained":
    case "back":
    case "joined":
      return "ready";
    case "terminating":
      return "delete";
    default:
      return "note";
  }
}

function markOf({ type }: PlayStep): string {
  switch (type) {
    case "terminating":
      return "-";
    case "gone":
    case "unready":
    case "bound":
      return "*";
    case "ready":
      return "=";
    case "refused":
    case "lost":
      return "!";
    default:
      return "~";
  }
}

export function stepText(step: PlayStep): string {
  const why = whyOf(step);
  return why === undefined ? stepTitle(step) : `${stepTitle(step)}: ${why}`;
}

/** Why a step happens, where that needs saying. */
export function whyOf({ type, budget, why }: PlayStep): string | undefined {
  if (type === "applied") return why;
  if (type !== "refused") return undefined;
  return budget === undefined ? why : `${why ?? ""}, again in 5 s`;
}

/** What happens in a step. */
export function stepTitle({ type, pod = "", node = "", why }: PlayStep): string {
  const name = nameOf(pod);
  const on = node === "" ? "" : ` on ${node}`;
  switch (type) {
    case "bound":
      return `${name} gets ${node}`;
    case "ready":
      return `${name} is Ready${on}`;
    case "unready":
      return `${name} is not Ready${on}`;
    case "terminating":
      return `${name} is deleted${on}`;
    case "gone":
      return `${name} is gone${on}`;
    case "refused":
      return `${name} is not evicted`;
    case "cordoned":
      return `${node} is cordoned`;
    case "drained":
      return `${node} is drained`;
    case "joined":
      return `${node} joins`;
    case "back":
      return `${node} is back`;
    case "removed":
      return `${node} is removed`;
    case "lost":
      return `${node} stops answering`;
    case "applied":
      return why === undefined ? `${name} gets another template: a rollout begins` : `${name} is applied`;
    default:
      return `${name} ${type}`;
  }
}

/** What `ordinal plan --play ... --format json` prints. */
export interface PlayJson {
  readonly version: 1;
  readonly play: Play;
  readonly verdict: Pick<PlayVerdict, "tone" | "title" | "reasons">;
  readonly outcome: PlayOutcome;
  /** Where a drain hangs or does not begin. */
  readonly runbook?: RunbookJson;
  readonly seconds: number;
  readonly nodes: readonly NodeReport[];
  readonly sets: readonly SetReport[];
  readonly budgets: readonly BudgetJson[];
  readonly homeless: readonly Homeless[];
  readonly steps: readonly PlayStep[];
  readonly notes: readonly string[];
}

interface BudgetJson {
  readonly namespace: string;
  readonly name: string;
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly disruptionsAllowed: number;
}

export function playJson(result: PlayResult): PlayJson {
  const { play, outcome, seconds, nodes, sets, homeless, steps, notes } = result;
  const budgets = result.budgets.map(({ namespace, name, status }) => {
    const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = status;
    return { namespace, name, expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed };
  });
  const { tone, title, reasons } = playVerdict(result);
  const verdict = { tone, title, reasons };
  const steered = drainRunbook(result);
  const runbook = steered === undefined ? {} : { runbook: runbookJson(steered) };
  return { version: 1, play, verdict, outcome, ...runbook, seconds, nodes, sets, budgets, homeless, steps, notes };
}
