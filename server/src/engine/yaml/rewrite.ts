import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type CST,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import { compose } from "./compose.js";
import type { Edit, Plain } from "./edit.js";
import { spanOf } from "./inspect.js";
import type { Path } from "./path.js";
import { nodeSpan } from "./place.js";
import {
  blockText,
  childColumn,
  entryText,
  flowEntryText,
  flowText,
  isInline,
  itemText,
  stringText,
  type Filled,
  type ScalarStyle,
} from "./render.js";
import { blockColumn, type Style } from "./style.js";

/** An edit of one value; `patch.ts` makes these of others. A `set` of the index after a list's last item appends one. */
export type SimpleEdit = Exclude<Edit, { op: "insert" }>;

/**
 * The text edits for one edit. `undefined`: there is no place for it, since the path leads through an alias, a merge key or a value
 * of another type. What comes out is right for the usual shapes of text; `patch.ts` makes sure of it in each case.
 */
export function rewrite(text: string, edit: SimpleEdit, style: Style): readonly TextEdit[] | undefined {
  const { source, contents } = compose(text, { keepSourceTokens: true });
  const sheet: Sheet = { source, style, json: isJson(contents as Node | undefined) };
  const found = find(contents as Node | undefined, edit.path);
  if (found === undefined) return undefined;
  switch (edit.op) {
    case "set":
      return set(sheet, found, edit.value);
    case "remove":
      return found.missing.length > 0 ? [] : remove(sheet, found.site);
    case "rename":
      return found.missing.length > 0 ? [] : rename(sheet, found.site, edit.to);
  }
}

interface Sheet {
  readonly source: string;
  readonly style: Style;
  /** The document is written as JSON: every string has double quotes. */
  readonly json: boolean;
}

/** Where a value stands. */
type Site = { readonly kind: "root" } | ChildSite;
type ChildSite =
  | { readonly kind: "entry"; readonly parent: YAMLMap; readonly pair: Pair }
  | { readonly kind: "item"; readonly parent: YAMLSeq; readonly index: number };

interface Found {
  readonly site: Site;
  /** The value there; `null` where only a key is written, `undefined` in an empty text. */
  readonly node: Node | null | undefined;
  /** The rest of the path, which is not there. */
  readonly missing: Path;
}

function isJson(root: Node | undefined): boolean {
  if (!isCollection(root) || root.flow !== true) return false;
  const first = root.items[0];
  const scalar = isPair(first) ? first.key : first;
  return isScalar(scalar) ? scalar.type === "QUOTE_DOUBLE" : isJson(scalar as Node | undefined);
}

function find(root: Node | undefined, path: Path): Found | undefined {
  let site: Site = { kind: "root" };
  let node: Node | null | undefined = root;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) return undefined;
    const child = childSite(node, step);
    if (child === undefined) return { site, node, missing: path.slice(depth) };
    site = child;
    node = nodeAt(child);
  }
  return { site, node, missing: [] };
}

function childSite(node: Node | null | undefined, step: string | number): ChildSite | undefined {
  if (isSeq(node) && typeof step === "number" && step < node.items.length)
    return { kind: "item", parent: node, index: step };
  if (!isMap(node) || typeof step !== "string") return undefined;
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
  return pair === undefined ? undefined : { kind: "entry", parent: node, pair };
}

function nodeAt(site: ChildSite): Node | null | undefined {
  return (site.kind === "entry" ? site.pair.value : site.parent.items[site.index]) as Node | null | undefined;
}

// --- set ---

function set(sheet: Sheet, { site, node, missing }: Found, value: Plain): readonly TextEdit[] | undefined {
  const [step, ...below] = missing;
  if (step === undefined) return replace(sheet, site, node, value);
  const filled = nested(below, value);
  if (filled === undefined) return undefined;
  if (isMap(node) && typeof step === "string") return addEntry(sheet, site, node, step, filled);
  if (isSeq(node) && step === node.items.length) return addItem(sheet, site, node, filled);
  const whole = isNull(node) ? nested(missing, value) : undefined;
  return whole === undefined ? undefined : replace(sheet, site, node, whole);
}

