import path from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import {
  asHtml,
  asMermaid,
  asSvg,
  attempt,
  behaviourOf,
  creating,
  editing,
  isPartial,
  newerText,
  planEdit,
  planJson,
  printable,
  printableJson,
  readScenarioFile,
  readWrittenSpec,
  sharedOf,
  simulate,
  unreadableRules,
  withAdditions,
  type ApplyWay,
  type Config,
  type PlannedEdit,
  type ScenarioAdditions,
  type Simulation,
  type StatefulSet,
} from "../../engine/api.js";
import { decodeText, readText } from "../../node/files.js";
import { configFor } from "../config.js";
import { chartsAround } from "../context.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import { tellFailure, type Verbosity } from "../failures.js";
import type { Io } from "../io.js";
import { paintFor, type Paint } from "../reporters/paint.js";
import { builtStatefulSets } from "../built-sets.js";
import { prettyPlan } from "../reporters/plan.js";
import { isDirectory, readTrees } from "../sources.js";

export interface PlanOptions extends Verbosity {
  readonly from?: string;
  /** How the manifest is applied; `client` by default. */
  readonly apply?: ApplyWay;
  readonly scenario?: string;
  readonly name?: string;
  readonly render?: boolean;
  /** Of charts, with `render`. */
  readonly values?: readonly string[];
  readonly loadRestrictor?: string;
  readonly kubernetesVersion?: string;
  readonly askCluster?: boolean;
  readonly format: PlanFormat;
  readonly color?: boolean;
}

type PlanFormat = "text" | "json" | "mermaid" | "svg" | "html";

/**
 * Plays what applying the StatefulSets of a file does: creating them, or changing those of `options.from` into them.
 */
export async function plan(file: string, options: PlanOptions, io: Io): Promise<ExitCode> {
  const directory = options.render === true && (await isDirectory(path.resolve(io.cwd, file)));
  const config = await configFor(directory ? path.join(file, "-") : file, options, io);
  if ([file, options.from, options.scenario].filter((given) => given === "-").length > 1) {
    throw new UsageError("standard input can only be one of the files");
  }
  const additions = options.scenario === undefined ? undefined : await readScenario(options.scenario, io);
  if (options.values !== undefined && options.render !== true) {
    throw new UsageError("--values is for charts that --render renders");
  }
  if (config.newerRelease !== undefined) note(newerText(config.newerRelease), io);
  const read = async (from: string): Promise<readonly PlayedSet[]> => {
    // Standard input is what a build wrote some time ago.
    if (options.render === true && from !== "-") return builtStatefulSets(from, options.values ?? [], config, io);
    return statefulSetsOf(from, config, io);
  };
  const wanted = (await read(file)).filter(isCalled(options.name));
  const running = options.from === undefined ? [] : await read(options.from);
  const [first, ...others] = wanted;
  if (first === undefined) throw new UsageError(`${file} holds no StatefulSet named ${options.name}`);
  if (others.length > 0 && options.format !== "text" && options.format !== "html") {
    throw new UsageError(`${file} holds several StatefulSets (${namesOf(wanted)}); choose one with --name`);
  }
  const planOf = ({ statefulSet, build }: PlayedSet): Plan => {
    const before = running.find(isCalled(statefulSet.key.name))?.statefulSet;
    if (before === undefined && options.from !== undefined) {
      note(`${options.from} holds no StatefulSet named ${statefulSet.key.name}, so it is created`, io);
    }
    const simulation = play(before, statefulSet, config, additions, options, io);
    return { does: before === undefined ? "create" : "update", key: statefulSet.key, build, simulation };
  };
  const tried = wanted.map((set) => attempt(`Playing ${set.statefulSet.key.name}`, () => planOf(set)));
  const [played, ...rest] = tried.flatMap((one) => (one.type === "done" ? [one.value] : []));
  const plans = played === undefined ? [] : [played, ...rest];
  if (played !== undefined) {
    io.stdout.write(`${textIn(options.format, [played, ...rest], paintFor(options.color, io))}\n`);
  }
  const codes = new Set(plans.map(({ simulation }) => exitCodeOf(simulation)));
  for (const one of tried) {
    if (one.type === "done") continue;
    codes.add(exitCodes.trouble);
    tellFailure(one.failure, options, io);
  }
  return [exitCodes.trouble, exitCodes.findings].find((code) => codes.has(code)) ?? exitCodes.clean;
}

/** A StatefulSet and, where a build makes it, the build's name. */
interface PlayedSet {
  readonly statefulSet: StatefulSet;
  readonly build: string | undefined;
}

interface Plan {
  readonly does: string;
  readonly key: StatefulSet["key"];
  readonly build: string | undefined;
  readonly simulation: Simulation;
}

