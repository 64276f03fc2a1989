import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { begin, defaultLimits } from "../rollout/begin.js";
import { readWrittenSpec } from "../rollout/read.js";
import type { ScenarioFault } from "../rollout/scenario.js";
import type { WrittenSpec } from "../rollout/spec.js";
import { calmWorld, type PodTiming } from "../rollout/world.js";
import { readBudget, type Budget } from "./budget.js";
import { budgetRefusal } from "./budget-errors.js";
import type { SetInput } from "./cluster.js";
import { readDump, type Dump } from "./dump.js";
import type { ClusterNode } from "./nodes.js";
import type { ReadObject } from "./objects.js";
import { textAt } from "../kubernetes/plain-object.js";
import { readPodTemplate, type PodTemplate } from "./pod-template.js";
import type { Rollout } from "./plays.js";

/** A set that runs, and what it is to become as the play begins, if anything. */
export interface PlayedManifest {
  readonly running: StatefulSet;
  readonly next: StatefulSet | undefined;
}

export interface ManifestOptions {
  readonly behaviour: Behaviour;
  readonly nodes: readonly ClusterNode[];
  /** The PodDisruptionBudgets, plain data. */
  readonly budgets: readonly unknown[];
  /** Whether each set gets another template as the play begins. */
  readonly rollout: boolean;
  readonly faults: readonly ScenarioFault[];
  readonly timing: Partial<PodTiming>;
}

export type ManifestStart =
  | { readonly type: "ready"; readonly start: Dump; readonly rollouts: readonly Rollout[] }
  /** One sentence for each thing that keeps it from being played. */
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/** The cluster in which all pods of the sets of some manifests have run for long, and their rollouts. */
export function startOfManifests(sets: readonly PlayedManifest[], options: ManifestOptions): ManifestStart {
  const problems: string[] = [];
  const inputs: SetInput[] = [];
  const rollouts: Rollout[] = [];
  const seen = new Set<string>();
  for (const { running, next } of sets) {
    const before = readSet(running);
    const after = rolloutOf(before, next, options.rollout);
    const key = `${before.spec.namespace ?? "default"}/${before.spec.name}`;
    if (seen.has(key)) problems.push(`StatefulSet ${key} is there twice: choose one of them`);
    seen.add(key);
    const templates = new Map([after, before].map(({ spec, template }) => [spec.revision, template]));
    const { faults, timing, behaviour } = options;
    const start = { type: "steady" as const, spec: before.spec };
    const beginning = begin({ start, actions: [], faults, timing }, behaviour, defaultLimits);
    if (beginning.type === "refused") {
      const { outcome } = beginning;
      problems.push(`StatefulSet ${key}: ${"reason" in outcome ? outcome.reason : outcome.type}`);
      continue;
    }
    inputs.push({
      uid: key,
      state: beginning.state,
      behaviour,
      templateOf: (revision) => templates.get(revision) ?? after.template,
      nodes: new Map(),
    });
    if (after !== before) rollouts.push({ set: key, spec: after.spec, behaviour });
  }
  const budgets = options.budgets.flatMap((value) => checkedBudget(value, problems));
  if (problems.length > 0) return { type: "invalid", problems };
  const start = { nodes: options.nodes, sets: inputs, pods: [], budgets, volumes: new Map(), notes: [] };
  return { type: "ready", start, rollouts };
}

/**
 * The cluster as a dump has it, and the rollouts of some manifests.
 * @param next the sets that are applied as the play begins
 */
export function startOfDump(
  objects: readonly ReadObject[],
  next: readonly StatefulSet[],
  { behaviour, timing }: Pick<ManifestOptions, "behaviour" | "timing">,
): ManifestStart {
  const { nodeGraceSeconds } = behaviour;
  const world = calmWorld({ nodeGraceSeconds, timingOverride: timing, faults: [] });
  const read = readDump(objects, { behaviour, world });
  if (read.type === "invalid") return read;
  const problems: string[] = [];
  let { sets } = read.dump;
  const rollouts = next.flatMap((one): readonly Rollout[] => {
    const { spec, template } = readSet(one);
    const namespace = spec.namespace ?? "default";
    const running = sets.find(({ state }) => state.name === spec.name && state.namespace === namespace);
    if (running === undefined) {
      problems.push(`The dump has no StatefulSet ${namespace}/${spec.name} to roll out`);
      return [];
    }
    const before = running.templateOf;
    const templateOf = (revision: string): PodTemplate => (revision === spec.revision ? template : before(revision));
    sets = sets.map((set) => (set === running ? { ...set, templateOf } : set));
    return [{ set: `${namespace}/${spec.name}`, spec, behaviour }];
  });
  if (problems.length > 0) return { type: "invalid", problems };
  return { type: "ready", start: { ...read.dump, sets }, rollouts };
}

interface SetAndTemplate {
  readonly spec: WrittenSpec;
  readonly template: PodTemplate;
}

/** The spec of a set and what of its template the scheduler looks at. */
function readSet(set: StatefulSet): SetAndTemplate {
  return { spec: readWrittenSpec(set).spec, template: readPodTemplate(set.template.place.value()) };
}

function rolloutOf(before: SetAndTemplate, next: StatefulSet | undefined, restarts: boolean): SetAndTemplate {
  if (next !== undefined) return readSet(next);
  if (!restarts) return before;
  const { spec, template } = before;
  return { spec: { ...spec, revision: `${spec.revision}, restarted` }, template };
}

function checkedBudget(value: unknown, problems: string[]): readonly Budget[] {
  const refusal = budgetRefusal(value);
  if (refusal === undefined) return [readBudget(value)];
  problems.push(`The API server refuses budget ${textAt(value, "metadata", "name") ?? ""}: ${refusal.message}`);
  return [];
}
