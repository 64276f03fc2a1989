import { isCollection, isMap, isPair, isScalar, isSeq, type ParsedNode } from "yaml";
import { compose } from "./compose.js";
import { isBlock, type Collection } from "./nodes.js";
import { split } from "./split.js";

/** How a file is written, as far as new lines should follow it. */
export interface Style {
  /** Spaces from a key to the keys of its map. */
  readonly indent: number;
  /** Spaces from a key to the dashes of its list; 0 where they stand below it. */
  readonly listIndent: number;
  /** For strings that need quotes. */
  readonly quote: '"' | "'";
  /** The line break of most lines. */
  readonly eol: string;
}

/** The style that most of the text has; what it does not show is as kubectl prints it. */
export function detectStyle(text: string): Style {
  const seen: Tally = { indents: new Map(), listIndents: new Map(), quotes: new Map() };
  for (const chunk of split(text)) {
    const { contents } = compose(chunk.text, { keepSourceTokens: true });
    if (contents !== undefined) tally(contents, seen);
    if (seen.indents.size > 0 && seen.listIndents.size > 0) break;
  }
  const breaks = new Map<string, number>();
  for (const [found] of text.matchAll(/\r\n|\n|\r/g)) increment(breaks, found);
  return {
    indent: mostFrequent(seen.indents) ?? 2,
    listIndent: mostFrequent(seen.listIndents) ?? 0,
    quote: mostFrequent(seen.quotes) ?? '"',
    eol: mostFrequent(breaks) ?? "\n",
  };
}

/** The column of a block collection's keys or dashes; `undefined` for anything else. Needs source tokens. */
export function blockColumn(node: ParsedNode | null | undefined): number | undefined {
  const token = isBlock(node) ? node.srcToken : undefined;
  return token !== undefined && "indent" in token ? token.indent : undefined;
}

interface Tally {
  readonly indents: Map<number, number>;
  readonly listIndents: Map<number, number>;
  readonly quotes: Map<Style["quote"], number>;
}

function tally(node: ParsedNode, seen: Tally): void {
  if (isScalar(node)) {
    if (node.type === "QUOTE_DOUBLE") increment(seen.quotes, '"');
    if (node.type === "QUOTE_SINGLE") increment(seen.quotes, "'");
  } else if (isCollection(node)) {
    for (const item of node.items) {
      if (isPair(item)) tally(item.key, seen);
      const value = isPair(item) ? item.value : item;
      if (value === null) continue;
      tallyStep(node, value, seen);
      tally(value, seen);
    }
  }
}

function tallyStep(parent: Collection, value: ParsedNode, seen: Tally): void {
  const from = blockColumn(parent);
  const to = blockColumn(value);
  if (!isMap(parent) || from === undefined || to === undefined) return;
  increment(isSeq(value) ? seen.listIndents : seen.indents, to - from);
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFrequent<K>(counts: ReadonlyMap<K, number>): K | undefined {
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
