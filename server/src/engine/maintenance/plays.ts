import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "../rollout/apply.js";
import { loseNode } from "../rollout/cluster.js";
import type { WrittenSpec } from "../rollout/spec.js";
import { formatApiError } from "../rollout/spec.js";
import { Agenda, passTime } from "./agenda.js";
import { budgetLabel, type Budget } from "./budget.js";
import { Cluster, type PodEvent, type SetMember } from "./cluster.js";
import { isDrained, noticeGone, startDrains, usualDrain, type Drain, type DrainTask } from "./drain.js";
import { termOf, type Dump } from "./dump.js";
import { moreThanOneBudget } from "./evict.js";
import { hostnameLabel, Nodes, successorOf, zoneLabel, zoneOf, type ClusterNode } from "./nodes.js";
import { keyOf, type Pod } from "./pod.js";
import type { NodeTerm } from "./pod-template.js";
import { describeReasons, needsNearby, placePod, type VolumeNeed } from "./schedule.js";

/** What is done to the nodes. */
export type Play =
  | { readonly type: "drain-node"; readonly node: string }
  /** One after the other; each is away for a while, or with `surge` another one comes before it goes. */
  | { readonly type: "drain-all"; readonly surge: boolean }
  | { readonly type: "lose-node"; readonly node: string }
  | { readonly type: "lose-zone"; readonly zone: string }
  /** The last nodes are drained and removed until so many are left. */
  | { readonly type: "scale-down"; readonly to: number };

export const playTypes = ["drain-node", "drain-all", "lose-node", "lose-zone", "scale-down"] as const;

/** Where the volume of a new claim can be reached: from the zone or the node of its first pod, or from everywhere. */
export const volumeBindings = ["zone", "node", "anywhere"] as const;
export type VolumeBinding = (typeof volumeBindings)[number];

export interface PlayInput {
  readonly play: Play;
  readonly start: Dump;
  /** How long a node is away or takes to come, in seconds. */
  readonly nodeSeconds: number;
  readonly volumeBinding: VolumeBinding;
  /** What is applied to sets as the play begins: a rollout at the same time. */
  readonly rollouts: readonly Rollout[];
}

export interface Rollout {
  /** `namespace/name` */
  readonly set: string;
  readonly spec: WrittenSpec;
  readonly behaviour: Behaviour;
}

/** How long a node is away for its upgrade, where nothing says otherwise, in seconds. */
export const defaultNodeSeconds = 120;

/** One thing that happens. */
export interface PlayStep {
  /** Seconds since the start. */
  readonly at: number;
  readonly type:
    | PodEvent["type"]
    | "cordoned"
    | "drained"
    | "joined"
    | "back"
    | "removed"
    | "lost"
    | "evicted"
    | "refused"
    | "applied";
  readonly pod?: string;
  readonly node?: string;
  /** The budget that refused. */
  readonly budget?: string;
  /** In words, where that says more. */
  readonly why?: string;
}

export interface NodeReport {
  readonly node: string;
  readonly zone: string | undefined;
  /** Seconds since the start. */
  readonly startedAt: number;
  readonly drainedAt: number | undefined;
  readonly evicted: readonly string[];
  /** How often evictions were refused for the time being. */
  readonly refusals: number;
}

export interface SetReport {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  /** More than half of the replicas; `undefined` of one or two, which have none to lose. */
  readonly quorum: number | undefined;
  readonly lowestReady: number;
  readonly secondsWithoutQuorum: number;
  readonly secondsWithoutReady: number;
  readonly readyAtEnd: number;
  /** The budgets that select pods of this set and of nothing else, as they are at the end. */
  readonly budgets: readonly SetBudget[];
}

export interface SetBudget {
  readonly budget: string;
  /** How many pods must stay healthy. */
  readonly needed: number;
  /** How many may be disrupted when all are healthy. */
  readonly spare: number;
}

/** A pod as the play begins; keys are `namespace/name`. */
export interface StartedPod {
  readonly pod: string;
  readonly node: string;
  readonly ready: boolean;
  readonly terminating: boolean;
}

/** A pod that has no node when all is over, and why. */
export interface Homeless {
  readonly pod: string;
  readonly why: string;
}

