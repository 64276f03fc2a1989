import { podIndexLabel, podNameLabel } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import type { Behaviour } from "../kubernetes/versions.js";
import {
  bindPod,
  deletePod,
  dueOrdinals,
  happen,
  nextEventAt,
  nextVanishingClaim,
  removeClaim,
  removePod,
  unbindPod,
} from "../rollout/cluster.js";
import { sync } from "../rollout/controller.js";
import { endForegroundDeletion } from "../rollout/deletion.js";
import { podAt, podsOf } from "../rollout/slots.js";
import { podName } from "../rollout/spec.js";
import type { ClusterState } from "../rollout/state.js";
import type { Pod as SetPod } from "../rollout/slot.js";
import { recheckAt, syncBudget, selects, type Budget, type Scale } from "./budget.js";
import { evict, notFound, type Answer, type EvictionOptions } from "./evict.js";
import { isFinished, keyOf, scaleKey, type Controller, type Pod } from "./pod.js";
import { Occupancy } from "./occupancy.js";
import type { PodTemplate } from "./pod-template.js";

/** Chooses the node for a pod that has none; `undefined` where no node takes it. */
export type Scheduler = (pod: Pod, cluster: Cluster) => string | undefined;

/** A StatefulSet that is part of a cluster. */
export interface SetInput {
  readonly uid: string;
  readonly state: ClusterState;
  readonly behaviour: Behaviour;
  readonly templateOf: (revision: string) => PodTemplate;
  /** Where the pods that are there run: by ordinal, the name of a node. */
  readonly nodes: ReadonlyMap<number, string>;
}

/** A pod that no StatefulSet has, and how long it takes, in seconds. */
export interface OtherPod {
  readonly pod: Pod;
  readonly toReady: number;
  readonly toGone: number;
  /** How many pods its controller shall have; as many as there are where that is not known. */
  readonly replicas?: number | undefined;
}

/** What happened to a pod. */
export interface PodEvent {
  readonly type: "created" | "bound" | "ready" | "unready" | "terminating" | "finished" | "gone";
  /** As it is after it; for `gone` as it was. */
  readonly pod: Pod;
  /** By how many the pods that are Ready and not being deleted are more than before. */
  readonly change: -1 | 0 | 1;
}

/** A set in the cluster; `state` follows it. */
export interface SetMember extends Omit<SetInput, "state" | "nodes"> {
  readonly namespace: string;
  readonly name: string;
  /** The set as its pods name it. */
  readonly controller: Controller;
  readonly state: ClusterState;
}

interface SetEntry extends SetMember {
  state: ClusterState;
  readonly pods: Map<number, PodEntry>;
  /** By the UID of a pod. */
  readonly nodes: Map<number, string>;
}

interface PodEntry {
  pod: Pod;
  readonly budgets: Set<BudgetEntry>;
  readonly owner: { readonly set: SetEntry; readonly ordinal: number } | undefined;
  /** Of a pod that no set has. */
  due: { readonly at: number; readonly event: "ready" | "gone" } | undefined;
  readonly timing: Pick<OtherPod, "toReady" | "toGone"> | undefined;
}

interface BudgetEntry {
  budget: Budget;
  readonly pods: Set<PodEntry>;
}

/**
 * Several sets, other pods, their budgets and the nodes that they run on, over virtual time. The sets' controllers are
 * those of `rollout`, one for each set; what they create is bound by the scheduler that is given. Whoever changes
 * something calls `settle` afterwards: then the controllers act until they rest.
 */
