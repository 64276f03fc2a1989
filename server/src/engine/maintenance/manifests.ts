import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { begin, defaultLimits } from "../rollout/begin.js";
import { readWrittenSpec } from "../rollout/read.js";
import type { ScenarioFault } from "../rollout/scenario.js";
import type { WrittenSpec } from "../rollout/spec.js";
import { calmWorld, type PodTiming } from "../rollout/world.js";
import { readBudget, type Budget } from "./budget.js";
import { budgetRefusal } from "./budget-errors.js";
import type { OtherPod, SetInput } from "./cluster.js";
import { otherTiming, readDump, type Dump } from "./dump.js";
import type { ClusterNode } from "./nodes.js";
import type { ReadObject } from "./objects.js";
import { fieldsAt, numberAt, textAt } from "../kubernetes/plain-object.js";
import { settledPod } from "./pod.js";
import { readPodTemplate, type PodTemplate } from "./pod-template.js";
import type { Rollout } from "./plays.js";

/** A set that runs, and what it is to become as the play begins, if anything. */
export interface PlayedManifest {
  readonly running: StatefulSet;
  readonly next: AppliedManifest | undefined;
}

export interface AppliedManifest {
  readonly set: StatefulSet;
  /**
   * What runs and what is applied as the API server stores them, so that the same template has the same revision;
   * `undefined` where that is not known.
   */
  readonly stored: { readonly before: WrittenSpec; readonly after: WrittenSpec } | undefined;
}

export interface ManifestOptions {
  readonly behaviour: Behaviour;
  readonly nodes: readonly ClusterNode[];
  /** The PodDisruptionBudgets, plain data. */
  readonly budgets: readonly unknown[];
  /** Deployments and pods that run beside the sets, plain data. */
  readonly others?: readonly unknown[];
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
    const before = { ...readSet(running), ...(next?.stored && { spec: next.stored.before }) };
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
  const pods = (options.others ?? []).flatMap((value) => otherPods(value, options.timing));
  const start = { nodes: options.nodes, sets: inputs, pods, budgets, volumes: new Map(), notes: [] };
  return { type: "ready", start, rollouts };
}

/**
 * The cluster as a dump has it, and the rollouts of some manifests.
 * @param next the sets that are applied as the play begins
 */
export function startOfDump(
  objects: readonly ReadObject[],
  next: readonly AppliedManifest[],
  { behaviour, timing }: Pick<ManifestOptions, "behaviour" | "timing">,
): ManifestStart {
  const { nodeGraceSeconds } = behaviour;
  const world = calmWorld({ nodeGraceSeconds, timingOverride: timing, faults: [] });
  const read = readDump(objects, { behaviour, world });
  if (read.type === "invalid") return read;
  const problems: string[] = [];
  let { sets } = read.dump;
  const rollouts = next.flatMap((one): readonly Rollout[] => {
    const { spec: written, template } = readSet(one.set);
    const namespace = written.namespace ?? "default";
    const running = sets.find(({ state }) => state.name === written.name && state.namespace === namespace);
    if (running === undefined) {
      problems.push(`The dump has no StatefulSet ${namespace}/${written.name} to roll out`);
      return [];
    }
    const spec = { ...(one.stored?.after ?? written), revision: revisionIn(running, one) ?? written.revision };
    const before = running.templateOf;
    const templateOf = (revision: string): PodTemplate => (revision === spec.revision ? template : before(revision));
    sets = sets.map((set) => (set === running ? { ...set, templateOf } : set));
    return [{ set: `${namespace}/${spec.name}`, spec, behaviour }];
  });
  if (problems.length > 0) return { type: "invalid", problems };
  return { type: "ready", start: { ...read.dump, sets }, rollouts };
}

/** The name that the dump has for the template that is applied; `undefined` where that is another one. */
function revisionIn({ state }: SetInput, { stored }: AppliedManifest): string | undefined {
  if (stored === undefined || stored.before.revision !== stored.after.revision) return undefined;
  return state.set.type === "absent" ? undefined : state.set.spec.revision;
}

interface SetAndTemplate {
  readonly spec: WrittenSpec;
  readonly template: PodTemplate;
}

/** The spec of a set and what of its template the scheduler looks at. */
function readSet(set: StatefulSet): SetAndTemplate {
  return { spec: readWrittenSpec(set).spec, template: readPodTemplate(set.template.place.value()) };
}

function rolloutOf(before: SetAndTemplate, next: AppliedManifest | undefined, restarts: boolean): SetAndTemplate {
  if (next !== undefined) return { ...readSet(next.set), ...(next.stored && { spec: next.stored.after }) };
  if (!restarts) return before;
  const { spec, template } = before;
  return { spec: { ...spec, revision: `${spec.revision}, restarted` }, template };
}

/** The pods of a Deployment, which have run for long, or a pod that no controller has. */
function otherPods(value: unknown, timing: Partial<PodTiming>): readonly OtherPod[] {
  const isDeployment = textAt(value, "kind") === "Deployment";
  const described = isDeployment ? fieldsAt(value, "spec").template : value;
  const namespace = textAt(value, "metadata", "namespace") ?? "default";
  const name = textAt(value, "metadata", "name") ?? "";
  const template = readPodTemplate(described);
  const times = otherTiming(described, timing);
  const controller = isDeployment
    ? { kind: "ReplicaSet", name, uid: `Deployment ${namespace}/${name}`, deployment: name }
    : undefined;
  const replicas = isDeployment ? (numberAt(value, "spec", "replicas") ?? 1) : 1;
  return Array.from({ length: Math.max(0, Math.min(replicas, mostOthers)) }, (_, index) => {
    const podName = isDeployment ? `${name}-${index}` : name;
    const uid = `Pod ${namespace}/${podName}`;
    const pod = settledPod({ namespace, name: podName, uid, template, controller });
    return { pod, ...times, ...(isDeployment && { replicas }) };
  });
}

/** The most pods of one Deployment: a number with too many digits must not take the memory. */
const mostOthers = 10_000;

function checkedBudget(value: unknown, problems: string[]): readonly Budget[] {
  const refusal = budgetRefusal(value);
  if (refusal === undefined) return [readBudget(value)];
  problems.push(`The API server refuses budget ${textAt(value, "metadata", "name") ?? ""}: ${refusal.message}`);
  return [];
}
