import { isCollection, isMap, isPair, isScalar, isSeq, type ParsedNode } from "yaml";
import { isFlow, type Collection } from "../yaml/nodes.js";
import type { Opening } from "./mask.js";

/** The nodes to which something may be added, or of which another value may be made. */
export interface Opened {
  readonly open: Set<ParsedNode>;
  /** Those of which a part is in a branch that does not hold the whole. */
  readonly branched: Set<ParsedNode>;
  readonly opaque: Set<ParsedNode>;
  /** The tags that write entries of a map, or all of a value. */
  readonly writers: Map<ParsedNode, readonly Opening[]>;
  /** How many openings make a node open or opaque. */
  readonly openings: Map<ParsedNode, number>;
}

/**
 * Finds out what each opening belongs to: of the collections around it the one whose entries begin at its column, else
 * the value that is written last. Where the column is not known, all of them.
 */
export function findOpened(text: string, root: ParsedNode, openings: readonly Opening[]): Opened {
  const opened: Opened = {
    open: new Set(),
    branched: new Set(),
    opaque: new Set(),
    writers: new Map(),
    openings: new Map(),
  };
  for (const opening of openings) openAt(text, root, opening, opened);
  return opened;
}

function openAt(text: string, root: ParsedNode, opening: Opening, opened: Opened): void {
  const { opaque, writers, openings } = opened;
  const { offset, column } = opening;
  const count = (node: ParsedNode) => openings.set(node, (openings.get(node) ?? 0) + 1);
  const isWriter = (node: ParsedNode) => writers.set(node, [...(writers.get(node) ?? []), opening]);
  let node: ParsedNode = root;
  for (;;) {
    if (!isCollection(node) || isFlow(node)) {
      opaque.add(node);
      count(node);
      if (column !== undefined) isWriter(node);
      return;
    }
    const own = columnOfEntries(text, node);
    const value =
      isSeq(node) && isBehindDash(text, offset, own) ? itemAt(text, node, offset) : lastBefore(text, node, offset);
    if (column === undefined || column <= own || value === undefined) {
      opened.open.add(node);
      count(node);
    }
    // What is written further left, and before all else, may end with the key that this belongs to.
    if (value === undefined && (column === undefined || column < own)) opaque.add(node);
    if (isMap(node) && column === own) isWriter(node);
    if (value === undefined || (column !== undefined && column < own)) return;
    if (column === own && isCollection(value) && !isListOf(text, value, own)) return;
    // What is behind a key without a value may be its list, which may stand at the column of the key.
    if (column === own && isScalar(value) && value.value !== null) return;
    node = value;
  }
}

function isListOf(text: string, value: Collection, column: number): boolean {
  return !isFlow(value) && columnOfEntries(text, value) === column;
}

/** Whether a dash at the column is all that stands before an offset on its line: `- {{ toYaml . | nindent 2 }}`. */
function isBehindDash(text: string, offset: number, column: number): boolean {
  const before = text.slice(lineOf(text, offset), offset);
  return before.trim() === "-" && before.indexOf("-") === column;
}

/** The item of that dash: what is written of it begins there, or on a line behind. */
function itemAt(text: string, { items }: Collection, offset: number): ParsedNode | undefined {
  const line = lineOf(text, offset);
  const item = items[countBefore(items, (start) => start < line)];
  return isPair(item) ? undefined : item;
}

/** The value of the last entry that begins before the offset. */
function lastBefore(text: string, { items }: Collection, offset: number): ParsedNode | undefined {
  const last = items[countBefore(items, (start) => lineOf(text, start) < offset) - 1];
  return isPair(last) ? (last.value ?? undefined) : last;
}

/** How many entries begin before a place in the text. */
function countBefore(items: Collection["items"], isBefore: (start: number) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isBefore(entryStart(item))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The start of the line: an item without a value counts as at its end. */
function lineOf(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where an entry's key or an item begins. */
export function entryStart(item: Collection["items"][number]): number {
  return (isPair(item) ? item.key : item).range[0];
}

/** The column of a block collection's keys, or of its dashes. */
export function columnOfEntries(text: string, { range }: Collection): number {
  return range[0] - lineOf(text, range[0]);
}