export class Cluster {
  /** Milliseconds. */
  clock = 0;
  /** Goes up with everything that happens. */
  version = 0;
  /** While true no controller acts. */
  halted = false;
  readonly occupancy = new Occupancy();
  readonly #scheduler: Scheduler;
  readonly #tell: (event: PodEvent) => void;
  readonly #pods = new Map<string, PodEntry>();
  readonly #sets = new Map<string, SetEntry>();
  readonly #setsByUid = new Map<string, SetEntry>();
  readonly #budgets = new Map<string, BudgetEntry>();
  readonly #otherScales = new Map<string, number>();
  readonly #restless = new Set<SetEntry>();
  readonly #unsynced = new Set<BudgetEntry>();
  readonly #unbound = new Set<PodEntry>();
  /** Pods that no set has and that something will happen to. */
  readonly #due = new Set<PodEntry>();
  #triedAt = -1;
  #replacements = 0;

  constructor(scheduler: Scheduler, tell: (event: PodEvent) => void) {
    this.#scheduler = scheduler;
    this.#tell = tell;
  }

  get sets(): Iterable<SetMember> {
    return this.#sets.values();
  }

  get pods(): Iterable<Pod> {
    return mapped(this.#pods.values(), ({ pod }) => pod);
  }

  get budgets(): Iterable<Budget> {
    return mapped(this.#budgets.values(), ({ budget }) => budget);
  }

  /** The pods that wait for a node. */
  get unbound(): Iterable<Pod> {
    return mapped(this.#unbound, ({ pod }) => pod);
  }

  /** @param key `namespace/name` */
  pod(key: string): Pod | undefined {
    return this.#pods.get(key)?.pod;
  }

  /** @param key `namespace/name` */
  set(key: string): SetMember | undefined {
    return this.#sets.get(key);
  }

  setByUid(uid: string): SetMember | undefined {
    return this.#setsByUid.get(uid);
  }

  /** @param key `namespace/name` */
  budget(key: string): Budget | undefined {
    return this.#budgets.get(key)?.budget;
  }

  /** All budgets that select a pod. */
  budgetsOf(pod: Pod): readonly Budget[] {
    return Array.from(this.#pods.get(keyOf(pod))?.budgets ?? [], ({ budget }) => budget);
  }

  /** The pods that a budget selects. */
  podsOf(budget: Budget): readonly Pod[] {
    return Array.from(this.#budgets.get(keyOf(budget))?.pods ?? [], ({ pod }) => pod);
  }

  addSet({ uid, state, behaviour, templateOf, nodes }: SetInput): SetMember {
    const namespace = state.namespace ?? "default";
    const { name } = state;
    const set: SetEntry = {
      uid,
      state,
      behaviour,
      templateOf,
      namespace,
      name,
      controller: { kind: "StatefulSet", name, uid },
      pods: new Map(),
      nodes: new Map(),
    };
    this.#sets.set(keyOf(set), set);
    this.#setsByUid.set(uid, set);
    for (const { ordinal, uid: podUid } of podsOf(state.slots)) {
      const node = nodes.get(ordinal);
      if (node !== undefined) set.nodes.set(podUid, node);
      this.#refresh(set, ordinal);
    }
    this.#restless.add(set);
    return set;
  }

  addPod({ pod, toReady, toGone, replicas }: OtherPod): void {
    const entry = this.#add(pod, undefined, { toReady, toGone });
    if (pod.terminating) this.#plan(entry, toGone, "gone");
    const { controller } = pod;
    if (controller === undefined || pod.terminating || isFinished(pod)) return;
    const key = scaleKey(pod.namespace, controller);
    this.#otherScales.set(key, replicas ?? (this.#otherScales.get(key) ?? 0) + 1);
  }

  /** Adds a budget, or puts another spec in its place. */
  setBudget(budget: Budget): void {
    this.removeBudget(keyOf(budget));
    const entry: BudgetEntry = { budget, pods: new Set() };
    this.#budgets.set(keyOf(budget), entry);
    for (const pod of this.#pods.values()) if (selects(budget, pod.pod)) this.#link(pod, entry);
    this.#unsynced.add(entry);
  }

  removeBudget(key: string): void {
    const entry = this.#budgets.get(key);
    if (entry === undefined) return;
    for (const pod of entry.pods) pod.budgets.delete(entry);
    this.#budgets.delete(key);
    this.#unsynced.delete(entry);
  }

  /**
   * Changes a set from outside of its controller.
   * @param ordinals the pods that this may change; all where it is left out
   */
  change(member: SetMember, change: (state: ClusterState) => ClusterState, ordinals?: readonly number[]): void {
    const set = this.#entryOf(member);
    set.state = change({ ...set.state, clock: this.clock });
    for (const ordinal of ordinals ?? allOrdinals(set)) this.#refresh(set, ordinal);
    this.#restless.add(set);
    this.version++;
  }

  /**
   * Asks the Eviction API. The controllers do not act before `settle`.
   * @param key `namespace/name` of the pod
   */
  evict(key: string, options: EvictionOptions & { readonly immediately: boolean }): Answer {
    const entry = this.#pods.get(key);
    if (entry === undefined) return notFound(key.slice(key.indexOf("/") + 1));
    const budgets = Array.from(entry.budgets, ({ budget }) => budget);
    const answer = evict(entry.pod, budgets, options, this.clock);
    const used = answer.code === 201 || answer.code === 409 ? answer.budget : undefined;
    const used2 = used === undefined ? undefined : this.#budgets.get(keyOf(used));
    if (used !== undefined && used2 !== undefined) {
      used2.budget = used;
      this.#unsynced.add(used2);
      this.version++;
    }
    if (answer.code === 201 && !options.dryRun) this.delete(key, options.immediately);
    return answer;
  }

  /** Deletes a pod: gracefully, or without waiting for its kubelet. */
  delete(key: string, immediately: boolean): void {
    const entry = this.#pods.get(key);
    if (entry === undefined) return;
    const { owner } = entry;
    if (owner !== undefined) {
      const remove = immediately ? removePod : deletePod;
      this.change(owner.set, (state) => remove(state, owner.ordinal), [owner.ordinal]);
      return;
    }
    this.version++;
    if (entry.pod.terminating && !immediately) return;
    if (immediately || isFinished(entry.pod) || entry.pod.node === "") this.#remove(entry);
    else {
      this.#update(entry, { ...entry.pod, terminating: true });
      this.#plan(entry, entry.timing?.toGone ?? 0, "gone");
    }
    this.#replace(entry);
  }

  /** A pod that no set has stops being Ready: its node does not answer. */
  loseReadiness(key: string): void {
    const entry = this.#pods.get(key);
    if (entry === undefined || entry.owner !== undefined) return;
    this.version++;
    this.#update(entry, { ...entry.pod, ready: false });
  }

  /** A pod that no set has is deleted, and its node, which does not answer, never lets it go. */
  strand(key: string): void {
    const entry = this.#pods.get(key);
    if (entry === undefined || entry.owner !== undefined || entry.pod.terminating) return;
    this.version++;
    this.#update(entry, { ...entry.pod, terminating: true });
    this.#replace(entry);
  }

  /**
   * The controllers, the scheduler and the garbage collector act until nothing more changes. The disruption controller
   * sees that a pod is gone before another one of that name is made, so an allowed eviction is not held against that.
   */
  settle(): void {
    if (this.halted) return;
    while (this.#restless.size > 0 || this.#unsynced.size > 0 || this.#triedAt !== this.version) {
      for (const entry of this.#unsynced) this.#syncBudget(entry);
      for (const set of this.#restless) this.#control(set);
      this.#schedule();
    }
  }

  /** Says on which node a pod is that runs already. */
  place(pod: Pod, node: string): void {
    const entry = this.#pods.get(keyOf(pod));
    if (entry === undefined) return;
    const { owner } = entry;
    if (owner === undefined) {
      this.#update(entry, { ...entry.pod, node });
      return;
    }
    const uid = podAt(owner.set.state.slots, owner.ordinal)?.uid;
    if (uid !== undefined) owner.set.nodes.set(uid, node);
    this.#refresh(owner.set, owner.ordinal);
  }

  /** When something happens by itself, in milliseconds; Infinity if nothing does. */
  nextEventAt(): number {
    let next = Infinity;
    for (const { state } of this.#sets.values()) next = Math.min(next, nextEventAt(state) ?? Infinity);
    for (const { due } of this.#due) next = Math.min(next, due?.at ?? Infinity);
    for (const { budget } of this.#budgets.values()) next = Math.min(next, recheckAt(budget));
    return next;
  }

  /** Lets all happen that is due by a moment, which becomes now; no controller acts before `settle`. */
  advanceTo(at: number): void {
    this.clock = at;
    for (const set of this.#sets.values()) {
      if ((nextEventAt(set.state) ?? Infinity) > at) continue;
      const ordinals = dueOrdinals({ ...set.state, clock: at });
      for (const ordinal of ordinals) this.change(set, (state) => happen(state, ordinal), [ordinal]);
    }
    for (const entry of this.#due) {
      if (entry.due === undefined || entry.due.at > at) continue;
      const { event } = entry.due;
      this.#due.delete(entry);
      entry.due = undefined;
      this.version++;
      if (event === "gone") this.#remove(entry);
      else this.#update(entry, { ...entry.pod, phase: "Running", ready: true });
    }
    for (const entry of this.#budgets.values()) {
      if (recheckAt(entry.budget) > at) continue;
      this.#unsynced.add(entry);
      this.version++;
    }
  }

  /** The scheduler looks again at what waits: nodes have changed. */
  reschedule(): void {
    this.version++;
  }

  /** The disruption controller starts anew and looks at every budget. */
  resyncBudgets(): void {
    for (const entry of this.#budgets.values()) this.#unsynced.add(entry);
  }

  #control(set: SetEntry): void {
    this.#restless.delete(set);
    set.state = { ...set.state, clock: this.clock };
    while (true) {
      const result = sync(set.state, set.behaviour);
      set.state = result.state;
      for (const { action } of result.changes) {
        if (action.type === "createPod") set.state = unbindPod(set.state, action.ordinal);
        if ("ordinal" in action) this.#refresh(set, action.ordinal);
      }
      if (!result.wrote) break;
      this.version++;
    }
    for (let claim = nextVanishingClaim(set.state); claim !== undefined; claim = nextVanishingClaim(set.state)) {
      set.state = removeClaim(set.state, claim.ordinal, claim.template);
      this.#restless.add(set);
    }
    set.state = endForegroundDeletion(set.state);
  }

  #schedule(): void {
    if (this.#triedAt === this.version) return;
    for (const entry of this.#unbound) {
      const node = this.#scheduler(entry.pod, this);
      if (node === undefined) continue;
      this.version++;
      const { owner } = entry;
      if (owner === undefined) {
        this.#update(entry, { ...entry.pod, node });
        this.#plan(entry, entry.timing?.toReady ?? 0, "ready");
        continue;
      }
      const { set, ordinal } = owner;
      const uid = podAt(set.state.slots, ordinal)?.uid;
      if (uid !== undefined) set.nodes.set(uid, node);
      this.change(set, (state) => bindPod(state, ordinal), [ordinal]);
    }
    this.#triedAt = this.version;
  }

  #syncBudget(entry: BudgetEntry): void {
    this.#unsynced.delete(entry);
    const pods = mapped(entry.pods, ({ pod }) => pod);
    entry.budget = syncBudget(entry.budget, pods, (pod) => this.#scaleOf(pod), this.clock);
  }

  #scaleOf({ controller, namespace }: Pod): Scale {
    if (controller === undefined) return { type: "notFound" };
    const resource = withoutScale[controller.kind];
    if (resource !== undefined) return { type: "noScale", resource };
    if (controller.kind !== "StatefulSet") {
      return { type: "replicas", replicas: this.#otherScales.get(scaleKey(namespace, controller)) ?? 0 };
    }
    const state = this.#setsByUid.get(controller.uid)?.state;
    if (state?.set.type === "present") return { type: "replicas", replicas: state.set.spec.replicas };
    if (state?.set.type === "absent") return { type: "notFound" };
    return { type: "replicas", replicas: this.#otherScales.get(scaleKey(namespace, controller)) ?? 0 };
  }

  #entryOf(member: SetMember): SetEntry {
    const entry = this.#sets.get(keyOf(member));
    if (entry === undefined) throw new Error(`no set ${keyOf(member)} in this cluster`);
    return entry;
  }

  /** Brings what is seen of a set's pod in line with the set. */
  #refresh(set: SetEntry, ordinal: number): void {
    const pod = podAt(set.state.slots, ordinal);
    const entry = set.pods.get(ordinal);
    const uid = pod === undefined ? undefined : `${set.uid}/${pod.uid}`;
    if (entry !== undefined && entry.pod.uid !== uid) {
      set.pods.delete(ordinal);
      this.#remove(entry);
    }
    if (pod === undefined || uid === undefined) return;
    const known = set.pods.get(ordinal);
    if (known === undefined) set.pods.set(ordinal, this.#add(viewOf(set, pod, uid), { set, ordinal }, undefined));
    else if (hasChanged(known.pod, set, pod)) this.#update(known, { ...known.pod, ...changingParts(set, pod) });
  }

  #add(pod: Pod, owner: PodEntry["owner"], timing: PodEntry["timing"]): PodEntry {
    const entry: PodEntry = { pod, budgets: new Set(), owner, due: undefined, timing };
    this.#pods.set(keyOf(pod), entry);
    if (pod.node !== "") this.occupancy.add(pod);
    for (const budget of this.#budgets.values()) if (selects(budget.budget, pod)) this.#link(entry, budget);
    this.#touch(entry);
    if (pod.node === "" && pod.phase === "Pending" && !pod.terminating) this.#unbound.add(entry);
    this.#tell({ type: "created", pod, change: isHealthy(pod) ? 1 : 0 });
    return entry;
  }

  #update(entry: PodEntry, pod: Pod): void {
    const before = entry.pod;
    entry.pod = pod;
    this.occupancy.replace(before, pod);
    if (isCountedAnew(before, pod)) this.#touch(entry);
    if (pod.node !== "" || pod.terminating) this.#unbound.delete(entry);
    let change = changeOf(before, pod);
    for (const type of eventsOf(before, pod)) {
      this.#tell({ type, pod, change });
      change = 0;
    }
  }

  #remove(entry: PodEntry): void {
    this.#pods.delete(keyOf(entry.pod));
    this.occupancy.remove(entry.pod);
    this.#touch(entry);
    for (const budget of entry.budgets) budget.pods.delete(entry);
    this.#unbound.delete(entry);
    this.#due.delete(entry);
    if (entry.owner !== undefined)
      entry.owner.set.nodes.delete(Number(entry.pod.uid.slice(entry.pod.uid.lastIndexOf("/") + 1)));
    this.#tell({ type: "gone", pod: entry.pod, change: isHealthy(entry.pod) ? -1 : 0 });
  }

  #link(pod: PodEntry, budget: BudgetEntry): void {
    pod.budgets.add(budget);
    budget.pods.add(pod);
  }

  #touch({ budgets }: PodEntry): void {
    for (const budget of budgets) this.#unsynced.add(budget);
  }

  #plan(entry: PodEntry, seconds: number, event: "ready" | "gone"): void {
    entry.due = { at: this.clock + Math.round(seconds * 1000), event };
    this.#due.add(entry);
  }

  /** ReplicaSets, Jobs and the like make another pod as soon as one is being deleted; under another name. */
  #replace({ pod, timing }: PodEntry): void {
    const { controller } = pod;
    if (controller === undefined || timing === undefined || neverReplaced.has(controller.kind)) return;
    const number = ++this.#replacements;
    const name = `${controller.name}-new-${number}`;
    const successor = {
      ...pod,
      name,
      uid: `new-${number}`,
      phase: "Pending",
      ready: false,
      terminating: false,
      node: "",
    } as const;
    this.#add(successor, undefined, timing);
  }
}

/** Kinds without the subresource `scale`, as the disruption controller's error names them (getScaleController, 1.36). */
const withoutScale: Readonly<Record<string, string | undefined>> = {
  DaemonSet: "daemonsets.apps",
  Job: "jobs.batch",
  Node: "nodes",
};

/** A node's own pods and those of DaemonSets come back on the node that they were on, and drains leave them alone. */
const neverReplaced: ReadonlySet<string> = new Set(["DaemonSet", "Node", "StatefulSet"]);

/** Of the pods that a set has and had. */
function allOrdinals({ pods, state }: SetEntry): ReadonlySet<number> {
  return new Set([...pods.keys(), ...Array.from(podsOf(state.slots), ({ ordinal }) => ordinal)]);
}

function viewOf(set: SetEntry, pod: SetPod, uid: string): Pod {
  const template = set.templateOf(pod.revision);
  const name = podName(set, pod.ordinal);
  return {
    namespace: set.namespace,
    name,
    uid,
    labels: labelsOf(set, pod, template),
    template,
    isMirror: false,
    ...changingParts(set, pod),
  };
}

/** What a set's controller adds to the labels of the template: see `madeLabels` in kubernetes/selection.ts. */
function labelsOf(set: SetEntry, { ordinal, revision }: SetPod, template: PodTemplate): Labels {
  const labels = new Map(template.labels);
  labels.set(podNameLabel, podName(set, ordinal));
  if (set.behaviour.podIndexLabel) labels.set(podIndexLabel, String(ordinal));
  labels.set("controller-revision-hash", revision);
  return labels;
}

type ChangingParts = Pick<Pod, "phase" | "ready" | "terminating" | "node" | "controller">;

function changingParts(set: SetEntry, pod: SetPod): ChangingParts {
  return {
    phase: pod.phase,
    ready: isReady(pod),
    terminating: pod.terminating,
    node: pod.bound ? (set.nodes.get(pod.uid) ?? "unknown") : "",
    controller: pod.owned ? set.controller : undefined,
  };
}

function isReady({ phase, readySince }: SetPod): boolean {
  return phase === "Running" && readySince !== undefined;
}

function hasChanged(seen: Pod, set: SetEntry, pod: SetPod): boolean {
  return (
    seen.phase !== pod.phase ||
    seen.ready !== isReady(pod) ||
    seen.terminating !== pod.terminating ||
    seen.node !== changingParts(set, pod).node ||
    (seen.controller !== undefined) !== pod.owned
  );
}

/** Whether a budget may count a pod in another way than before: its node plays no part. */
function isCountedAnew(before: Pod, after: Pod): boolean {
  return (
    before.ready !== after.ready || before.terminating !== after.terminating || before.controller !== after.controller
  );
}

function isHealthy({ ready, terminating }: Pod): boolean {
  return ready && !terminating;
}

function changeOf(before: Pod, after: Pod): -1 | 0 | 1 {
  if (isHealthy(before) === isHealthy(after)) return 0;
  return isHealthy(after) ? 1 : -1;
}

function* eventsOf(before: Pod, after: Pod): Iterable<PodEvent["type"]> {
  if (before.node !== after.node) yield "bound";
  if (!before.terminating && after.terminating) yield "terminating";
  if (!isFinished(before) && isFinished(after)) yield "finished";
  else if (before.ready !== after.ready) yield after.ready ? "ready" : "unready";
}

function* mapped<T, U>(all: Iterable<T>, map: (one: T) => U): Generator<U> {
  for (const one of all) yield map(one);
}
