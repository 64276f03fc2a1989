import { assumptionsOf, type Assumption } from "./assumptions.js";
import type { Measure } from "./measure.js";
import type { Outcome } from "./outcome.js";
import { runbookLines, type Runbook } from "./runbook.js";
import { rolloutStatusNote } from "./rollout-status.js";
import type { Simulation } from "./simulate.js";
import type { Step } from "./step.js";

/** What `ordinal plan --format json` prints. Fields that do not apply are left out. */
export interface PlanJson {
  readonly version: 1;
  readonly outcome: OutcomeJson;
  readonly measure: Measure;
  readonly steps: readonly StepJson[];
  readonly claims: readonly { readonly name: string; readonly fate: string; readonly why: string }[];
  /** What a changed ConfigMap or Secret means for the set. */
  readonly notes?: readonly string[];
  /** What `kubectl rollout status` and `helm upgrade --wait` do. */
  readonly pipeline?: string;
  readonly assumptions: readonly Assumption[];
}

export interface OutcomeJson {
  readonly type: Outcome["type"];
  /** Seconds. */
  readonly at: number;
  /** The pod or claim that everything waits for. */
  readonly blocker?: string;
  readonly reason?: string;
  /** Commands, in their order; lines that start with # are for the reader. */
  readonly recovery?: readonly string[];
  /** The same step by step. */
  readonly runbook?: RunbookJson;
}

export interface RunbookJson {
  readonly kind: Runbook["kind"];
  readonly title: string;
  readonly steps: readonly { readonly reason: string; readonly commands: readonly string[] }[];
  /** Names of the claims whose data is lost when it is followed. */
  readonly losesClaims: readonly string[];
}

export interface StepJson {
  /** Seconds. */
  readonly at: number;
  readonly kind: Step["kind"];
  readonly action: Step["action"];
  readonly pod?: string;
  readonly claim?: string;
  readonly revision?: string;
  readonly why: string;
  readonly field: string;
}

/** `notes` are further sentences, such as those of `configNotes`. */
export function planJson(simulation: Simulation, notes: readonly string[] = []): PlanJson {
  const { outcome, measure, steps, claims } = simulation;
  const pipeline = rolloutStatusNote(simulation);
  return {
    version: 1,
    outcome: outcomeJson(outcome),
    measure,
    steps: steps.map(stepJson),
    claims: claims.map(({ name, fate, why }) => ({ name, fate, why })),
    ...(notes.length === 0 ? {} : { notes }),
    ...(pipeline === undefined ? {} : { pipeline }),
    assumptions: assumptionsOf(simulation).map(({ about, text }) => ({ about, text })),
  };
}

function outcomeJson(outcome: Outcome): OutcomeJson {
  const { type, at } = outcome;
  switch (outcome.type) {
    case "converged":
      return { type, at };
    case "stuck": {
      const { blocker, reason, runbook } = outcome;
      return {
        type,
        at,
        blocker: blocker.type === "pod" ? blocker.pod : blocker.claim,
        reason,
        recovery: runbookLines(runbook),
        runbook: runbookJson(runbook),
      };
    }
    case "rejected": {
      const { reason, runbook } = outcome;
      if (runbook === undefined) return { type, at, reason };
      return { type, at, reason, recovery: runbookLines(runbook), runbook: runbookJson(runbook) };
    }
    case "stepLimit":
      return { type, at, reason: outcome.reason };
  }
}

/** Without what only the simulation reads. */
export function runbookJson({ kind, title, steps, losesClaims }: Runbook): RunbookJson {
  return { kind, title, steps: steps.map(({ reason, commands }) => ({ reason, commands })), losesClaims };
}

function stepJson({ at, kind, action, pod, claim, revision, why, field }: Step): StepJson {
  return {
    at,
    kind,
    action,
    ...(pod === undefined ? {} : { pod }),
    ...(claim === undefined ? {} : { claim }),
    ...(revision === undefined ? {} : { revision }),
    why,
    field,
  };
}
