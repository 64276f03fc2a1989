import {
  defaultConfig,
  formatRelease,
  isConfigFile,
  isSince,
  newerText,
  newestRelease,
  parseRelease,
  printable,
  type Config,
  type Release,
} from "../../engine/api.js";
import { flagsFrom } from "../config.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import { tellFailure, tellIncomplete, type Verbosity } from "../failures.js";
import { fixFiles } from "../fix.js";
import type { Io } from "../io.js";
import { lintRendered, withRendered } from "../builds.js";
import { withoutPatterns } from "../patterns.js";
import { report } from "../report.js";
import { jsonReport } from "../reporters/json.js";
import { paintFor } from "../reporters/paint.js";
import { prettyReport } from "../reporters/pretty.js";
import { nameOf, readSources } from "../sources.js";

export interface LintOptions extends Verbosity {
  readonly format: "pretty" | "json";
  readonly kubernetesVersion?: string;
  readonly askCluster?: boolean;
  readonly profile?: string;
  readonly hints?: boolean;
  readonly upgradeTo?: string;
  readonly fix?: boolean;
  readonly render?: boolean;
  /** Of charts, with `render`. */
  readonly values?: readonly string[];
  readonly loadRestrictor?: string;
  readonly color?: boolean;
}

/** Checks what paths and patterns name, mends it if asked to, and reports on what is left, and on nothing beside it. */
export async function lint(given: readonly string[], options: LintOptions, io: Io): Promise<ExitCode> {
  if (options.fix === true && given.includes("-")) throw new UsageError("--fix cannot change standard input");
  if (options.fix === true && options.render === true)
    throw new UsageError("--fix cannot change what was built: leave out --fix or --render");
  if (options.upgradeTo !== undefined && (options.fix === true || options.render === true))
    throw new UsageError("--upgrade-to tells what an upgrade changes: leave out --fix and --render");
  if (options.values !== undefined && options.render !== true)
    throw new UsageError("--values is for charts that --render renders");
  const flags = await flagsFrom(options, io);
  // What a configuration file says is told where it says so.
  if (flags.newerRelease !== undefined) io.stderr.write(`ordinal: ${newerText(flags.newerRelease)}\n`);
  const workspace = io.createWorkspace(defaultConfig, flags);
  const paths = await withoutPatterns(given, io.cwd);
  const sources = await readSources(paths, io);
  const { context, problems } = sources;
  for (const { text } of problems) io.stderr.write(`ordinal: ${printable(text)}\n`);
  for (const { uri, text } of [...context, ...sources.checked]) workspace.setFile(uri, text);
  workspace.setComplete(true);

  const fixed = options.fix === true ? await fixFiles(workspace, sources.checked, paths, io) : undefined;
  for (const text of fixed?.problems ?? []) io.stderr.write(`ordinal: ${printable(text)}\n`);

  const analysis = workspace.snapshot();
  const checked = fixed?.checked ?? sources.checked;
  const [newer] =
    flags.detectsRelease === true ? checked.flatMap(({ uri }) => analysis.configOf(uri).newerRelease ?? []) : [];
  if (newer !== undefined) io.stderr.write(`ordinal: ${newerText(newer)}\n`);
  // Whoever does not see that a setting has no effect wonders about what is found.
  const wrongConfigs = context.filter(
    ({ uri }) =>
      isConfigFile(uri) &&
      checked.some((file) => file.uri.startsWith(directoryOf(uri))) &&
      analysis.findings(uri).length > 0,
  );
  const rendered =
    options.render === true
      ? await lintRendered(paths, options.values ?? [], (uri) => analysis.configOf(uri), io)
      : undefined;
  for (const note of rendered?.notes ?? []) io.stderr.write(`ordinal: ${printable(note)}\n`);
  const upgrade = options.upgradeTo === undefined ? undefined : readRelease(options.upgradeTo);
  if (upgrade !== undefined) refuseDowngrade(flags, upgrade);
  if (upgrade !== undefined && upgrade.minor > newestRelease.minor) io.stderr.write(`ordinal: ${newerText(upgrade)}\n`);
  const starts = new Set<string>();
  const findings = (uri: string, to: Release) => {
    const { from, changes } = analysis.upgrade(uri, to);
    starts.add(formatRelease(from));
    return changes.map((change) => ({ ...change, text: `${change.text} (${change.source})` }));
  };
  const asked = upgrade === undefined ? analysis : { ...analysis, findings: (uri: string) => findings(uri, upgrade) };
  const written = report(asked, [...checked, ...wrongConfigs], (uri) => nameOf(uri, io.cwd));
  for (const from of starts) io.stderr.write(`ordinal: an upgrade from Kubernetes ${from} to ${options.upgradeTo}\n`);
  const found = rendered === undefined ? written : withRendered(written, rendered, io);
  switch (options.format) {
    case "json":
      io.stdout.write(jsonReport(found, fixed?.count));
      break;
    case "pretty": {
      const hints = options.hints === true ? "shown" : "counted";
      if (fixed !== undefined && fixed.count > 0) io.stdout.write(`${fixedLine(fixed.count)}\n`);
      io.stdout.write(prettyReport(found, { paint: paintFor(options.color, io), columns: io.stdout.columns, hints }));
      break;
    }
  }
  const failures = found.findings.flatMap(({ failure }) => failure ?? []);
  tellIncomplete(failures, options, io);
  const others = [...(fixed?.failures ?? []), ...(rendered?.failures ?? [])];
  for (const failure of others) tellFailure(failure, options, io);
  if (failures.length + others.length > 0) return exitCodes.trouble;
  if (rendered?.isWithoutTools === true) return exitCodes.trouble;
  if (problems.some(({ asked }) => asked) || (fixed !== undefined && fixed.problems.length > 0))
    return exitCodes.trouble;
  return found.summary.errors + found.summary.warnings > 0 ? exitCodes.findings : exitCodes.clean;
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

function fixedLine(count: number): string {
  return `${count} ${count === 1 ? "finding" : "findings"} fixed.`;
}