/** The value inside the maps and lists that the path goes through. */
function nested(path: Path, value: Plain): Plain | undefined {
  let whole = value;
  for (const step of path.toReversed()) {
    if (typeof step === "number" && step > 0) return undefined;
    whole = typeof step === "number" ? [whole] : { [step]: whole };
  }
  return whole;
}

function isNull(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/** The node if there is text for it: a null value is often none. */
function written(node: Node | null | undefined): Node | undefined {
  if (node === null || node === undefined) return undefined;
  const { start, end } = spanOf(node);
  return isScalar(node) && start === end ? undefined : node;
}

function replace(
  sheet: Sheet,
  site: Site,
  node: Node | null | undefined,
  value: Plain,
): readonly TextEdit[] | undefined {
  const flow = site.kind !== "root" && site.parent.flow === true;
  if (flow || isInline(value) || (isCollection(node) && node.flow === true && node.items.length > 0)) {
    return replaceInline(sheet, site, node, flowText(value, scalarStyle(sheet, flow, node)));
  }
  return replaceByBlock(sheet, site, node, value);
}

function scalarStyle({ json, style }: Sheet, flow: boolean, like: Node | null | undefined): ScalarStyle {
  const type = isScalar(like) ? like.type : undefined;
  const quotes = json || type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : undefined;
  return { flow: flow || isCollection(like), quotes, style };
}

/** Puts `text`, which is of one line, in the value's place. */
function replaceInline(sheet: Sheet, site: Site, node: Node | null | undefined, text: string): readonly TextEdit[] {
  const old = written(node);
  if (old === undefined) return fillBlank(sheet, site, node, text);
  const { source } = sheet;
  const span = nodeSpan(source, old);
  const lineStart = startOfLine(source, span.start);
  const colon = colonEnd(site);
  const isBelowKey = isCollection(old) && old.flow !== true && colon !== undefined && colon < lineStart;
  if (!isBelowKey) return [{ span, newText: text + headerComment(old) }];
  // The block goes, the comments between the key and it stay.
  const between = source.slice(colon, lineStart);
  const end = endOfLine(source, span.end);
  if (between.trim() === "") return [{ span: { start: colon, end }, newText: ` ${text}` }];
  return [insertion(colon, ` ${text}`), { span: { start: colon + between.trimEnd().length, end }, newText: "" }];
}

function fillBlank({ source }: Sheet, site: Site, node: Node | null | undefined, text: string): readonly TextEdit[] {
  switch (site.kind) {
    case "entry": {
      const colon = colonEnd(site);
      if (colon !== undefined) return [insertion(colon, ` ${text}`)];
      return [insertion(spanOf(site.pair.key as Node).end, `: ${text}`)];
    }
    case "item":
      return [insertion(dashEnd(site) ?? spanOf(node as Node).start, ` ${text}`)];
    case "root": {
      const marker = /^(?:\uFEFF?|[^]*\n)---/.exec(source);
      if (marker !== null) return [insertion(marker[0].length, ` ${text}`)];
      return [insertion(source.length, (source === "" || source.endsWith("\n") ? "" : "\n") + text)];
    }
  }
}

/** Puts a value of several lines in block style in the value's place. */
function replaceByBlock(
  sheet: Sheet,
  site: Site,
  node: Node | null | undefined,
  value: Filled,
): readonly TextEdit[] | undefined {
  const { source, style } = sheet;
  const old = written(node);
  if (site.kind !== "entry") {
    if (old === undefined) return fillBlankByBlock(sheet, site, node, value);
    const span = nodeSpan(source, old);
    return [{ span, newText: blockText(value, columnOf(source, span.start), style) }];
  }
  const keyColumn = blockColumn(site.parent) ?? 0;
  const newColumn = childColumn(value, keyColumn, style);
  const colon = colonEnd(site);
  if (colon === undefined) return undefined;
  if (old === undefined) return [insertion(endOfLine(source, colon), belowKey(value, newColumn, style))];
  const span = nodeSpan(source, old);
  const lineStart = startOfLine(source, span.start);
  if (lineStart > colon) {
    const kept = isSeq(old) === Array.isArray(value) ? (blockColumn(old) ?? newColumn) : newColumn;
    return [{ span: { start: lineStart, end: span.end }, newText: " ".repeat(kept) + blockText(value, kept, style) }];
  }
  const comment = headerComment(old);
  if (comment !== "")
    return [{ span: { start: colon, end: span.end }, newText: comment + belowKey(value, newColumn, style) }];
  return [
    { span: { start: colon, end: span.end }, newText: "" },
    insertion(endOfLine(source, span.end), belowKey(value, newColumn, style)),
  ];
}

function fillBlankByBlock(
  { source, style }: Sheet,
  site: Exclude<Site, { kind: "entry" }>,
  node: Node | null | undefined,
  value: Filled,
): readonly TextEdit[] {
  if (site.kind === "item") {
    const dash = dashEnd(site) ?? spanOf(node as Node).start;
    return [insertion(dash, ` ${blockText(value, columnOf(source, dash) + 1, style)}`)];
  }
  const text = blockText(value, 0, style);
  const marker = /^(?:\uFEFF?|[^]*\n)---/.exec(source);
  if (marker !== null) return [insertion(endOfLine(source, marker[0].length), style.eol + text)];
  return [insertion(source.length, (source === "" || source.endsWith("\n") ? "" : style.eol) + text + style.eol)];
}

function belowKey(value: Filled, column: number, style: Style): string {
  return style.eol + " ".repeat(column) + blockText(value, column, style);
}

// --- add ---

function addEntry(sheet: Sheet, site: Site, map: YAMLMap, key: string, value: Plain): readonly TextEdit[] | undefined {
  const column = blockColumn(map);
  if (column !== undefined) return [addLine(sheet, map, column, entryText(key, value, column, sheet.style))];
  if (map.items.length === 0 && !isInsideFlow(site) && !sheet.json) return replace(sheet, site, map, { [key]: value });
  return addToFlow(sheet, map, flowEntryText(key, value, scalarStyle(sheet, true, undefined)));
}

function addItem(sheet: Sheet, site: Site, list: YAMLSeq, value: Plain): readonly TextEdit[] | undefined {
  const column = blockColumn(list);
  if (column !== undefined) return [addLine(sheet, list, column, itemText(value, column, sheet.style))];
  if (list.items.length === 0 && !isInsideFlow(site) && !sheet.json) return replace(sheet, site, list, [value]);
  return addToFlow(sheet, list, flowText(value, scalarStyle(sheet, true, list.items.at(-1) as Node | undefined)));
}

function isInsideFlow(site: Site): boolean {
  return site.kind !== "root" && site.parent.flow === true;
}

/** A line of its own after everything the block collection holds. */
function addLine({ source, style }: Sheet, block: YAMLMap | YAMLSeq, column: number, text: string): TextEdit {
  const last = lastScalar(block);
  const { end } = spanOf(last);
  // Of a block scalar with `+` the empty lines below it are a part.
  if (isScalar(last) && last.type?.startsWith("BLOCK") === true && source[end - 1] === "\n" && keepsEmptyLines(last)) {
    return insertion(end, " ".repeat(column) + text + style.eol);
  }
  return insertion(endOfLine(source, nodeSpan(source, last).end), style.eol + " ".repeat(column) + text);
}

function lastScalar(node: Node): Node {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last === undefined) return node;
  return lastScalar((isPair(last) ? (last.value ?? last.key) : last) as Node);
}

