import type { PlanOptions, PlanFormat } from "./plan-options.js";
import path from "node:path";
import {
  asHtml,
  asMermaid,
  asSvg,
  attempt,
  calmWorld,
  playedBehaviour,
  configNotes,
  configObjectsOf,
  creating,
  editing,
  newerText,
  planEdit,
  planFromDump,
  planJson,
  printable,
  printableJson,
  readObjects,
  readPlayable,
  readScenarioFile,
  readSetDumps,
  sharedOf,
  simulate,
  whyNot,
  withAdditions,
  type Config,
  type PlannedEdit,
  type ScenarioAdditions,
  type SetDump,
  type Simulation,
  type StatefulSet,
} from "../../engine/api.js";
import { configFor } from "../config.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import { tellFailure } from "../failures.js";
import type { Io } from "../io.js";
import { paintFor, type Paint } from "../reporters/paint.js";
import { builtStatefulSets } from "../builds.js";
import { plainValue, readPlayed, textOf, type PlayedSet } from "../played-sets.js";
import { prettyPlan } from "../reporters/plan.js";
import { isDirectory } from "../sources.js";
import { playNodes, type Scenario } from "./play.js";

/**
 * Plays what applying the StatefulSets of a file does: creating them, or changing those of `options.from` into them. With
 * `options.play`, a play in the scenario, or a dump to start from: what is done to the nodes of the sets of all files.
 */
export async function plan(files: readonly string[], options: PlanOptions, io: Io): Promise<ExitCode> {
  const scenario = options.scenario === undefined ? undefined : await readScenario(options.scenario, io);
  const isPlay = [options.play, scenario?.play].some((given) => given !== undefined && given !== null);
  if (!isPlay && options.start !== undefined) return planDump(options.start, files, options, scenario?.additions, io);
  if (isPlay) return playNodes(files, options, scenario, io);
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError("it is not said which manifest to play");
  if (more.length > 0) throw new UsageError("only --play takes several files");
  return planFile(file, options, scenario?.additions, io);
}

