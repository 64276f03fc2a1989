import { isMap, isPair, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import type { TextEdit } from "../text/edit.js";
import { compose } from "./compose.js";
import type { Edit, Plain } from "./edit.js";
import { isBlock, isFlow, nodeSpan, rangeOf, writtenIndex } from "./nodes.js";
import { isList } from "./plain.js";
import type { Path } from "./path.js";
import * as render from "./render.js";
import { addBehind, addShortToBlock, removeFromBlock } from "./rewrite-block.js";
import { addToFlow, removeFromFlow } from "./rewrite-flow.js";
import { colonEnd, dashes, find, headerComment, isInFlow, type Found, type Site } from "./site.js";
import { columnOf, deletion, endOfLine, insertion, isBlank, startOfLine } from "./source.js";
import { blockColumn, type Style } from "./style.js";

/**
 * An edit of one value; `patch.ts` makes these of others. A `set` of the index after a list's last item appends one.
 */
export type SimpleEdit = Exclude<Edit, { op: "insert" }>;

/**
 * The text edits for one edit. `undefined`: there is no place for it, since the path leads through an alias, a merge
 * key or a value of another type. What comes out is right for the usual shapes of text; `patch.ts` makes sure of it in
 * each case.
 */
export function rewrite(text: string, edit: SimpleEdit, style: Style): readonly TextEdit[] | undefined {
  const { source, contents } = compose(text, { keepSourceTokens: true });
  const sheet: Sheet = { source, style, json: isJson(contents) };
  const found = find(contents, edit.path);
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

/** A value as it is written; `null` where only a key is, `undefined` in an empty text. */
type Written = ParsedNode | null | undefined;

function isJson(node: Written): boolean {
  if (!isFlow(node)) return false;
  const first = node.items[0];
  const scalar = isPair(first) ? first.key : first;
  return isScalar(scalar) ? scalar.type === "QUOTE_DOUBLE" : isJson(scalar);
}

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

function isNull(node: Written): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

// --- one value for another ---

function replace(sheet: Sheet, site: Site, node: Written, value: Plain): readonly TextEdit[] | undefined {
  const within = replaceWord(sheet.source, node, value);
  if (within !== undefined) return within;
  const flow = isInFlow(site);
  if (flow || render.isInline(value) || (isFlow(node) && node.items.length > 0)) {
    return replaceInline(sheet, site, node, render.flowText(value, scalarStyle(sheet, flow, node)));
  }
  return site.kind === "entry" ? replaceBelowKey(sheet, site, node, value) : replaceInPlace(sheet, site, node, value);
}

/** Changes one word of a text of several, and nothing else of how it is written. */
function replaceWord(source: string, node: Written, value: Plain): readonly TextEdit[] | undefined {
  if (!isScalar(node) || typeof node.value !== "string" || typeof value !== "string") return undefined;
  const text = node.value;
  let start = 0;
  while (start < text.length && text[start] === value[start]) start += 1;
  let end = text.length;
  while (
    end > start &&
    end + value.length - text.length > start &&
    text[end - 1] === value[end + value.length - text.length - 1]
  )
    end -= 1;
  while (isOfWord(text[start - 1])) start -= 1;
  while (isOfWord(text[end])) end += 1;
  const word = text.slice(start, end);
  const newText = value.slice(start, end + value.length - text.length);
  const isWord = [word, newText].every((one) => /^[-\w.]+$/.test(one));
  if (!isWord || word === text) return undefined;
  const span = nodeSpan(source, node);
  const index = writtenIndex(source.slice(span.start, span.end), text, word, start);
  if (index === undefined) return undefined;
  return [{ span: { start: span.start + index, end: span.start + index + word.length }, newText }];
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[-\w.]/.test(character);
}

function scalarStyle({ json, style }: Sheet, flow: boolean, like: Written): render.ScalarStyle {
  const type = isScalar(like) ? like.type : undefined;
  const quotes = json || type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : undefined;
  return { flow: flow || isFlow(like), quotes, style };
}

/** Puts `text`, which is of one line, in the value's place. */
function replaceInline({ source }: Sheet, site: Site, node: Written, text: string): readonly TextEdit[] {
  const old = asText(node);
  if (old === undefined) return [fillBlank(source, site, text)];
  const span = nodeSpan(source, old);
  const lineStart = startOfLine(source, span.start);
  const colon = colonEnd(site);
  const isBelowKey = isBlock(old) && colon !== undefined && colon < lineStart;
  if (!isBelowKey) return [{ span, newText: text + headerComment(old) }];
  // The block goes with the comment at its end; anchor and comments between the key and it stay.
  const head = colon + (/^(?:[ \t]+[&!]\S*)*/.exec(source.slice(colon, lineStart))?.[0].length ?? 0);
  const between = source.slice(head, lineStart);
  const end = endOfLine(source, span.end);
  if (isBlank(between)) return [{ span: { start: head, end }, newText: ` ${text}` }];
  return [insertion(head, ` ${text}`), deletion(head + between.trimEnd().length, end)];
}

/** The value if there is text for it: null is often none. */
function asText(node: Written): ParsedNode | undefined {
  if (node === null || node === undefined) return undefined;
  const { start, end } = rangeOf(node);
  return isScalar(node) && start === end ? undefined : node;
}

function fillBlank(source: string, site: Site, text: string): TextEdit {
  switch (site.kind) {
    case "entry": {
      const colon = colonEnd(site);
      return colon === undefined ? insertion(rangeOf(site.entry.key).end, `: ${text}`) : insertion(colon, ` ${text}`);
    }
    case "item":
      return insertion(dashEnd(site), ` ${text}`);
    case "root": {
      const marker = markerEnd(source);
      if (marker !== undefined) return insertion(marker, ` ${text}`);
      return insertion(source.length, (source === "" || source.endsWith("\n") ? "" : "\n") + text);
    }
  }
}

/** Puts a value of several lines below its key. */
function replaceBelowKey(
  { source, style }: Sheet,
  site: Extract<Site, { kind: "entry" }>,
  node: Written,
  value: render.Filled,
): readonly TextEdit[] | undefined {
  const colon = colonEnd(site);
  if (colon === undefined) return undefined;
  const column = render.childColumn(value, blockColumn(site.parent) ?? 0, style);
  const lines = (at: number) => " ".repeat(at) + render.blockText(value, at, style);
  const old = asText(node);
  if (old === undefined) return [insertion(endOfLine(source, colon), style.eol + lines(column))];

  const span = nodeSpan(source, old);
  const lineStart = startOfLine(source, span.start);
  if (lineStart > colon) {
    const sameColumn = isSeq(old) === isList(value) ? blockColumn(old) : undefined;
    return [{ span: { start: lineStart, end: span.end }, newText: lines(sameColumn ?? column) }];
  }
  const comment = headerComment(old);
  if (comment !== "") return [{ span: { start: colon, end: span.end }, newText: comment + style.eol + lines(column) }];
  return [deletion(colon, span.end), insertion(endOfLine(source, span.end), style.eol + lines(column))];
}

/** Puts a value of several lines where the old one begins: behind a dash, or at the root. */
function replaceInPlace(
  { source, style }: Sheet,
  site: Exclude<Site, { kind: "entry" }>,
  node: Written,
  value: render.Filled,
): readonly TextEdit[] {
  const old = asText(node);
  if (old !== undefined) {
    const span = nodeSpan(source, old);
    return [{ span, newText: render.blockText(value, columnOf(source, span.start), style) }];
  }
  if (site.kind === "item") {
    const dash = dashEnd(site);
    return [insertion(dash, ` ${render.blockText(value, columnOf(source, dash) + 1, style)}`)];
  }
  const text = render.blockText(value, 0, style);
  const marker = markerEnd(source);
  if (marker !== undefined) return [insertion(endOfLine(source, marker), style.eol + text)];
  return [insertion(source.length, (source === "" || source.endsWith("\n") ? "" : style.eol) + text + style.eol)];
}

function dashEnd({ parent, index }: Extract<Site, { kind: "item" }>): number {
  const dash = dashes(parent)[index];
  return dash === undefined ? rangeOf(parent).start : dash.offset + 1;
}

/** Behind the `---` of an empty document. */
function markerEnd(source: string): number | undefined {
  const marker = /(?:^\uFEFF?|\n)---/.exec(source);
  return marker === null ? undefined : marker.index + marker[0].length;
}

// --- one value more, or less ---

function addEntry(
  sheet: Sheet,
  site: Site,
  map: YAMLMap.Parsed,
  key: string,
  value: Plain,
): readonly TextEdit[] | undefined {
  const { source, style } = sheet;
  const column = blockColumn(map);
  if (column !== undefined) {
    const add = render.isInline(value) ? addShortToBlock : addBehind;
    return [add(source, map, column, render.entryText(key, value, column, style), style.eol)];
  }
  if (becomesBlock(sheet, site, map)) return replace(sheet, site, map, { [key]: value });
  return addToFlow(source, map, render.flowEntryText(key, value, scalarStyle(sheet, true, undefined)), style.eol);
}

function addItem(sheet: Sheet, site: Site, list: YAMLSeq.Parsed, value: Plain): readonly TextEdit[] | undefined {
  const { source, style } = sheet;
  const column = blockColumn(list);
  if (column !== undefined) {
    return [addBehind(source, list, column, render.itemText(value, column, style), style.eol)];
  }
  if (becomesBlock(sheet, site, list)) return replace(sheet, site, list, [value]);
  return addToFlow(source, list, render.flowText(value, scalarStyle(sheet, true, list.items.at(-1))), style.eol);
}

/** `{}` and `[]` are no choice of style: block style has no empty collections. */
function becomesBlock({ json }: Sheet, site: Site, { items }: YAMLMap.Parsed | YAMLSeq.Parsed): boolean {
  return items.length === 0 && !isInFlow(site) && !json;
}

function remove({ source }: Sheet, site: Site): readonly TextEdit[] | undefined {
  if (site.kind === "root") return undefined;
  const index = site.kind === "item" ? site.index : site.parent.items.indexOf(site.entry);
  return isInFlow(site) ? removeFromFlow(source, site.parent, index) : removeFromBlock(source, site.parent, index);
}

function rename(sheet: Sheet, site: Site, to: string): readonly TextEdit[] | undefined {
  if (site.kind !== "entry") return undefined;
  const { key } = site.entry;
  return [{ span: rangeOf(key), newText: render.stringText(to, scalarStyle(sheet, isInFlow(site), key)) }];
}
