import {
  configNotes,
  configObjectsOf,
  creating,
  editing,
  planEdit,
  playedBehaviour,
  printable,
  readObjects,
  readPlayable,
  restartedPods,
  simulate,
  whyNot,
  withAdditions,
  type ApplyWay,
  type Attempt,
  type Config,
  type ConfigObject,
  type PlannedEdit,
  type ScenarioAdditions,
  type Simulation,
  type StatefulSet,
  type WhyNot,
} from "../engine/api.js";
import { exitCodes, type ExitCode } from "./exit.js";
import { tellFailure, type Verbosity } from "./failures.js";
import type { Io } from "./io.js";

/** The rollout of one StatefulSet, played. */
export interface Plan {
  /** `create`, `update`, `go on with` */
  readonly does: string;
  readonly key: StatefulSet["key"];
  /** What a reader calls the build that makes it. */
  readonly build: string | undefined;
  /** With how many replicas it starts, where an autoscaler sets them. */
  readonly scaledTo?: number | undefined;
  readonly simulation: Simulation;
  /** What is worth knowing beside it: sentences without their full stop. */
  readonly notes: readonly string[];
  /** The file that the set is written in. */
  readonly file?: string | undefined;
  /** Where the value of a field is written. */
  readonly placeOf?: (field: string) => WrittenPlace | undefined;
}

/** `line` counts from 1. */
export interface WrittenPlace {
  readonly file: string;
  readonly line: number;
}

/** With what a play starts where an autoscaler sets the replicas. */
export function scaledNote(replicas: number): string {
  return `An autoscaler may have set ${replicas === 1 ? "1 replica" : `${replicas} replicas`}: this starts from there`;
}

/** Where each field stands that the API server refuses: `spec.serviceName is at k8s/db.yaml:7`. */
export function refusedPlaces({ simulation: { outcome }, placeOf }: Plan): readonly string[] {
  if (outcome.type !== "rejected") return [];
  const places = outcome.errors.flatMap(({ field }) => {
    const place = placeOf?.(field);
    return place === undefined ? [] : [`${field} is at ${place.file}:${place.line}`];
  });
  return [...new Set(places)];
}

/** What is played of a set, and how. */
export interface Edit {
  /** Nothing runs without it. */
  readonly before: StatefulSet | undefined;
  readonly after: StatefulSet;
  readonly config: Config;
  readonly additions: ScenarioAdditions | undefined;
  readonly way: ApplyWay;
  /** How many replicas an autoscaler has given to what runs. */
  readonly scaledTo?: number | undefined;
}

/** Plays an apply. What is worth knowing about the apply itself is given to `note`. */
export function playEdit(edit: Edit, note: (text: string) => void): Simulation {
  const { config, additions } = edit;
  const { scenario, refusedPods } = plannedEdit(edit, note);
  return simulate({
    scenario: additions === undefined ? scenario : withAdditions(scenario, additions),
    refusedPods,
    behaviour: playedBehaviour(config, additions?.featureGates),
  });
}

/** As the API server takes it; as it is written where a tool will still replace values. */
function plannedEdit(
  { before, after, config, way, scaledTo }: Edit,
  note: (text: string) => void,
): Pick<PlannedEdit, "scenario" | "refusedPods"> {
  const [to, from] = [readPlayable(after), before && readPlayable(before)];
  for (const text of obstacleNotes(to.written.name, [...to.obstacles, ...(from?.obstacles ?? [])])) note(text);
  const planned = planEdit(before, after, way, config, scaledTo);
  for (const text of planned?.notes ?? []) note(text);
  if (planned !== undefined) return planned;
  const scenario = from === undefined ? creating(to.written) : editing(from.written, to.written);
  return { scenario, refusedPods: undefined };
}

/** What of a set is not played; the namespace makes no difference. */
function obstacleNotes(name: string, obstacles: readonly WhyNot[]): readonly string[] {
  const fields = new Set(obstacles.flatMap((why) => (why.type === "opaque" ? [why.path] : [])));
  fields.delete("metadata.namespace");
  const others = new Set(obstacles.flatMap((why) => (why.type === "opaque" ? [] : [whyNot(why)])));
  const [first] = fields;
  const opaque =
    first === undefined
      ? []
      : [
          fields.size === 1
            ? `${whyNot({ type: "opaque", path: first })} and counts as left out`
            : `${[...fields].join(", ")} are filled in by another tool and count as left out`,
        ];
  return [...opaque, ...[...others].map((why) => `${why} and counts as left out`)].map(
    (text) => `StatefulSet ${name}: ${text}`,
  );
}

/** A set with the ConfigMaps and Secrets beside it. */
interface WithConfig {
  readonly statefulSet: StatefulSet;
  readonly configObjects: readonly ConfigObject[];
}

/** What changes of ConfigMaps and Secrets beside the set mean for it. */
export function configNotesOf(before: WithConfig, after: WithConfig, { start, steps }: Simulation): readonly string[] {
  const { set } = steps.at(-1)?.state ?? start;
  if (set.type === "absent" || start.set.type === "absent") return [];
  const { name, namespace, strategy, firstOrdinal, revision } = set.spec;
  const podSpec = ({ statefulSet }: WithConfig): unknown => statefulSet.template.place.at("spec").value();
  const user = {
    name,
    namespace,
    strategy,
    podSpec: podSpec(after),
    podSpecBefore: podSpec(before),
    firstPod: `${name}-${firstOrdinal}`,
    restarts: revision !== start.set.spec.revision && strategy.type !== "OnDelete",
  };
  return configNotes(user, before.configObjects, after.configObjects);
}

/** The ConfigMaps and Secrets of a text; none where it cannot be read, such as a template. Reads each text once. */
export function createConfigObjects(): (text: string) => readonly ConfigObject[] {
  const known = new Map<string, readonly ConfigObject[]>();
  return (text) => {
    const read = known.get(text) ?? configObjectsOf(valuesIn(text));
    known.set(text, read);
    return read;
  };
}

function valuesIn(text: string): readonly unknown[] {
  const read = readObjects(text);
  return read.type === "read" ? read.objects.map(({ value }) => value) : [];
}

/** What may be dangerous in a plan. */
export const dangers = ["rejected", "stuck", "data-lost", "restart"] as const;
export type Danger = (typeof dangers)[number];

/** How a run ended that should have played all of `tried`, where some dangers count as findings. */
export function codeOf(
  tried: readonly Attempt<Plan | undefined>[],
  failOn: readonly Danger[],
  options: Verbosity,
  io: Io,
): ExitCode {
  const codes = new Set<ExitCode>();
  for (const one of tried) {
    if (one.type === "failed") {
      codes.add(exitCodes.trouble);
      tellFailure(one.failure, options, io);
    } else if (one.value !== undefined) {
      const { simulation } = one.value;
      if (simulation.outcome.type === "stepLimit") codes.add(exitCodes.trouble);
      if (failOn.some((danger) => isIn(danger, simulation))) codes.add(exitCodes.findings);
    }
  }
  return [exitCodes.trouble, exitCodes.findings].find((code) => codes.has(code)) ?? exitCodes.clean;
}

function isIn(danger: Danger, simulation: Simulation): boolean {
  const { outcome, measure } = simulation;
  switch (danger) {
    case "rejected":
    case "stuck":
      return outcome.type === danger;
    case "data-lost":
      return measure.claimsDeleted.length > 0;
    case "restart":
      return restartedPods(simulation).length > 0;
  }
}

/** Something that a person should know beside the plans. */
export function note(text: string, io: Io): void {
  io.stderr.write(`ordinal: ${printable(text)}\n`);
}