function keepsEmptyLines(node: Node): boolean {
  const token = node.srcToken;
  return (
    token?.type === "block-scalar" &&
    token.props.some((prop) => prop.type === "block-scalar-header" && prop.source.includes("+"))
  );
}

function addToFlow({ source, style }: Sheet, collection: YAMLMap | YAMLSeq, text: string): readonly TextEdit[] {
  const last = flowItems(collection).at(-1);
  if (last === undefined) {
    const { start, end } = spanOf(collection);
    const inside = { start: start + 1, end: end - 1 };
    return source.slice(inside.start, inside.end).trim() === ""
      ? [{ span: inside, newText: text }]
      : [insertion(inside.start, text)];
  }
  const lineStart = startOfLine(source, last.span.start);
  const indentation = source.slice(lineStart, last.span.start);
  if (indentation.trim() !== "") return [insertion(last.span.end, `, ${text}`)];
  // One item a line: the new one goes below the comment that may follow the last.
  const comma = last.commaAfter === undefined ? [insertion(last.span.end, ",")] : [];
  const lineEnd = endOfLine(source, last.commaAfter?.end ?? last.span.end);
  const after = commentStart(source, collection, last.commaAfter?.end ?? last.span.end, lineEnd);
  return [...comma, insertion(after, style.eol + indentation + text + (last.commaAfter === undefined ? "" : ","))];
}

