import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { pMapIterable } from "p-map";
import {
  acrossBuilds,
  attempt,
  builtSets,
  lineIndex,
  memoizeByName,
  parsePath,
  printable,
  readRendered,
  renderedFindings,
  seenFrom,
  toolOptions,
  whyNot,
  withBuilt,
  type Analysis,
  type BuiltFinding,
  type Config,
  type Failure,
  type RenderedBuild,
  type ToolOutput,
  type WhyNot,
} from "../engine/api.js";
import { readText } from "../node/disk/files.js";
import { build, chartName, helmResult, kustomizeResult } from "../node/render/build.js";
import { deployedBy, type Deployed } from "../node/render/deployments.js";
import { findTargets, targetsAt, targetsWith, type Target } from "../node/render/targets.js";
import { findTools } from "../node/render/tools.js";
import { createProjects, type Projects } from "./context.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { placeOf, reported, withFindings, type CheckedFile, type Report, type ReportedFinding } from "./report.js";
import { completeSets, type PlayedSet } from "./played-sets.js";
import { isDirectory, nameOf, nameOfPath } from "./sources.js";

/** What was found in all that could be built. */
export interface Rendered {
  /** At their places in the sources. */
  readonly findings: readonly ReportedFinding[];
  /**
   * The files of kustomizations that were built, by URI: what stands in them has been judged as it was built. Templates
   * are not among them: what is said of those holds whatever the values are, also of branches that were not taken.
   */
  readonly sources: ReadonlySet<string>;
  /** A sentence about each thing that was not built. */
  readonly notes: readonly string[];
  /** Whether there was something to build and no tool for any of it. */
  readonly isWithoutTools: boolean;
  /** What could not be checked because a part of Ordinal failed. */
  readonly failures: readonly Failure[];
}

/**
 * Builds what there is to build in `paths` and checks it; of a path that is a file, what it is a part of. What helm has
 * already written into `checked` files is reported at the templates that it comes from, where the project has them.
 */
export async function lintRendered(
  paths: readonly string[],
  checked: readonly CheckedFile[],
  values: readonly string[],
  configOf: Analysis["configOf"],
  io: Io,
): Promise<Rendered> {
  const found: BuiltFinding[] = [];
  const sources = new Set<string>();
  const failures: Failure[] = [];
  const unbuilt: Unbuilt[] = [];
  const deployed = await deployedIn(checked, io);
  const asked = [...(await askedFor(paths, io)).filter(({ target }) => !deployed.replaces(target)), ...deployed.asked];
  const configAt = ({ file }: Target) => configOf(pathToFileURL(file).href);
  for await (const { target, only, output, read } of buildAll(asked, values, configAt, unbuilt, io)) {
    if (output.tool === "kustomize") for (const { uri } of output.sources) sources.add(uri);
    const judged = attempt(`Checking what ${nameOfPath(target.directory, io.cwd)} builds`, () =>
      renderedFindings(read()),
    );
    if (judged.type === "failed") failures.push(judged.failure);
    else found.push(...judged.value.flatMap((one) => (only === undefined ? one : (seenFrom(one, only) ?? []))));
  }
  const written = await alreadyRendered(checked, values, io);
  for (const { label, files, target, output } of written) {
    for (const { uri } of files) sources.add(uri);
    const judged = attempt(`Checking ${label}`, () => renderedFindings(readRendered(label, output, configAt(target))));
    if (judged.type === "failed") failures.push(judged.failure);
    else found.push(...judged.value);
  }
  const withoutTool = unbuilt.filter(({ why }) => why.type === "noTool").length;
  return {
    findings: acrossBuilds(found).map((finding) => atPlace(finding, io)),
    sources,
    notes:
      asked.length + written.length + deployed.notes.length === 0
        ? ["there is no kustomization and no chart to build"]
        : [...deployed.notes, ...notesOn(unbuilt, io)],
    isWithoutTools: asked.length > 0 && withoutTool === asked.length && written.length === 0,
    failures,
  };
}

