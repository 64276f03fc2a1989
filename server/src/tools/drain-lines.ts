import { podsForDeletion, type Drain, type DrainOptions, type DrainTask } from "../engine/maintenance/drain.js";
import type { Requirement } from "../engine/kubernetes/selection.js";
import type { Cluster } from "../engine/maintenance/cluster.js";
import { keyOf, type Pod } from "../engine/maintenance/pod.js";
import { usualDrain } from "../engine/maintenance/drain.js";

/** What a drain of one node wrote, each line once, sorted; and its exit code. */
export interface DrainWords {
  readonly exit: 0 | 1;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Reads the options of a `kubectl drain` command line. Throws where one is not known. */
export function drainOptions(command: string): DrainOptions {
  const given = command
    .split(/\s+/)
    .filter((word) => word.startsWith("--"))
    .map((word) => {
      const [flag = "", value = "true"] = word.split(/=(.*)/s);
      return optionOf(flag, value);
    });
  return Object.assign({ ...usualDrain, ignoreDaemonSets: false, deleteEmptyDirData: false }, ...given);
}

function optionOf(flag: string, value: string): Partial<DrainOptions> {
  const isOn = value !== "false";
  switch (flag) {
    case "--ignore-daemonsets":
      return { ignoreDaemonSets: isOn };
    case "--delete-emptydir-data":
      return { deleteEmptyDirData: isOn };
    case "--force":
      return { force: isOn };
    case "--disable-eviction":
      return { disableEviction: isOn };
    case "--dry-run":
      return { dryRun: value === "none" ? false : value === "client" ? "client" : "server" };
    case "--grace-period":
      return { immediately: value === "0" };
    case "--timeout":
      return { timeoutSeconds: value === "0s" ? undefined : secondsOf(value) };
    case "--pod-selector":
      return { podSelector: (value.match(/[^,(]+(?:\([^()]*\))?/g) ?? []).map(requirementOf) };
    default:
      throw new Error(`unknown option ${flag}`);
  }
}

/** A line of a selector as kubectl reads it: `app=web`, `app!=web`, `app in (web,db)`, `app` or `!app`. */
function requirementOf(written: string): Requirement {
  const line = written.trim();
  const [, listedKey, word, listed = ""] = /^(\S+) +(in|notin) *\(([^()]*)\)$/.exec(line) ?? [];
  if (listedKey !== undefined) {
    const values = listed.split(",").map((value) => value.trim());
    return { key: listedKey, operator: word === "in" ? "In" : "NotIn", values };
  }
  const at = line.indexOf("=");
  if (at === -1) {
    return {
      key: line.replace(/^!/, "").trim(),
      operator: line.startsWith("!") ? "DoesNotExist" : "Exists",
      values: [],
    };
  }
  const isNot = line[at - 1] === "!";
  const key = line.slice(0, isNot ? at - 1 : at).trim();
  return {
    key,
    operator: isNot ? "NotIn" : "In",
    values: [
      line
        .slice(at + 1)
        .replace(/^=/, "")
        .trim(),
    ],
  };
}

function secondsOf(duration: string): number {
  const match = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration);
  if (match === null) throw new Error(`unknown duration ${duration}`);
  return Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0);
}

/**
 * The words of kubectl 1.36 (staging/src/k8s.io/kubectl/pkg/drain/drain.go and pkg/cmd/drain/drain.go) about a drain
 * that has ended, asked right then.
 */
export function drainWords(cluster: Cluster, drain: Drain, wasCordoned: boolean): DrainWords {
  const { node, options, tasks, objections, warnings } = drain;
  const dry = options.dryRun === false ? "" : options.dryRun === "client" ? " (dry run)" : " (server dry run)";
  const errors = [
    ...objections.map(({ message, pods }) => `${message}: ${pods.map(keyOf).join(", ")}`),
    ...tasks.flatMap((task) => errorOf(task, options) ?? []).toSorted(),
  ];
  const all = errors.length === 1 ? errors.join() : `[${errors.join(", ")}]`;
  const pending = objections.length > 0 || errors.length === 0 ? [] : podsForDeletion(cluster, node, options).delete;
  const stdout = [
    `node/${node} ${wasCordoned ? "already " : ""}cordoned${dry}`,
    ...(options.disableEviction && options.dryRun !== "client"
      ? []
      : tasks.map(({ pod }) => `evicting pod ${keyOf(pod)}${dry}`)),
    ...(options.dryRun !== false
      ? []
      : tasks.filter(isGone).map(({ pod }) => `pod/${pod.name} ${options.disableEviction ? "deleted" : "evicted"}`)),
    ...(errors.length === 0 ? [`node/${node} drained${dry}`] : []),
  ];
  const stderr = [
    ...warnings.map(({ message, pods }) => `Warning: ${message}: ${pods.map(keyOf).join(", ")}`),
    ...tasks.filter(({ refusals }) => refusals > 0).map(retryLine),
    ...(errors.length === 0
      ? []
      : [
          ...(pending.length === 0 ? [] : [`There are pending pods in node "${node}" when an error occurred: ${all}`]),
          ...pending.map(({ name }) => `pod/${name}`),
          `error: unable to drain node "${node}" due to error: ${all}, continuing command...`,
          "There are pending nodes to be drained:",
          ` ${node}`,
          ...errors,
        ]),
  ];
  return { exit: errors.length === 0 ? 0 : 1, stdout: onceSorted(stdout), stderr: onceSorted(stderr) };
}

function isGone({ state }: DrainTask): boolean {
  return state === "done";
}

function retryLine({ pod, refusal }: DrainTask): string {
  return `error when evicting ${labelOf(pod)} (will retry after 5s): ${refusal?.message ?? ""}`;
}

function errorOf({ pod, state, refusal }: DrainTask, { timeoutSeconds }: DrainOptions): string | undefined {
  switch (state) {
    case "timedOutEvicting":
      return `error when evicting ${labelOf(pod)}: global timeout reached: ${durationOf(timeoutSeconds)}`;
    case "timedOutWaiting":
      return `error when waiting for pod "${pod.name}" in namespace "${pod.namespace}" to terminate: global timeout reached: ${durationOf(timeoutSeconds)}`;
    case "failed":
      return `error when evicting ${labelOf(pod)}: ${refusal?.message ?? ""}`;
    default:
      return undefined;
  }
}

function labelOf({ name, namespace }: Pod): string {
  return `pods/"${name}" -n "${namespace}"`;
}

/** As Go prints a time.Duration. */
function durationOf(seconds = 0): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

export function onceSorted(lines: Iterable<string>): readonly string[] {
  return [...new Set(lines)].toSorted();
}
