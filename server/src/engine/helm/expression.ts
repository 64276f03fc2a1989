import type { Plain } from "../yaml/edit.js";
import type { FilledFrom } from "../yaml/place.js";

/** What the expressions of a template may ask for; `undefined` where that is not known. */
export interface Context {
  /** `["Values", "image", "tag"]` of `.Values.image.tag`; what a chart does not set is null. */
  readonly lookUp: (path: readonly string[]) => Plain | undefined;
  /** Where a value of the chart is set, by its path without `Values`. */
  readonly sourceOf: (path: readonly string[]) => FilledFrom | undefined;
  /** What a named template gives for the whole context. */
  readonly include: (name: string) => string | undefined;
  /** By their names without the `$`. */
  readonly variables?: ReadonlyMap<string, Plain>;
}

/** The value of an expression, without its braces; `undefined` for all but the simplest, whose value is certain. */
export function evaluate(expression: string, context: Context): Plain | undefined {
  if (expression.length > longest) return undefined;
  const found = [...expression.matchAll(tokenPattern)];
  const ends = [0, ...found.map(({ 0: token, index }) => index + token.length)];
  const isRead = ends.every((end, index) => expression.slice(end, found[index]?.index).trim() === "");
  if (!isRead) return undefined;
  const tokens = found.map(([token]) => token);
  const reader = { tokens, at: 0 };
  const value = pipeline(reader, context);
  return reader.at === tokens.length ? value : undefined;
}

/** Longer than any that is simple. */
const longest = 500;

const tokenPattern = /"(?:[^"\\]|\\.)*"|`[^`]*`|\$\w+|\$?(?:\.[A-Za-z_]\w*)+|-?\d+(?:\.\d+)?|[A-Za-z]\w*|[().|$]/g;

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** `a | f x | g`: what is before the bar is the last argument. */
function pipeline(reader: Reader, context: Context): Plain | undefined {
  let value = command(reader, context, []);
  while (reader.tokens[reader.at] === "|") {
    reader.at++;
    value = command(reader, context, [value]);
  }
  return value;
}

function command(reader: Reader, context: Context, last: readonly (Plain | undefined)[]): Plain | undefined {
  const first = reader.tokens[reader.at];
  if (first === undefined || !/^[A-Za-z]/.test(first) || isLiteral(first)) {
    const value = operand(reader, context);
    return last.length === 0 ? value : undefined;
  }
  reader.at++;
  const given: (Plain | undefined)[] = [];
  for (let token = reader.tokens[reader.at]; token !== undefined && token !== "|" && token !== ")";) {
    given.push(operand(reader, context));
    token = reader.tokens[reader.at];
  }
  return call(first, [...given, ...last], context);
}

function isLiteral(token: string): boolean {
  return token === "true" || token === "false" || token === "nil";
}

function operand(reader: Reader, context: Context): Plain | undefined {
  const token = reader.tokens[reader.at++] ?? "";
  if (token === "(") {
    const value = pipeline(reader, context);
    return reader.tokens[reader.at++] === ")" ? value : undefined;
  }
  if (token.startsWith('"')) return stringOf(token);
  if (token.startsWith("`")) return token.slice(1, -1);
  if (/^-?\d/.test(token)) return Number(token);
  if (token === "true" || token === "false") return token === "true";
  if (token === "." || token === "$") return wholeContext;
  if (/^\$\w/.test(token)) return context.variables?.get(token.slice(1));
  return /^\$?\./.test(token) ? context.lookUp(token.replace(/^\$?\./, "").split(".")) : undefined;
}

function stringOf(token: string): string | undefined {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Stands for the whole context, which only `include` takes. */
const wholeContext = "\0";

/** Functions of text/template (Go 1.24) and of Sprig 3.3, where they do what their names say to plain values. */
function call(name: string, given: readonly (Plain | undefined)[], context: Context): Plain | undefined {
  const [first, second] = given;
  // These two need not know everything.
  if (name === "and" || name === "or") {
    const stops = name === "or";
    for (const [index, one] of given.entries()) {
      if (one === undefined) return undefined;
      if (isTrue(one) === stops || index === given.length - 1) return one;
    }
    return undefined;
  }
  if (!given.every((one) => one !== undefined) || first === undefined) return undefined;
  switch (name) {
    case "include":
    case "template":
      return typeof first === "string" && second === wholeContext ? context.include(first) : undefined;
    case "default":
      return second === undefined ? undefined : isTrue(second) ? second : first;
    case "toString":
      return given.length === 1 ? textOf(first) : undefined;
    case "quote":
    case "squote": {
      const text = given.length === 1 ? textOf(first) : undefined;
      if (text === undefined || first === null) return text;
      return name === "quote" ? JSON.stringify(text) : `'${text}'`;
    }
    case "int":
    case "int64":
      return typeof first === "number" ? Math.trunc(first) : undefined;
    case "trim":
      return typeof first === "string" ? first.trim() : undefined;
    case "trunc":
      return typeof first === "number" && typeof second === "string" && first >= 0 ? second.slice(0, first) : undefined;
    case "printf":
      return printf(given);
    case "replace": {
      const third = given[2];
      const isOfTexts = typeof first === "string" && typeof second === "string" && typeof third === "string";
      return isOfTexts && first !== "" ? third.replaceAll(first, () => second) : undefined;
    }
    case "contains":
      return typeof first === "string" && typeof second === "string" ? second.includes(first) : undefined;
    case "lower":
      return typeof first === "string" ? first.toLowerCase() : undefined;
    case "trimSuffix":
      if (typeof first !== "string" || typeof second !== "string") return undefined;
      return first !== "" && second.endsWith(first) ? second.slice(0, -first.length) : second;
    case "not":
      return !isTrue(first);
    case "empty":
      return !isTrue(first);
    case "eq":
      return isComparable(first) && isComparable(second) && given.length === 2 ? first === second : undefined;
    case "ne":
      return isComparable(first) && isComparable(second) ? first !== second : undefined;
    default:
      return undefined;
  }
}

/** As Go's `fmt.Sprintf`, of texts and whole numbers. */
function printf([format, ...values]: readonly (Plain | undefined)[]): string | undefined {
  if (typeof format !== "string") return undefined;
  const parts = format.split(/%[sdv]/);
  const texts = values.map((value) =>
    typeof value === "string" || typeof value === "number" ? textOf(value) : undefined,
  );
  if (parts.length !== values.length + 1 || parts.some((part) => part.includes("%"))) return undefined;
  if (texts.includes(undefined)) return undefined;
  return parts.map((part, index) => `${part}${texts[index] ?? ""}`).join("");
}

/** What `if` takes for true: neither null, false, 0, "" nor an empty list or map. */
export function isTrue(value: Plain): boolean {
  if (value === null || value === false || value === 0 || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Numbers are of several types in Go, and those of values (float64) and of templates (int) cannot be compared. */
function isComparable(value: Plain | undefined): value is string | boolean {
  return typeof value === "string" || typeof value === "boolean";
}

/**
 * A value as a template prints it; `undefined` for lists and maps, and for large numbers, which Go prints as `1e+06`.
 */
export function textOf(value: Plain): string | undefined {
  if (value === null) return "";
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : undefined;
  return isComparable(value) ? String(value) : undefined;
}
