import path from "node:path";
import {
  attempt,
  calmWorld,
  newerText,
  planFromDump,
  playedBehaviour,
  readObjects,
  readScenarioFile,
  readPlayable,
  readSetDumps,
  simulate,
  startProblems,
  withAdditions,
  type Config,
  type ScenarioAdditions,
  type SetDump,
} from "../../engine/api.js";
import { builtStatefulSets } from "../builds.js";
import { configFor } from "../config.js";
import { UsageError, type ExitCode } from "../exit.js";
import { isRevision } from "../former-files.js";
import type { Io } from "../io.js";
import { isLive, liveDump, liveSet } from "../live.js";
import { codeOf, configNotesOf, createConfigObjects, note, playEdit, scaledNote, type Plan } from "../plans.js";
import { plainValue, readPlayed, textOf, type PlayedSet } from "../played-sets.js";
import { paintFor } from "../reporters/paint.js";
import { formatsOfMany, plansIn } from "../reporters/plans.js";
import { isDirectory } from "../sources.js";
import { planChanges } from "./changes.js";
import type { PlanOptions } from "./plan-options.js";
import { playNodes, type Scenario } from "./play.js";

/**
 * Plays what applying the StatefulSets of a file does: creating them, or changing those of `options.from` into them; where
 * that is a revision of git, of all files that have changed since then. With
 * `options.play`, a play in the scenario, or a dump to start from: what is done to the nodes of the sets of all files.
 */
export async function plan(files: readonly string[], options: PlanOptions, io: Io): Promise<ExitCode> {
  const scenario = options.scenario === undefined ? undefined : await readScenario(options.scenario, io);
  const isPlay = [options.play, scenario?.play].some((given) => given !== undefined && given !== null);
  if (!isPlay && options.start !== undefined) return planDump(options.start, files, options, scenario?.additions, io);
  if (isPlay) return playNodes(files, options, scenario, io);
  if (options.from !== undefined && !isLive(options.from) && (await isRevision(options.from, io))) {
    return planChanges(options.from, files, options, scenario?.additions, io);
  }
  if (options.mergeBase === true) throw new UsageError("--merge-base requires a revision of git");
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError("Name the manifest to play");
  if (more.length > 0) throw new UsageError("Several files require --play");
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
    throw new UsageError("Standard input can be used for one file only");
  }
  if (options.values !== undefined && options.render !== true) {
    throw new UsageError("--values requires --render");
  }
  if (config.newerRelease !== undefined) note(newerText(config.newerRelease), io);
  const read = async (from: string): Promise<readonly PlayedSet[]> => {
    // Standard input is what a build wrote some time ago.
    if (options.render === true && from !== "-") return builtStatefulSets(from, options.values ?? [], config, io);
    return readPlayed(from, config, io);
  };
  const wanted = (await read(file)).filter(isCalled(options.name));
  const running = options.from === undefined ? [] : await runningSets(options.from, wanted, read, io);
  const [first, ...others] = wanted;
  if (first === undefined) throw new UsageError(`${file} has no StatefulSet named ${options.name}`);
  if (others.length > 0 && !formatsOfMany.has(options.format)) {
    throw new UsageError(`${file} has several StatefulSets (${namesOf(wanted)}). Choose one with --name`);
  }
  const problems = wanted.flatMap(({ statefulSet }) => {
    if (additions?.start === undefined) return [];
    const before = running.find(isCalled(statefulSet.key.name))?.statefulSet;
    return startProblems(additions.start, readPlayable(before ?? statefulSet).written, before !== undefined);
  });
  if (problems.length > 0) throw new UsageError(`${options.scenario} cannot be played: ${problems.join("; ")}`);
  const configObjects = createConfigObjects();
  const planOf = (set: PlayedSet, before: PlayedSet | undefined, scaledTo?: number): Plan => {
    const { statefulSet, build, placeOf } = set;
    if (before === undefined && options.from !== undefined && !isLive(options.from)) {
      note(`${options.from} has no StatefulSet named ${statefulSet.key.name}, so it is created`, io);
    }
    const way = options.apply ?? "client";
    const edit = { before: before?.statefulSet, after: statefulSet, config, additions, way, scaledTo };
    const simulation = playEdit(edit, (text) => note(text, io));
    const withConfig = (one: PlayedSet) => ({ statefulSet: one.statefulSet, configObjects: configObjects(one.text) });
    const notes = before === undefined ? [] : configNotesOf(withConfig(before), withConfig(set), simulation);
    const told = [...(scaledTo === undefined ? [] : [scaledNote(scaledTo)]), ...notes];
    const does = before === undefined ? (additions?.start?.set === "present" ? "go on with" : "create") : "update";
    return { does, key: statefulSet.key, build, simulation, notes: told, placeOf, scaledTo };
  };
  const tried = wanted.flatMap((set) => {
    const before = running.find(isCalled(set.statefulSet.key.name));
    const scaled = formatsOfMany.has(options.format) ? (before?.scaledBetween ?? []) : [];
    return (scaled.length === 0 ? [undefined] : scaled).map((replicas) =>
      attempt(`Playing ${set.statefulSet.key.name}`, () => planOf(set, before, replicas)),
    );
  });
  const [played, ...rest] = tried.flatMap((one) => (one.type === "done" ? [one.value] : []));
  if (played !== undefined) {
    io.stdout.write(`${plansIn(options.format, [played, ...rest], paintFor(options.color, io))}\n`);
  }
  return codeOf(tried, options.failOn ?? ["rejected", "stuck"], options, io);
}

