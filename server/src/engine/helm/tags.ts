import type { Span } from "../text/span.js";

/**
 * One `{{ ... }}` of a Go template (text/template/parse/lex.go, Go 1.24).
 * - `output`: text takes its place.
 * - `silent`: nothing does: comments, variables, `break`, `continue`.
 * - `open`, `else`, `end`: they enclose what may be there, or not, or several times.
 */
export interface Tag {
  readonly span: Span;
  readonly kind: "output" | "silent" | "open" | "else" | "end";
  /** What stands between the braces, without white space at its ends and without trim markers. */
  readonly body: string;
  /** `{{-`: the white space before it goes, line breaks too. */
  readonly trimsLeft: boolean;
  /** `-}}`: so does the white space behind it. */
  readonly trimsRight: boolean;
}

/** All tags of a text in their order; `undefined` where one is not closed, or ends that was not begun here. */
export function readTags(text: string): readonly Tag[] | undefined {
  const tags: Tag[] = [];
  let from = 0;
  for (let start = text.indexOf("{{"); start !== -1; start = text.indexOf("{{", from)) {
    if (text.slice(from, start).includes("*/}}")) return undefined;
    const tag = readTag(text, start);
    if (tag === undefined) return undefined;
    tags.push(tag);
    from = tag.span.end;
  }
  return text.slice(from).includes("*/}}") ? undefined : tags;
}

function readTag(text: string, start: number): Tag | undefined {
  const trimsLeft = /^-[ \t\r\n]/.test(text.slice(start + 2, start + 4));
  const bodyStart = start + (trimsLeft ? 4 : 2);
  const close = closeOf(text, bodyStart);
  if (close === undefined) return undefined;
  const trimsRight = /[ \t\r\n]-$/.test(text.slice(Math.max(bodyStart - 1, close - 2), close));
  const body = text.slice(bodyStart, trimsRight ? close - 1 : close).trim();
  return { span: { start, end: close + 2 }, kind: kindOf(body), body, trimsLeft, trimsRight };
}

/** A text in one of the three quotes (which holds braces as well), maybe without its end; or the end of the tag. */
const partOfTag = /"(?:[^"\\]|\\[^])*("?)|`[^`]*(`?)|'(?:[^'\\\n]|\\[^])*('?)|\}\}/g;

/** The offset of the `}}` that closes a tag. */
function closeOf(text: string, from: number): number | undefined {
  if (text.startsWith("/*", from)) {
    const end = text.indexOf("*/", from + 2);
    const close = end === -1 ? null : /^(?:[ \t\r\n]-)?\}\}/.exec(text.slice(end + 2, end + 6));
    return close === null ? undefined : end + close[0].length;
  }
  partOfTag.lastIndex = from;
  for (let part = partOfTag.exec(text); part !== null; part = partOfTag.exec(text)) {
    if (part[0] === "}}") return part.index;
    // Helm refuses it; where the tag ends is a guess.
    if (part.slice(1).includes("")) {
      const close = text.indexOf("}}", part.index);
      return close === -1 ? undefined : close;
    }
  }
  return undefined;
}

function kindOf(body: string): Tag["kind"] {
  if (body.startsWith("/*") || body === "" || assignment.test(body)) return "silent";
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
