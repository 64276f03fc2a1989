import { matchesLabels, type Selector } from "../kubernetes/selection.js";
import type { Agenda } from "./agenda.js";
import type { Cluster } from "./cluster.js";
import type { Answer } from "./evict.js";
import { isFinished, keyOf, type Pod } from "./pod.js";

/*
 * `kubectl drain`: staging/src/k8s.io/kubectl/pkg/drain/drain.go and filters.go of Kubernetes 1.36, whose names it
 * keeps. The real command evicts all pods of a node at once, each in a thread of its own; here the pods go in the order
 * of their list, which is one of the orders that it may take, unless others are said to be first.
 */

export interface DrainOptions {
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDirData: boolean;
  readonly force: boolean;
  /** Deletes instead of evicting, whatever the budgets say. */
  readonly disableEviction: boolean;
  /** `client`: the API server is not even asked. */
  readonly dryRun: false | "client" | "server";
  /** With `--grace-period=0` pods go without waiting for their kubelet. */
  readonly immediately: boolean;
  /** Waits without end where it is left out, as the command does. */
  readonly timeoutSeconds: number | undefined;
  readonly podSelector: Selector;
  /** The names of pods that happen to be reached before the others, in this order. */
  readonly first: readonly string[];
}

/** As upgrades drain: DaemonSets stay, local data goes. */
export const usualDrain: DrainOptions = {
  ignoreDaemonSets: true,
  deleteEmptyDirData: true,
  force: false,
  disableEviction: false,
  dryRun: false,
  immediately: false,
  timeoutSeconds: undefined,
  podSelector: [],
  first: [],
};

/** A drain of one node, as far as it has got. */
export interface Drain {
  readonly node: string;
  readonly options: DrainOptions;
  /** Milliseconds. */
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Why it did not begin: what kubectl says, and the pods that it says it of. */
  readonly objections: readonly Objection[];
  /** Pods that it leaves alone, with the reason. */
  readonly warnings: readonly Objection[];
  readonly tasks: readonly DrainTask[];
}

export interface Objection {
  readonly message: string;
  readonly pods: readonly Pod[];
}

/** What a drain does about one pod. */
export interface DrainTask {
  readonly pod: Pod;
  state: "evicting" | "waiting" | "done" | "failed" | "timedOutEvicting" | "timedOutWaiting";
  /** When the eviction or deletion was accepted, in milliseconds. */
  acceptedAt: number | undefined;
  /** How often it was refused for now, and the last refusal; also what made it fail. */
  refusals: number;
  refusal: Exclude<Answer, { readonly code: 201 }> | undefined;
  /** The state of the cluster when it was last refused: see `Cluster.version`. */
  refusedIn: number;
}

/** kubectl tries again after that many milliseconds, and looks so often whether a pod is gone. */
const retryAfter = 5000;
const lookEvery = 1000;

/**
 * Drains nodes that are cordoned already, all at once: the first pods of each go before the second ones. What happens
 * later is planned.
 */
export function startDrains(
  cluster: Cluster,
  agenda: Agenda,
  nodes: readonly string[],
  options: DrainOptions,
): readonly Drain[] {
  const drains = nodes.map((node): Drain => {
    const { delete: pods, objections, warnings } = podsForDeletion(cluster, node, options);
    const rank = ({ name }: Pod): number => (options.first.includes(name) ? options.first.indexOf(name) : Infinity);
    const tasks =
      objections.length > 0
        ? []
        : pods.toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b)))).map(taskFor);
    const endedAt = tasks.length === 0 ? cluster.clock : undefined;
    return { node, options, startedAt: cluster.clock, endedAt, objections, warnings, tasks };
  });
  const most = Math.max(0, ...drains.map(({ tasks }) => tasks.length));
  for (let position = 0; position < most; position++) {
    for (const drain of drains) {
      const task = drain.tasks[position];
      if (task !== undefined) attempt(cluster, agenda, drain, task);
    }
  }
  return drains;
}

/** Whether the drain has ended well. */
export function isDrained({ endedAt, objections, tasks }: Drain): boolean {
  return endedAt !== undefined && objections.length === 0 && tasks.every(({ state }) => state === "done");
}

/** A drain waits for its pods to be gone, so it has to hear of it. */
export function noticeGone(cluster: Cluster, agenda: Agenda, drain: Drain, pod: Pod): void {
  const task = drain.tasks.find((one) => one.pod.uid === pod.uid && one.state === "waiting");
  if (task?.acceptedAt === undefined) return;
  const looks = Math.ceil((cluster.clock - task.acceptedAt) / lookEvery);
  agenda.plan(task.acceptedAt + looks * lookEvery, () => {
    if (task.state === "waiting") end(cluster, drain, task, "done");
  });
}

function taskFor(pod: Pod): DrainTask {
  return { pod, state: "evicting", acceptedAt: undefined, refusals: 0, refusal: undefined, refusedIn: -1 };
}

