import { severities, type Severity } from "../config/severity.js";

/** A finding as one build has it. */
export interface FoundIn<T> {
  /** The build's label. */
  readonly build: string;
  readonly finding: T;
}

/** A finding that one or several builds have, told once. */
export interface ToldOnce<T> {
  /** As the build has it that takes it most seriously; the first of several. */
  readonly finding: T;
  /** As the others have it. */
  readonly others: readonly T[];
  /** The labels of the builds that have it, each once. */
  readonly builds: readonly string[];
}

/** Findings of the same key are one to a reader, though builds may name things differently. In the order found. */
export function toldOnce<T extends { readonly severity?: Severity }>(
  found: readonly FoundIn<T>[],
  keyOf: (finding: T) => string,
): readonly ToldOnce<T>[] {
  const groups = new Map<string, FoundIn<T>[]>();
  for (const one of found) {
    const key = keyOf(one.finding);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [one]);
    else same.push(one);
  }
  return [...groups.values()].flatMap((same) => {
    const [first, ...others] = same.toSorted((one, other) => rank(one.finding) - rank(other.finding));
    if (first === undefined) return [];
    const builds = [...new Set([first, ...others].map(({ build }) => build))];
    return { finding: first.finding, others: others.map(({ finding }) => finding), builds };
  });
}

/** `dev`, `dev and test`, `dev and 3 more`: the builds that have something; none for none. */
export function buildNames([first = "", second, ...more]: readonly string[]): string {
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} more`;
}

function rank({ severity = "error" }: { readonly severity?: Severity }): number {
  return severities.indexOf(severity);
}

/** A finding at a line of a file. */
interface AtLine {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly resource: unknown;
}

/**
 * What is written together with what is built of it. Of `files` that were built, what is said of their objects counts as
 * the builds have it. The same finding of a template, as it is written and as it was built, is one.
 */
export function withBuilt<T extends AtLine>(
  written: readonly T[],
  built: readonly T[],
  files: ReadonlySet<string>,
): readonly T[] {
  const known = new Set(built.map(identity));
  const kept = written.filter((finding) =>
    files.has(finding.file)
      ? finding.resource === undefined && finding.rule !== "unused-suppression"
      : !known.has(identity(finding)),
  );
  return [...kept, ...built];
}

function identity({ file, line, rule }: AtLine): string {
  return `${file}:${line} ${rule}`;
}
