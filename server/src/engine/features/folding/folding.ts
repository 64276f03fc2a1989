import type { Document } from "../document.js";

/** Lines that an editor may fold, 0-based; the first one stays. */
export interface Fold {
  readonly first: number;
  readonly last: number;
  /** A whole document of a file with several. */
  readonly isDocument: boolean;
}

/**
 * What may be folded in a file: each document of several, and everything that is indented below a line. An editor that
 * gets some folds uses no other ones. Lists may stand in the column of their key, and blank lines, comments and
 * lines of tags that a template's author puts at the margin end nothing.
 */
export function folds(documents: readonly Document[], text: string): readonly Fold[] {
  const lines = text.split(/\r\n|\n|\r/);
  return [...documentFolds(documents, text, lines), ...indentationFolds(lines)];
}

function documentFolds(documents: readonly Document[], text: string, lines: readonly string[]): readonly Fold[] {
  let line = 0;
  const found = documents.map(({ start, chunk }, index) => {
    const next = documents[index + 1];
    const end = next === undefined ? lines.length : line + text.slice(start, next.start).split(/\r\n|\n|\r/).length - 1;
    const fold = { first: line, last: lastContent(lines, line, end), isDocument: true };
    line = end;
    return { fold, isEmpty: chunk.text.trim() === "" };
  });
  const filled = found.filter(({ fold, isEmpty }) => !isEmpty && fold.last > fold.first);
  return filled.length < 2 ? [] : filled.map(({ fold }) => fold);
}

/** The last line before another one that is not blank. */
function lastContent(lines: readonly string[], first: number, end: number): number {
  let last = end - 1;
  while (last > first && (lines[last] ?? "").trim() === "") last--;
  return last;
}

function indentationFolds(lines: readonly string[]): readonly Fold[] {
  const found: Fold[] = [];
  const open: { readonly first: number; readonly depth: number }[] = [];
  let last = -1;
  const closeTo = (depth: number) => {
    for (let top = open.at(-1); top !== undefined && top.depth >= depth; top = open.at(-1)) {
      open.pop();
      if (last > top.first) found.push({ first: top.first, last, isDocument: false });
    }
  };
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:#|\{\{|$)/.test(line)) continue;
    const isMarker = /^(?:---|\.\.\.)(?:\s|$)/.test(line);
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    // A dash in the column of a key is below that key.
    const depth = isMarker ? 0 : 2 * indent + (/^ *-(?:\s|$)/.test(line) ? 2 : 1);
    closeTo(depth);
    if (!isMarker) open.push({ first: index, depth });
    last = isMarker ? last : index;
  }
  closeTo(0);
  return found.toSorted((one, other) => one.first - other.first);
}