/** Without the last line break. Only `text` and `html` can tell of more than the first. */
function textIn(format: PlanFormat, plans: readonly [Plan, ...Plan[]], paint: Paint): string {
  const [first, ...others] = plans;
  const shared = sharedOf(first.key.name, first.simulation);
  const label = labelAmong(plans);
  switch (format) {
    case "text":
      return plans
        .map((one) => prettyPlan(one.simulation, `${one.does} StatefulSet ${label(one)}`, paint))
        .join("\n\n");
    case "json":
      return printableJson(JSON.stringify(planJson(first.simulation), undefined, 2));
    case "mermaid":
      return asMermaid(shared).trimEnd();
    case "svg":
      return asSvg(shared, "both").trimEnd();
    case "html": {
      if (others.length === 0) return asHtml([shared]).trimEnd();
      const labelled = (one: Plan) => sharedOf(label(one), one.simulation);
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
    behaviour: behaviourOf(config.kubernetesVersion, { ...config.featureGates, ...additions?.featureGates }),
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

/** The complete StatefulSets of a file, at least one; those of a chart's template as its default values have them. */
async function statefulSetsOf(file: string, config: Config, io: Io): Promise<readonly PlayedSet[]> {
  const absolute = path.resolve(io.cwd, file);
  if (file !== "-" && (await isDirectory(absolute))) {
    throw new UsageError(`${file} is a directory: --render plays what kustomize or helm builds of it`);
  }
  const workspace = io.createWorkspace(config);
  const uri = pathToFileURL(absolute).href;
  const text = await textOf(file, io);
  const isTemplate = text.includes("{{");
  const [chart, outer] = isTemplate && file !== "-" ? chartsAround(path.dirname(absolute)) : [];
  if (chart !== undefined) {
    const around = await readTrees([chart], (known) => known === uri);
    for (const other of around) workspace.setFile(other.uri, other.text);
  }
  workspace.setFile(uri, text);
  const analysis = workspace.snapshot();
  const syntax = analysis.findings(uri).find(({ rule }) => unreadableRules.has(rule));
  if (syntax !== undefined) {
    const line = (analysis.lines(uri)?.position(syntax.span.start).line ?? 0) + 1;
    throw new UsageError(`${file}:${line} cannot be applied: ${syntax.text}`);
  }
  const found = analysis.statefulSets(uri).map(({ statefulSet, built }): PlayedSet => {
    if (chart === undefined) return { statefulSet, build: undefined };
    const unknown = readWrittenSpec((built ?? { statefulSet }).statefulSet).unknown.map(({ path: field }) => field);
    // The namespace is given when the chart is installed, and nothing that is played hangs on it.
    const open = unknown.filter((field) => field !== "metadata.namespace");
    if (built === undefined || open.length > 0 || outer !== undefined) {
      const hangsOn =
        outer !== undefined ? ": another chart may set them" : open.length > 0 ? `: not ${open.join(", ")}` : "";
      throw new UsageError(
        `the chart's default values alone do not tell what ${file} comes to${hangsOn}; --render plays what helm renders of it`,
      );
    }
    return { statefulSet: built.statefulSet, build: built.builds.join(", ") };
  });
  const complete = found.filter(({ statefulSet }) => !isPartial(statefulSet));
  if (complete.length > 0) return complete;
  throw new UsageError(
    found.length > 0
      ? `${file} holds only parts of a StatefulSet: without a selector and containers it cannot be played`
      : isTemplate
        ? `no StatefulSet of apps/v1 can be read in ${file}, a template: play what it renders, with --render or as in "helm template . | ordinal plan -"`
        : `${file} holds no StatefulSet of apps/v1`,
  );
}

async function textOf(file: string, io: Io): Promise<string> {
  const read = file === "-" ? decodeText(await io.readStdin()) : await readText(path.resolve(io.cwd, file));
  if (read.type === "text") return read.text;
  throw new UsageError(`${file === "-" ? "standard input" : file} ${read.problem}`);
}

async function readScenario(file: string, io: Io): Promise<ScenarioAdditions> {
  const read = readScenarioFile(plainValue(await textOf(file, io), file));
  if (read.type === "read") return read.additions;
  throw new UsageError(`${file} is no scenario: ${read.errors.join("; ")}`);
}

function plainValue(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message.trimEnd() : String(error)}`);
  }
}

function writtenSpec(statefulSet: StatefulSet, io: Io): ReturnType<typeof readWrittenSpec>["spec"] {
  const { spec, unknown } = readWrittenSpec(statefulSet);
  for (const { path: field } of unknown) note(`${field} of ${spec.name} cannot be read and counts as left out`, io);
  return spec;
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
