import { issuesUrl, printable, reasonOf, type Failure } from "../engine/api.js";
import type { Io } from "./io.js";

/** How much is said of a failed part of Ordinal: its stack too, or not. */
export interface Verbosity {
  readonly verbose?: boolean;
}

/** Says on standard error, in one line, that a part of Ordinal failed. */
export function tellFailure({ part, error }: Failure, { verbose }: Verbosity, { stderr }: Io): void {
  const text = `${part} failed: ${reasonOf(error)}. This is a bug in Ordinal. Please report it at ${issuesUrl}`;
  const more = verbose === true ? "" : " (--verbose shows where it happened)";
  stderr.write(`ordinal: ${printable(text)}${more}\n`);
  if (verbose === true) stderr.write(stackOf(error));
}

/** Says that findings are missing from a report, whose `internal-error` findings say why. */
export function tellIncomplete(failures: readonly Failure[], { verbose }: Verbosity, { stderr }: Io): void {
  if (failures.length === 0) return;
  const count = failures.length === 1 ? "1 internal error" : `${failures.length} internal errors`;
  const more = verbose === true ? "" : " (--verbose shows where they happened)";
  stderr.write(`ordinal: ${count}: the check is incomplete${more}\n`);
  if (verbose !== true) return;
  const stacks = new Set(failures.map(({ error }) => stackOf(error)));
  for (const stack of stacks) stderr.write(stack);
}

function stackOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return `${stack.split("\n").map(printable).join("\n")}\n`;
}
