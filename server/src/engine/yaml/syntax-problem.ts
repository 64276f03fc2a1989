import { lineStartAt } from "../text/lines.js";
import { isCollection, isMap, isPair, isScalar, type ParsedNode, type Scalar, type YAMLError } from "yaml";
import type { Span } from "../text/span.js";
import type { Composition } from "./compose.js";
import { isFlow, lastNode, rangeOf, type Entry } from "./nodes.js";
import { isJson } from "./json-values.js";
import type { Problem } from "./problem.js";
import { startOfLine } from "./source.js";
import { inCode } from "../text/code.js";

/** The first thing that keeps this text from being YAML, in plain words; `undefined` where go-yaml reads it. */
export function syntaxProblem(text: string, { contents, errors }: Composition): Problem | undefined {
  // go-yaml looks no further than the bracket that closes the document's value.
  const end = isFlow(contents) && !isOpenBracket(text, contents) ? rangeOf(contents).end : Infinity;
  const first = errors.find((error) => error.pos[0] < end && !isAcceptedByGoYaml(text, error));
  if (first === undefined) return undefined;
  const conflict = conflictMarker.exec(text);
  if (conflict !== null) {
    const span = { start: conflict.index, end: conflict.index + conflict[0].length };
    return { code: "conflict-marker", message: "This merge conflict is not resolved", span, fatal: true };
  }
  const at = first.pos[0];
  return tabProblem(text, errors, first) ?? unfinishedProblem(text, contents, at) ?? libraryProblem(text, first);
}

/** As git writes them, at the beginning of a line. */
const conflictMarker = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)/m;

/**
 * Errors of the library that are none to Kubernetes: what stands behind dots, a comment right behind a quote, `\'`.
 */
function isAcceptedByGoYaml(text: string, { code, pos }: YAMLError): boolean {
  return (
    (code === "UNEXPECTED_TOKEN" && text.startsWith("...", startOfLine(text, pos[0]))) ||
    (code === "BAD_DQ_ESCAPE" && text.startsWith("\\'", pos[0])) ||
    (code === "MISSING_CHAR" && text[pos[0]] === "#") ||
    // kubectl reads JSON by Go's decoder, which has all of JSON's escapes.
    (code === "BAD_DQ_ESCAPE" && isJson(text.replace("\uFEFF", "")))
  );
}

/** A tab in the indentation: the library says so, or stumbles over it, but may complain about the line above first. */
function tabProblem(text: string, errors: readonly YAMLError[], first: YAMLError): Problem | undefined {
  const near = lineEndFrom(text, first.pos[0] + 1);
  const tab = errors.find(
    ({ code, pos }) => pos[0] >= first.pos[0] && pos[0] <= near && (code === "TAB_AS_INDENT" || text[pos[0]] === "\t"),
  );
  if (tab === undefined) return undefined;
  const start = text.indexOf("\t", tab.pos[0]);
  return {
    code: "tab",
    message: "Tabs are not allowed for indentation. Use spaces",
    span: { start, end: start + 1 },
    fatal: true,
  };
}

function lineEndFrom(text: string, at: number): number {
  const rest = text.slice(at).search(/[\r\n]/);
  return rest === -1 ? text.length : at + rest;
}

/** What half-written documents fail on: a key that is still being typed, a quote or a bracket that is not closed. */
function unfinishedProblem(text: string, contents: ParsedNode | undefined, at: number): Problem | undefined {
  for (const { problem, start = problem.span.start, end } of unfinished(text, contents)) {
    if (start <= at && at <= end + 1) return problem;
  }
  return undefined;
}

interface Unfinished {
  readonly problem: Problem;
  /** Where the value begins, if the problem is further down. */
  readonly start?: number;
  /** Where the library gave up looking for the rest. */
  readonly end: number;
}

function* unfinished(text: string, node: ParsedNode | undefined): Generator<Unfinished> {
  if (isScalar(node)) {
    if (isOpenQuote(text, node)) yield neverClosed("unclosed-quote", text, node);
  } else if (isCollection(node)) {
    for (const item of node.items) {
      if (isPair(item)) {
        if (node.flow !== true) yield* missingColon(text, item);
        yield* unfinished(text, item.key);
        yield* unfinished(text, item.value ?? undefined);
      } else {
        yield* unfinished(text, item);
      }
    }
    if (isOpenBracket(text, node)) yield neverClosed("unclosed-bracket", text, node);
  }
}

function isOpenQuote(text: string, scalar: Scalar.Parsed): boolean {
  if (scalar.type !== "QUOTE_DOUBLE" && scalar.type !== "QUOTE_SINGLE") return false;
  const { start, end } = rangeOf(scalar);
  return end - start < 2 || text[end - 1] !== text[start];
}

function isOpenBracket(text: string, node: ParsedNode): boolean {
  if (!isFlow(node)) return false;
  const bracket = rangeOf(node).end - 1;
  const last = lastNode(node);
  // The last bracket may be that of the last item.
  return text[bracket] !== (isMap(node) ? "}" : "]") || (last !== undefined && rangeOf(last).end > bracket);
}

function neverClosed(code: string, text: string, node: ParsedNode): Unfinished {
  const { start, end } = rangeOf(node);
  const span = { start, end: Math.min(end, lineEndFrom(text, start)) };
  return { problem: { code, message: `This ${inCode(text[start] ?? "")} is never closed`, span, fatal: true }, end };
}

function* missingColon(text: string, { key, value }: Entry): Generator<Unfinished> {
  if (!isScalar(key)) return;
  const { start, end } = rangeOf(key);
  // A key of several lines is a word without a colon and the key below it.
  const span = { start, end: Math.min(end, lineEndFrom(text, start)) };
  if (value !== null && span.end === end) return;
  const before = text.slice(lineStartAt(text, start), start);
  if (/:[ \t]+$/.test(before.slice(-100))) {
    yield { problem: tooDeepBelowValue(text, end), start, end };
    return;
  }
  const word = text.slice(span.start, span.end).trimEnd();
  yield {
    problem: { code: "missing-colon", message: `A \`:\` is missing after ${inCode(word)}`, span, fatal: true },
    end,
  };
}

/** `image: db` and, on a line below and further right, `args: []`. */
function tooDeepBelowValue(text: string, end: number): Problem {
  const start = lineStartAt(text, end);
  const indent = /^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0;
  const message = "This line is indented deeper than the key above it, which already has a value";
  return { code: "syntax", message, span: { start: start + indent, end }, fatal: true };
}

/** The library's own words, for what is too rare to have ours. */
function libraryProblem(text: string, error: YAMLError): Problem {
  const [start, end] = error.pos;
  const span: Span = { start: Math.min(start, text.length), end: Math.min(Math.max(end, start), text.length) };
  const code = error.code === "RESOURCE_EXHAUSTION" ? "too-deep" : "syntax";
  return { code, message: ownWords[error.code] ?? error.message, span, fatal: true };
}

const ownWords: Readonly<Record<string, string>> = {
  BAD_INDENT: "The indentation does not match the lines above",
  BLOCK_AS_IMPLICIT_KEY: "A map or a list cannot begin on the line of a key that has a value",
  MULTILINE_IMPLICIT_KEY: "A key cannot have several lines. Is a `:` missing, or the indentation wrong?",
  RESOURCE_EXHAUSTION: "This document is nested too deeply",
};
