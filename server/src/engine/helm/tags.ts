import type { Span } from "../text/span.js";

/**
 * One `{{ ... }}` of a Go template (text/template/parse/lex.go, Go 1.25).
 * - `output`: text takes its place.
 * - `silent`: nothing does: comments, variables, `break`, `continue`.
 * - `open`, `else`, `end`: they enclose what may be there, or not, or several times.
 */
export interface Tag {
  readonly span: Span;
  readonly kind: "output" | "silent" | "open" | "else" | "end";
  /** What stands between the braces, without white space at its ends and without trim markers. */
  readonly body: string;
  /** Where the body is, with the white space around it. */
  readonly content: Span;
  /** `{{-`: the white space before it goes, line breaks too. */
  readonly trimsLeft: boolean;
  /** `-}}`: so does the white space behind it. */
  readonly trimsRight: boolean;
  /** Of a tag that is not whole; where it ends is then a guess. */
  readonly problem?: "unclosed" | "comment unclosed" | "comment ends early";
}

/** All tags of a text in their order, also those that are not closed. */
export function readTags(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  for (let start = text.indexOf("{{"); start !== -1; start = text.indexOf("{{", tags.at(-1)?.span.end)) {
    tags.push(readTag(text, start));
  }
  return tags;
}

function readTag(text: string, start: number): Tag {
  const trimsLeft = text[start + 2] === "-" && isSpace(text[start + 3]);
  const from = start + (trimsLeft ? 4 : 2);
  const { until, end, problem } = closeOf(text, from);
  const trimsRight = problem === undefined && until > from && text[until - 1] === "-" && isSpace(text[until - 2]);
  const content = { start: from, end: Math.max(from, trimsRight ? until - 2 : until) };
  const body = trim(text.slice(content.start, content.end));
  return {
    span: { start, end },
    kind: kindOf(body),
    body,
    content,
    trimsLeft,
    trimsRight,
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * A text in one of the three quotes, which may hold braces, maybe without its end; or something that ends the tag or
 * begins another one.
 */
const partOfTag = /"(?:[^"\\\n]|\\[^\n])*("?)|`[^`]*(`?)|'(?:[^'\\\n]|\\[^\n])*('?)|\}\}|\{\{/g;
const brace = /\}\}|\{\{/g;

interface Close {
  /** Where the content ends. */
  readonly until: number;
  readonly end: number;
  readonly problem?: Tag["problem"];
}

function closeOf(text: string, from: number): Close {
  if (text.startsWith("/*", from)) return closeOfComment(text, from);
  partOfTag.lastIndex = from;
  let next = text.length;
  for (let part = partOfTag.exec(text); part !== null; part = partOfTag.exec(text)) {
    let [end] = part;
    let { index } = part;
    if (part.slice(1).includes("")) {
      // Helm refuses it; where the tag ends is a guess.
      brace.lastIndex = index;
      const found = brace.exec(text);
      if (found === null) break;
      [end] = found;
      ({ index } = found);
    }
    if (end === "}}") return { until: index, end: index + 2 };
    if (end === "{{") {
      next = index;
      break;
    }
  }
  // It goes on to a single brace, or to the end of its line.
  const [part = ""] = /^[^\r\n{}]*\}?/.exec(text.slice(from, next)) ?? [];
  const end = from + part.length;
  return { until: part.endsWith("}") ? end - 1 : end, end, problem: "unclosed" };
}

function closeOfComment(text: string, from: number): Close {
  const star = text.indexOf("*/", from + 2);
  if (star === -1) return { until: text.length, end: text.length, problem: "comment unclosed" };
  const until = star + 2;
  if (text.startsWith("}}", until)) return { until, end: until + 2 };
  if (isSpace(text[until]) && text.startsWith("-}}", until + 1)) return { until: until + 2, end: until + 4 };
  const close = /^[ \t\r\n]*-?\}\}/.exec(text.slice(until, until + 200));
  return { until, end: until + (close?.[0].length ?? 0), problem: "comment ends early" };
}

/** What Go takes for white space in a tag: not the no-break space that gets there by copying from a page. */
export function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}

function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start])) start++;
  while (end > start && isSpace(text[end - 1])) end--;
  return text.slice(start, end);
}

function kindOf(body: string): Tag["kind"] {
  if (body.startsWith("/*") || assignment.test(body)) return "silent";
  switch (/^\w+/.exec(body)?.[0]) {
    case "if":
    case "with":
    case "range":
    case "define":
    case "block":
      return "open";
    case "else":
      return "else";
    case "end":
      return "end";
    case "break":
    case "continue":
    case "fail":
      return "silent";
    default:
      return "output";
  }
}

/** `$x := ...`, `$x = ...`, `$key, $value := ...` */
const assignment = /^\$\w*\s*(?:,\s*\$\w*\s*)?:?=(?!=)/;
