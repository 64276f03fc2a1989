import { behaviourOf, parseRelease, type Behaviour } from "../engine/kubernetes/versions.js";
import { readBudget, type Budget } from "../engine/maintenance/budget.js";
import { budgetRefusal, type BudgetRefusal } from "../engine/maintenance/budget-errors.js";
import { Cluster, type PodEvent, type Scheduler, type SetMember } from "../engine/maintenance/cluster.js";
import { readObjects } from "../engine/maintenance/objects.js";
import { settledPod, type Pod } from "../engine/maintenance/pod.js";
import { readPodTemplate, type PodTemplate } from "../engine/maintenance/pod-template.js";
import { fieldsAt, textAt } from "../engine/kubernetes/plain-object.js";
import { applySpec } from "../engine/rollout/apply.js";
import { becomeReady, becomeUnready, bindPod, deletePod, finish } from "../engine/rollout/cluster.js";
import { podAt, withPod } from "../engine/rollout/slots.js";
import type { WrittenSpec } from "../engine/rollout/spec.js";
import { emptyCluster, type ClusterState } from "../engine/rollout/state.js";
import type { World } from "../engine/rollout/world.js";
import { readWrittenSpec } from "../engine/rollout/read.js";

/** What all cases of eviction.jsonl share: see test/truth/README.md. */
export interface EvictionCase {
  readonly id: string;
  readonly kubernetes: string;
  readonly category: string;
  /** Manifests. */
  readonly set: string;
  readonly budgets: readonly string[];
  readonly states: Readonly<Record<string, unknown>>;
}

/** The start of a case: the cluster, and what was not taken of its budgets. */
export interface Start {
  readonly cluster: Cluster;
  readonly set: SetMember;
  readonly spec: WrittenSpec;
  readonly behaviour: Behaviour;
  readonly refused: readonly (BudgetRefusal & { readonly budget: string })[];
}

