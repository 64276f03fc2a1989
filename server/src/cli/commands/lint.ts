import { existsSync } from "node:fs";
import path from "node:path";
import {
  counted,
  defaultConfig,
  formatRelease,
  isConfigFile,
  isSince,
  newerText,
  newestRelease,
  parseRelease,
  printable,
  type Analysis,
  type Config,
  type Release,
  type Workspace,
} from "../../engine/api.js";
import { findingsBeyond, readBaseline, writeBaseline } from "../baseline.js";
import { lintRendered, withRendered, type Rendered } from "../builds.js";
import { ofChange, readChange, type Change } from "../changed.js";
import { configFor, flagsFrom } from "../config.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import { tellFailure, tellIncomplete } from "../failures.js";
import { fixFiles, type Fixed } from "../fix.js";
import type { Io } from "../io.js";
import { withoutPatterns } from "../patterns.js";
import { createProgress, type Progress } from "../progress.js";
import { report, withFindings, type CheckedFile, type Report } from "../report.js";
import { unifiedDiff } from "../reporters/diff.js";
import { lintReporters } from "../reporters/lint-formats.js";
import { paintFor, plain } from "../reporters/paint.js";
import { repositoryRoot, type Presentation } from "../reporters/reporter.js";
import { rulesJson, rulesText } from "../reporters/rules-list.js";
import { nameOf, readSources, type Sources } from "../sources.js";
import { writeText } from "../write.js";
import { explain } from "./explain.js";
import { refuseContradictions, type LintOptions } from "./lint-options.js";

/** Checks what paths and patterns name, mends it if asked to, and reports on what is left, and on nothing beside it. */
export async function lint(given: readonly string[], asked: LintOptions, io: Io): Promise<ExitCode> {
  if (asked.explain !== undefined) return explain(asked.explain, asked, io);
  const { paths, options } = separated(given, asked, io);
  refuseContradictions(paths, options);
  const flags = await flagsFrom(options, io);
  if (options.listRules === true) {
    const config = await configFor(path.join(paths[0] ?? ".", "any.yaml"), options, io);
    const [paint, columns] = [paintFor(options.color, io), io.stdout.columns ?? Infinity];
    io.stdout.write(options.format === "json" ? rulesJson(config) : rulesText(config, paint, columns));
    return exitCodes.clean;
  }
  // What a configuration file says is reported where it says so.
  if (flags.newerRelease !== undefined) tell(newerText(flags.newerRelease), io);
  const upgrade = options.upgradeTo === undefined ? undefined : readRelease(options.upgradeTo);
  if (upgrade !== undefined) refuseDowngrade(flags, upgrade);
  if (upgrade !== undefined && upgrade.minor > newestRelease.minor) tell(newerText(upgrade), io);
  const run = { workspace: io.createWorkspace(defaultConfig, flags), flags, upgrade, options, io };
  let { code, projects } = await lintOnce(paths, run);
  if (options.watch !== true) return code;
  tell("watching for changes; Ctrl+C ends", io);
  for await (const _ of io.changes(projects)) {
    if (io.stdout.isTerminal) io.stdout.write(clearScreen);
    ({ code, projects } = await lintOnce(paths, run));
  }
  return code;
}

/** In `--changed k8s/` the word after the option is no revision but a path, if it is there. */
function separated(given: readonly string[], options: LintOptions, { cwd }: Io) {
  const { changed } = options;
  const isPath = typeof changed === "string" && existsSync(path.resolve(cwd, changed));
  const paths = isPath ? [changed, ...given] : given;
  return {
    paths: paths.length === 0 ? ["."] : paths,
    options: isPath ? { ...options, changed: true as const } : options,
  };
}

/** With what was scrolled away, so that only the newest report is there. */
const clearScreen = "\u001b[2J\u001b[3J\u001b[H";

/** What stays the same while files change. */
interface Run {
  readonly workspace: Workspace;
  readonly flags: Partial<Config>;
  readonly upgrade: Release | undefined;
  readonly options: LintOptions;
  readonly io: Io;
}

interface Ended {
  readonly code: ExitCode;
  /** The directories of the projects that were looked at. */
  readonly projects: readonly string[];
}