/** evictPods, of one pod */
function attempt(cluster: Cluster, agenda: Agenda, drain: Drain, task: DrainTask): void {
  if (isOver(cluster, drain)) {
    end(cluster, drain, task, "timedOutEvicting");
    return;
  }
  const answer = remove(cluster, drain, task.pod);
  switch (answer.code) {
    case 201:
      accept(cluster, agenda, drain, task);
      break;
    case 404:
      end(cluster, drain, task, "done");
      break;
    case 429:
      task.refusals++;
      task.refusal = answer;
      task.refusedIn = cluster.version;
      agenda.plan(cluster.clock + retryAfter, () => attempt(cluster, agenda, drain, task));
      break;
    default:
      task.refusal = answer;
      end(cluster, drain, task, "failed");
  }
}

function remove(cluster: Cluster, { options }: Drain, pod: Pod): Answer {
  const { dryRun, immediately } = options;
  if (dryRun === "client") return { code: 201, budget: undefined };
  if (!options.disableEviction) {
    return cluster.evict(keyOf(pod), { dryRun: dryRun === "server", immediately, otherUid: false });
  }
  if (dryRun === false) cluster.delete(keyOf(pod), immediately);
  return { code: 201, budget: undefined };
}

function accept(cluster: Cluster, agenda: Agenda, drain: Drain, task: DrainTask): void {
  const { options, startedAt } = drain;
  task.acceptedAt = cluster.clock;
  cluster.settle();
  if (options.dryRun !== false || cluster.pod(keyOf(task.pod))?.uid !== task.pod.uid) {
    end(cluster, drain, task, "done");
    return;
  }
  task.state = "waiting";
  if (options.timeoutSeconds === undefined) return;
  const waits = startedAt + options.timeoutSeconds * 1000 - task.acceptedAt;
  agenda.plan(task.acceptedAt + Math.ceil(waits / lookEvery) * lookEvery, () => {
    if (task.state === "waiting") end(cluster, drain, task, "timedOutWaiting");
  });
}

function isOver({ clock }: Cluster, { startedAt, options: { timeoutSeconds } }: Drain): boolean {
  return timeoutSeconds !== undefined && clock - startedAt >= timeoutSeconds * 1000;
}

function end(cluster: Cluster, drain: Drain, task: DrainTask, state: DrainTask["state"]): void {
  task.state = state;
  if (drain.tasks.every((one) => one.state !== "evicting" && one.state !== "waiting")) drain.endedAt = cluster.clock;
}

interface Filtered {
  readonly delete: readonly Pod[];
  readonly objections: readonly Objection[];
  readonly warnings: readonly Objection[];
}

/** GetPodsForDeletion: the pods of a node that a drain deletes, in the order in which the API server lists them. */
export function podsForDeletion(cluster: Cluster, node: string, options: DrainOptions): Filtered {
  const kept: Pod[] = [];
  const objections = new Map<string, Pod[]>();
  const warnings = new Map<string, Pod[]>();
  const on = Array.from(cluster.occupancy.on(node)).filter(({ labels }) => matchesLabels(options.podSelector, labels));
  for (const pod of on.toSorted(byKey)) {
    const { isDeleted, error, warning } = filter(pod, options);
    if (isDeleted) kept.push(pod);
    if (error !== undefined) objections.set(error, [...(objections.get(error) ?? []), pod]);
    else if (warning !== undefined) warnings.set(warning, [...(warnings.get(warning) ?? []), pod]);
  }
  const listed = (all: ReadonlyMap<string, Pod[]>): readonly Objection[] =>
    Array.from(all, ([message, pods]) => ({ message, pods }));
  return { delete: kept, objections: listed(objections), warnings: listed(warnings) };
}

interface Status {
  readonly isDeleted: boolean;
  readonly error?: string;
  readonly warning?: string;
}

/**
 * The filters in their order; the first that keeps a pod ends it, and otherwise the last has the say. A DaemonSet that
 * owns a pod is taken to exist.
 */
function filter(pod: Pod, { ignoreDaemonSets, deleteEmptyDirData, force }: DrainOptions): Status {
  const finished = isFinished(pod);
  if (pod.controller?.kind === "DaemonSet" && !finished) {
    if (ignoreDaemonSets) return { isDeleted: false, warning: "ignoring DaemonSet-managed Pods" };
    return { isDeleted: false, error: "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" };
  }
  if (pod.isMirror) return { isDeleted: false };
  if (pod.template.hasEmptyDir && !finished && !deleteEmptyDirData) {
    const error = "cannot delete Pods with local storage (use --delete-emptydir-data to override)";
    return { isDeleted: false, error };
  }
  if (finished || pod.controller !== undefined) return { isDeleted: true };
  if (force) return { isDeleted: true, warning: "deleting Pods that declare no controller" };
  const error = "cannot delete Pods that declare no controller (use --force to override)";
  return { isDeleted: false, error };
}

function byKey(a: Pod, b: Pod): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : Number(one > other);
}
