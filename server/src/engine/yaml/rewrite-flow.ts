import type { CST } from "yaml";
import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import { isFlow, rangeOf, type Collection } from "./nodes.js";
import { afterLineBreak, deletion, endOfLine, insertion, isBlank, startOfLine } from "./source.js";

/** One more item behind the last, on a line of its own where the last has one. */
export function addToFlow(source: string, collection: Collection, text: string, eol: string): readonly TextEdit[] {
  const { start, end } = rangeOf(collection);
  const last = flowItems(collection).at(-1);
  if (last === undefined) {
    const isEmpty = isBlank(source.slice(start + 1, end - 1));
    return [{ span: { start: start + 1, end: isEmpty ? end - 1 : start + 1 }, newText: text }];
  }
  const indentation = source.slice(startOfLine(source, last.span.start), last.span.start);
  if (!isBlank(indentation)) return [insertion(last.span.end, `, ${text}`)];
  if (last.commaAfter !== undefined) {
    const line = endOfItemLine(source, last.commaAfter.end, end);
    return [insertion(line, `${eol}${indentation}${text},`)];
  }
  const line = endOfItemLine(source, last.span.end, end);
  return [insertion(last.span.end, ","), insertion(line, eol + indentation + text)];
}

/** The end of the line, so that a comment there stays, unless the collection closes before. */
function endOfItemLine(source: string, from: number, collectionEnd: number): number {
  const lineEnd = endOfLine(source, from);
  return collectionEnd <= lineEnd ? from : lineEnd;
}

/**
 * Takes one of several items away, with one comma, and with its line and the comment there if it has a line of its own.
 */
export function removeFromFlow(source: string, collection: Collection, index: number): readonly TextEdit[] {
  const items = flowItems(collection);
  const item = items[index];
  if (item === undefined) return [];
  const { span, commaBefore, commaAfter } = item;
  const end = commaAfter?.end ?? span.end;
  const lineStart = startOfLine(source, span.start);
  const lineEnd = endOfLine(source, end);
  const nextLine = afterLineBreak(source, lineEnd);
  if (
    isBlank(source.slice(lineStart, span.start)) &&
    /^\s*(?:#.*)?$/.test(source.slice(end, lineEnd)) &&
    nextLine > lineEnd
  ) {
    const comma =
      commaAfter === undefined && commaBefore !== undefined ? [deletion(commaBefore.start, commaBefore.end)] : [];
    return [...comma, deletion(lineStart, nextLine)];
  }
  const next = items[index + 1];
  if (next !== undefined && isBlank(source.slice(end, next.span.start))) return [deletion(span.start, next.span.start)];
  if (commaAfter !== undefined || commaBefore === undefined) return [deletion(span.start, end)];
  if (isBlank(source.slice(commaBefore.end, span.start))) return [deletion(commaBefore.start, end)];
  return [deletion(commaBefore.start, commaBefore.end), deletion(span.start, end)];
}

interface FlowItem {
  /** Anchor and tag counted. */
  readonly span: Span;
  readonly commaBefore: Span | undefined;
  readonly commaAfter: Span | undefined;
}

function flowItems(collection: Collection): readonly FlowItem[] {
  const token = isFlow(collection) ? collection.srcToken : undefined;
  if (token?.type !== "flow-collection") return [];
  return token.items.flatMap((item, index) => {
    const span = itemSpan(item);
    if (span === undefined) return [];
    return [{ span, commaBefore: commaIn(item), commaAfter: commaIn(token.items[index + 1]) }];
  });
}

/** `undefined` for what stands between items: a last comma, comments. */
function itemSpan({ start, key, sep, value }: CST.CollectionItem): Span | undefined {
  const props = start.filter(({ type }) => type === "anchor" || type === "tag" || type === "explicit-key-ind");
  const colon = sep?.filter(({ type }) => type === "map-value-ind") ?? [];
  const tokens = [...props, key, ...colon, value].filter((token) => token !== null && token !== undefined);
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last && { start: first.offset, end: endOfToken(last) };
}

function endOfToken(token: CST.Token): number {
  if (token.type === "flow-collection") return (token.end[0]?.offset ?? token.offset) + 1;
  return token.offset + ("source" in token ? token.source.length : 0);
}

function commaIn(item: CST.CollectionItem | undefined): Span | undefined {
  const comma = item?.start.find(({ type }) => type === "comma");
  return comma && { start: comma.offset, end: comma.offset + 1 };
}
