import path from "node:path";
import { fileURLToPath } from "node:url";
import { applyEdits, attempt, type Failure, type Workspace } from "../engine/api.js";
import type { Io } from "./io.js";
import type { CheckedFile } from "./report.js";
import { rewriteText } from "./rewrite.js";
import { nameOf } from "./sources.js";

/** What `ordinal lint --fix` did to the files. */
export interface Fixed {
  /** As they are now. */
  readonly checked: readonly CheckedFile[];
  /** How many fixes were applied. */
  readonly count: number;
  /** A sentence about each file that could not be written. */
  readonly problems: readonly string[];
  /** Why files were not fixed: a part of Ordinal failed. */
  readonly failures: readonly Failure[];
}

/**
 * Applies the safe fixes of all files, in the workspace and, unless it is a dry run, on the disk. What a fix of one file makes fixable in
 * another is fixed too.
 */
export async function fixFiles(
  workspace: Workspace,
  checked: readonly CheckedFile[],
  paths: readonly string[],
  { isDryRun }: { readonly isDryRun: boolean },
  io: Io,
): Promise<Fixed> {
  const before = new Map(checked.map(({ uri, text }) => [uri, text]));
  const after = new Map(before);
  const counts = new Map<string, number>();
  const failures = new Map<string, Failure>();
  let isSettled = false;
  for (let pass = 0; pass < mostPasses && !isSettled; pass += 1) {
    isSettled = true;
    for (const [uri, text] of after) {
      if (failures.has(uri)) continue;
      const done = attempt(`Fixing ${nameOf(uri, io.cwd)}`, () => {
        const { edits, count } = workspace.snapshot().fixAll(uri);
        return { fixed: applyEdits(text, edits), count };
      });
      if (done.type === "failed") {
        failures.set(uri, done.failure);
        continue;
      }
      const { fixed, count } = done.value;
      if (count === 0) continue;
      after.set(uri, fixed);
      counts.set(uri, (counts.get(uri) ?? 0) + count);
      workspace.setFile(uri, fixed);
      isSettled = false;
    }
  }

  const problems: string[] = [];
  const within = paths.map((given) => path.resolve(io.cwd, given));
  for (const uri of counts.keys()) {
    const [read = "", fixed = ""] = [before.get(uri), after.get(uri)];
    const problem = isDryRun || read === fixed ? undefined : await rewriteText(fileURLToPath(uri), read, fixed, within);
    if (problem === undefined) continue;
    problems.push(`${nameOf(uri, io.cwd)} ${problem}`);
    counts.delete(uri);
    after.set(uri, read);
    workspace.setFile(uri, read);
  }
  return {
    checked: [...after].map(([uri, text]) => ({ uri, text })),
    count: [...counts.values()].reduce((total, count) => total + count, 0),
    problems,
    failures: [...failures.values()],
  };
}

/** Fixes of different files that undo one another must end. */
const mostPasses = 10;
