import { behaviourOf, parseRelease } from "../engine/kubernetes/versions.js";
import { Cluster } from "../engine/maintenance/cluster.js";
import type { Drain, DrainTask } from "../engine/maintenance/drain.js";
import { readDump } from "../engine/maintenance/dump.js";
import { moreThanOneBudget } from "../engine/maintenance/evict.js";
import { readObjects } from "../engine/maintenance/objects.js";
import type { Pod } from "../engine/maintenance/pod.js";
import type { DrainWords } from "./drain-lines.js";
import { compare, type Comparison, type Format } from "./format.js";
import { compareWords, DrainRun, recordersWorld, roundsOf, wait } from "./replay-drain.js";

/**
 * A case of drain-dumps.jsonl: a cluster as kubectl printed it, and what draining node-a and then node-b did. Where it
 * is chance which pod goes first, the replay follows the first of the two recordings, whose words are given.
 */
interface DrainDumpCase {
  readonly id: string;
  readonly kubernetes: string;
  readonly category: string;
  readonly dump: string;
  readonly command: string;
  /** What the recorder's kubelet and scheduler did, in words. */
  readonly kubelet: string;
  readonly drains: readonly RecordedDrain[];
}

interface RecordedDrain extends DrainWords {
  readonly node: string;
  readonly evicted: readonly string[];
  readonly evictedPerRound: readonly number[];
  readonly rounds?: unknown;
  readonly roundsSeen?: readonly (readonly (readonly string[])[])[];
  readonly stuck: string | null;
  readonly after?: After;
}

interface After {
  readonly pods: readonly (readonly string[])[];
  readonly budgets: Readonly<Record<string, unknown>>;
}

export const drainDumpFormat: Format = (line) => {
  if (typeof line.dump !== "string" || !Array.isArray(line.drains)) return undefined;
  const recorded = line as unknown as DrainDumpCase;
  return { id: recorded.id, category: recorded.category, replay: () => replay(recorded) };
};

/** Long enough for all to be still again. */
const untilStill = 60_000;

function replay(recorded: DrainDumpCase): readonly Comparison[] {
  const { kubernetes, command, kubelet, drains } = recorded;
  const release = parseRelease(kubernetes);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${kubernetes}`);
  const objects = readObjects(recorded.dump);
  if (objects.type === "unreadable") throw new Error(objects.problem);
  const world = recordersWorld(kubelet.includes("never become ready") ? "all" : "none");
  const read = readDump(objects.objects, { behaviour: behaviourOf(release, {}), world });
  if (read.type === "invalid") throw new Error(read.problems.join("; "));
  const run = new DrainRun();
  const scheduled = kubelet.includes("replacements get no node") ? undefined : "node-c";
  const cluster = new Cluster(
    () => scheduled,
    (event) => run.notice(event),
  );
  const { dump } = read;
  for (const pod of dump.pods) cluster.addPod(pod);
  for (const set of dump.sets) cluster.addSet(set);
  for (const budget of dump.budgets) cluster.setBudget(budget);
  cluster.settle();
  return drains.flatMap((expected) => {
    const [ended] = run.drain(cluster, [expected.node], command, false, expected.evicted);
    if (ended === undefined) throw new Error(`the drain of ${expected.node} does not end`);
    wait(cluster, run.agenda, untilStill);
    return compareDrain(expected, ended.drain, ended.words, cluster);
  });
}

function compareDrain(
  expected: RecordedDrain,
  drain: Drain,
  words: DrainWords,
  cluster: Cluster,
): readonly Comparison[] {
  const { node, after } = expected;
  const rounds = roundsOf([drain]);
  const title = (what: string): string => `${node}: ${what}`;
  const { pods, budgets } = stateOf(cluster);
  return [
    compareWords(expected, { node, ...words }, false),
    compare(title("stuck"), expected.stuck, stuckBy(drain)),
    compare(
      title("evictedPerRound"),
      expected.evictedPerRound,
      rounds.map((round) => round.length),
    ),
    compare(title("evicted"), expected.evicted.toSorted(), rounds.flat().toSorted()),
    compare(title("rounds"), expected.rounds ?? expected.roundsSeen?.[0], rounds),
    ...(after === undefined
      ? []
      : [
          compare(title("budgets after"), after.budgets, budgets),
          compare(title("pods after"), rowsOf(after.pods), rowsOf(pods)),
        ]),
  ];
}

function rowsOf(rows: After["pods"]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

function stateOf(cluster: Cluster): After {
  const pods = Array.from(cluster.pods, (pod) => [pod.name, pod.node, wordFor(pod)]);
  const budgets = Array.from(cluster.budgets, ({ name, status }) => {
    const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = status;
    return [name, { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed }];
  });
  return { pods, budgets: Object.fromEntries(budgets) };
}

function wordFor({ terminating, phase, ready }: Pod): string {
  if (terminating) return "terminating";
  if (phase === "Failed" || phase === "Succeeded") return phase.toLowerCase();
  return ready ? "ready" : "notready";
}

function stuckBy({ objections, tasks }: Drain): string | null {
  if (objections.length > 0) return "other";
  const failed = (state: DrainTask["state"]): readonly DrainTask[] => tasks.filter((task) => task.state === state);
  const refused = failed("failed");
  if (refused.length > 0)
    return refused.every(({ refusal }) => refusal?.message === moreThanOneBudget) ? "two budgets" : "other";
  if (failed("timedOutEvicting").length > 0) return "budget";
  return failed("timedOutWaiting").length > 0 ? "other" : null;
}
