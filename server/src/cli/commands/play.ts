import {
  dumpCommand,
  formatApiError,
  newerText,
  planEdit,
  playedBehaviour,
  playJson,
  playHtml,
  playMaintenance,
  playSvg,
  playText,
  playVerdict,
  printable,
  printableJson,
  readNode,
  readNodeList,
  readObjects,
  readPlayOptions,
  refusalsOfNew,
  resolvePlay,
  sameNamespace,
  startOfDump,
  startOfManifests,
  type AppliedManifest,
  type ClusterNode,
  type Config,
  type PlayOptions,
  type ScenarioAdditions,
  type StatefulSet,
} from "../../engine/api.js";
import { configFor } from "../config.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { isLive } from "../live.js";
import { openManifests, plainValue, setsIn, textOf } from "../played-sets.js";
import { prettyPlay } from "../reporters/play.js";
import { paintFor } from "../reporters/paint.js";
import type { NodeOptions, PlanOptions } from "./plan-options.js";

/** A scenario file that has been read. */
export interface Scenario {
  readonly additions: ScenarioAdditions;
  readonly play?: unknown;
}

type Objects = Extract<ReturnType<typeof readObjects>, { readonly type: "read" }>["objects"];

/** Plays what happens to the pods of the sets of all files, or of a dump, when something is done to their nodes. */
export async function playNodes(
  files: readonly string[],
  options: PlanOptions,
  scenario: Scenario | undefined,
  io: Io,
): Promise<ExitCode> {
  const { format } = options;
  if (format === "markdown" || format === "mermaid") {
    throw new UsageError("--play supports text, json, svg and html. Choose one with --format");
  }
  if (options.render === true) {
    throw new UsageError(
      '--play reads what is built from standard input: "kubectl kustomize . | ordinal plan --play drain-all --nodes 3 -"',
    );
  }
  if (scenario !== undefined && scenario.additions.actions.length > 0) {
    throw new UsageError("A scenario that plays nodes cannot have actions. Use `rollout` in `play`");
  }
  if (scenario?.additions.start !== undefined) {
    throw new UsageError(
      "a play of nodes begins with pods that run, or with a dump (--start): the scenario has no `start`",
    );
  }
  if (options.start !== undefined && isLive(options.start)) {
    throw new UsageError(`--play needs a file. Write one with: ${dumpCommand} > now.yaml`);
  }
  const config = await configFor(files[0] ?? "-", options, io);
  if (config.newerRelease !== undefined) io.stderr.write(`ordinal: ${printable(newerText(config.newerRelease))}\n`);
  const asked = await askedFor(options, scenario?.play, io);
  const result =
    options.start === undefined
      ? await ofManifests(files, options, asked, config, scenario?.additions, io)
      : await ofDump(options.start, files, asked, config, scenario?.additions, io);
  switch (format) {
    case "text":
      io.stdout.write(`${prettyPlay(playText(result), playVerdict(result).tone, paintFor(options.color, io))}\n`);
      break;
    case "json":
      io.stdout.write(`${printableJson(JSON.stringify(playJson(result), undefined, 2))}\n`);
      break;
    case "svg":
      io.stdout.write(playSvg(result, "both"));
      break;
    case "html":
      io.stdout.write(playHtml(result));
  }
  return playVerdict(result).tone === "bad" ? exitCodes.findings : exitCodes.clean;
}

/** What the scenario asks for, and above it what the command line does. */
async function askedFor(options: NodeOptions, inScenario: unknown, io: Io): Promise<PlayOptions> {
  const read = inScenario === undefined || inScenario === null ? undefined : readPlayOptions(inScenario);
  if (read?.type === "invalid") throw new UsageError(read.errors.join("; "));
  const { play, zones, node, zone, to, surge, nodeSeconds, volumes, rollout } = options;
  const nodes = options.nodes === undefined ? undefined : await nodesIn(options.nodes, io);
  const typed = { play, nodes, zones, node, zone, to, surge, nodeSeconds, volumes, rollout };
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  return { ...read?.options, ...given };
}

/** A number, or the nodes of a file: as kubectl prints them, or a list of names. */
async function nodesIn(given: string, io: Io): Promise<number | readonly ClusterNode[]> {
  if (/^\d{1,6}$/.test(given)) return Number(given);
  if (/^[-+]?\d[\d.e+]*$/i.test(given))
    throw new UsageError("`nodes` must be a whole number from 1 to 5000, or a file");
  const text = await textOf(given, io);
  const nodes = objectsIn(text, given).filter(({ resource }) => resource.key.kind === "Node");
  if (nodes.length > 0) return nodes.map(({ value }) => readNode(value));
  const value = plainValue(text, given);
  if (!Array.isArray(value))
    throw new UsageError(`${given} has no nodes. Use a list of names, or the output of kubectl get nodes -o yaml`);
  const errors: string[] = [];
  const listed = readNodeList(value, errors);
  if (errors.length > 0) throw new UsageError(`${given} is not a list of nodes: ${errors.join("; ")}`);
  return listed;
}

