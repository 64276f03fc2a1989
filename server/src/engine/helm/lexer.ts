import { isSpace } from "./tags.js";

/**
 * What an action consists of (`itemType` in text/template/parse/lex.go, Go 1.25). `literal` is a boolean or `nil`;
 * `character` any other printable one, which the grammar allows as a comma only.
 */
export interface Token {
  readonly type:
    | "space" | "literal" | "dot" | "number" | "string" | "field" | "variable" | "identifier" | "keyword"
    | "declare" | "assign" | "pipe" | "(" | ")" | "character" | "end" | "error"; // prettier-ignore
  readonly text: string;
  readonly start: number;
  /** Of an `error`: what is wrong, in words for a reader. */
  readonly problem?: string;
}

/** Cuts the content of one action into tokens; the last is `end` or `error`. Offsets are those of `text`. */
export function* tokens(text: string, start: number, end: number): Generator<Token, void> {
  let at = start;
  while (at < end) {
    const token = tokenAt(text, at, end);
    yield token;
    if (token.type === "error") return;
    at += token.text.length;
  }
  yield { type: "end", text: "", start: end };
}

const word = /[\p{L}\p{Nd}_]*/uy;
const keywords: ReadonlySet<string> = new Set(
  ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"], // prettier-ignore
);

function tokenAt(text: string, at: number, end: number): Token {
  const first = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const token = (type: Token["type"], until: number): Token => ({ type, text: text.slice(at, until), start: at });
  if (isSpace(first)) {
    let until = at + 1;
    while (until < end && isSpace(text[until])) until++;
    return token("space", until);
  }
  switch (first) {
    case "=":
      return token("assign", at + 1);
    case ":":
      return text[at + 1] === "=" ? token("declare", at + 2) : error(text, at, at + 1, "Unexpected `:`");
    case "|":
      return token("pipe", at + 1);
    case "(":
    case ")":
      return token(first, at + 1);
    case '"':
      return quoted(text, at, '"');
    case "`":
      return quoted(text, at, "`");
    case "'":
      return quoted(text, at, "'");
    case "$":
      return named("variable", text, at, end);
    case ".":
      return /\d/.test(text[at + 1] ?? "") ? number(text, at, end) : named("field", text, at, end);
  }
  if (/[-+\d]/.test(first)) return number(text, at, end);
  if (isAlphanumeric(first)) return named("identifier", text, at, end);
  if (first >= "!" && first <= "~") return token("character", at + 1);
  const code = first.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? "";
  return error(text, at, at + first.length, `The character U+${code} is not allowed in a template expression`);
}

/** A name with what stands before it: `.Values`, `$x`, `.` and `$` alone, `include`. */
function named(type: "field" | "variable" | "identifier", text: string, at: number, end: number): Token {
  word.lastIndex = type === "identifier" ? at : at + 1;
  word.exec(text);
  const until = Math.min(Math.max(word.lastIndex, type === "identifier" ? at : at + 1), end);
  const name = text.slice(at, until);
  if (until < end && !isSpace(text[until]) && !".,|:()".includes(text[until] ?? ""))
    return badName(text, at, until, end);
  if (type === "field" && name === ".") return { type: "dot", text: name, start: at };
  if (type !== "identifier") return { type, text: name, start: at };
  if (name === "true" || name === "false" || name === "nil") return { type: "literal", text: name, start: at };
  return { type: keywords.has(name) ? "keyword" : "identifier", text: name, start: at };
}

