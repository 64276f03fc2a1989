import { availableParallelism } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  analyseBuilt,
  attempt,
  formatRelease,
  lineIndex,
  severities,
  type Analysis,
  type BuiltFinding,
  type Config,
  type Failure,
  type SourcePlace,
} from "../engine/api.js";
import { readText } from "../node/files.js";
import { build, type BuildResult } from "../node/render/build.js";
import { findTargets, targetsAt, targetsWith, type Target } from "../node/render/targets.js";
import { findTools, type Tools } from "../node/render/tools.js";
import { createProjects } from "./context.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { withFindings, type Place, type Report, type ReportedFinding } from "./report.js";
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

/** Builds what there is to build in `paths` and checks it; of a path that is a file, what it is a part of. */
export async function lintRendered(
  paths: readonly string[],
  values: readonly string[],
  configOf: Analysis["configOf"],
  io: Io,
): Promise<Rendered> {
  const absolute = await readableFiles(values, io);
  const tools = await findTools(io.env);
  const found = new Map<string, BuiltHere[]>();
  const sources = new Set<string>();
  const notes: string[] = [];
  const failures: Failure[] = [];
  const missing: Target[] = [];
  let tried = 0;
  const asked = (await askedFor(paths, io)).map((one) => ({
    ...one,
    config: configOf(pathToFileURL(one.target.file).href),
  }));
  const results = inTurn(asked, ({ target, config }) => buildWith(target, tools, absolute, config, io));
  for await (const [{ target, only, config }, result] of results) {
    if (result.type === "noTool") {
      missing.push(target);
      continue;
    }
    tried += 1;
    const name = nameOfPath(target.directory, io.cwd);
    if (result.type === "failed") {
      notes.push(`${name} was not built: ${failureText(result, io)}`);
      continue;
    }
    if (target.tool === "kustomize") for (const { uri } of result.built.sources) sources.add(uri);
    const analysed = attempt(`Checking what ${name} builds`, () => analyseBuilt(result.built, config).findings);
    if (analysed.type === "failed") failures.push(analysed.failure);
    for (const built of analysed.type === "done" ? analysed.value : []) {
      const finding = only === undefined ? built : seenFrom(built, only);
      if (finding === undefined) continue;
      const key = placeKey(finding);
      found.set(key, [...(found.get(key) ?? []), { finding, name }]);
    }
  }
  if (tried + missing.length === 0) notes.push("there is no kustomization and no chart to build");
  return {
    findings: [...found.values()].map((same) => reported(same, io)),
    sources,
    notes: [...notes, ...missingTools(missing)],
    isWithoutTools: missing.length > 0 && tried === 0,
    failures,
  };
}

/**
 * What is found in files that were built counts as the builds have it; what is said of their mere text stays. The same
 * finding of a template, as it is written and as it was built, is one.
 */
export function withRendered(report: Report, { findings, sources }: Rendered, { cwd }: Io): Report {
  const built = new Set([...sources].map((uri) => nameOf(uri, cwd)));
  const known = new Set(findings.map(identity));
  const written = report.findings.filter((finding) => {
    const { file, resource, rule } = finding;
    if (built.has(file)) return resource === undefined && rule !== "unused-suppression";
    return !known.has(identity(finding));
  });
  return withFindings(report, [...written, ...findings]);
}

function identity({ file, line, rule }: ReportedFinding): string {
  return `${file}:${line} ${rule}`;
}

/** What comes of each, in their order; a few are worked on at the same time. */
async function* inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): AsyncGenerator<readonly [T, R]> {
  const waiting = [...all];
  const running: { readonly one: T; readonly result: Promise<R> }[] = [];
  while (waiting.length > 0 || running.length > 0) {
    for (const one of waiting.splice(0, availableParallelism() - running.length)) {
      running.push({ one, result: work(one) });
    }
    const first = running.shift();
    if (first !== undefined) yield [first.one, await first.result];
  }
}

/** Builds one target with the tools at hand. */
export function buildWith(
  target: Target,
  tools: Tools,
  values: readonly string[],
  { kubernetesVersion: known, newerRelease, loadRestrictor }: Config,
  { env }: Io,
): Promise<BuildResult> {
  const kubernetesVersion = formatRelease(newerRelease ?? known);
  return build(target, { tools, env, values, kubernetesVersion, loadRestrictor });
}

