import { spansIn } from "../text/span.js";
import { isInBlockContext } from "../yaml/compose.js";
import { parse } from "../yaml/parse.js";
import type { Problem } from "../yaml/problem.js";
import type { Branch } from "./blocks.js";
import type { Mask, Opening } from "./mask.js";

/**
 * What keeps a template from becoming YAML whatever its tags write, where its mask cannot be read: the lines between two
 * tags that write lines of their own must be broken by themselves, whatever is around them, and with or without what
 * stands in other blocks.
 */
export function certainProblem(text: string, mask: Mask): Problem | undefined {
  const problem = fatalProblem(mask.text);
  if (problem === undefined || !causes.has(problem.code)) return undefined;
  const at = problem.span.start;
  const isUnclosed = problem.code.startsWith("unclosed");
  if (isUnclosed && mask.tags.some(({ end }) => end > at)) return undefined;
  const lines = linesAround(mask, at);
  if (lines === undefined || !isAlwaysThere(mask, at)) return undefined;
  const masked = mask.text.slice(lines.start, lines.end);
  const first = /^[ \t]*(?=[^\s#])/m.exec(masked);
  if (first === null || !isInBlockContext(mask.text, lines.start + first.index + first[0].length)) return undefined;
  if (hasDeeperLineBelowOutput(masked, lines.start, mask)) return undefined;
  const parents = parentsOf(masked);
  const found = fatalProblem(parents + masked);
  if (found === undefined || found.span.start !== at - lines.start + parents.length) return undefined;
  const others = ["", "k: v"].map((output) => withOutputs(masked, lines.start, mask, output));
  others.push(withoutOtherBlocks(masked, lines.start, mask, at));
  if (!others.every((other) => fatalProblem(parents + other) !== undefined)) return undefined;
  const { start, end } = problem.span;
  // The message names what is written, not what stands for it.
  return { ...problem, message: problem.message.replace(mask.text.slice(start, end), text.slice(start, end)) };
}

/** Whether an offset is in no block but those that hold all of the document. */
function isAlwaysThere({ text, branchAt }: Mask, offset: number): boolean {
  const branch = branchAt(offset);
  if (branch === undefined) return true;
  const first = /^(?!---)[ \t]*(?=[^\s#])/m.exec(text);
  for (let around = branchAt(first === null ? 0 : first.index + first[0].length); around !== undefined;) {
    if (around === branch) return true;
    around = around.parent;
  }
  return false;
}

/** Without what other text may mend: anchors may be set by a tag. */
const causes: ReadonlySet<string> = new Set(["syntax", "missing-colon", "tab", "unclosed-quote", "unclosed-bracket"]);

function fatalProblem(text: string): Problem | undefined {
  return parse(text).problems.find(({ fatal }) => fatal);
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The lines around an offset up to the next ones in whose place a tag writes others; `undefined` in such a line. */
function linesAround(mask: Mask, offset: number): Stretch | undefined {
  const writers = new Set(mask.openings.map((opening) => opening.offset));
  const isBreak = (start: number, end: number) => {
    const isBlank = mask.text.slice(start, end).trim() === "";
    const isInBlockScalar = isBlank && spansIn(mask.outputs, start, end).length > 0;
    return isInBlockScalar || spansIn(mask.tags, start, end).some((tag) => writers.has(tag.start));
  };
  const lineStart = (at: number) => mask.text.lastIndexOf("\n", at - 1) + 1;
  const lineEnd = (at: number) => {
    const end = mask.text.indexOf("\n", at);
    return end === -1 ? mask.text.length : end + 1;
  };
  let start = lineStart(offset);
  let end = lineEnd(offset);
  if (isBreak(start, end)) return undefined;
  while (start > 0 && !isBreak(lineStart(start - 1), start)) start = lineStart(start - 1);
  while (end < mask.text.length && !isBreak(end, lineEnd(end))) end = lineEnd(end);
  const before = mask.openings.filter((one) => one.offset >= lineStart(start - 1) && one.offset < start);
  return start === 0 ? { start, end } : withoutWritten(mask.text, { start, end }, offset, before);
}

/** Leaves out the first lines if they may go on with what a tag before them writes, a block scalar say. */
function withoutWritten(
  text: string,
  { start, end }: Stretch,
  offset: number,
  openings: readonly Opening[],
): Stretch | undefined {
  const column = Math.min(...openings.map((opening) => opening.column ?? -1));
  let from = start;
  while (from <= offset) {
    const line = text.slice(from, end);
    if (/^[ \t]*[^\s#]/.test(line) && indentOf(line) <= column) return { start: from, end };
    const next = text.indexOf("\n", from);
    if (next === -1) break;
    from = next + 1;
  }
  return undefined;
}

/** `key: {{ .Values.x }}` above a line further right, which belongs to the key if the tag writes nothing. */
function hasDeeperLineBelowOutput(masked: string, start: number, { outputs }: Mask): boolean {
  const lines = masked.split(/(?<=\n)/);
  let at = start;
  return lines.some((line, index) => {
    const output = /^([ \t]*(?:-[ \t]+)*)(?:[^\s:#][^:#]*:[ \t]+)?(x+)[ \t]*(?:#.*)?\r?\n?$/.exec(line);
    const outputAt = at + (output === null ? 0 : line.lastIndexOf(output[2] ?? ""));
    at += line.length;
    if (output === null || !outputs.some((span) => span.start === outputAt)) return false;
    const next = lines.slice(index + 1).find((other) => /^[ \t]*[^\s#]/.test(other));
    return next !== undefined && indentOf(next) > (output[1] ?? "").length;
  });
}

/**
 * Keys and dashes for all that the lines may belong to: one for each column that is further left than all lines above.
 * A list counts as one below a key at its own column, which allows most.
 */
function parentsOf(masked: string): string {
  const parents: string[] = [];
  let least = Infinity;
  for (const line of masked.split("\n")) {
    if (!/^[ \t]*[^\s#]/.test(line) || /^(?:---|\.\.\.)/.test(line)) continue;
    const indent = indentOf(line);
    if (indent >= least) continue;
    const isFirst = least === Infinity;
    least = indent;
    const spaces = " ".repeat(indent);
    const isItem = /^[ \t]*-(?:\s|$)/.test(line);
    if (isItem) parents.push(`${spaces}_:\n${isFirst ? "" : `${spaces}-\n`}`);
    else if (!isFirst) parents.push(`${spaces}_:\n`);
  }
  return parents.toReversed().join("");
}

/** With blanks for the lines of all blocks that do not hold the offset. */
function withoutOtherBlocks(masked: string, start: number, mask: Mask, offset: number): string {
  const around = new Set<Branch | undefined>([undefined]);
  for (let branch = mask.branchAt(offset); branch !== undefined; branch = branch.parent) around.add(branch);
  let at = start;
  const lines = masked.split(/(?<=\n)/).map((line) => {
    const isShown = around.has(mask.branchAt(at + indentOf(line)));
    at += line.length;
    return isShown ? line : line.replace(/[^\r\n]/g, " ");
  });
  return lines.join("");
}

function withOutputs(masked: string, start: number, { outputs }: Mask, output: string): string {
  let written = "";
  let from = 0;
  for (const span of outputs) {
    if (span.end <= start || span.start >= start + masked.length) continue;
    written += masked.slice(from, span.start - start) + output;
    from = span.end - start;
  }
  return written + masked.slice(from);
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}