/** The end of the line if only white space and a comment are left of it, else `from`: the closing bracket may follow. */
function commentStart(source: string, collection: YAMLMap | YAMLSeq, from: number, lineEnd: number): number {
  return spanOf(collection).end <= lineEnd && !/^\s*#/.test(source.slice(from, lineEnd)) ? from : lineEnd;
}

// --- remove ---

function remove(sheet: Sheet, site: Site): readonly TextEdit[] | undefined {
  if (site.kind === "root") return undefined;
  if (site.parent.flow === true) return removeFromFlow(sheet, site.parent, indexOf(site));
  return removeFromBlock(sheet, site);
}

function indexOf(site: ChildSite): number {
  return site.kind === "item" ? site.index : site.parent.items.indexOf(site.pair);
}

function removeFromBlock({ source }: Sheet, site: ChildSite): readonly TextEdit[] {
  const spans = blockItemSpans(source, site.parent);
  const index = indexOf(site);
  const { start, end } = spans[index] as Span;
  const lineStart = startOfLine(source, start);
  const lineEnd = endOfLine(source, end);
  if (source.slice(lineStart, start).trim() !== "") {
    // `- a: 1` with `b: 2` below becomes `- b: 2`, unless a comment is between.
    const next = spans[index + 1];
    const between = next === undefined ? "" : source.slice(lineEnd, next.start);
    const to = next !== undefined && between.trim() === "" ? next.start : lineEnd;
    return [
      {
        span: {
          start: to === lineEnd ? start - /[ \t]*$/.exec(source.slice(lineStart, start))![0].length : start,
          end: to,
        },
        newText: "",
      },
    ];
  }
  const nextLine = afterLineBreak(source, lineEnd);
  if (nextLine > lineEnd) return [{ span: { start: lineStart, end: nextLine }, newText: "" }];
  // The file ended without a line break and does so still.
  return [{ span: { start: source.slice(0, lineStart).trimEnd().length, end: lineEnd }, newText: "" }];
}

/** From the key or the dash of each item to the end of its value. */
function blockItemSpans(source: string, block: YAMLMap | YAMLSeq): readonly Span[] {
  if (isMap(block)) {
    return block.items.map((pair) => {
      const start = firstOffset((pair.srcToken as CST.CollectionItem).start, pair.key as Node);
      return { start, end: nodeSpan(source, (pair.value ?? pair.key) as Node).end };
    });
  }
  const dashes = dashTokens(block);
  return block.items.map((item, index) => {
    const start = dashes[index]?.offset ?? spanOf(item as Node).start;
    return { start, end: Math.max(start + 1, nodeSpan(source, item as Node).end) };
  });
}

/** Where a key begins, its `?`, anchor and tag counted. */
function firstOffset(tokens: readonly CST.SourceToken[], key: Node): number {
  const prop = tokens.find(({ type }) => type === "explicit-key-ind" || type === "anchor" || type === "tag");
  return prop?.offset ?? spanOf(key).start;
}