/** `base/kustomization.yaml:3: ...`: why a build failed, and where. */
export function failureText(
  { reason, place }: Extract<BuildResult, { readonly type: "failed" }>,
  { cwd }: Pick<Io, "cwd">,
): string {
  if (place === undefined) return reason;
  const line = place.line === undefined ? "" : `:${place.line}`;
  return `${nameOf(place.uri, cwd)}${line}: ${reason}`;
}

/** A sentence for each tool that was needed and is not there. */
export function missingTools(missing: readonly Target[]): readonly string[] {
  const [kustomizations, charts] = [countOf("kustomize"), countOf("helm")];
  function countOf(tool: Target["tool"]): number {
    return missing.filter((target) => target.tool === tool).length;
  }
  return [
    ...(kustomizations > 0
      ? [`neither kustomize nor kubectl is on the PATH: ${counted(kustomizations, "kustomization")} not built`]
      : []),
    ...(charts > 0 ? [`helm is not on the PATH: ${counted(charts, "chart")} not rendered`] : []),
  ];
}

/** What a directory itself is or, if it is nothing to build, what is below it. */
export async function targetsIn(directory: string): Promise<readonly Target[]> {
  const own = await targetsAt(directory);
  return own.length === 0 ? findTargets(directory) : own;
}

/** The targets that a file is a part of, anywhere in its project. */
export async function targetsOfFile(file: string): Promise<readonly Target[]> {
  const project = await createProjects()(path.dirname(file));
  return targetsWith(file, await findTargets(project));
}

/** Absolute paths. Helm would say of each chart anew that a file is missing. */
export async function readableFiles(files: readonly string[], { cwd }: Io): Promise<readonly string[]> {
  const absolute = files.map((file) => path.resolve(cwd, file));
  for (const [index, file] of absolute.entries()) {
    const read = await readText(file);
    if (read.type === "problem") throw new UsageError(`${files[index]} ${read.problem}`);
  }
  return absolute;
}

interface Asked {
  readonly target: Target;
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

/** A finding for who asked about one file alone: in a file of values stands what a template only fills in. */
function seenFrom(finding: BuiltFinding, uri: string): BuiltFinding | undefined {
  const { place, related } = finding;
  const { filledFrom } = place;
  if (filledFrom?.source.uri !== uri) return place.source.uri === uri ? finding : undefined;
  const others = related.filter((one) => one.place !== filledFrom);
  return { ...finding, place: filledFrom, related: [{ place, text: "the value is filled in here" }, ...others] };
}

interface BuiltHere {
  readonly finding: BuiltFinding;
  /** The build's. */
  readonly name: string;
}

/** Equal for what is one finding to a reader, though several builds have it and name things differently. */
function placeKey({ rule, path: field, place: { source, span, exact } }: BuiltFinding): string {
  return JSON.stringify([rule, source.uri, span, exact ? "" : field]);
}

/** One finding, in the words of the build that takes it most seriously. */
function reported(same: readonly BuiltHere[], { cwd }: Io): ReportedFinding {
  const [first, ...others] = same.toSorted(
    (a, b) => severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity),
  );
  if (first === undefined) throw new Error("no build has this finding");
  const { rule, severity, text, resource, path: field, place, related, failure } = first.finding;
  const lines = lineIndex(place.source.text);
  const end = lines.position(place.span.end);
  const start = placeFor(place, cwd);
  return {
    ...start,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    rule,
    severity,
    message: text,
    resource,
    path: field,
    fixable: false,
    related: related.map((other) => ({ place: placeFor(other.place, cwd), message: other.text })),
    sourceLine: place.source.text.split(/\r\n|\r|\n/)[start.line - 1] ?? "",
    builds: [...new Set([first.name, ...others.map(({ name }) => name)])],
    exact: place.exact,
    failure,
  };
}

function placeFor({ source, span }: SourcePlace, cwd: string): Place {
  const { line, character } = lineIndex(source.text).position(span.start);
  return { file: nameOf(source.uri, cwd), line: line + 1, column: character + 1 };
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}
