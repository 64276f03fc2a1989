import type { Scenario, UserAction } from "./scenario.js";

/** What to do about a rollout that is stuck or rejected, or a drain that hangs, in order. Plain data. */
export interface Runbook {
  /** Of which kind the trouble is. */
  readonly kind: RunbookKind;
  /** What it leads to: "Recover from a lost node". */
  readonly title: string;
  readonly steps: readonly RunbookStep[];
  /** Names of the claims whose data is lost when it is followed. */
  readonly losesClaims: readonly string[];
}

export type RunbookKind =
  | "lostNode"
  | "brokenRevision"
  | "brokenPod"
  | "brokenOldPod"
  | "recreateGateOff"
  | "claimTerminating"
  | "controllerAsleep"
  | "growVolume"
  | "shrinkVolume"
  | "recreateSet"
  | "dropRollingUpdate"
  | "renameSet"
  | "drain";

export interface RunbookStep {
  /** Why, and what happens then: one or more sentences without the last full stop. */
  readonly reason: string;
  /** Commands for a POSIX shell, one a line; empty where only the reader can act. */
  readonly commands: readonly string[];
  /** What the commands do, for the simulation; empty where pods and claims do not notice. */
  readonly plays: readonly UserAction[];
}

/** A step that changes no pod and no claim. */
export function aside(reason: string, ...commands: readonly string[]): RunbookStep {
  return { reason, commands, plays: [] };
}

/** The scenario, and then what the commands of a runbook do, each when all has settled. */
export function following(scenario: Scenario, { steps }: Runbook): Scenario {
  const later = steps.flatMap(({ plays }) => plays).map((action) => ({ when: { type: "settled" as const }, action }));
  return { ...scenario, actions: [...scenario.actions, ...later] };
}

/** Ready to copy into a shell: each step's commands after its reason, which is a comment. */
export function runbookLines({ steps, losesClaims }: Runbook): readonly string[] {
  const loss = losesClaims.length === 0 ? [] : [`# This loses the data of ${losesClaims.join(", ")}`];
  return [...loss, ...steps.flatMap(({ reason, commands }) => [`# ${reason}`, ...commands])];
}
