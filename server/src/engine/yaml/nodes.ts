import {
  isCollection,
  isPair,
  isScalar,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Span } from "../text/span.js";

/** An entry of a map; its value is `null` where a key is written without its colon. */
export type Entry = Pair<ParsedNode, ParsedNode | null>;
export type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

/** Whether this key merges a map into its own: only the plain form does (`isMerge` in go-yaml v2's decode.go). */
export function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/** What Kubernetes reads in a scalar; `kubernetes-schema.ts` makes no other values. */
export function scalarValue({ value }: Scalar.Parsed): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** Between brackets or braces. */
export function isFlow(node: ParsedNode | null | undefined): node is Collection {
  return isCollection(node) && node.flow === true;
}

/** Entries on lines of their own. */
export function isBlock(node: ParsedNode | null | undefined): node is Collection {
  return isCollection(node) && node.flow !== true;
}

/** The value that ends a collection, or the key where that has none. */
export function lastNode({ items }: Collection): ParsedNode | undefined {
  const last = items.at(-1);
  return isPair(last) ? (last.value ?? last.key) : last;
}

/** A node's text as the library has it: that of a block runs to the end of the comments and empty lines that follow. */
export function rangeOf(node: ParsedNode): Span {
  const [start, end] = node.range;
  return { start, end };
}

/** The text of a value and nothing behind it. `text` is the one the node was read from. */
export function nodeSpan(text: string, node: ParsedNode): Span {
  return { start: node.range[0], end: nodeEnd(text, node) };
}

function nodeEnd(text: string, node: ParsedNode): number {
  const { start, end } = rangeOf(node);
  if (isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")) return textEnd(text, end);
  const last = isBlock(node) ? lastNode(node) : undefined;
  if (last === undefined) return end;
  const lastEnd = nodeEnd(text, last);
  // A value that is not written counts as behind the white space that follows its key or dash.
  return lastEnd === last.range[0] && lastEnd > start ? textEnd(text, lastEnd) : lastEnd;
}

/** The end of the last text before the offset. */
function textEnd(text: string, offset: number): number {
  let end = offset;
  while (/[ \t\r\n]/.test(text[end - 1] ?? "")) end--;
  return end;
}

/**
 * Where a part of a text that begins at an index of it stands in what is written for the text: lines may be folded, and
 * quotes hold escapes. `undefined` where the part is not written as it is read.
 */
export function writtenIndex(written: string, text: string, part: string, index: number): number | undefined {
  const before = text.slice(0, index + part.length).split(part).length - 2;
  const parts = written.split(part);
  if (parts.length !== text.split(part).length) return undefined;
  return parts.slice(0, before + 1).join(part).length;
}