async function lintOnce(given: readonly string[], run: Run): Promise<Ended> {
  const { workspace, options, io } = run;
  const progress = createProgress(io);
  try {
    const paths = await withoutPatterns(given, io.cwd);
    const { sources, change } = await readFiles(paths, run, progress);
    for (const { text } of sources.problems) tell(text, io);
    setFiles(workspace, [...sources.context, ...sources.checked]);
    const toFix = change === undefined ? sources.checked : sources.checked.filter(({ uri }) => change.changed.has(uri));
    const fixed =
      options.fix === true
        ? await fixFiles(workspace, toFix, paths, { isDryRun: options.dryRun === true }, io)
        : undefined;
    for (const text of fixed?.problems ?? []) tell(text, io);
    const texts = new Map(fixed?.checked.map(({ uri, text }) => [uri, text]));
    const checked = sources.checked.map(({ uri, text }) => ({ uri, text: texts.get(uri) ?? text }));

    const analysis = workspace.snapshot();
    tellNewerRelease(analysis, checked, run);
    const rendered =
      options.render === true
        ? await lintRendered(paths, checked, options.values ?? [], (uri) => analysis.configOf(uri), io)
        : undefined;
    for (const note of rendered?.notes ?? []) tell(note, io);
    const wrongConfigs = wrongConfigsFor(checked, sources.context, analysis);
    const written = reportOn([...checked, ...wrongConfigs], run, progress);
    progress.end();
    const all = rendered === undefined ? written : withRendered(written, rendered, io);
    const fresh = await beyondBaseline(all, run);
    const changed = new Set([...(change?.changed ?? [])].map((uri) => nameOf(uri, io.cwd)));
    const found = change === undefined ? fresh : ofChange(fresh, change, (file) => changed.has(file));
    const shown =
      options.quiet === true
        ? withFindings(
            found,
            found.findings.filter(({ severity }) => severity === "error"),
          )
        : found;
    if (fixed !== undefined && options.dryRun === true) tellDiff(toFix, fixed, run);
    else io.stdout.write(lintReporters[options.format](shown, presentation(options, fixed, io)));
    if (sources.checked.length === 0 && sources.ignored > 0) {
      tell(
        `git ignores ${sources.ignored === 1 ? "1 file: check it" : `${sources.ignored} files: check them`} with --no-ignore`,
        io,
      );
    }
    await writeOutputs(shown, fixed, run);
    return { code: codeOf(found, { sources, fixed, rendered }, run), projects: sources.projects };
  } finally {
    progress.end();
  }
}

function tell(text: string, { stderr }: Io): void {
  stderr.write(`ordinal: ${printable(text)}\n`);
}

/** Reads what was asked about, and with `--changed` judges what it was before. */
async function readFiles(
  paths: readonly string[],
  run: Run,
  progress: Progress,
): Promise<{ readonly sources: Sources; readonly change: Change | undefined }> {
  const { workspace, options, io } = run;
  let count = 0;
  const reading = {
    stdinFilename: options.stdinFilename,
    gitIgnored: options.ignore ? "leftOut" : "checked",
    onFile: () => progress.show("Reading files", (count += 1)),
  } as const;
  if (options.changed === undefined) {
    return { sources: await readSources(paths, io, reading), change: undefined };
  }
  const revision = options.changed === true ? "HEAD" : options.changed;
  const judge = (files: readonly CheckedFile[]) => reportOn(files, run, progress);
  const change = await readChange(revision, paths, workspace, judge, io, reading);
  workspace.setBase(change.base);
  return { sources: change.now, change };
}

/** Makes a workspace hold these files and no others. */
function setFiles(workspace: Workspace, files: readonly CheckedFile[]): void {
  const kept = new Set(files.map(({ uri }) => uri));
  const gone = [...workspace.snapshot().uris()].filter((uri) => !kept.has(uri));
  for (const uri of gone) workspace.removeFile(uri);
  for (const { uri, text } of files) workspace.setFile(uri, text);
  workspace.setComplete(true);
}

/** What is found in files, or with `--upgrade-to` what an upgrade changes for them. */
function reportOn(files: readonly CheckedFile[], { workspace, upgrade, options, io }: Run, progress: Progress): Report {
  const analysis = workspace.snapshot();
  const starts = new Set<string>();
  const changesOf = (uri: string, to: Release) => {
    const { from, changes } = analysis.upgrade(uri, to);
    starts.add(formatRelease(from));
    return changes.map((change) => ({ ...change, text: `${change.text} (${change.source})` }));
  };
  const asked = upgrade === undefined ? analysis : { ...analysis, findings: (uri: string) => changesOf(uri, upgrade) };
  let done = 0;
  const found = report(
    asked,
    files,
    (uri) => nameOf(uri, io.cwd),
    () => progress.show("Checking files", (done += 1), files.length),
  );
  for (const from of starts) tell(`an upgrade from Kubernetes ${from} to ${options.upgradeTo}`, io);
  return found;
}

function tellNewerRelease(analysis: Analysis, checked: readonly CheckedFile[], { flags, io }: Run): void {
  if (flags.detectsRelease !== true) return;
  const [newer] = checked.flatMap(({ uri }) => analysis.configOf(uri).newerRelease ?? []);
  if (newer !== undefined) tell(newerText(newer), io);
}

