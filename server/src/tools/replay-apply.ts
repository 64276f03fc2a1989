import { defaultConfig } from "../engine/config/config.js";
import { parseRelease } from "../engine/kubernetes/versions.js";
import {
  isApplyRecording,
  type ApplyRecording,
  type EditRecording,
  type RecordedResult,
  type RecordedStep,
} from "./apply-recording.js";
import { replayIn, World, type Replay, type Result } from "./apply-world.js";
import { compare, type Comparison, type Format } from "./format.js";
import { unmet } from "./validate.js";

/** Recordings of kubectl and the API server. One replayer validates the same manifest once. */
export function applyFormat(): Format {
  const replays = new Map<string, Replay>();
  return (line) => {
    if (!isApplyRecording(line)) return undefined;
    const replay = () => {
      const cluster = replays.get(line.kubernetes) ?? replayFor(line.kubernetes);
      replays.set(line.kubernetes, cluster);
      return replayApply(line, cluster);
    };
    return { id: line.id, category: line.category, replay, omits: notCompared };
  };
}

function replayFor(version: string): Replay {
  const release = parseRelease(version);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${version}`);
  return replayIn({ ...defaultConfig, kubernetesVersion: release });
}

function replayApply(recording: ApplyRecording, replay: Replay): readonly Comparison[] {
  const flows = recording.kind === "edit" ? editFlows(recording) : [{ way: "", steps: recording.steps }];
  return flows.flatMap(({ way, steps }) => {
    const world = new World(replay, "web");
    return steps.flatMap((step, index) => {
      const result = world.perform(step);
      return compareStep(step, result).map((comparison) => ({
        ...comparison,
        title: `${way === "" ? `step ${index}` : way}, ${comparison.title}`,
      }));
    });
  });
}

/** What of a recording is not compared. */
const notCompared =
  "not compared: types and wording of errors, warnings, and what kubectl prints but for rollout status";

function editFlows({ old, new: edited, results }: EditRecording): readonly { way: string; steps: RecordedStep[] }[] {
  const commands = {
    apply: ["kubectl apply -f set.yaml", "kubectl apply -f set.yaml"],
    ssa: ["kubectl apply --server-side -f set.yaml", "kubectl apply --server-side -f set.yaml"],
    replace: ["kubectl create -f set.yaml", "kubectl replace -f set.yaml"],
  } as const;
  return (["apply", "ssa", "replace"] as const).flatMap((way) => {
    const result = results[way];
    if (result === undefined) return [];
    const { create, stdout: _, ...rest } = result;
    const isNew = create?.accepted === false;
    const [first, second] = commands[way];
    return [
      {
        way,
        steps: [
          { ...create, do: first, yaml: old },
          { ...rest, do: isNew && way === "replace" ? first : second, yaml: edited },
        ],
      },
    ];
  });
}

/** Fields that are left out where there is nothing to tell. */
const lists = ["templateChanges", "claimTemplateChanges", "deletedFirst", "createdFirst", "restarted", "gone", "added"];
const values = ["accepted", "exit", "generation", "revision", "spec", "set"];

function compareStep(step: RecordedStep, result: Result): readonly Comparison[] {
  if (step.accepted === undefined) return [];
  // A command that only looks was recorded without the state.
  const hasState = step.generation !== undefined;
  // What is deleted and recreated in one command has no first moment.
  const compared = step.generation === "new object" ? lists.filter((key) => !key.endsWith("First")) : lists;
  const compareNamed = (title: string, expected: unknown, actual: unknown): Comparison =>
    compare(`${step.do}: ${title}`, expected, actual);
  const isStatus = step.do.includes("rollout status") && step.stdout !== undefined;
  return [
    ...values
      .filter((key) => key in step)
      .map((key) => compareNamed(key, step[key as keyof RecordedResult], result[key])),
    ...(hasState
      ? compared.map((key) => compareNamed(key, step[key as keyof RecordedResult] ?? [], result[key] ?? []))
      : []),
    ...(isStatus ? [compareNamed("stdout", hashless(lastLine(step.stdout ?? "")), result["stdout"])] : []),
    ...errorComparison(step, result, compareNamed),
  ];
}

/** Every field that the server names has an error there or nearer the cause; conflicts are the same fields. */
function errorComparison(
  step: RecordedStep,
  result: Result,
  compareNamed: (title: string, expected: unknown, actual: unknown) => Comparison,
): readonly Comparison[] {
  if (step.accepted !== false) return [];
  const told = (result.errors ?? []).map(({ field }) => field ?? "");
  const conflicts = conflictsIn(step.stderr ?? "");
  if (conflicts.length > 0) return [compareNamed("conflicts", conflicts, told.toSorted())];
  const found = told.map((field) => ({
    rule: "",
    severity: "error" as const,
    path: field.split(/[.[\]]+/).filter((key) => key !== "" && !/^\d+$/.test(key)),
  }));
  const missing = (step.errors ?? []).flatMap((error) => unmet(error, found));
  const isNamed = (step.errors ?? []).length > 0;
  return [compareNamed("errors", [], missing), compareNamed("names fields", isNamed, result["named"] === true)];
}

function conflictsIn(stderr: string): readonly string[] {
  const summary = stderr.split("\n").find((line) => line.includes("conflict with ")) ?? "";
  const one = summary.includes(": .") ? summary.slice(summary.lastIndexOf(": .") + 2) : undefined;
  const several = [...stderr.matchAll(/^- (\.\S+)$/gm)].map(([, path = ""]) => path);
  return (one === undefined ? several : [one]).toSorted();
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function hashless(text: string): string {
  return text.replace("web-<hash>", "<hash>");
}
