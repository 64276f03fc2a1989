import type { Problem } from "./problem.js";
import { lineIndex } from "../text/lines.js";
import type { Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import { compose, type Composition } from "./compose.js";
import { inspect, type InspectionFinding } from "./inspect.js";
import { isTemplate, isUnreadableTemplate } from "./placeholder.js";
import type { Path } from "./path.js";
import type { MergeKeys, Place } from "./place.js";
import { rootPlace } from "./node-place.js";
import { syntaxProblem } from "./syntax-problem.js";
import { inCode } from "../text/code.js";

/** One chunk, read. Offsets are relative to the chunk. */
export interface ParsedDocument {
  readonly text: string;
  /** The document's value; it is `absent` for empty documents and for texts that are no YAML at all. */
  readonly root: Place;
  /** In the order of the text; only the last can be fatal. */
  readonly problems: readonly Problem[];
  readonly comments: readonly Comment[];
  /** A tool writes the document first, and what was read here need not mean anything: see `isTemplate`. */
  readonly template: boolean;
  readonly hasAliases: boolean;
  /** Of a list of objects that could be read item by item: the trees of the items. */
  readonly items?: readonly ParsedItem[];
  /** Of one that could not: the items from when it last could. */
  readonly formerItems?: readonly ParsedItem[];
  /** Of a template that could be read: the text of equal length that was read in its place, which has no tags. */
  readonly masked?: Masked;
}

export interface ParsedItem {
  /** The same object as long as the item's text is the same; its offsets are relative to `start`. */
  readonly tree: ParsedDocument;
  readonly start: number;
}

export interface Masked {
  readonly text: string;
  /**
   * Whether the text of a span may be replaced: no tag is in it, and it is there exactly where the text at `near` is.
   */
  readonly isFree: (span: Span, near: number) => boolean;
  /** What is read of another state of the template; `undefined` where it cannot be read. */
  readonly valueOf: (text: string) => Plain | undefined;
}

export interface Comment {
  /** From the `#` to the end of the line, without the line break. */
  readonly span: Span;
  /** 0-based, in the chunk. */
  readonly line: number;
  /** Nothing but white space is before it on its line. */
  readonly ownLine: boolean;
}

/**
 * Reads one document as kubectl does, or, with `mergeKeys: "below"`, as kustomize reads resources and merge patches.
 * Never throws: whatever the text, there is a place to ask and a list of problems.
 */
export function parse(
  text: string,
  { mergeKeys = "in order" }: { readonly mergeKeys?: MergeKeys } = {},
): ParsedDocument {
  const control = controlCharacter.exec(text);
  const composition = control?.[0] === "\0" ? nothing : compose(text, { keepSourceTokens: false });
  const inspection = composition.contents === undefined ? undefined : inspect(composition.contents);
  // kubectl takes several merge keys in one map.
  const findings = (inspection?.findings ?? []).filter(
    ({ code }) => mergeKeys === "below" || code !== "duplicate-merge",
  );
  const tooDeep = findings.some((finding) => finding.code === "too-deep");

  const syntax = control === null ? syntaxProblem(text, composition) : controlProblem(control);
  const problems = [...(syntax === undefined ? [] : [syntax]), ...findings.map(findingProblem)];
  return {
    text,
    root: rootPlace(text, tooDeep ? undefined : composition.contents, inspection?.targets ?? new Map(), { mergeKeys }),
    problems: untilFatal(problems.sort((a, b) => a.span.start - b.span.start)),
    comments: comments(text, composition.comments),
    template:
      (isTemplate(text) && isTemplate(withoutRemarks(text, composition.comments))) ||
      (problems.some(({ fatal }) => fatal) && isUnreadableTemplate(text)),
    hasAliases: inspection?.hasAliases === true,
  };
}

/**
 * The text with blanks for each comment that only mentions a tag (`# as in {{ .ProjectName }}`): a tool may fill it in,
 * and what is around it stays what it is. Tags of control in comments are left.
 */
function withoutRemarks(text: string, spans: readonly Span[]): string {
  const control = /\{\{-?\s*(?:if|else|end|range|with|define|block|template|include)\b|\{%|<%|<\/?#|#@/;
  const remarks = spans.filter(({ start, end }) => {
    const remark = text.slice(start, end);
    return remark.includes("{{") && !control.test(remark);
  });
  const parts = remarks.map(
    ({ start, end }, index) => text.slice(remarks[index - 1]?.end ?? 0, start) + " ".repeat(end - start),
  );
  return parts.join("") + text.slice(remarks.at(-1)?.end ?? 0);
}

/** What follows the first fatal problem is a consequence of it as a rule. */
function untilFatal(problems: readonly Problem[]): readonly Problem[] {
  const fatal = problems.findIndex((problem) => problem.fatal);
  return fatal === -1 ? problems : problems.slice(0, fatal + 1);
}

const nothing: Composition = { contents: undefined, errors: [], source: "", comments: [] };

/** What go-yaml's reader refuses (`yaml_parser_update_buffer` in readerc.go): the file is binary, or damaged. */
// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/;

function controlProblem({ 0: character, index }: RegExpExecArray): Problem {
  const number = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return {
    code: "control-character",
    message:
      character === "\0" ? "This is a binary file" : `The control character \`U+${number}\` is not allowed in YAML`,
    span: { start: index, end: index + 1 },
    fatal: true,
  };
}

function findingProblem({ code, name, span, path }: InspectionFinding): Problem {
  switch (code) {
    case "duplicate-key":
      // Strict decoding, kubectl's default, refuses it; kustomize and lenient decoding take the last one.
      return duplicateKeyProblem(name, span, path);
    case "duplicate-merge":
      return { code, message: "Kustomize accepts only one merge key `<<` in a map", span, fatal: true };
    case "invalid-key":
      return {
        code,
        message: name === "" ? "A map or a list cannot be a key" : `${inCode(name)} cannot be a key`,
        span,
        fatal: true,
      };
    case "unknown-anchor":
      return { code, message: `The anchor ${inCode(`&${name}`)} does not exist before this alias`, span, fatal: true };
    case "alias-cycle":
      return { code, message: `The anchor ${inCode(`&${name}`)} contains itself`, span, fatal: true };
    case "alias-bomb":
      return {
        code,
        message: "This document repeats its anchors so often that Kubernetes refuses to read it",
        span,
        fatal: true,
      };
    case "merge-value":
      return { code, message: "`<<` can merge only a map or a list of maps", span, fatal: true };
    case "too-deep":
      return { code, message: "This document is nested too deeply", span, fatal: true };
  }
}

/** A key that a map sets again; `path` is that of the map. */
export function duplicateKeyProblem(name: string, span: Span, path: Path): Problem {
  const message = `The key ${inCode(name)} is already set in this map`;
  return { code: "duplicate-key", message, span, path: [...path, name], fatal: false };
}

/** The comments at the spans. */
export function comments(text: string, spans: readonly Span[]): readonly Comment[] {
  if (spans.length === 0) return [];
  const lines = lineIndex(text);
  return spans.map((span) => {
    const { line } = lines.position(span.start);
    return { span, line, ownLine: text.slice(lines.lineStart(line), span.start).trim() === "" };
  });
}