/** What Argo CD and Flux deploy, as the files say that were asked about. */
interface DeployedTargets {
  readonly asked: readonly Asked[];
  /** Whether what is built of a target by itself is not what is deployed, or it is not known what that is. */
  readonly replaces: (target: Target) => boolean;
  readonly notes: readonly string[];
}

async function deployedIn(checked: readonly CheckedFile[], io: Io): Promise<DeployedTargets> {
  const projects = createProjects();
  const all = await Promise.all(
    checked.map(async ({ text, uri }) => deployedBy(text, () => projects(directoryOf(uri, io)))),
  );
  const targets = all.flatMap((one) => one.targets);
  const directories = new Set([...targets.map(({ directory }) => directory), ...all.flatMap((one) => one.unknown)]);
  return {
    asked: targets.map((target) => ({ target, only: undefined })),
    replaces: ({ directory }) => directories.has(directory),
    notes: all.flatMap((one) => one.notes),
  };
}

/** What `helm template` or `kustomize build` wrote into files. */
interface AlreadyRendered {
  /** The file, or the directory of the files. */
  readonly label: string;
  readonly files: readonly CheckedFile[];
  /** The chart or kustomization that they come from. */
  readonly target: Target;
  readonly output: ToolOutput;
}

/**
 * Those of the files that helm has written of a chart in their project, by chart, and those that kustomize has written
 * with the origin of each object.
 */
async function alreadyRendered(
  checked: readonly CheckedFile[],
  values: readonly string[],
  io: Io,
): Promise<readonly AlreadyRendered[]> {
  const projects = createProjects();
  const built = await alreadyBuilt(checked, projects, io);
  const outputs = checked.flatMap((file) => {
    const chart = renderedChart(file.text);
    return chart === undefined ? [] : [{ file, chart, directory: directoryOf(file.uri, io) }];
  });
  if (outputs.length === 0) return built;
  const charts = memoizeByName(async (project: string) => namedCharts(await findTargets(project)));
  const byChart = new Map<Target, CheckedFile[]>();
  for (const { file, chart, directory } of outputs) {
    // Of two charts of one name it is not known which it was.
    const [target, ...others] = (await charts(await projects(directory))).get(chart) ?? [];
    if (target === undefined || others.length > 0) continue;
    byChart.set(target, [...(byChart.get(target) ?? []), file]);
  }
  const absolute = await readableFiles(values, io);
  const results = [...byChart].map(async ([target, files]): Promise<readonly AlreadyRendered[]> => {
    const result = await helmResult(target, files.map(({ text }) => text).join("\n---\n"), absolute);
    if (result.type !== "built") return [];
    const [first = "", ...more] = files.map(({ uri }) => nameOf(uri, io.cwd));
    return [{ label: more.length === 0 ? first : path.posix.dirname(first), files, target, output: result.output }];
  });
  return [...built, ...(await Promise.all(results)).flat()];
}

async function alreadyBuilt(
  checked: readonly CheckedFile[],
  projects: Projects,
  io: Io,
): Promise<readonly AlreadyRendered[]> {
  const outputs = checked.filter(({ text }) => /^ *config\.kubernetes\.io\/origin: \|/m.test(text));
  const targets = memoizeByName(async (project: string) => findTargets(project));
  const results = outputs.map(async (file): Promise<readonly AlreadyRendered[]> => {
    const candidates = await targets(await projects(directoryOf(file.uri, io)));
    const found = await Promise.all(
      candidates
        .filter(({ tool }) => tool === "kustomize")
        .map(async (target) => ({ target, output: await kustomizeResult(target, file.text) })),
    );
    const [first, ...others] = found.flatMap(({ target, output }) =>
      output === undefined ? [] : [{ target, output }],
    );
    // Of two that take in the same files it is not known which it was.
    if (first === undefined || others.length > 0) return [];
    return [{ label: nameOf(file.uri, io.cwd), files: [file], ...first }];
  });
  return (await Promise.all(results)).flat();
}

