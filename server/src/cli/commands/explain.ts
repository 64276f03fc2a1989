import { allRules, nearest, rulePage } from "../../engine/api.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { terminalMarkdown } from "../reporters/markdown.js";
import { paintFor, type Paint } from "../reporters/paint.js";
import { wrap } from "../reporters/wrap.js";

/** Prints the page of a rule, or without one the list of all. */
export function explain(id: string | undefined, options: { readonly color?: boolean }, io: Io): ExitCode {
  const paint = paintFor(options.color, io);
  io.stdout.write(id === undefined ? listOfRules(paint, io.stdout.columns ?? Infinity) : page(id, paint));
  return exitCodes.clean;
}

function page(id: string, paint: Paint): string {
  const rule = allRules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const meant = nearest(
      id,
      allRules.map((candidate) => candidate.id),
    );
    const hint = meant === undefined ? "`ordinal explain` lists all rules" : `Did you mean \`${meant}\`?`;
    throw new UsageError(`Rule \`${id}\` does not exist. ${hint}`);
  }
  return terminalMarkdown(rulePage(rule), paint);
}

function listOfRules(paint: Paint, columns: number): string {
  const width = Math.max(...allRules.map(({ id }) => id.length));
  const margin = " ".repeat(width + 2);
  const rows = allRules.map(({ id, flags }) => {
    const lines = wrap(flags, Math.max(20, columns - margin.length));
    return `${paint("bold", id.padEnd(width))}  ${lines.join(`\n${margin}`)}\n`;
  });
  return rows.join("");
}
