import { readBudgetSpec, emptyStatus, type Budget } from "../engine/maintenance/budget.js";
import type { Answer } from "../engine/maintenance/evict.js";
import { keyOf } from "../engine/maintenance/pod.js";
import { applySpec } from "../engine/rollout/apply.js";
import { becomeReady, becomeUnready, bindPod, removePod } from "../engine/rollout/cluster.js";
import { deleteSet } from "../engine/rollout/deletion.js";
import type { WrittenSpec } from "../engine/rollout/spec.js";
import { compare, type Comparison, type Format } from "./format.js";
import { budgetRows, ordinalOf, podStates, putInto, startOf, type EvictionCase, type Start } from "./eviction-start.js";
import { replayDrain, type DrainCase } from "./replay-drain.js";

/** A case of evictions one by one: the first step is the start, each later one is one act and the state after it. */
interface StepsCase extends EvictionCase {
  readonly steps: readonly Step[];
}

interface Step {
  readonly evict?: string;
  readonly kubelet?: string;
  readonly user?: string;
  readonly controllers?: string;
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly preconditionUid?: string;
  readonly spec?: unknown;
  readonly pods?: unknown;
  readonly budgets?: unknown;
  readonly refused?: unknown;
}

export const evictionFormat: Format = (line) => {
  if (typeof line.set !== "string" || !Array.isArray(line.budgets)) return undefined;
  const { id, category } = line as unknown as EvictionCase;
  if (line.drain !== undefined) {
    return { id, category, replay: () => replayDrain(line as unknown as DrainCase) };
  }
  return { id, category, replay: () => replaySteps(line as unknown as StepsCase) };
};

function replaySteps(recorded: StepsCase): readonly Comparison[] {
  const start = startOf(
    recorded,
    () => undefined,
    () => undefined,
  );
  const replay = new Replay(start);
  return recorded.steps.map((step, index) => {
    const answer = index === 0 ? {} : replay.act(step);
    const { cluster, refused } = start;
    const actual = {
      ...actOf(step),
      ...answer,
      budgets: budgetRows(cluster),
      ...(step.pods === undefined ? {} : { pods: podStates(cluster) }),
      ...(index === 0 && refused.length > 0 ? { refused } : {}),
    };
    return compare(index === 0 ? "start" : `step ${index}: ${titleOf(step)}`, step, actual);
  });
}

const actFields = [
  "evict",
  "kubelet",
  "user",
  "controllers",
  "dryRun",
  "gracePeriodSeconds",
  "preconditionUid",
  "spec",
] as const;

function actOf(step: Step): Partial<Step> {
  return Object.fromEntries(actFields.filter((key) => step[key] !== undefined).map((key) => [key, step[key]]));
}

function titleOf({ evict, kubelet, user, controllers }: Step): string {
  return evict === undefined ? (kubelet ?? user ?? controllers ?? "") : `evict ${evict}`;
}

/** The acts of a recording, one after the other. */
class Replay {
  readonly #start: Start;
  #spec: WrittenSpec;

  constructor(start: Start) {
    this.#start = start;
    this.#spec = start.spec;
  }

  /** What the API server answers, as recorded; empty where it was not asked. */
  act(step: Step): Readonly<Record<string, unknown>> {
    const { cluster } = this.#start;
    const answer = step.evict === undefined ? {} : this.#evict(step.evict, step);
    if (step.kubelet !== undefined) this.#kubelet(step.kubelet);
    if (step.user !== undefined) this.#user(step.user, step);
    if (step.controllers !== undefined) this.#controllers(step.controllers);
    cluster.settle();
    return answer;
  }

