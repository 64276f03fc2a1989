import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  createWorkspace,
  defaultConfig,
  printable,
  printableJson,
  profiles,
  severities,
  type Config,
  type Severity,
  type Workspace,
  unreadableRules,
} from "../engine/api.js";
import { isManifestName } from "../lsp/manifest-names.js";
import { findManifests, readFound } from "../node/disk/files.js";

/** What was met in one repository. */
export interface Survey {
  readonly repository: string;
  readonly files: number;
  readonly documents: number;
  readonly statefulSets: number;
  /** Documents that look like manifests and cannot be read, each with the finding that says so. */
  readonly parseFailures: readonly FoundIn[];
  readonly findings: readonly SurveyFinding[];
  readonly crashes: readonly FoundIn[];
  /** Files and directories that could not be read. */
  readonly unreadable: readonly FoundIn[];
  readonly milliseconds: number;
}

interface FoundIn {
  /** From the directory that holds the repositories. */
  readonly file: string;
  readonly text: string;
}

export interface SurveyFinding extends FoundIn {
  readonly rule: string;
  readonly severity: Severity;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** The repositories of a directory, and what their names are relative to. */
export interface Repositories {
  readonly base: string;
  readonly directories: readonly string[];
  /** The directory is itself a repository, and the only one. */
  readonly isOne: boolean;
}

/**
 * Each directory in `directory` is a repository, or each directory in that where it only holds checkouts (as
 * `owner/name`). A directory with a `.git` or with manifests right in it is one repository by itself.
 */
async function repositoriesIn(directory: string): Promise<Repositories> {
  const entries = await readdir(directory, { withFileTypes: true });
  const children = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(directory, name))
    .toSorted();
  const isOne = isCheckout(directory) || entries.some((entry) => entry.isFile() && isManifestName(entry.name));
  if (isOne || children.length === 0) return { base: path.dirname(directory), directories: [directory], isOne: true };
  const nested = await Promise.all(children.map(checkoutsOf));
  return { base: directory, directories: nested.flat(), isOne: false };
}

async function checkoutsOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const below = entries.map(({ name }) => path.join(directory, name)).toSorted();
  return !isCheckout(directory) && below.length > 0 && below.every(isCheckout) ? below : [directory];
}

function isCheckout(directory: string): boolean {
  return existsSync(path.join(directory, ".git"));
}

/** Lints a repository as one workspace. What throws is a crash of the file it threw for, and the others go on. */
async function survey(repository: string, base: string, workspace: Workspace): Promise<Survey> {
  const began = performance.now();
  const unreadable: FoundIn[] = [];
  const crashes: FoundIn[] = [];
  const findings: SurveyFinding[] = [];
  const uris: string[] = [];
  const nameOf = (file: string) => path.relative(base, file).replaceAll(path.sep, "/");
  const guarded = (file: string, act: () => void) => {
    try {
      act();
    } catch (error) {
      crashes.push({ file: nameOf(file), text: whereItThrew(error) });
    }
  };

  for await (const found of findManifests(repository)) {
    const read = found.type === "file" ? await readFound(found.path) : found;
    if (read === undefined) continue;
    const uri = pathToFileURL(found.path).href;
    if (read.type === "problem") unreadable.push({ file: nameOf(found.path), text: read.problem });
    else {
      guarded(found.path, () => {
        workspace.setFile(uri, read.text);
        uris.push(uri);
      });
    }
  }
  workspace.setComplete(true);
  const analysis = workspace.snapshot();
  let documents = 0;
  let statefulSets = 0;
  for (const uri of uris) {
    const file = fileURLToPath(uri);
    guarded(file, () => {
      const count = analysis.count(uri);
      documents += count.documents;
      statefulSets += count.statefulSets;
      for (const { rule, severity, span, text } of analysis.findings(uri)) {
        const { line, character } = analysis.lines(uri)?.position(span.start) ?? { line: 0, character: 0 };
        findings.push({ file: nameOf(file), line: line + 1, column: character + 1, rule, severity, text });
      }
    });
  }
  return {
    repository: nameOf(repository),
    files: uris.length,
    documents,
    statefulSets,
    parseFailures: findings.filter(({ rule }) => unreadableRules.has(rule)),
    findings,
    crashes,
    unreadable,
    milliseconds: Math.round(performance.now() - began),
  };
}

/** The error and the innermost functions that it came through, in one line. */
function whereItThrew(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? error.message).split("\n");
  return lines
    .slice(0, 4)
    .map((line) => line.trim())
    .join(" ");
}

/** All repositories together, and what the run took. */
interface Totals {
  readonly directory: string;
  readonly repositories: number;
  readonly files: number;
  readonly documents: number;
  readonly statefulSets: number;
  readonly parseFailures: number;
  readonly unreadable: number;
  readonly milliseconds: number;
  readonly peakMemoryMb: number;
  /** By rule and severity, in the order of the rules' names. */
  readonly findings: Readonly<Record<string, Readonly<Partial<Record<Severity, number>>>>>;
  readonly crashes: readonly FoundIn[];
  /** Each finding of the rules that were asked for. */
  readonly listed: readonly SurveyFinding[];
}