export type PlayOutcome =
  | { readonly type: "done" }
  /** A drain waits for what never comes. */
  | { readonly type: "hangs"; readonly node: string; readonly blocked: readonly Blocked[] }
  /** kubectl does not even begin. */
  | { readonly type: "refused"; readonly node: string; readonly blocked: readonly Blocked[] }
  /** The pods do not find their nodes to begin with. */
  | { readonly type: "impossible"; readonly pod: string; readonly why: string }
  /** Each of the pods runs only beside the next one, and the last only beside the first. */
  | { readonly type: "circle"; readonly pods: readonly string[] }
  | { readonly type: "rejected"; readonly set: string; readonly why: string }
  /** Not played to its end. */
  | { readonly type: "endless" };

export interface Blocked {
  readonly pod: string;
  readonly budget: string | undefined;
  readonly why: string;
  readonly hold: Hold;
}

/** What keeps a pod on a node, as far as it decides what to do about that; names are keys, `namespace/name`. */
export type Hold =
  | { readonly type: "silentNode" }
  | { readonly type: "severalBudgets"; readonly budgets: readonly string[] }
  /** One budget, which guards the pod although it is not Ready. */
  | { readonly type: "itself" }
  /** One budget, because of other pods that are not Ready or not there. */
  | { readonly type: "others"; readonly pods: readonly IllPod[] }
  /** One budget, which allows nothing even when all is well. */
  | { readonly type: "limit" }
  /** One budget that the controller cannot work out, or another refusal. */
  | { readonly type: "error" }
  /** kubectl does not begin with pods like this one. */
  | { readonly type: "refused" };

/**
 * Why a pod is not Ready: `ending` is being deleted, `lost` too, but on a node that does not answer; `homeless` finds no
 * node.
 */
export interface IllPod {
  readonly pod: string;
  readonly type: "lost" | "ending" | "homeless" | "unready";
  /** Of a pod that finds no node. */
  readonly why?: string;
}

export interface PlayResult {
  readonly play: Play;
  readonly outcome: PlayOutcome;
  readonly seconds: number;
  readonly nodes: readonly NodeReport[];
  /** All nodes as the play began, and those that joined later. */
  readonly allNodes: readonly { readonly node: string; readonly zone: string | undefined }[];
  readonly sets: readonly SetReport[];
  readonly budgets: readonly Budget[];
  readonly homeless: readonly Homeless[];
  /** Where the pods were as the play began. */
  readonly start: readonly StartedPod[];
  readonly steps: readonly PlayStep[];
  /** What is odd about the budgets, and what is not known, in sentences. */
  readonly notes: readonly string[];
}

/** How long pods tolerate a node that does not answer: the admission plugin DefaultTolerationSeconds. */
const unreachableSeconds = 300;

/** The most moments of one play: a set that never comes to rest would have no end. */
const mostMoments = 200_000;

/** Plays what happens to the pods of a cluster when something is done to its nodes. */
export function playMaintenance(input: PlayInput): PlayResult {
  return new Stage(input).run();
}

class Stage {
  readonly #input: PlayInput;
  readonly #agenda = new Agenda();
  readonly #nodes: Nodes;
  readonly #volumes: Map<string, readonly NodeTerm[]>;
  readonly #cluster: Cluster;
  readonly #steps: PlayStep[] = [];
  readonly #reports: NodeReport[] = [];
  readonly #drains: Drain[] = [];
  readonly #notes: string[] = [];
  readonly #startedPods: StartedPod[] = [];
  /** By the name of every node that there was, its zone. */
  readonly #known: Map<string, string | undefined>;
  readonly #measures = new Map<string, Measure>();
  /** Nothing is recorded while the start is set up. */
  #isSetUp = false;
  #moments = 0;

