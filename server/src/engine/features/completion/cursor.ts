import { readTemplate } from "../../helm/template.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import type { Span } from "../../text/span.js";
import { pathAt } from "../../yaml/locate.js";
import { parse, type ParsedDocument } from "../../yaml/parse.js";
import type { Path } from "../../yaml/path.js";
import type { Place } from "../../yaml/place.js";

/** Where something is being written in a document, and what the document is besides. Offsets are of the given text. */
export interface Cursor {
  /**
   * The text that was read, tags of a template masked; what stands behind the cursor may be a little further on in it.
   */
  readonly text: string;
  /** The document as if a word stood at the cursor, so that half-typed text does not break what is around it. */
  readonly root: Place;
  /** The objects of a template, whose apiVersion need not be written; none of any other document. */
  readonly resources: readonly Resource[];
  /**
   * `key`: a new entry, or another name for one, of the map at `path`. `value`: what the place at `path` is to hold.
   */
  readonly writes: "key" | "value";
  readonly path: Path;
  /** The whole word that the cursor is in or at an end of, without quotes; often empty. */
  readonly word: Span;
  /** Inside brackets or braces, where entries do not go on lines of their own. */
  readonly flow: boolean;
  readonly quoted: boolean;
  /** A colon follows the word already. */
  readonly colonFollows: boolean;
  /** The cursor is right behind a key's colon, and a value needs a space before it. */
  readonly needsSpace: boolean;
  /** The spaces that move the word to where it belongs: Enter behind `- name: data` leaves it below the dash. */
  readonly lead: string;
  /** The word's column, once it is there. */
  readonly column: number;
  /** Whether what is written may go on below: nothing stands behind the word, nor further in on the next line. */
  readonly opensBelow: boolean;
}

/**
 * What the cursor at an offset of a document's text may be about to write, the most likely first: below the dash of an
 * item that goes on it is a key of that item, and perhaps of what holds the list. None where that is nothing that could
 * be named: in a comment, in a longer text, before a value that is there already, in a tag of a template.
 */
export function cursorsAt(text: string, offset: number, source: Source): readonly Cursor[] {
  const lead = leadBelowDash(text, wordAt(text, offset));
  return [...(lead === "" ? [] : [lead]), ""].flatMap((one) => cursorWith(one, text, offset, source) ?? []);
}

