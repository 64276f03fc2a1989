import { isCollection, isPair, isScalar, type ParsedNode } from "yaml";
import { isFlow, type Collection } from "../yaml/nodes.js";
import type { Opening } from "./mask.js";

/** The nodes to which something may be added, or of which another value may be made. */
export interface Opened {
  readonly open: Set<ParsedNode>;
  readonly opaque: Set<ParsedNode>;
}

/**
 * Finds out what each opening belongs to: of the collections around it the one whose entries begin at its column, else the
 * value that is written last. Where the column cannot be told, all of them.
 */
export function findOpened(text: string, root: ParsedNode, openings: readonly Opening[]): Opened {
  const opened: Opened = { open: new Set(), opaque: new Set() };
  for (const opening of openings) openAt(text, root, opening, opened);
  return opened;
}

function openAt(text: string, root: ParsedNode, { offset, column }: Opening, { open, opaque }: Opened): void {
  let node: ParsedNode = root;
  for (;;) {
    if (!isCollection(node) || isFlow(node)) {
      opaque.add(node);
      return;
    }
    const own = columnOfEntries(text, node);
    const value = lastBefore(text, node, offset);
    if (column === undefined || column <= own || value === undefined) open.add(node);
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

/** The value of the last entry that begins before the offset. */
function lastBefore(text: string, { items }: Collection, offset: number): ParsedNode | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && lineOf(text, entryStart(item)) < offset) low = middle + 1;
    else high = middle;
  }
  const last = items[low - 1];
  return isPair(last) ? (last.value ?? undefined) : last;
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