  #evict(name: string, step: Step): Readonly<Record<string, unknown>> {
    const answer = this.#start.cluster.evict(`default/${name}`, {
      dryRun: step.dryRun === true,
      immediately: step.gracePeriodSeconds === 0,
      otherUid: step.preconditionUid !== undefined,
    });
    return answerRow(answer);
  }

  #kubelet(text: string): void {
    const { cluster, set } = this.#start;
    const one = /^(\S+)-(\d+) (not ready|ready|failed|succeeded|pending|terminating)$/.exec(text);
    if (one !== null) {
      putInto(cluster, set, Number(one[2]), (one[3] ?? "").replace("not ready", "notready"));
      return;
    }
    const round =
      /^removes terminating pods(?:, makes pods ready(?:, except (.+))?|(; replacements get no node))$/.exec(text);
    if (round === null) throw new Error(`unknown step of the kubelet: ${text}`);
    this.#round(new Set(round[1]?.split(/, | and /)), round[2] === undefined);
  }

  /** Until nothing is left to do, since the controllers act between. */
  #round(except: ReadonlySet<string>, binds: boolean): void {
    const { cluster } = this.#start;
    for (let busy = true; busy;) {
      busy = false;
      cluster.settle();
      for (const pod of Array.from(cluster.pods)) {
        const set = [...cluster.sets].find(
          ({ uid, name }) => uid === pod.controller?.uid || pod.name.startsWith(`${name}-`),
        );
        if (set === undefined) continue;
        const ordinal = ordinalOf(pod);
        const isLeft = except.has(pod.name);
        const change = (to: "gone" | "ready" | "unready"): void => {
          busy = true;
          cluster.change(
            set,
            (state) => {
              if (to === "gone") return removePod(state, ordinal);
              const bound = bindPod(state, ordinal);
              return to === "ready" ? becomeReady(bound, ordinal) : becomeUnready(bound, ordinal);
            },
            [ordinal],
          );
        };
        if (pod.terminating) change("gone");
        else if (!binds || pod.phase === "Failed" || pod.phase === "Succeeded") continue;
        else if (isLeft && pod.phase === "Pending") change("unready");
        else if (!isLeft && !pod.ready) change("ready");
      }
    }
  }

  #user(text: string, { spec }: Step): void {
    const { cluster, set } = this.#start;
    const [, replicas] = /^scale to (\d+)$/.exec(text) ?? [];
    const [, image] = /^image (\S+)$/.exec(text) ?? [];
    const [, propagation] = /^delete the set(?:, (orphan|background|foreground))?$/.exec(text) ?? [];
    const [, pod] = /^deletes? (?:pod )?([a-z0-9]+-\d+|bare)$/.exec(text) ?? [];
    const web = cluster.budget("default/web");
    if (replicas !== undefined) this.#apply({ ...this.#spec, replicas: Number(replicas) });
    else if (image !== undefined) this.#apply({ ...this.#spec, revision: image });
    else if (text.startsWith("delete the set")) {
      const how = propagation === "orphan" ? "Orphan" : propagation === "foreground" ? "Foreground" : "Background";
      cluster.change(set, (state) => deleteSet(state, how));
    } else if (pod !== undefined) cluster.delete(`default/${pod}`, false);
    else if (text === "budget deleted" && web !== undefined) cluster.removeBudget(keyOf(web));
    else if (text === "budget spec now" && web !== undefined) {
      cluster.setBudget({ ...web, spec: readBudgetSpec(spec), generation: web.generation + 1 });
    } else if (text === "budget created") {
      const budget: Budget = {
        namespace: "default",
        name: "web",
        spec: readBudgetSpec(spec),
        generation: 1,
        status: emptyStatus,
      };
      cluster.setBudget(budget);
    } else if (text !== "label on the budget") throw new Error(`unknown step of the user: ${text}`);
  }

  #apply(spec: WrittenSpec): void {
    const { cluster, set, behaviour } = this.#start;
    this.#spec = spec;
    cluster.change(
      set,
      (state) => {
        const applied = applySpec(state, spec, behaviour);
        if (applied.type === "rejected") throw new Error("the set is refused");
        return applied.state;
      },
      [],
    );
  }

  #controllers(text: string): void {
    const { cluster } = this.#start;
    if (text !== "stopped" && text !== "running again") throw new Error(`unknown state of the controllers: ${text}`);
    cluster.halted = text === "stopped";
    if (!cluster.halted) cluster.resyncBudgets();
  }
}

function answerRow(answer: Answer): Readonly<Record<string, unknown>> {
  if (answer.code === 201) return { code: 201 };
  const { code, message, reason, cause } = answer;
  return { code, message, reason, ...(cause === undefined ? {} : { cause }) };
}