async function planFile(
  file: string,
  options: PlanOptions,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ExitCode> {
  const directory = options.render === true && (await isDirectory(path.resolve(io.cwd, file)));
  const config = await configFor(directory ? path.join(file, "-") : file, options, io);
  if ([file, options.from, options.scenario].filter((given) => given === "-").length > 1) {
    throw new UsageError("standard input can only be one of the files");
  }
  if (options.values !== undefined && options.render !== true) {
    throw new UsageError("--values is for charts that --render renders");
  }
  if (config.newerRelease !== undefined) note(newerText(config.newerRelease), io);
  const read = async (from: string): Promise<readonly PlayedSet[]> => {
    // Standard input is what a build wrote some time ago.
    if (options.render === true && from !== "-") return builtStatefulSets(from, options.values ?? [], config, io);
    return readPlayed(from, config, io);
  };
  const wanted = (await read(file)).filter(isCalled(options.name));
  const running = options.from === undefined ? [] : await read(options.from);
  const [first, ...others] = wanted;
  if (first === undefined) throw new UsageError(`${file} holds no StatefulSet named ${options.name}`);
  if (others.length > 0 && options.format !== "text" && options.format !== "html") {
    throw new UsageError(`${file} holds several StatefulSets (${namesOf(wanted)}); choose one with --name`);
  }
  const configObjects = createConfigObjects();
  const planOf = (set: PlayedSet): Plan => {
    const { statefulSet, build } = set;
    const before = running.find(isCalled(statefulSet.key.name));
    if (before === undefined && options.from !== undefined) {
      note(`${options.from} holds no StatefulSet named ${statefulSet.key.name}, so it is created`, io);
    }
    const simulation = play(before?.statefulSet, statefulSet, config, additions, options, io);
    const notes = before === undefined ? [] : notesOf(before, set, simulation, configObjects);
    return { does: before === undefined ? "create" : "update", key: statefulSet.key, build, simulation, notes };
  };
  const tried = wanted.map((set) => attempt(`Playing ${set.statefulSet.key.name}`, () => planOf(set)));
  const [played, ...rest] = tried.flatMap((one) => (one.type === "done" ? [one.value] : []));
  const plans = played === undefined ? [] : [played, ...rest];
  if (played !== undefined) {
    io.stdout.write(`${textIn(options.format, [played, ...rest], paintFor(options.color, io))}\n`);
  }
  return codeOf(tried, plans, options, io);
}

/** Goes on from a dump: by itself, or with the manifests of some files applied to it. */
async function planDump(
  dump: string,
  files: readonly string[],
  options: PlanOptions,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ExitCode> {
  if (options.from !== undefined) throw new UsageError("--start says already what runs: leave --from out");
  if ([dump, options.scenario, ...files].filter((given) => given === "-").length > 1) {
    throw new UsageError("standard input can only be one of the files");
  }
  const config = await configFor(files[0] ?? "-", options, io);
  const behaviour = playedBehaviour(config, additions?.featureGates);
  const text = readObjects(await textOf(dump, io));
  if (text.type === "unreadable") throw new UsageError(`${dump}:${text.line} cannot be read: ${text.problem}`);
  const isWanted = isCalled(options.name);
  const read = await Promise.all(
    files.map((file) =>
      options.render === true && file !== "-"
        ? builtStatefulSets(file, options.values ?? [], config, io)
        : readPlayed(file, config, io),
    ),
  );
  const manifests = read.flat().filter(isWanted);
  const { nodeGraceSeconds } = behaviour;
  const world = calmWorld({ nodeGraceSeconds, timingOverride: additions?.timing ?? {}, faults: [] });
  const wanted = manifests.map(({ statefulSet }) => statefulSet.key.name);
  const start = readSetDumps(text.objects, { behaviour, world, wanted });
  if (start.type === "invalid") throw new UsageError(`${dump} cannot be played. ${start.problems.join("; ")}`);
  const dumps = start.dumps.filter(({ name }) =>
    manifests.length > 0 ? wanted.includes(name) : options.name === undefined || options.name === name,
  );
  const [first, ...others] = dumps.map((one) => planOfDump(one, manifests, config, additions, options, io));
  if (first === undefined) throw new UsageError(`${dump} holds no StatefulSet ${options.name ?? "of apps/v1"}`);
  if (others.length > 0 && options.format !== "text" && options.format !== "html") {
    const names = dumps.map(({ name }) => name).join(", ");
    throw new UsageError(`${dump} holds several StatefulSets (${names}); choose one with --name`);
  }
  io.stdout.write(`${textIn(options.format, [first, ...others], paintFor(options.color, io))}\n`);
  return codeOf([], [first, ...others], options, io);
}

function planOfDump(
  dump: SetDump,
  manifests: readonly PlayedSet[],
  config: Config,
  additions: ScenarioAdditions | undefined,
  { apply = "client" }: PlanOptions,
  io: Io,
): Plan {
  const { name, namespace } = dump;
  const manifest = manifests.find(({ statefulSet: { key } }) => key.name === name);
  const planned = planFromDump(dump, manifest?.statefulSet, apply, config);
  if (planned === undefined) {
    throw new UsageError(`a tool will still replace values of ${name}: play what it renders, with --render`);
  }
  for (const one of planned.notes) note(one, io);
  const { scenario, refusedPods } = planned;
  const simulation = simulate({
    scenario: additions === undefined ? scenario : withAdditions(scenario, additions),
    refusedPods,
    behaviour: playedBehaviour(config, additions?.featureGates),
  });
  const does = manifest === undefined ? "go on with" : dump.object === undefined ? "create" : "update";
  const key = manifest?.statefulSet.key ?? { apiVersion: "apps/v1", kind: "StatefulSet" as const, name, namespace };
  return { does, key, build: manifest?.build, simulation, notes: [] };
}

function codeOf(tried: readonly Attempt[], plans: readonly Plan[], options: PlanOptions, io: Io): ExitCode {
  const codes = new Set(plans.map(({ simulation }) => exitCodeOf(simulation)));
  for (const one of tried) {
    if (one.type === "done") continue;
    codes.add(exitCodes.trouble);
    tellFailure(one.failure, options, io);
  }
  return [exitCodes.trouble, exitCodes.findings].find((code) => codes.has(code)) ?? exitCodes.clean;
}

type Attempt = ReturnType<typeof attempt<Plan>>;

interface Plan {
  readonly does: string;
  readonly key: StatefulSet["key"];
  readonly build: string | undefined;
  readonly simulation: Simulation;
  /** What changed ConfigMaps and Secrets mean for it. */
  readonly notes: readonly string[];
}

/** Without the last line break. Only `text` and `html` can tell of more than the first. */
function textIn(format: PlanFormat, plans: readonly [Plan, ...Plan[]], paint: Paint): string {
  const [first, ...others] = plans;
  const shared = sharedOf(first.key.name, first.simulation, first.notes);
  const label = labelAmong(plans);
  switch (format) {
    case "text":
      return plans
        .map((one) => prettyPlan(one.simulation, `${one.does} StatefulSet ${label(one)}`, one.notes, paint))
        .join("\n\n");
    case "json":
      return printableJson(JSON.stringify(planJson(first.simulation, first.notes), undefined, 2));
    case "mermaid":
      return asMermaid(shared).trimEnd();
    case "svg":
      return asSvg(shared, "both").trimEnd();
    case "html": {
      if (others.length === 0) return asHtml([shared]).trimEnd();
      const labelled = (one: Plan) => sharedOf(label(one), one.simulation, one.notes);
      return asHtml([labelled(first), ...others.map(labelled)]).trimEnd();
    }
  }
}

/** What people call each of several plans: with its build, and with its namespace where another has the same name. */
function labelAmong(plans: readonly Plan[]): (plan: Plan) => string {
  const label = ({ key: { name }, build }: Plan) => (build === undefined ? name : `${name} of ${build}`);
  return (plan) => {
    const isOnly = plans.every((other) => other === plan || label(other) !== label(plan));
    return isOnly ? label(plan) : `${label(plan)} in namespace ${plan.key.namespace ?? "default"}`;
  };
}

function play(
  before: StatefulSet | undefined,
  statefulSet: StatefulSet,
  config: Config,
  additions: ScenarioAdditions | undefined,
  options: Pick<PlanOptions, "apply">,
  io: Io,
): Simulation {
  const { scenario, refusedPods } = plannedEdit(before, statefulSet, config, options, io);
  return simulate({
    scenario: additions === undefined ? scenario : withAdditions(scenario, additions),
    refusedPods,
    behaviour: playedBehaviour(config, additions?.featureGates),
  });
}

/** As the API server takes it; as it is written where a tool will still replace values. */
function plannedEdit(
  before: StatefulSet | undefined,
  statefulSet: StatefulSet,
  config: Config,
  { apply = "client" }: Pick<PlanOptions, "apply">,
  io: Io,
): Pick<PlannedEdit, "scenario" | "refusedPods"> {
  const to = writtenSpec(statefulSet, io);
  const from = before && writtenSpec(before, io);
  const planned = planEdit(before, statefulSet, apply, config);
  for (const text of planned?.notes ?? []) note(text, io);
  if (planned !== undefined) return planned;
  return { scenario: from === undefined ? creating(to) : editing(from, to), refusedPods: undefined };
}

/** What changes of ConfigMaps and Secrets beside the set mean for it. */
function notesOf(
  before: PlayedSet,
  { statefulSet, text }: PlayedSet,
  { start, steps }: Simulation,
  configObjects: ConfigObjects,
): readonly string[] {
  const { set } = steps.at(-1)?.state ?? start;
  if (set.type === "absent" || start.set.type === "absent") return [];
  const { name, namespace, strategy, firstOrdinal, revision } = set.spec;
  const podSpec = ({ template }: StatefulSet): unknown => template.place.at("spec").value();
  const user = {
    name,
    namespace,
    strategy,
    podSpec: podSpec(statefulSet),
    podSpecBefore: podSpec(before.statefulSet),
    firstPod: `${name}-${firstOrdinal}`,
    restarts: revision !== start.set.spec.revision && strategy.type !== "OnDelete",
  };
  return configNotes(user, configObjects(before.text), configObjects(text));
}

/** The ConfigMaps and Secrets of a text; none where it cannot be read, such as a template. */
type ConfigObjects = (text: string) => ReturnType<typeof configObjectsOf>;

/** Reads each text once, however many sets it holds. */
function createConfigObjects(): ConfigObjects {
  const known = new Map<string, ReturnType<ConfigObjects>>();
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

function exitCodeOf({ outcome }: Simulation): ExitCode {
  switch (outcome.type) {
    case "converged":
      return exitCodes.clean;
    case "stuck":
    case "rejected":
      return exitCodes.findings;
    case "stepLimit":
      return exitCodes.trouble;
  }
}

async function readScenario(file: string, io: Io): Promise<Scenario> {
  const read = readScenarioFile(plainValue(await textOf(file, io), file));
  if (read.type === "read") return read;
  throw new UsageError(`${file} is no scenario: ${read.errors.join("; ")}`);
}

function writtenSpec(statefulSet: StatefulSet, io: Io): ReturnType<typeof readPlayable>["written"] {
  const { written, obstacles } = readPlayable(statefulSet);
  for (const why of obstacles) note(`StatefulSet ${written.name}: ${whyNot(why)} and counts as left out`, io);
  return written;
}

function isCalled(name: string | undefined): (played: PlayedSet) => boolean {
  return ({ statefulSet: { key } }) => name === undefined || key.name === name;
}

function namesOf(played: readonly PlayedSet[]): string {
  return played
    .map(({ statefulSet: { key }, build }) => `${key.name}${build === undefined ? "" : ` of ${build}`}`)
    .join(", ");
}

function note(text: string, io: Io): void {
  io.stderr.write(`ordinal: ${printable(text)}\n`);
}