async function ofManifests(
  files: readonly string[],
  options: PlanOptions,
  asked: PlayOptions,
  config: Config,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ReturnType<typeof playMaintenance>> {
  const resolved = resolvePlay(asked, undefined);
  if (resolved.type === "invalid") throw new UsageError(resolved.errors.join("; "));
  if (files.length === 0) throw new UsageError("Name the manifests to play");
  const isCalled = ({ key }: StatefulSet): boolean => options.name === undefined || key.name === options.name;
  const wanted = await readManifests(files, config, io);
  const former = options.from === undefined ? undefined : await readManifests([options.from], config, io);
  const sets = wanted.sets.filter(isCalled).map((set) => {
    const before = former?.sets.find(({ key }) => key.name === set.key.name);
    if (before !== undefined) return { running: before, next: appliedTo(before, set, config) };
    refuseRefused(set, config);
    return { running: set, next: undefined };
  });
  if (sets.length === 0)
    throw new UsageError(
      `No StatefulSet${options.name === undefined ? "" : ` ${options.name}`} in ${files.join(", ")}`,
    );
  const start = startOfManifests(sets, {
    behaviour: playedBehaviour(config, additions?.featureGates),
    nodes: resolved.nodes,
    budgets: wanted.budgets,
    others: wanted.others,
    rollout: resolved.rollout,
    faults: additions?.faults ?? [],
    timing: additions?.timing ?? {},
  });
  if (start.type === "invalid") throw new UsageError(start.problems.join("; "));
  return playMaintenance({ ...resolved, ...start });
}

async function ofDump(
  dump: string,
  files: readonly string[],
  asked: PlayOptions,
  config: Config,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ReturnType<typeof playMaintenance>> {
  if (additions !== undefined && additions.faults.length > 0) {
    throw new UsageError("With a dump, the scenario cannot have faults: the dump has the state of the pods");
  }
  const objects = objectsIn(await textOf(dump, io), dump);
  const { sets } = await readManifests(files, config, io);
  const running = objects.flatMap(({ resource }) => (resource.kind === "StatefulSet" ? [resource] : []));
  const next = sets.map((set) => {
    const before = running.find(({ key }) => key.name === set.key.name && sameNamespace(key, set.key.namespace));
    return before === undefined ? { set, stored: undefined } : appliedTo(before, set, config);
  });
  const start = startOfDump(objects, next, {
    behaviour: playedBehaviour(config, additions?.featureGates),
    timing: additions?.timing ?? {},
  });
  if (start.type === "invalid") throw new UsageError(`${dump} cannot be played. ${start.problems.join("; ")}`);
  const resolved = resolvePlay(asked, start.start.nodes);
  if (resolved.type === "invalid") throw new UsageError(resolved.errors.join("; "));
  if (resolved.rollout) throw new UsageError("With --start, the rollout comes from the other manifests");
  return playMaintenance({ ...resolved, ...start });
}

/** A manifest that is applied to what runs. */
function appliedTo(before: StatefulSet, set: StatefulSet, config: Config): AppliedManifest {
  const scenario = planEdit(before, set, "client", config)?.scenario;
  const [first] = scenario?.actions ?? [];
  if (scenario?.start.type !== "steady" || first?.action.type !== "apply") return { set, stored: undefined };
  const { spec, refusals = [] } = first.action;
  // What is refused changes nothing; the play says why.
  return { set, stored: refusals.length > 0 ? undefined : { before: scenario.start.spec, after: spec } };
}

/** A set that runs was accepted by the API server once. */
function refuseRefused(set: StatefulSet, config: Config): void {
  const refusals = refusalsOfNew(set, config);
  if (refusals.length === 0) return;
  throw new UsageError(
    `The API server refuses StatefulSet ${set.key.name}: ${refusals.map(formatApiError).join("; ")}`,
  );
}

/** Sets and budgets of all files, and what runs beside them; a file may hold budgets alone. */
async function readManifests(files: readonly string[], config: Config, io: Io): Promise<Manifests> {
  const sets: StatefulSet[] = [];
  const others: unknown[] = [];
  const budgets: unknown[] = [];
  if (files.filter((file) => file === "-").length > 1)
    throw new UsageError("Standard input can be used for one file only");
  for (const file of files) {
    const manifests = await openManifests(file, config, io);
    const objects = manifests.analysis.documents(manifests.uri).flatMap(({ chunk }) => chunk.resources);
    const budgetsHere = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
    budgets.push(...budgetsHere.map(({ place }) => place.value()));
    const deployments = objects.filter(({ key }) => key.kind === "Deployment").map(({ place }) => place.value());
    const othersHere = [...deployments, ...podsIn(manifests.text)];
    others.push(...othersHere);
    if (budgetsHere.length + othersHere.length > 0 && objects.every(({ kind }) => kind !== "StatefulSet")) continue;
    sets.push(...setsIn(manifests).map(({ statefulSet }) => statefulSet));
  }
  return { sets, budgets, others };
}

/** Pods by themselves: rules say nothing about them, so no analysis has them. */
function podsIn(text: string): readonly unknown[] {
  const read = /\bkind"?: *"?Pod\b/.test(text) ? readObjects(text) : undefined;
  if (read?.type !== "read") return [];
  return read.objects.flatMap(({ resource, value }) => (resource.key.kind === "Pod" ? [value] : []));
}

interface Manifests {
  readonly sets: readonly StatefulSet[];
  /** Plain data. */
  readonly budgets: readonly unknown[];
  /** Deployments and pods, plain data. */
  readonly others: readonly unknown[];
}

function objectsIn(text: string, file: string): Objects {
  const read = readObjects(text);
  if (read.type === "read") return read.objects;
  throw new UsageError(`${file}:${read.line} cannot be read: ${read.problem}`);
}
