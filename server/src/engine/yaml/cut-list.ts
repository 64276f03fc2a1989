import { firstLineFrom } from "./source.js";

/** A part of a text: its lines, every offset of them less `start`. */
export interface Cut {
  readonly text: string;
  readonly start: number;
  /** The line on which it begins, 0-based. */
  readonly line: number;
}

/** A list of objects, cut at its items. */
export interface CutList {
  /** What is before the first item; the last key in it is that of the list. */
  readonly header: Cut;
  /** Each without its dash, for which there is a space. */
  readonly items: readonly Cut[];
  /** The keys that follow the list. */
  readonly trailer: Cut | undefined;
}

/**
 * Cuts the text of a `List` at its items, where it is written such that each of them can be read by itself: in block
 * style, each a map of which no line is further to the left than its first key. `undefined` for any other text. Only
 * inside quotes and brackets that are still open may a cut be wrong, and then neither part can be read.
 */
export function cutList(text: string): CutList | undefined {
  if (otherForms.test(text)) return undefined;
  const key = /^items:[ ]*\r?\n/m.exec(text);
  if (key === null) return undefined;
  const headerEnd = key.index + key[0].length;
  const first = /^( *)-/.exec(text.slice(headerEnd, firstLineFrom(text, headerEnd)));
  const column = first?.[1]?.length;
  if (column === undefined) return undefined;

  const lineOf = lineCounter(text);
  const starts: number[] = [];
  let trailer: number | undefined;
  /** Where the first key of the item stands in its line. */
  let keyColumn = 0;
  for (let at = headerEnd; at < text.length; at = firstLineFrom(text, at)) {
    const indentation = indentationAt(text, at);
    if (indentation === undefined) continue;
    if (indentation === column && text[at + column] === "-") {
      const dash = /-( +)[\w"']/y;
      dash.lastIndex = at + column;
      const spaces = dash.exec(text)?.[1]?.length;
      if (spaces === undefined) return undefined;
      keyColumn = column + 1 + spaces;
      starts.push(at);
    } else if (indentation < keyColumn) {
      if (indentation > 0) return undefined;
      trailer = at;
      break;
    }
  }
  const cut = (start: number, end: number): Cut => ({ text: text.slice(start, end), start, line: lineOf(start) });
  const ends = [...starts.slice(1), trailer ?? text.length];
  return {
    header: cut(0, headerEnd),
    items: starts.map((start, item) => {
      const { text: written, ...where } = cut(start, ends[item] ?? text.length);
      return { ...where, text: `${written.slice(0, column)} ${written.slice(column + 1)}` };
    }),
    trailer: trailer === undefined ? undefined : cut(trailer, text.length),
  };
}

/** A mark of its own at the beginning of a line, other line breaks, and what a tool fills in. */
const otherForms = /^\.\.\.|^%|\{\{|[\uFEFF\u0085\u2028\u2029]|\r(?!\n)/m;

/** Where the text of a line begins; `undefined` for one that is blank or holds only a comment. */
function indentationAt(text: string, start: number): number | undefined {
  let at = start;
  while (text[at] === " ") at++;
  const character = text[at];
  return character === undefined || character === "#" || character === "\n" || character === "\r"
    ? undefined
    : at - start;
}

/** Tells the line of offsets, each behind the one before. */
function lineCounter(text: string): (offset: number) => number {
  let line = 0;
  let counted = 0;
  return (offset) => {
    for (; counted < offset; counted = firstLineFrom(text, counted)) line++;
    return line;
  };
}