function removeFromFlow({ source }: Sheet, collection: YAMLMap | YAMLSeq, index: number): readonly TextEdit[] {
  const items = flowItems(collection);
  const { span, commaBefore, commaAfter } = items[index] as FlowItem;
  const next = items[index + 1];
  const end = commaAfter?.end ?? span.end;
  const lineStart = startOfLine(source, span.start);
  const lineEnd = endOfLine(source, end);
  const comma = commaAfter === undefined && commaBefore !== undefined ? [{ span: commaBefore, newText: "" }] : [];
  const isAlone = source.slice(lineStart, span.start).trim() === "" && /^\s*(?:#.*)?$/.test(source.slice(end, lineEnd));
  if (isAlone && lineStart > 0)
    return [...comma, { span: { start: lineStart, end: afterLineBreak(source, lineEnd) }, newText: "" }];
  if (next !== undefined && source.slice(end, next.span.start).trim() === "") {
    return [{ span: { start: span.start, end: next.span.start }, newText: "" }];
  }
  if (comma.length === 0 || commaBefore === undefined) return [{ span: { start: span.start, end }, newText: "" }];
  return source.slice(commaBefore.end, span.start).trim() === ""
    ? [{ span: { start: commaBefore.start, end }, newText: "" }]
    : [...comma, { span: { start: span.start, end }, newText: "" }];
}

interface FlowItem {
  /** Anchor and tag counted. */
  readonly span: Span;
  readonly commaBefore: Span | undefined;
  readonly commaAfter: Span | undefined;
}

function flowItems(collection: YAMLMap | YAMLSeq): readonly FlowItem[] {
  const token = collection.srcToken as CST.FlowCollection;
  const written = token.items
    .map((item, index) => ({ item, next: token.items[index + 1] }))
    .filter(
      ({ item }) => item.key != null || item.sep !== undefined || item.value !== undefined || hasProps(item.start),
    );
  return collection.items.flatMap((node, index) => {
    const found = written[index];
    if (found === undefined) return [];
    const { item, next } = found;
    const ends = isPair(node) ? [node.key as Node, node.value as Node | null] : [node as Node];
    const prop = item.start.find(
      ({ type }) => type !== "comma" && type !== "space" && type !== "newline" && type !== "comment",
    );
    const colon = item.sep?.find(({ type }) => type === "map-value-ind");
    const start = prop?.offset ?? spanOf(ends[0] as Node).start;
    const end = Math.max(
      (colon?.offset ?? -1) + 1,
      ...ends.filter((part) => part !== null).map((part) => spanOf(part).end),
    );
    return [{ span: { start, end }, commaBefore: commaIn(item.start), commaAfter: next && commaIn(next.start) }];
  });
}

function hasProps(tokens: readonly CST.SourceToken[]): boolean {
  return tokens.some(({ type }) => type === "anchor" || type === "tag" || type === "explicit-key-ind");
}

function commaIn(tokens: readonly CST.SourceToken[]): Span | undefined {
  const comma = tokens.find(({ type }) => type === "comma");
  return comma && { start: comma.offset, end: comma.offset + 1 };
}

// --- rename ---

function rename(sheet: Sheet, site: Site, to: string): readonly TextEdit[] | undefined {
  if (site.kind !== "entry") return undefined;
  const key = site.pair.key as Node;
  const flow = site.parent.flow === true;
  return [{ span: spanOf(key), newText: stringText(to, scalarStyle(sheet, flow, key)) }];
}

// --- the text around a value ---

function insertion(offset: number, newText: string): TextEdit {
  return { span: { start: offset, end: offset }, newText };
}

/** Behind the colon of an entry. */
function colonEnd(site: Site): number | undefined {
  if (site.kind !== "entry") return undefined;
  const colon = site.pair.srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  return colon && colon.offset + 1;
}

/** Behind the dash of an item. */
function dashEnd(site: Site): number | undefined {
  const dash = site.kind === "item" ? dashTokens(site.parent)[site.index] : undefined;
  return dash && dash.offset + 1;
}

function dashTokens(list: YAMLSeq): readonly CST.SourceToken[] {
  const token = list.srcToken;
  if (token?.type !== "block-seq") return [];
  return token.items.flatMap(({ start }) => start.filter(({ type }) => type === "seq-item-ind"));
}

/** The comment behind `|` or `>`, which the span of a block scalar covers, with a space before it. */
function headerComment(node: Node): string {
  const token = node.srcToken;
  const comment = token?.type === "block-scalar" ? token.props.find(({ type }) => type === "comment") : undefined;
  return comment !== undefined && "source" in comment ? ` ${comment.source}` : "";
}

function startOfLine(source: string, offset: number): number {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && source.startsWith("\uFEFF") ? 1 : start;
}

/** The end of the text of the line, before its line break. */
function endOfLine(source: string, offset: number): number {
  const end = source.indexOf("\n", offset);
  if (end === -1) return source.length;
  return source[end - 1] === "\r" ? end - 1 : end;
}

function afterLineBreak(source: string, lineEnd: number): number {
  if (source.startsWith("\r\n", lineEnd)) return lineEnd + 2;
  return lineEnd < source.length ? lineEnd + 1 : lineEnd;
}

function columnOf(source: string, offset: number): number {
  return offset - startOfLine(source, offset);
}