/** What is missing from the dash's column to that of the item's first key, in the line below it. */
function leadBelowDash(text: string, word: Span): string {
  const lineStart = startOfLine(text, word.start);
  const before = text.slice(lineStart, word.start);
  const behind = text.slice(word.end, endOfLine(text, word.end));
  if (lineStart === 0 || !/^ *$/.test(before) || !/^:? *$/.test(behind)) return "";
  const lineEnd = lineStart - (text.startsWith("\r\n", lineStart - 2) ? 2 : 1);
  const above = text.slice(startOfLine(text, lineEnd), lineEnd);
  const [head] = /^ *(?:- +)+(?=[^\s#-])/.exec(above) ?? [];
  // What a key without a value, or a text of several lines, goes on with stands further in.
  if (head === undefined || !/^[^\s:]+: +[^|>\s]/.test(above.slice(head.length))) return "";
  const dash = head.search(/-/);
  return before.length >= dash && before.length < head.length ? " ".repeat(head.length - before.length) : "";
}

function cursorWith(lead: string, text: string, offset: number, source: Source): Cursor | undefined {
  const word = wordAt(text, offset);
  const lineStart = startOfLine(text, word.start);
  const opener = quoteBefore(text, word.start);
  const before = text.slice(lineStart, word.start - opener.length);
  const behind = text.slice(word.end, endOfLine(text, word.end));
  if (text[word.start] === "-") return undefined;

  const startsLine = startsEntry.test(before);
  const colonFollows = opener === "" ? /^[ \t]*:(?:\s|$)/.test(behind) : /^["']?[ \t]*:/.test(behind);
  const needsSpace = opener === "" && /^[ \t]*(?:-[ \t]+)*[\w./-]+:$/.test(before);
  const blockBelow = hasBlockBelow(text, before, word.end);
  if (!startsLine && !/[{[]/.test(before) && word.start === word.end && blockBelow) return undefined;

  const closer = opener === "" || behind.startsWith(opener) ? "" : opener;
  const colon = startsLine && !colonFollows && opener === "" ? ":" : "";
  const space = needsSpace ? " " : lead;
  const standing = word.start + space.length;
  const read = readAs(source, text.slice(0, word.start) + space + standIn + closer + colon + text.slice(word.end));
  if (read === undefined) return undefined;
  const { document, resources } = read;
  const { path, on } = pathAt(document, standing + standIn.length);
  const place = document.root.at(...path);
  const isKey = on === "key" && path.at(-1) === standIn;
  const value = place.string();
  if (!isKey && !(on === "value" && value.state === "present" && value.value === standIn)) return undefined;
  const owner = isKey ? path.slice(0, -1) : path;
  const flow = isInFlow(document.text, document.root, path);
  if (isKey && !flow && !isAligned(document, owner)) return undefined;
  return {
    text: document.text,
    root: document.root,
    resources,
    writes: isKey ? "key" : "value",
    path: owner,
    word,
    flow,
    quoted: opener !== "",
    colonFollows,
    needsSpace,
    lead,
    column: word.start - lineStart + lead.length,
    opensBelow: startsLine && !blockBelow && behind.trim() === "",
  };
}

/** Where a document comes from: only a chart's template may have tags. */
export type Source = "manifest" | "chart template";

interface Read {
  readonly document: Pick<ParsedDocument, "text" | "root">;
  readonly resources: readonly Resource[];
}

/** `undefined` where the text is a tool's input and means nothing yet. */
function readAs(source: Source, text: string): Read | undefined {
  if (source === "manifest" || !text.includes("{{")) {
    const document = parse(text);
    return document.template ? undefined : { document, resources: [] };
  }
  const [reading] = readTemplate(text)?.readings ?? [];
  if (reading === undefined) return undefined;
  const { document, written, mask } = reading;
  return { document: { text: mask.text, root: document.root }, resources: written };
}

/** A word of the private use area stands for what is being typed: nothing else in the document means it. */
export const standIn = "\uE000";

/** Before the first word of an entry or an item. */
const startsEntry = /^[ \t]*(?:-[ \t]+)*$/;

/** Words of keys, names and numbers; whatever YAML gives a meaning ends them. */
const outsideWord = /[\s:,[\]{}"'#&*!|>%@`]/;

function wordAt(text: string, offset: number): Span {
  let [start, end] = [offset, offset];
  while (start > 0 && !outsideWord.test(text.charAt(start - 1))) start--;
  while (end < text.length && !outsideWord.test(text.charAt(end))) end++;
  return { start, end };
}

/** The quote that opens right before a word; "" where there is none. */
function quoteBefore(text: string, start: number): string {
  const quote = text[start - 1];
  if (quote !== '"' && quote !== "'") return "";
  const line = text.slice(startOfLine(text, start), start - 1);
  return line === "" || /[\s,[{:]$/.test(line) ? quote : "";
}

/** Whether a key's value stands on the lines below, so that nothing can be written behind its colon. */
function hasBlockBelow(text: string, before: string, offset: number): boolean {
  const column = /^[ \t]*(?:-[ \t]+)*/.exec(before)?.[0].length ?? 0;
  const next = text.slice(endOfLine(text, offset)).match(/^[ \t]*[^\s#].*$/m)?.[0];
  if (next === undefined) return false;
  const indentation = next.search(/\S/);
  return indentation > column || (indentation === column && next.startsWith("- ", column));
}

/** Whether the place or one above it is written between brackets. */
function isInFlow(text: string, root: Place, path: Path): boolean {
  return path.some((_, depth) => {
    const { kind, span } = root.at(...path.slice(0, depth));
    return (kind === "map" || kind === "list") && /[{[]/.test(text.charAt(span.start));
  });
}

/**
 * Whether the new key of a map stands below or above another one, as it must. Entries of a merge key stand elsewhere,
 * so one is enough.
 */
function isAligned({ text, root }: Read["document"], path: Path): boolean {
  const columnOf = ({ keySpan: { start } }: Place) => start - startOfLine(text, start);
  const map = root.at(...path);
  const beginsLine = ({ start }: Span) => startsEntry.test(text.slice(startOfLine(text, start), start));
  const others = map
    .entries()
    .filter(([name, { keySpan }]) => name !== standIn && keySpan.start >= map.span.start && beginsLine(keySpan));
  const column = columnOf(map.at(standIn));
  return others.length === 0 || others.some(([, other]) => columnOf(other) === column);
}

const lineBreak = /[\n\r\u0085\u2028\u2029]/;

/** Where a line's text begins: behind a byte order mark. */
function startOfLine(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !lineBreak.test(text.charAt(start - 1))) start--;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

function endOfLine(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !lineBreak.test(text.charAt(end))) end++;
  return end;
}