  constructor(input: PlayInput) {
    this.#input = input;
    this.#nodes = new Nodes(input.start.nodes);
    this.#known = new Map(input.start.nodes.map((node) => [node.name, zoneOf(node)]));
    this.#volumes = new Map(input.start.volumes);
    this.#cluster = new Cluster(
      (pod) => this.#schedule(pod),
      (event) => this.#notice(event),
    );
  }

  run(): PlayResult {
    const { pods, sets, budgets } = this.#input.start;
    for (const pod of pods) this.#cluster.addPod(pod);
    for (const set of sets) this.#cluster.addSet(set);
    const impossible = this.#settleIn();
    if (impossible !== undefined) return this.#result(impossible);
    for (const { name, answers } of this.#nodes) if (!answers) this.#losePods(name);
    for (const budget of budgets) this.#cluster.setBudget(budget);
    this.#cluster.settle();
    for (const set of this.#cluster.sets) this.#measures.set(set.uid, new Measure(set));
    for (const pod of this.#cluster.pods) this.#count(pod, pod.ready && !pod.terminating ? 1 : 0);
    this.#notes.push(...this.#input.start.notes);
    this.#noteBudgets();
    this.#isSetUp = true;
    for (const pod of this.#cluster.pods) {
      const { node, ready, terminating } = pod;
      this.#startedPods.push({ pod: keyOf(pod), node, ready, terminating });
    }
    const rejected = this.#roll();
    if (rejected !== undefined) return this.#result(rejected);
    const outcome = this.#play();
    return this.#result(outcome);
  }

  /**
   * Pods that run without a node yet get one, as soon as those are there that they want to be near; the first that no
   * node takes.
   */
  #settleIn(): PlayOutcome | undefined {
    const placed = Array.from(this.#cluster.pods).filter(({ node }) => node !== "unknown" && node !== "");
    for (const pod of placed) this.#bindVolumes(pod, pod.node);
    let waiting = Array.from(this.#cluster.pods).filter(({ node }) => node === "unknown");
    while (waiting.length > 0) {
      const left = waiting.filter((pod) => !this.#settle(pod));
      const [first] = left;
      if (first !== undefined && left.length === waiting.length) {
        const circle = circleOf(first, left).map(keyOf);
        if (circle.length > 1) return { type: "circle", pods: circle };
        return { type: "impossible", pod: keyOf(first), why: this.#whyHomeless(first) };
      }
      waiting = left;
    }
    return undefined;
  }

  #settle(pod: Pod): boolean {
    const placement = placePod(pod, this.#cluster.occupancy, this.#nodes, this.#volumeNeeds(pod));
    if (placement.type === "none") return false;
    this.#bindVolumes(pod, placement.node);
    this.#cluster.place(pod, placement.node);
    return true;
  }

  #roll(): PlayOutcome | undefined {
    for (const { set: key, spec, behaviour } of this.#input.rollouts) {
      const set = this.#cluster.set(key);
      if (set === undefined) continue;
      let why = "";
      let restarts = false;
      this.#cluster.change(
        set,
        (state) => {
          const applied = applySpec(state, spec, behaviour);
          restarts = state.set.type === "absent" || state.set.spec.revision !== spec.revision;
          if (applied.type === "applied") return applied.state;
          why = applied.errors.map(formatApiError).join("; ");
          return state;
        },
        [],
      );
      if (why !== "") return { type: "rejected", set: key, why };
      this.#tell({ type: "applied", pod: key, ...(restarts ? {} : { why: "its template stays the same" }) });
    }
    return undefined;
  }

  #play(): PlayOutcome {
    const { play } = this.#input;
    switch (play.type) {
      case "drain-node":
        return this.#drainInTurn([play.node], () => undefined);
      case "drain-all":
        return this.#drainInTurn([...this.#nodes.names()], (node) => this.#upgrade(node, play.surge), play.surge);
      case "scale-down":
        return this.#drainInTurn([...this.#nodes.names()].slice(play.to).toReversed(), (node) =>
          this.#removeNode(node),
        );
      case "lose-node":
        return this.#lose([play.node]);
      case "lose-zone":
        return this.#lose([...this.#nodes].filter((node) => zoneOf(node) === play.zone).map(({ name }) => name));
    }
  }

  #drainInTurn(nodes: readonly string[], afterwards: (node: string) => void, surge = false): PlayOutcome {
    for (const name of nodes) {
      const node = this.#nodes.get(name);
      if (node === undefined) continue;
      if (surge) {
        this.#wait(this.#input.nodeSeconds);
        const fresh = successorOf(node, `${name}-new`);
        this.#nodes.set(fresh);
        this.#known.set(fresh.name, zoneOf(fresh));
        this.#nodesChanged({ type: "joined", node: fresh.name });
      }
      this.#nodes.set({ ...node, unschedulable: true });
      this.#nodesChanged({ type: "cordoned", node: name });
      const outcome = this.#drain(node);
      if (outcome !== undefined) return outcome;
      afterwards(name);
      if (this.#isEndless()) return { type: "endless" };
    }
    this.#rest();
    return this.#isEndless() ? { type: "endless" } : { type: "done" };
  }

  #drain({ name, labels }: ClusterNode): PlayOutcome | undefined {
    const startedAt = this.#cluster.clock;
    const before = this.#steps.length;
    const [drain] = startDrains(this.#cluster, this.#agenda, [name], usualDrain);
    if (drain === undefined) return undefined;
    this.#drains.push(drain);
    this.#tellRefusals(drain);
    this.#pass(() => {
      this.#tellRefusals(drain);
      return drain.endedAt !== undefined || this.#hangs(drain);
    });
    this.#drains.pop();
    const evicted = drain.tasks.filter(({ acceptedAt }) => acceptedAt !== undefined).map(({ pod }) => keyOf(pod));
    const drainedAt = isDrained(drain) ? this.#cluster.clock / 1000 : undefined;
    const refusals = this.#steps.slice(before).filter(({ type }) => type === "refused").length;
    this.#reports.push({
      node: name,
      zone: labels.get(zoneLabel),
      startedAt: startedAt / 1000,
      drainedAt,
      evicted,
      refusals,
    });
    if (drainedAt !== undefined) {
      this.#tell({ type: "drained", node: name });
      return undefined;
    }
    if (this.#isEndless()) return { type: "endless" };
    if (drain.objections.length > 0) {
      const blocked = drain.objections.flatMap(({ message, pods }) =>
        pods.map((pod) => ({ pod: keyOf(pod), budget: undefined, why: message, hold: { type: "refused" as const } })),
      );
      return { type: "refused", node: name, blocked };
    }
    const open = drain.tasks.filter(({ state }) => state !== "done");
    return { type: "hangs", node: name, blocked: open.map((task) => this.#blocked(task)) };
  }

  /** Whether a drain only tries again and again, or waits, and nothing else will happen. */
  #hangs({ tasks }: Drain): boolean {
    const { version } = this.#cluster;
    if (this.#cluster.nextEventAt() !== Infinity) return false;
    return tasks.every(
      ({ state, refusedIn, pod }) =>
        (state === "evicting" && refusedIn === version) ||
        (state === "waiting" && this.#cluster.pod(keyOf(pod))?.uid === pod.uid) ||
        state === "done" ||
        state === "failed",
    );
  }

  #blocked({ pod, state, refusal }: DrainTask): Blocked {
    const key = keyOf(pod);
    if (state === "waiting") {
      const why = "it never ends: its node does not answer";
      return { pod: key, budget: undefined, why, hold: { type: "silentNode" } };
    }
    const budgets = this.#cluster.budgetsOf(pod);
    const [budget] = budgets;
    if (refusal?.message === moreThanOneBudget) {
      const names = budgets.map(budgetLabel).toSorted().join(" and ");
      const why = `several budgets select it (${names}), which the Eviction API refuses`;
      const hold = { type: "severalBudgets", budgets: budgets.map(keyOf).toSorted() } as const;
      return { pod: key, budget: undefined, why, hold };
    }
    if (budget === undefined)
      return { pod: key, budget: undefined, why: refusal?.message ?? "", hold: { type: "error" } };
    return { pod: key, budget: budgetLabel(budget), ...this.#whyNone(budget, pod) };
  }

  /** Why a budget allows no eviction, after `because`. */
  #whyNone(budget: Budget, pod: Pod): Pick<Blocked, "why" | "hold"> {
    const { status, spec } = budget;
    if (status.reason === "SyncFailed") return { why: `its sync fails (${status.message})`, hold: { type: "error" } };
    const ill = this.#cluster.podsOf(budget).filter(({ ready, terminating }) => !ready || terminating);
    if (ill.length > 0) {
      const own = ill.find(({ uid, terminating }) => uid === pod.uid && !terminating);
      if (ill.length === 1 && own !== undefined)
        return { why: `${own.name} itself is not Ready`, hold: { type: "itself" } };
      const pods = ill.map((one) => this.#illPod(one));
      const why = pods.map(illnessOf).join(", ");
      return { why, hold: own === undefined ? { type: "others", pods } : { type: "itself" } };
    }
    if (spec.minAvailable === undefined && spec.maxUnavailable === undefined) {
      return { why: "it has neither minAvailable nor maxUnavailable", hold: { type: "limit" } };
    }
    const { desiredHealthy, currentHealthy, expectedPods } = status;
    if (currentHealthy < expectedPods && currentHealthy <= desiredHealthy) {
      const why = `it selects ${currentHealthy} of ${expectedPods} pods and needs ${desiredHealthy}`;
      return { why, hold: { type: "others", pods: [] } };
    }
    const limit =
      spec.maxUnavailable === undefined ? `minAvailable ${spec.minAvailable}` : `maxUnavailable ${spec.maxUnavailable}`;
    return { why: `${limit} needs all ${desiredHealthy} of its pods`, hold: { type: "limit" } };
  }

  #illPod(pod: Pod): IllPod {
    const key = keyOf(pod);
    if (pod.terminating) return { pod: key, type: this.#nodes.get(pod.node)?.answers === false ? "lost" : "ending" };
    if (pod.node !== "" || pod.phase !== "Pending") return { pod: key, type: "unready" };
    return { pod: key, type: "homeless", why: this.#whyHomeless(pod) };
  }

  #whyHomeless(pod: Pod): string {
    const placement = placePod(pod, this.#cluster.occupancy, this.#nodes, this.#volumeNeeds(pod));
    return placement.type === "node" ? "the scheduler has not looked at it" : describeReasons(placement.reasons);
  }

  #upgrade(name: string, surge: boolean): void {
    if (surge) {
      this.#removeNode(name);
      return;
    }
    this.#wait(this.#input.nodeSeconds);
    const node = this.#nodes.get(name);
    if (node !== undefined) this.#nodes.set({ ...node, unschedulable: false });
    this.#nodesChanged({ type: "back", node: name });
  }

  #removeNode(name: string): void {
    this.#nodes.delete(name);
    this.#tell({ type: "removed", node: name });
    // Pods that came back to it while it was cordoned end with it (gcOrphaned in pkg/controller/podgc, Kubernetes 1.36).
    for (const pod of Array.from(this.#cluster.occupancy.on(name))) this.#cluster.delete(keyOf(pod), true);
    this.#nodesChanged(undefined);
  }

  #lose(names: readonly string[]): PlayOutcome {
    for (const name of names) {
      const node = this.#nodes.get(name);
      if (node === undefined) continue;
      this.#nodes.set({ ...node, answers: false });
      this.#tell({ type: "lost", node: name });
    }
    for (const name of names) this.#losePods(name);
    this.#nodesChanged(undefined);
    this.#rest();
    return this.#isEndless() ? { type: "endless" } : { type: "done" };
  }

  #losePods(node: string): void {
    for (const pod of Array.from(this.#cluster.occupancy.on(node))) this.#losePod(pod);
  }

  #losePod(pod: Pod): void {
    const set = this.#setOf(pod);
    if (set !== undefined) {
      const ordinal = Number(pod.name.slice(pod.name.lastIndexOf("-") + 1));
      this.#cluster.change(set, (state) => loseNode(state, ordinal), [ordinal]);
      return;
    }
    const grace = this.#grace() * 1000;
    this.#agenda.plan(this.#cluster.clock + grace, () => this.#cluster.loseReadiness(keyOf(pod)));
    this.#agenda.plan(this.#cluster.clock + grace + unreachableSeconds * 1000, () => this.#cluster.strand(keyOf(pod)));
  }

  #grace(): number {
    const [set] = this.#cluster.sets;
    return set?.behaviour.nodeGraceSeconds ?? 50;
  }

  #nodesChanged(step: Omit<PlayStep, "at"> | undefined): void {
    if (step !== undefined) this.#tell(step);
    this.#cluster.reschedule();
    this.#cluster.settle();
  }

  #schedule(pod: Pod): string | undefined {
    const placement = placePod(pod, this.#cluster.occupancy, this.#nodes, this.#volumeNeeds(pod));
    if (placement.type === "none") return undefined;
    this.#bindVolumes(pod, placement.node);
    return placement.node;
  }

  #volumeNeeds(pod: Pod): readonly VolumeNeed[] {
    return this.#claimsOf(pod).flatMap((claim) => {
      const terms = this.#volumes.get(`${pod.namespace}/${claim}`);
      return terms === undefined ? [] : [{ claim, terms }];
    });
  }

  #claimsOf(pod: Pod): readonly string[] {
    const state = this.#setOf(pod)?.state;
    const templates = state === undefined || state.set.type === "absent" ? [] : state.set.spec.claims;
    return [...pod.template.claims, ...templates.map((template) => `${template}-${pod.name}`)];
  }

  /** The volumes of a new pod are made where it comes to run. */
  #bindVolumes(pod: Pod, name: string): void {
    const node = this.#nodes.get(name);
    const { volumeBinding } = this.#input;
    if (node === undefined || volumeBinding === "anywhere") return;
    const key = volumeBinding === "zone" ? zoneLabel : hostnameLabel;
    const value = node.labels.get(key);
    if (value === undefined) return;
    for (const claim of this.#claimsOf(pod)) {
      const full = `${pod.namespace}/${claim}`;
      if (!this.#volumes.has(full)) this.#volumes.set(full, [termOf(key, [value])]);
    }
  }

  #setOf({ controller }: Pod): SetMember | undefined {
    if (controller?.kind !== "StatefulSet") return undefined;
    return this.#cluster.setByUid(controller.uid);
  }

  #wait(seconds: number): void {
    const end = this.#cluster.clock + seconds * 1000;
    this.#pass(() => false, end);
    this.#advanceMeasures(end);
    this.#cluster.advanceTo(end);
    this.#cluster.settle();
  }

  /** Until nothing more happens by itself. */
  #rest(): void {
    this.#pass(() => false);
  }

  #pass(isEnough: () => boolean, until = Infinity): void {
    passTime(
      this.#cluster,
      this.#agenda,
      () => {
        this.#advanceMeasures(this.#cluster.clock);
        this.#moments++;
        return isEnough() || this.#isEndless();
      },
      until,
    );
  }

  #isEndless(): boolean {
    return this.#moments > mostMoments;
  }

  #advanceMeasures(now: number): void {
    for (const measure of this.#measures.values()) measure.advance(now);
  }

  #notice(event: PodEvent): void {
    const { type, pod } = event;
    if (type === "gone") for (const drain of this.#drains) noticeGone(this.#cluster, this.#agenda, drain, pod);
    if (!this.#isSetUp) return;
    if (event.change !== 0) this.#count(pod, event.change);
    if (type === "created" || type === "finished") return;
    this.#tell({ type, pod: keyOf(pod), ...(pod.node === "" ? {} : { node: pod.node }) });
  }

  #count({ controller }: Pod, change: number): void {
    if (controller !== undefined) this.#measures.get(controller.uid)?.count(change, this.#cluster.clock);
  }

  #tellRefusals(drain: Drain): void {
    for (const task of drain.tasks) {
      const { pod, refusals, refusal } = task;
      const told = this.#told.get(task) ?? 0;
      if (refusals <= told || refusal === undefined) continue;
      this.#told.set(task, refusals);
      this.#tell({
        type: "refused",
        pod: keyOf(pod),
        node: drain.node,
        ...(refusal.budget === undefined ? {} : { budget: budgetLabel(refusal.budget) }),
        why: refusal.cause ?? refusal.message,
      });
    }
  }

  readonly #told = new Map<DrainTask, number>();

  #tell(step: Omit<PlayStep, "at">): void {
    if (this.#isSetUp) this.#steps.push({ at: this.#cluster.clock / 1000, ...step });
  }

  #result(outcome: PlayOutcome): PlayResult {
    this.#advanceMeasures(this.#cluster.clock);
    const homeless =
      outcome.type === "impossible" || outcome.type === "circle" ? [] : Array.from(this.#cluster.unbound);
    return {
      play: this.#input.play,
      outcome,
      seconds: this.#cluster.clock / 1000,
      nodes: this.#reports,
      allNodes: Array.from(this.#known, ([node, zone]) => ({ node, zone })),
      sets: Array.from(this.#measures, ([uid, measure]) => measure.report(this.#budgetsOf(uid))),
      budgets: Array.from(this.#cluster.budgets),
      homeless: homeless.map((pod) => ({ pod: keyOf(pod), why: this.#whyHomeless(pod) })),
      start: this.#startedPods,
      steps: this.#steps,
      notes: this.#notes,
    };
  }

  #budgetsOf(uid: string): readonly SetBudget[] {
    return Array.from(this.#cluster.budgets).flatMap((budget) => {
      const pods = this.#cluster.podsOf(budget);
      if (pods.length === 0 || pods.some(({ controller }) => controller?.uid !== uid)) return [];
      const { desiredHealthy, expectedPods } = budget.status;
      return [
        { budget: budgetLabel(budget), needed: desiredHealthy, spare: Math.max(0, expectedPods - desiredHealthy) },
      ];
    });
  }

  /** A budget that selects no pod protects none, and one that selects all counts them together. */
  #noteBudgets(): void {
    for (const budget of this.#cluster.budgets) {
      const pods = this.#cluster.podsOf(budget);
      const name = budgetLabel(budget);
      if (pods.length === 0) this.#notes.push(`Budget \`${name}\` selects no pod, so it protects none`);
      else if (budget.spec.selector?.length === 0)
        this.#notes.push(`Budget \`${name}\` selects every pod of its namespace (${pods.length}): they count together`);
    }
  }
}

/** What is wrong with a pod, as a part of a sentence. */
function illnessOf({ pod, type, why }: IllPod): string {
  const name = pod.slice(pod.indexOf("/") + 1);
  switch (type) {
    case "lost":
    case "ending":
      return `${name} is still being deleted`;
    case "homeless":
      return `${name} finds no node: ${why}`;
    case "unready":
      return `${name} is not Ready`;
  }
}

/** Pods that each run only beside the next one, from the first that comes again; empty where there is no such circle. */
function circleOf(pod: Pod, waiting: readonly Pod[]): readonly Pod[] {
  const path: Pod[] = [];
  for (let next: Pod | undefined = pod; next !== undefined;) {
    const before = path.findIndex(
      ({ controller, uid }) => (controller?.uid ?? uid) === (next?.controller?.uid ?? next?.uid),
    );
    if (before !== -1) return path.slice(before);
    path.push(next);
    const current: Pod = next;
    next = waiting.find((other) => other.uid !== current.uid && needsNearby(current, other));
  }
  return [];
}

/** How many pods of a set are Ready, and for how long too few. What does not last does not count. */
class Measure {
  readonly #set: SetMember;
  readonly #replicas: number;
  readonly #quorum: number | undefined;
  #ready = 0;
  #since = 0;
  #lowest = Infinity;
  #withoutQuorum = 0;
  #withoutReady = 0;

  constructor(set: SetMember) {
    this.#set = set;
    this.#replicas = set.state.set.type === "absent" ? 0 : set.state.set.spec.replicas;
    this.#quorum = this.#replicas < 3 ? undefined : Math.floor(this.#replicas / 2) + 1;
  }

  count(change: number, now: number): void {
    this.advance(now);
    this.#ready += change;
  }

  advance(now: number): void {
    const passed = now - this.#since;
    if (passed <= 0) return;
    this.#since = now;
    this.#lowest = Math.min(this.#lowest, this.#ready);
    if (this.#quorum !== undefined && this.#ready < this.#quorum) this.#withoutQuorum += passed;
    if (this.#replicas > 0 && this.#ready === 0) this.#withoutReady += passed;
  }

  report(budgets: readonly SetBudget[]): SetReport {
    const { namespace, name } = this.#set;
    return {
      namespace,
      name,
      replicas: this.#replicas,
      quorum: this.#quorum,
      lowestReady: Math.min(this.#lowest, this.#ready),
      secondsWithoutQuorum: this.#withoutQuorum / 1000,
      secondsWithoutReady: this.#withoutReady / 1000,
      readyAtEnd: this.#ready,
      budgets,
    };
  }
}