function totalsOf(directory: string, surveys: readonly Survey[], listed: readonly string[]): Totals {
  const sum = (of: (one: Survey) => number) => surveys.reduce((total, one) => total + of(one), 0);
  const findings = surveys.flatMap((one) => one.findings);
  const byRule: Record<string, Partial<Record<Severity, number>>> = {};
  for (const rule of [...new Set(findings.map((finding) => finding.rule))].toSorted()) byRule[rule] = {};
  for (const { rule, severity } of findings) {
    const counts = byRule[rule] ?? {};
    counts[severity] = (counts[severity] ?? 0) + 1;
  }
  return {
    directory,
    repositories: surveys.length,
    files: sum(({ files }) => files),
    documents: sum(({ documents }) => documents),
    statefulSets: sum(({ statefulSets }) => statefulSets),
    parseFailures: sum(({ parseFailures }) => parseFailures.length),
    unreadable: sum(({ unreadable }) => unreadable.length),
    milliseconds: sum(({ milliseconds }) => milliseconds),
    // maxRSS is in KiB on every platform (Node.js, process.resourceUsage).
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    findings: byRule,
    crashes: surveys.flatMap((one) => one.crashes),
    listed: findings.filter(({ rule }) => listed.includes(rule) || listed.includes("all")),
  };
}

/** What a run prints for people. */
function textReport(totals: Totals, surveys: readonly Survey[]): readonly string[] {
  const slowest = surveys.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
  const rules = Object.entries(totals.findings);
  const width = Math.max(0, ...rules.map(([rule]) => rule.length));
  return [
    `${totals.repositories} repositories, ${totals.files} files, ${totals.documents} documents, ${totals.statefulSets} StatefulSets`,
    `${totals.parseFailures} documents cannot be read, ${totals.unreadable} files cannot be read, ${totals.crashes.length} crashes`,
    `${(totals.milliseconds / 1000).toFixed(1)} s, ${totals.peakMemoryMb} MiB at most${
      slowest === undefined ? "" : `; the slowest is ${slowest.repository}: ${slowest.milliseconds} ms`
    }`,
    "",
    `${"rule".padEnd(width)}${severities.map((severity) => severity.padStart(9)).join("")}`,
    ...rules.map(
      ([rule, counts]) =>
        `${rule.padEnd(width)}${severities.map((severity) => String(counts[severity] ?? 0).padStart(9)).join("")}`,
    ),
    ...totals.crashes.map(({ file, text }) => `CRASH ${file}: ${text}`),
    ...totals.listed.map(
      ({ file, line, column, severity, rule, text }) => `${file}:${line}:${column} ${severity} ${rule}: ${text}`,
    ),
  ];
}

const usage = `Usage: npm run corpus -- [--format text|json] [--list RULE]... [--profile ${profiles.join("|")}] DIR
Lints each repository in DIR as one workspace. --list prints each finding of a rule; "all" those of every rule.`;

/** `npm run corpus -- DIR`; returns the exit code: 0, 1 if anything crashed, 2 for a bad call. */
export async function main(
  argv: readonly string[],
  print: (text: string) => void,
  open: (config: Config) => Workspace = createWorkspace,
): Promise<number> {
  const call = readCall(argv);
  if (call === undefined) {
    print(usage);
    return 2;
  }
  const { given, profile, format, list } = call;
  const directory = path.resolve(given);
  let repositories: Repositories;
  try {
    repositories = await repositoriesIn(directory);
  } catch (error) {
    print(`${given}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const { base, directories, isOne } = repositories;
  const surveys: Survey[] = [];
  for (const repository of directories)
    surveys.push(await survey(repository, base, open({ ...defaultConfig, profile })));
  const totals = totalsOf(directory, surveys, list);
  if (format === "json") {
    print(printableJson(JSON.stringify({ version: 1, isOneRepository: isOne, ...totals }, undefined, 2)));
  } else {
    if (isOne) print(`${printable(given)} is itself a repository: it is checked as one workspace`);
    print(textReport(totals, surveys).map(printable).join("\n"));
  }
  return totals.crashes.length > 0 ? 1 : 0;
}

interface Call {
  readonly given: string;
  readonly profile: Config["profile"];
  readonly format: "text" | "json";
  readonly list: readonly string[];
}

/** `undefined` where the command line is wrong. */
function readCall(argv: readonly string[]): Call | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        format: { type: "string", default: "text" },
        list: { type: "string", multiple: true, default: [] },
        profile: { type: "string", default: "recommended" },
      },
      allowPositionals: true,
    });
    const profile = profiles.find((name) => name === values.profile);
    const { format, list } = values;
    const [given, ...others] = positionals;
    if (given === undefined || others.length > 0 || profile === undefined) return undefined;
    return format === "text" || format === "json" ? { given, profile, format, list } : undefined;
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), (text) => console.log(text));
}