/** Whoever does not see that a setting has no effect wonders about what is found. */
function wrongConfigsFor(
  checked: readonly CheckedFile[],
  context: readonly CheckedFile[],
  analysis: Analysis,
): readonly CheckedFile[] {
  return context.filter(
    ({ uri }) =>
      isConfigFile(uri) &&
      checked.some((file) => file.uri.startsWith(directoryOf(uri))) &&
      analysis.findings(uri).length > 0,
  );
}

/** What of a report a baseline does not hold. */
async function beyondBaseline(found: Report, { options, io }: Run): Promise<Report> {
  if (options.baseline === undefined) return found;
  const isWritten = options.updateBaseline === true;
  const baseline = isWritten
    ? await writeBaseline(options.baseline, found, io.cwd)
    : await readBaseline(options.baseline, io.cwd);
  if (isWritten) tell(`${options.baseline} holds ${counted(baseline.entries.length, "finding")} now`, io);
  const { findings, gone } = findingsBeyond(baseline, found, io.cwd);
  if (gone > 0) {
    tell(`${counted(gone, "finding")} of ${options.baseline} no longer found; --update-baseline cleans up`, io);
  }
  return withFindings(found, findings);
}

/** Shows what `--fix` would do, as a diff and nothing else. */
function tellDiff(before: readonly CheckedFile[], { checked, count }: Fixed, { options, io }: Run): void {
  const texts = new Map(checked.map(({ uri, text }) => [uri, text]));
  const files = before.flatMap(({ uri, text }) => {
    const after = texts.get(uri) ?? text;
    return after === text ? [] : [{ name: nameOf(uri, io.cwd), before: text, after }];
  });
  io.stdout.write(unifiedDiff(files, paintFor(options.color, io), io.stdout));
  tell(`${counted(count, "finding")} can be fixed in ${counted(files.length, "file")}; nothing was changed`, io);
}

function presentation(options: LintOptions, fixed: Fixed | undefined, io: Io): Presentation {
  return {
    paint: paintFor(options.color, io),
    columns: io.stdout.columns,
    hints: options.hints === true ? "shown" : "counted",
    findings: options.summary === true ? "counted" : "shown",
    isBeyondBaseline: options.baseline !== undefined,
    fixed: fixed?.count,
    directory: io.cwd,
    root: repositoryRoot(io.cwd),
  };
}

async function writeOutputs(found: Report, fixed: Fixed | undefined, { options, io }: Run): Promise<void> {
  const unlimited = { ...presentation(options, fixed, io), paint: plain, columns: undefined };
  for (const { format, file } of options.output ?? []) {
    const text = lintReporters[format](found, unlimited);
    await writeText(path.resolve(io.cwd, file), text, `--output: ${file}`);
  }
}

/** What decides how a run ends beside what was found. */
interface Trouble {
  readonly sources: Sources;
  readonly fixed: Fixed | undefined;
  readonly rendered: Rendered | undefined;
}

function codeOf({ findings, summary }: Report, { sources, fixed, rendered }: Trouble, { options, io }: Run): ExitCode {
  const failures = findings.flatMap(({ failure }) => failure ?? []);
  tellIncomplete(failures, options, io);
  const others = [...(fixed?.failures ?? []), ...(rendered?.failures ?? [])];
  for (const failure of others) tellFailure(failure, options, io);
  const isTrouble =
    failures.length + others.length > 0 ||
    rendered?.isWithoutTools === true ||
    sources.problems.some(({ asked }) => asked) ||
    (fixed !== undefined && fixed.problems.length > 0);
  if (isTrouble) return exitCodes.trouble;
  const { quiet, maxWarnings = quiet === true ? Infinity : 0, dryRun } = options;
  if (options.maxWarnings !== undefined && summary.warnings > maxWarnings) {
    tell(`${counted(summary.warnings, "warning")}: more than the ${maxWarnings} that --max-warnings allows`, io);
  }
  const wouldFix = dryRun === true && fixed !== undefined && fixed.count > 0;
  return summary.errors > 0 || summary.warnings > maxWarnings || wouldFix ? exitCodes.findings : exitCodes.clean;
}

function readRelease(text: string): Release {
  const release = parseRelease(text);
  if (release === undefined) throw new UsageError(`--upgrade-to: "${text}" is not a Kubernetes version such as 1.37`);
  return release;
}

/** A release that is named on the command line must be older than the one that is upgraded to. */
function refuseDowngrade({ range, kubernetesVersion, newerRelease }: Partial<Config>, to: Release): void {
  const from = range?.[0]?.kubernetesVersion ?? newerRelease ?? kubernetesVersion;
  if (from === undefined || !isSince(from, to.minor, to.patch)) return;
  throw new UsageError(
    `--upgrade-to ${formatRelease(to)} is not newer than --kubernetes-version ${formatRelease(from)}`,
  );
}

function directoryOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1);
}