/** The chart that all of a text was made of, as the comments of helm say. */
function renderedChart(text: string): string | undefined {
  const names = [...text.matchAll(/^# Source: ([^/\s]+)\/\S+\r?$/gm)].map(([, name]) => name);
  const [chart, ...others] = new Set(names);
  return others.length > 0 || text.includes("{{") ? undefined : chart;
}

async function namedCharts(targets: readonly Target[]): Promise<ReadonlyMap<string, readonly Target[]>> {
  const named = new Map<string, readonly Target[]>();
  for (const target of targets.filter(({ tool }) => tool === "helm")) {
    const read = await readText(target.file);
    const name = read.type === "text" ? chartName(read.text) : undefined;
    if (name !== undefined) named.set(name, [...(named.get(name) ?? []), target]);
  }
  return named;
}

/** Of the standard input, the current one. */
function directoryOf(uri: string, { cwd }: Io): string {
  return uri.startsWith("file:") ? path.dirname(fileURLToPath(uri)) : cwd;
}

/** A report on what is written, with what was found in what is built of it. */
export function withRendered(report: Report, { findings, sources }: Rendered, { cwd }: Io): Report {
  const built = new Set([...sources].map((uri) => nameOf(uri, cwd)));
  return withFindings(report, withBuilt(report.findings, findings, built));
}

/** The complete StatefulSets that builds make, at least one: all of a directory's, or those that come from a file. */
export async function builtStatefulSets(
  place: string,
  values: readonly string[],
  config: Config,
  io: Io,
): Promise<readonly PlayedSet[]> {
  const absolute = path.resolve(io.cwd, place);
  const only = (await isDirectory(absolute)) ? undefined : pathToFileURL(absolute).href;
  const deployed = only === undefined ? [] : await deployedByFile(absolute, io);
  const targets =
    deployed.length > 0 ? deployed : only === undefined ? await targetsIn(absolute) : await targetsOfFile(absolute);
  if (targets.length === 0) {
    throw new UsageError(`No kustomization and no chart ${only === undefined ? "in" : "with"} ${place}`);
  }
  const found: PlayedSet[] = [];
  const unbuilt: Unbuilt[] = [];
  const asked = targets.map((target) => ({ target, only: deployed.length > 0 ? undefined : only }));
  for await (const { read } of buildAll(asked, values, () => config, unbuilt, io)) {
    const built = read();
    for (const { resource: statefulSet, origin } of builtSets(built)) {
      const isAsked = deployed.length > 0 || only === undefined || origin(statefulSet.place).source.uri === only;
      if (!isAsked) continue;
      const placeOf = (field: string) => {
        const { source, span } = origin(statefulSet.place.at(...parsePath(field)));
        return { file: nameOf(source.uri, io.cwd), line: lineIndex(source.text).position(span.start).line + 1 };
      };
      found.push({ statefulSet, build: built.label, text: built.text, placeOf, scaledBetween: [] });
    }
  }
  for (const note of notesOn(unbuilt, io)) io.stderr.write(`ordinal: ${printable(note)}\n`);
  return completeSets(found, place, `no StatefulSet of apps/v1 is built from ${place}`);
}

interface Built extends Asked {
  readonly output: Pick<ToolOutput, "tool" | "sources">;
  readonly read: () => RenderedBuild;
}

interface Unbuilt {
  readonly target: Target | Deployed;
  readonly why: WhyNot;
}

/** Builds each with the tools at hand, in their order; `unbuilt` gets what cannot be built. */
async function* buildAll(
  asked: readonly Asked[],
  values: readonly string[],
  configOf: (target: Target) => Config,
  unbuilt: Unbuilt[],
  io: Io,
): AsyncGenerator<Built> {
  const absolute = await readableFiles(values, io);
  const tools = await findTools(io.env);
  const results = pMapIterable(
    asked,
    async ({ target, only }) => {
      const config = configOf(target);
      const result = await build(target, { tools, env: io.env, values: absolute, ...toolOptions(config) });
      return { target, only, config, result };
    },
    { concurrency: availableParallelism() },
  );
  for await (const { target, only, config, result } of results) {
    if (result.type !== "built") {
      unbuilt.push({ target, why: result });
      continue;
    }
    const { output } = result;
    const label = labelOf(target, io);
    yield { target, only, output, read: () => readRendered(label, output, config) };
  }
}

/** `charts/db`, `charts/db of Application db` */
function labelOf(target: Target | Deployed, { cwd }: Io): string {
  const directory = nameOfPath(target.directory, cwd);
  return "deployment" in target ? `${directory} of ${target.deployment.label}` : directory;
}

/** A sentence for each build that failed, and for each tool that was needed and is not there. */
function notesOn(unbuilt: readonly Unbuilt[], io: Io): readonly string[] {
  const { cwd } = io;
  const failed = unbuilt.flatMap(({ target, why }) =>
    why.type === "noTool" ? [] : `${labelOf(target, io)} was not built: ${whyNot(why, (uri) => nameOf(uri, cwd))}`,
  );
  const missing = (tool: Target["tool"], noun: string, done: string) => {
    const count = unbuilt.filter(({ target, why }) => why.type === "noTool" && target.tool === tool).length;
    if (count === 0) return [];
    return [
      `${whyNot({ type: "noTool", tool })}: ${count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`} not ${done}`,
    ];
  };
  return [...failed, ...missing("kustomize", "kustomization", "built"), ...missing("helm", "chart", "rendered")];
}

/** What a directory itself is or, if it is nothing to build, what is below it. */
async function targetsIn(directory: string): Promise<readonly Target[]> {
  const own = await targetsAt(directory);
  return own.length === 0 ? findTargets(directory) : own;
}

/** What a file of Argo CD or Flux deploys; what is not known of it is said. */
async function deployedByFile(file: string, io: Io): Promise<readonly Deployed[]> {
  const read = await readText(file);
  if (read.type === "problem") return [];
  const { targets, notes } = await deployedBy(read.text, () => createProjects()(path.dirname(file)));
  for (const note of notes) io.stderr.write(`ordinal: ${printable(note)}\n`);
  return targets;
}

/** The targets that a file is a part of, anywhere in its project. */
async function targetsOfFile(file: string): Promise<readonly Target[]> {
  const project = await createProjects()(path.dirname(file));
  return targetsWith(file, await findTargets(project));
}

/** Absolute paths. Helm would say of each chart anew that a file is missing. */
async function readableFiles(files: readonly string[], { cwd }: Io): Promise<readonly string[]> {
  const absolute = files.map((file) => path.resolve(cwd, file));
  for (const [index, file] of absolute.entries()) {
    const read = await readText(file);
    if (read.type === "problem") throw new UsageError(`${files[index]} ${read.problem}`);
  }
  return absolute;
}

/** Something to build, for who asked about all of it or about one of its files. */
interface Asked {
  readonly target: Target | Deployed;
  /** The URI of the only file that was asked about. */
  readonly only: string | undefined;
}

async function askedFor(paths: readonly string[], io: Io): Promise<readonly Asked[]> {
  const asked = new Map<string, Asked>();
  for (const given of paths.filter((one) => one !== "-")) {
    const absolute = path.resolve(io.cwd, given);
    if (await isDirectory(absolute)) {
      for (const target of await findTargets(absolute)) asked.set(target.file, { target, only: undefined });
      continue;
    }
    const only = pathToFileURL(absolute).href;
    for (const target of await targetsOfFile(absolute)) {
      asked.set(`${target.file}\0${only}`, { target, only });
    }
  }
  return [...asked.values()];
}

function atPlace(finding: BuiltFinding, { cwd }: Io): ReportedFinding {
  const { place, related, builds } = finding;
  const name = (uri: string) => nameOf(uri, cwd);
  const { source, exact } = place;
  const stretch = { uri: source.uri, span: place.span, lines: lineIndex(source.text) };
  return {
    ...reported(finding, stretch, source.text.split(/\r\n|\r|\n/), name),
    related: related.map(({ place: other, text }) => ({
      place: placeOf({ uri: other.source.uri, span: other.span, lines: lineIndex(other.source.text) }, name),
      message: text,
    })),
    builds,
    exact,
  };
}
