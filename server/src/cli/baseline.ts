import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isMapping } from "../engine/api.js";
import { UsageError } from "./exit.js";
import { fingerprints } from "./fingerprints.js";
import { writeText } from "./write.js";
import type { Report, ReportedFinding } from "./report.js";

/** Findings that were there before, so that only new ones are reported. They are kept in a JSON file. */
export interface Baseline {
  /** Its absolute path; it names files from its own directory, so that it holds wherever the command is called. */
  readonly file: string;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly file: string;
  readonly rule: string;
  readonly message: string;
  readonly fingerprint: string;
}

/** Reads a baseline. Throws a UsageError where it is not there or is none. */
export async function readBaseline(given: string, cwd: string): Promise<Baseline> {
  const file = path.resolve(cwd, given);
  if (!existsSync(file)) throw new UsageError(`--baseline: ${given} does not exist. Create it with --update-baseline`);
  const entries = readEntries(await readFile(file, "utf8"));
  if (entries === undefined) throw new UsageError(`--baseline: ${given} is not a baseline of Ordinal`);
  return { file, entries };
}

function readEntries(text: string): readonly Entry[] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const entries: unknown = isMapping(json) && json["version"] === 1 ? json["findings"] : undefined;
    return Array.isArray(entries) && entries.every(isEntry) ? entries : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  return isMapping(value) && ["file", "rule", "message", "fingerprint"].every((key) => typeof value[key] === "string");
}

/** The findings that a baseline does not hold, and how many of those it holds are gone from the checked files. */
export function findingsBeyond({ file, entries }: Baseline, report: Report, cwd: string) {
  const nameOf = namesFrom(file, cwd);
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  const named = fingerprints(report.findings, nameOf);
  const found = new Set(named.values());
  const checked = new Set(report.files.map(nameOf));
  return {
    findings: report.findings.filter((finding) => isFailure(finding) || !known.has(named.get(finding) ?? "")),
    gone: entries.filter((entry) => checked.has(entry.file) && !found.has(entry.fingerprint)).length,
  };
}

/**
 * Writes the findings of a report as the baseline, and returns it. What it held of files that were not checked now, and
 * that are still there, stays.
 */
export async function writeBaseline(given: string, report: Report, cwd: string): Promise<Baseline> {
  const file = path.resolve(cwd, given);
  const nameOf = namesFrom(file, cwd);
  const former = existsSync(file) ? (await readBaseline(given, cwd)).entries : [];
  const checked = new Set(report.files.map(nameOf));
  const kept = former.filter(
    (entry) => !checked.has(entry.file) && existsSync(path.resolve(path.dirname(file), entry.file)),
  );
  const found = [...fingerprints(report.findings, nameOf)]
    .filter(([finding]) => !isFailure(finding))
    .map(([finding, fingerprint]): Entry => {
      const { rule, message } = finding;
      return { file: nameOf(finding.file), rule, message, fingerprint };
    });
  const entries = [...kept, ...found].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await writeText(file, `${JSON.stringify({ version: 1, findings: entries }, undefined, 2)}\n`, `--baseline: ${given}`);
  return { file, entries };
}

/** An order that does not change with lines, so that two versions of a baseline are easily compared. */
function keyOf({ file, rule, fingerprint }: Entry): string {
  return [file, rule, fingerprint].join("\0");
}

/** That a part of Ordinal failed is never taken as known. */
function isFailure({ failure }: ReportedFinding): boolean {
  return failure !== undefined;
}

function namesFrom(baseline: string, cwd: string): (file: string) => string {
  return (file) => path.relative(path.dirname(baseline), path.resolve(cwd, file)).replaceAll(path.sep, "/");
}