/** Plays the start of a case; the kubelets do nothing afterwards. */
export function startOf(recorded: EvictionCase, scheduler: Scheduler, tell: (event: PodEvent) => void): Start {
  const release = parseRelease(recorded.kubernetes);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${recorded.kubernetes}`);
  const behaviour = behaviourOf(release, {});
  const cluster = new Cluster(scheduler, tell);
  const { spec, template } = readSet(recorded.set);
  const set = addSet(cluster, spec, template, behaviour);
  create(cluster, set, fieldsAt(recorded.states, "create"));
  const second = recorded.states.second;
  if (typeof second === "number") {
    const labels = new Map(template.labels).set("set", "web2");
    create(
      cluster,
      addSet(cluster, { ...spec, name: "web2", replicas: second }, { ...template, labels }, behaviour),
      {},
    );
  }
  for (const [name, state] of Object.entries(recorded.states)) {
    if (state === "bare") cluster.addPod({ pod: barePod(name), toReady: 0, toGone: 0 });
    else if (/^\d+$/.test(name)) putInto(cluster, set, Number(name), String(state));
  }
  cluster.settle();
  const refused = addBudgets(cluster, recorded.budgets);
  cluster.settle();
  return { cluster, set, spec, behaviour, refused };
}

function readSet(text: string): { readonly spec: WrittenSpec; readonly template: PodTemplate } {
  const read = readObjects(text);
  const [first] = read.type === "read" ? read.objects : [];
  if (first?.resource.kind !== "StatefulSet") throw new Error("the set is no StatefulSet");
  const { spec } = readWrittenSpec(first.resource);
  return { spec, template: readPodTemplate(fieldsAt(first.value, "spec").template) };
}

function addSet(cluster: Cluster, spec: WrittenSpec, template: PodTemplate, behaviour: Behaviour): SetMember {
  const applied = applySpec(emptyCluster(spec.name, "default", { type: "replayed" }), spec, behaviour);
  if (applied.type === "rejected")
    throw new Error(`the set is refused: ${applied.errors.map(({ detail }) => detail).join()}`);
  const input = {
    uid: spec.name,
    state: applied.state,
    behaviour,
    templateOf: () => template,
    nodes: new Map<number, string>(),
  };
  return cluster.addSet(input);
}

/** The kubelet makes every pod Ready as it comes, but leaves those that `states` names by ordinal in that state. */
function create(cluster: Cluster, set: SetMember, states: Readonly<Record<string, unknown>>): void {
  const seen = new Set<string>();
  while (true) {
    cluster.settle();
    const next = [...cluster.pods].find(({ uid, controller }) => controller?.uid === set.uid && !seen.has(uid));
    if (next === undefined) return;
    seen.add(next.uid);
    const state = states[String(ordinalOf(next))];
    putInto(cluster, set, ordinalOf(next), typeof state === "string" ? state : "ready");
  }
}

export function ordinalOf({ name }: Pick<Pod, "name">): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}

/** Brings a pod into a state that the recordings have a word for. */
export function putInto(cluster: Cluster, set: SetMember, ordinal: number, state: string): void {
  cluster.change(set, (before) => inState(before, ordinal, state), [ordinal]);
}

function inState(before: ClusterState, ordinal: number, state: string): ClusterState {
  const bound = podAt(before.slots, ordinal)?.bound === true ? before : bindPod(before, ordinal);
  switch (state) {
    case "ready":
      return becomeReady(bound, ordinal);
    case "notready":
    case "nocondition":
      return becomeUnready(bound, ordinal);
    case "pending":
    case "unbound":
      return pending(before, ordinal, state === "pending");
    case "terminating":
      return deletePod(bound, ordinal);
    case "failed":
      return finish(bound, ordinal, "Failed");
    case "succeeded":
      return finish(bound, ordinal, "Succeeded");
    default:
      throw new Error(`unknown state ${state}`);
  }
}

function pending(state: ClusterState, ordinal: number, bound: boolean): ClusterState {
  const pod = podAt(state.slots, ordinal);
  if (pod === undefined) return state;
  const slots = withPod(state.slots, { ...pod, phase: "Pending", readySince: undefined, bound });
  return { ...state, slots };
}

function barePod(name: string): Pod {
  const template = readPodTemplate({ metadata: { labels: { app: "web" } } });
  return settledPod({ namespace: "default", name, uid: name, template, controller: undefined });
}

function addBudgets(cluster: Cluster, texts: readonly string[]): Start["refused"] {
  return texts.flatMap((text) => {
    const read = readObjects(text);
    const value = read.type === "read" ? read.objects[0]?.value : undefined;
    const refusal = budgetRefusal(value);
    if (refusal !== undefined) return [{ budget: textAt(value, "metadata", "name") ?? "", ...refusal }];
    cluster.setBudget(readBudget(value));
    return [];
  });
}

/** The pods of a cluster by name, in the words of the recordings. */
export function podStates(cluster: Cluster): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(cluster.pods, (pod) => [pod.name, stateOf(pod)]));
}

function stateOf({ terminating, phase, node, ready }: Pod): string {
  if (terminating) return "terminating";
  switch (phase) {
    case "Failed":
      return "failed";
    case "Succeeded":
      return "succeeded";
    case "Pending":
      return node === "" ? "unbound" : "pending";
    case "Running":
      return ready ? "ready" : "notready";
  }
}

/** By name: expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, and the reason of the condition. */
export function budgetRows(cluster: Cluster): Readonly<Record<string, readonly (number | string)[]>> {
  return Object.fromEntries(Array.from(cluster.budgets, (budget) => [budget.name, rowOf(budget)]));
}

function rowOf({ status }: Budget): readonly (number | string)[] {
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, reason } = status;
  const row = [expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed];
  return reason === undefined ? row : [...row, reason];
}

/** Goes on as in a cluster whose kubelets act by themselves. */
export function withWorld(cluster: Cluster, world: World): void {
  for (const set of cluster.sets) cluster.change(set, (state) => ({ ...state, world }), []);
}