/** `.Values.my-key`: in Go, that is neither a name nor a subtraction. */
function badName(text: string, at: number, until: number, end: number): Token {
  const [written = ""] = /^[^\s|()"`']*/.exec(text.slice(at, end)) ?? [];
  const character = String.fromCodePoint(text.codePointAt(until) ?? 0);
  if (text.slice(until, end + 2) === "-}}") return error(text, until, end, "A space is required before `-}}`");
  const advice = text[at] === "." && character === "-" ? `. Use \`index\`, as in \`index .Values "my-key"\`` : "";
  return error(text, at, at + written.length, `\`${character}\` is not allowed in the name \`${written}\`${advice}`);
}

function quoted(text: string, at: number, quote: '"' | "`" | "'"): Token {
  const pattern = quote === "`" ? rawString : quote === '"' ? string : characterConstant;
  pattern.lastIndex = at;
  const [written] = pattern.exec(text) ?? [];
  if (written === undefined) return error(text, at, at + 1, `The closing ${quote} is missing`);
  if (quote === "`") return { type: "string", text: written, start: at };
  const isValid = quote === '"' ? validString.test(written) : validCharacter.test(written);
  if (!isValid) return error(text, at, at + written.length, `${written} is not a valid string in Go`);
  return { type: quote === '"' ? "string" : "number", text: written, start: at };
}

const string = /"(?:[^"\\\n]|\\[^\n])*"/y;
const rawString = /`[^`]*`/y;
const characterConstant = /'(?:[^'\\\n]|\\[^\n])*'/y;
const escape = String.raw`\\(?:[abfnrtv\\QUOTE]|x[\da-fA-F]{2}|[0-3][0-7]{2}|u(?![dD][89a-fA-F])[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)(?!(?<=U0000)[dD][89a-fA-F])[\da-fA-F]{4})`;
const validString = new RegExp(`^"(?:[^"\\\\\\n]|${escape.replace("QUOTE", '"')})*"$`);
const validCharacter = new RegExp(`^'(?:[^'\\\\\\n]|${escape.replace("QUOTE", "'")})'$`, "u");

/** What `scanNumber` takes for a number, which need not be one. */
const scanned =
  /[-+]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][-+]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?[\d_]*)?)i?/y;

function number(text: string, at: number, end: number): Token {
  let until = scan(text, at, end);
  const isComplex = text[until] === "+" || text[until] === "-";
  if (isComplex) until = scan(text, until, end);
  const written = text.slice(at, until);
  const next = until < end ? String.fromCodePoint(text.codePointAt(until) ?? 0) : "";
  if (isAlphanumeric(next)) return error(text, at, until + next.length, `\`${written}${next}\` is not a valid number`);
  if (isComplex ? written.endsWith("i") : isNumber(written)) return { type: "number", text: written, start: at };
  const isMarker = text.startsWith("-}}", at);
  return error(text, at, until, isMarker ? "A space is required before `-}}`" : `Unexpected \`${written}\``);
}

function scan(text: string, at: number, end: number): number {
  scanned.lastIndex = at;
  return Math.min(at + (scanned.exec(text)?.[0].length ?? 0), end);
}

/** Whether strconv reads it as an integer of 64 bits or as a float; what is imaginary is not looked at further. */
function isNumber(written: string): boolean {
  if (written.endsWith("i")) return /\d/.test(written);
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(written) ?? [];
  const plain = digits.replaceAll("_", "");
  if (integer.test(digits)) {
    const value = BigInt(/^0[0-7]/.test(plain) ? `0o${plain}` : plain);
    return value < (sign === "-" ? 2n ** 63n + 1n : 2n ** 64n);
  }
  if (hexadecimalFloat.test(digits)) return true;
  return /[.eE]/.test(digits) && decimalFloat.test(digits) && Number.isFinite(Number(plain));
}

const integer = /^(?:0[xX](?:_?[\da-fA-F])+|0[oO]?(?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?\d)*|0)$/;
const hexadecimalFloat = /^0[xX](?:_?[\da-fA-F])*(?:\.(?:[\da-fA-F](?:_?[\da-fA-F])*)?)?[pP][-+]?\d(?:_?\d)*$/;
const decimalFloat = /^(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?$/;

function isAlphanumeric(character: string): boolean {
  return /^[\p{L}\p{Nd}_]/u.test(character);
}

function error(text: string, start: number, end: number, problem: string): Token {
  return { type: "error", text: text.slice(start, end), start, problem };
}
