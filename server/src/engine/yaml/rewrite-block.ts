import { isMap, type ParsedNode, type YAMLMap } from "yaml";
import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import { isBlock, isMergeKey, lastNode, nodeSpan, rangeOf, type Collection, type Entry } from "./nodes.js";
import { dashes } from "./site.js";
import { afterLineBreak, deletion, endOfLine, insertion, isBlank, startOfLine } from "./source.js";

/** A line of its own, at the column, behind everything the node holds: a block collection, or an entry's value. */
export function addBehind(source: string, node: ParsedNode, column: number, text: string, eol: string): TextEdit {
  const last = lastScalar(node);
  const { end } = rangeOf(last);
  if (keepsEmptyLines(last) && source[end - 1] === "\n") return insertion(end, " ".repeat(column) + text + eol);
  return insertion(endOfLine(source, nodeSpan(source, last).end), eol + " ".repeat(column) + text);
}

/**
 * The same for a short entry: before the first entry that goes on over further lines, where a reader would put it and
 * not behind a page of template. Behind everything all the same where a comment stands above that entry or a merge key
 * makes the order matter.
 */
export function addShortToBlock(
  source: string,
  map: YAMLMap.Parsed,
  column: number,
  text: string,
  eol: string,
): TextEdit {
  const long = map.items.findIndex(({ value }) => isBlock(value));
  const next = map.items[long];
  const previous = map.items[long - 1];
  if (next === undefined || map.items.some(({ key }) => isMergeKey(key)))
    return addBehind(source, map, column, text, eol);
  if (previous !== undefined) return addBehind(source, previous.value ?? previous.key, column, text, eol);
  const start = entryStart(next);
  const above = source.slice(0, startOfLine(source, start)).trimEnd();
  const commented =
    isBlank(source.slice(startOfLine(source, start), start)) && /(?:^|[\r\n])[ \t]*#[^\r\n]*$/.test(above);
  if (commented) return addBehind(source, map, column, text, eol);
  return insertion(start, text + eol + " ".repeat(column));
}

function lastScalar(node: ParsedNode): ParsedNode {
  const last = isBlock(node) ? lastNode(node) : undefined;
  return last === undefined ? node : lastScalar(last);
}

/** Of a block scalar with `+` the empty lines below it are a part. */
function keepsEmptyLines({ srcToken }: ParsedNode): boolean {
  if (srcToken?.type !== "block-scalar") return false;
  return srcToken.props.some((prop) => prop.type === "block-scalar-header" && prop.source.includes("+"));
}

/** Takes one of several entries or items away, with its lines and the comment at their end. */
export function removeFromBlock(source: string, block: Collection, index: number): readonly TextEdit[] {
  const span = itemSpan(source, block, index);
  if (span === undefined) return [];
  const lineStart = startOfLine(source, span.start);
  const lineEnd = endOfLine(source, span.end);
  if (!isBlank(source.slice(lineStart, span.start))) {
    // `- a: 1` with `b: 2` below becomes `- b: 2`, unless a comment is between.
    const next = itemSpan(source, block, index + 1);
    if (next !== undefined && isBlank(source.slice(lineEnd, next.start))) return [deletion(span.start, next.start)];
    return [deletion(source.slice(0, span.start).trimEnd().length, lineEnd)];
  }
  const nextLine = afterLineBreak(source, lineEnd);
  if (nextLine > lineEnd) return [deletion(lineStart, nextLine)];
  // The file ended without a line break and does so still.
  return [deletion(source.slice(0, lineStart).trimEnd().length, lineEnd)];
}

/** From the key or the dash to the end of the value. */
function itemSpan(source: string, block: Collection, index: number): Span | undefined {
  if (isMap(block)) {
    const entry = block.items[index];
    return entry && { start: entryStart(entry), end: nodeSpan(source, entry.value ?? entry.key).end };
  }
  const dash = dashes(block)[index];
  const item = block.items[index];
  return dash && item && { start: dash.offset, end: Math.max(dash.offset + 1, nodeSpan(source, item).end) };
}

/** Where the key begins, or the `?`, anchor or tag before it. */
function entryStart({ key, srcToken }: Entry): number {
  const before = srcToken?.start.find(({ type }) => type === "explicit-key-ind" || type === "anchor" || type === "tag");
  return before?.offset ?? rangeOf(key).start;
}