/** What runs: the sets of a file, or those of the cluster that have the names of `wanted`. */
async function runningSets(
  from: string,
  wanted: readonly PlayedSet[],
  read: (file: string) => Promise<readonly PlayedSet[]>,
  io: Io,
): Promise<readonly PlayedSet[]> {
  if (!isLive(from)) return read(from);
  const found: PlayedSet[] = [];
  for (const { statefulSet } of wanted) {
    const set = await liveSet(from, statefulSet.key, io);
    if (set !== undefined) found.push(set);
  }
  return found;
}

/** Goes on from a dump: by itself, or with the manifests of some files applied to it. */
async function planDump(
  dump: string,
  files: readonly string[],
  options: PlanOptions,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ExitCode> {
  if (additions?.start !== undefined) {
    throw new UsageError("--start already sets the state of the cluster, so the scenario cannot have `start`");
  }
  if (options.from !== undefined) throw new UsageError("--start and --from cannot be used together");
  if ([dump, options.scenario, ...files].filter((given) => given === "-").length > 1) {
    throw new UsageError("Standard input can be used for one file only");
  }
  const config = await configFor(files[0] ?? "-", options, io);
  const behaviour = playedBehaviour(config, additions?.featureGates);
  const isWanted = isCalled(options.name);
  const read = await Promise.all(
    files.map((file) =>
      options.render === true && file !== "-"
        ? builtStatefulSets(file, options.values ?? [], config, io)
        : readPlayed(file, config, io),
    ),
  );
  const manifests = read.flat().filter(isWanted);
  const [namespace] = manifests.map(({ statefulSet: { key } }) => key.namespace);
  const text = readObjects(isLive(dump) ? await liveDump(dump, namespace, io) : await textOf(dump, io));
  if (text.type === "unreadable") throw new UsageError(`${dump}:${text.line} cannot be read: ${text.problem}`);
  const { nodeGraceSeconds } = behaviour;
  const world = calmWorld({ nodeGraceSeconds, timingOverride: additions?.timing ?? {}, faults: [] });
  const wanted = manifests.map(({ statefulSet }) => statefulSet.key.name);
  const start = readSetDumps(text.objects, { behaviour, world, wanted });
  if (start.type === "invalid") throw new UsageError(`${dump} cannot be played. ${start.problems.join("; ")}`);
  const dumps = start.dumps.filter(({ name }) =>
    manifests.length > 0 ? wanted.includes(name) : options.name === undefined || options.name === name,
  );
  const [first, ...others] = dumps.map((one) => planOfDump(one, manifests, config, additions, options, io));
  if (first === undefined) throw new UsageError(`${dump} has no StatefulSet ${options.name ?? "of apps/v1"}`);
  if (others.length > 0 && !formatsOfMany.has(options.format)) {
    const names = dumps.map(({ name }) => name).join(", ");
    throw new UsageError(`${dump} has several StatefulSets (${names}). Choose one with --name`);
  }
  io.stdout.write(`${plansIn(options.format, [first, ...others], paintFor(options.color, io))}\n`);
  return codeOf(
    [first, ...others].map((value) => ({ type: "done", value })),
    options.failOn ?? ["rejected", "stuck"],
    options,
    io,
  );
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
    throw new UsageError(`Another tool will replace values of ${name}. Use --render to play its output`);
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

async function readScenario(file: string, io: Io): Promise<Scenario> {
  const read = readScenarioFile(plainValue(await textOf(file, io), file));
  if (read.type === "read") return read;
  throw new UsageError(`${file} is not a scenario: ${read.errors.join("; ")}`);
}

function isCalled(name: string | undefined): (played: PlayedSet) => boolean {
  return ({ statefulSet: { key } }) => name === undefined || key.name === name;
}

function namesOf(played: readonly PlayedSet[]): string {
  return played
    .map(({ statefulSet: { key }, build }) => `${key.name}${build === undefined ? "" : ` of ${build}`}`)
    .join(", ");
}
