import { shift, type Span } from "../text/span.js";
import { memoize } from "../workspace/memo.js";
import type { ParsedChunk, SourceDocument, SourceFile } from "../workspace/source-file.js";
import { escapesOnlyJsonHas } from "../yaml/escapes.js";
import { parse } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { isTemplate } from "../yaml/placeholder.js";
import { afterLineBreak, endOfLine } from "../yaml/source.js";
import { isJson } from "../yaml/json-values.js";
import { yamlDocumentIgnored, yamlNotAnObject, yamlSyntax, type CoreRule } from "./core-rules.js";
import type { DocumentFix, Message } from "./finding.js";

/** What is wrong with a document as a part of its file. */
export interface PartProblem {
  /** The number of the document. */
  readonly document: number;
  readonly rule: CoreRule;
  readonly message: Message;
  /** Relative to the chunk. */
  readonly span: Span;
  readonly fixes: readonly DocumentFix[];
}

/** `kubectl`: the file is applied as it stands. Else kustomize reads it, as resources or as patches. */
export type Reader = "kubectl" | "kustomize" | "kustomize-patch";

/**
 * What kubectl, or kustomize, refuses or drops of a file, beside what is wrong within its documents; nothing for files
 * that hold no object of ours, which other tools read. As kubectl 1.33 and kustomize 5.6 do it; the source is
 * apimachinery pkg/util/yaml/decoder.go (Kubernetes 1.36).
 */
export function partProblems(
  { text }: SourceFile,
  documents: readonly SourceDocument[],
  reader: Reader,
): readonly PartProblem[] {
  if (!documents.some(isManifest)) return [];
  const ofLines = documents.some(({ chunk }) => mayHaveBadLine(chunk))
    ? [...lineProblems(text, documents, reader)]
    : [];
  // Beside tags, and below what cannot be read, a document need not be what it seems.
  const isWhole = (document: number) =>
    documents[document - 1]?.chunk.state !== "broken" && !ofLines.some((problem) => problem.document === document);
  const judgesObjects = reader !== "kustomize-patch" && !documents.some(({ chunk }) => hasTags(chunk));
  return [
    ...ofLines,
    ...documents.flatMap((one, document) => {
      const problem = documentProblem(one, text[one.start - 1], reader, judgesObjects && isWhole(document));
      return problem === undefined ? [] : [{ document, ...problem }];
    }),
  ];
}

/** Whether a line of a document may be one of `badLines`. */
const mayHaveBadLine = memoize(({ text }: ParsedChunk) => /^\uFEFF?(?:---[ \t]*[^ \t\r\n]|\.\.\.|%)/m.test(text));

const hasTags = memoize(({ text }: ParsedChunk) => isTemplate(text));

function isManifest({ chunk }: SourceDocument): boolean {
  return chunk.state === "checked" || chunk.state === "broken";
}

type Problem = Omit<PartProblem, "document">;

function syntax(problem: string, span: Span, fixes: readonly DocumentFix[]): Problem {
  return { rule: yamlSyntax, message: { id: "syntax", data: { problem } }, span, fixes };
}

// --- lines that separate documents, and directives ---

/** Lines that say something about a document and are no part of it, where kubectl and kustomize refuse them. */
function* lineProblems(text: string, documents: readonly SourceDocument[], reader: Reader): Generator<PartProblem> {
  for (const { problem, at } of badLines(text, reader)) {
    const document = documents.findLastIndex(({ start }) => start <= at);
    const own = documents[document];
    if (own === undefined || own.readBy !== "both" || isTemplate(own.chunk.text)) continue;
    const fixes = problem.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => (edit.op === "text" ? { ...edit, span: shift(edit.span, -own.start) } : edit)),
    }));
    yield { document, ...problem, span: shift(problem.span, -own.start), fixes };
  }
}

/** Spans and edits are in offsets of the file. */
function* badLines(text: string, reader: Reader): Generator<{ readonly problem: Problem; readonly at: number }> {
  /** Whether this part of the file has had its document, or at least the `---` that begins it. */
  let begun = false;
  const from = text.startsWith("\uFEFF") ? 1 : 0;
  for (const { 0: line, index: at } of text.slice(from).matchAll(/^[^\n]+/gm)) {
    const start = at + from;
    const end = start + line.trimEnd().length;
    const isFirst = start === from;
    if (line.startsWith("---")) {
      begun = isFirst;
      const problem = separatorProblem(text, line, { start, end }, isFirst, reader);
      if (problem !== undefined) yield { problem, at: start };
    } else if (!begun && /^\.\.\.(?:\s|$)/.test(line)) {
      begun = true;
      yield { at: start, problem: syntax("`...` ends a document, and there is none above it", { start, end }, []) };
    } else if (!begun && line.startsWith("%")) {
      yield { at: start, problem: directiveProblem(text, line, { start, end }) };
    } else if (!/^[ \t]*(?:#.*)?\r?$/.test(line)) {
      begun = true;
    }
  }
}

function separatorProblem(
  text: string,
  line: string,
  span: Span,
  isFirst: boolean,
  reader: Reader,
): Problem | undefined {
  const behind = line.slice(3).trim();
  // The first line is left in the document: to YAML, `---#` is text there.
  if (behind === "" || (behind.startsWith("#") && !(isFirst && line.startsWith("---#")))) return undefined;
  if (isFirst && reader !== "kubectl") return undefined;
  const isMarker = /^---\s/.test(line);
  const tool = reader === "kubectl" ? "kubectl" : "kustomize";
  const problem = isMarker
    ? `Only a comment can follow \`---\` on its line: ${tool} refuses the file`
    : `A line that begins with \`---\` separates documents: ${tool} refuses it with other text`;
  const gap = span.start + 3;
  const next = gap + (line.length - 3 - line.slice(3).trimStart().length);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const fix: DocumentFix | undefined = isMarker
    ? {
        title: "Put it on the next line",
        applicability: "safe",
        edits: [{ op: "text", span: { start: gap, end: next }, newText: eol }],
      }
    : /^-+\s*$/.test(line)
      ? { title: "Use `---`", applicability: "review", edits: [{ op: "text", span, newText: "---" }] }
      : undefined;
  return syntax(problem, span, fix === undefined ? [] : [fix]);
}

/**
 * kubectl and kustomize cut the file at `---`, so that nothing follows the directive: `did not find expected <document
 * start>`.
 */
function directiveProblem(text: string, line: string, span: Span): Problem {
  const [name = "%"] = /^%\w*/.exec(line) ?? [];
  const problem = `\`kubectl\` and \`kustomize\` refuse a file with a \`${name}\` line`;
  const removal = { start: span.start, end: afterLineBreak(text, endOfLine(text, span.start)) };
  return syntax(problem, span, [
    {
      title: "Remove this line",
      // Kubernetes reads YAML 1.1 anyway; what `%TAG` says may be used below.
      applicability: name === "%YAML" ? "safe" : "review",
      edits: [{ op: "text", span: removal, newText: "" }],
    },
  ]);
}

// --- documents ---

/** By all that decides beside the chunk: an edit judges one document of its file. */
const knownProblems = new WeakMap<ParsedChunk, Map<string, Problem | undefined>>();

/** What is wrong with a document as a whole; `before` is the character before it. */
function documentProblem(
  one: SourceDocument,
  before: string | undefined,
  reader: Reader,
  judgesObject: boolean,
): Problem | undefined {
  const known = knownProblems.get(one.chunk) ?? new Map<string, Problem | undefined>();
  knownProblems.set(one.chunk, known);
  const key = `${one.readBy} ${reader} ${before === "\n"} ${judgesObject}`;
  if (!known.has(key)) {
    const problem =
      ignoredProblem(one, before, reader) ??
      escapeProblem(one, reader) ??
      (judgesObject ? objectProblem(one, reader) : undefined);
    known.set(key, problem);
  }
  return known.get(key);
}

/** A document that looks like an object and is dropped; `before` is the character before it. */
function ignoredProblem(
  { chunk, readBy }: SourceDocument,
  before: string | undefined,
  reader: Reader,
): Problem | undefined {
  const { text } = chunk;
  if (readBy === "both" && chunk.state === "checked") return restProblem(chunk);
  if (readBy === "both" || (readBy === "kubectl" && reader === "kubectl")) return undefined;
  if (!/^[{ \t]*"?kind"?[ \t]*:|"kind"[ \t]*:/m.test(text) || isTemplate(text)) return undefined;
  const isJsonObject = readBy === "kubectl";
  const start = text.search(/^(?!---|[ \t]*(?:#|\r?$))/m);
  const span = firstLine(text, { start, end: text.length });
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const hasMarker = /(?:^|\W)---(?:\s|$)/.test(text.slice(0, start)) || text.startsWith("...", start);
  const isReadable = parse(text).problems.length === 0;
  return {
    rule: yamlDocumentIgnored,
    message: { id: isJsonObject ? "json" : "ignored", data: {} },
    span,
    fixes:
      // kubectl sees `---` only where a line begins that `\n` ended.
      isJsonObject || hasMarker || !isReadable || before !== "\n"
        ? []
        : [
            {
              title: "Separate it with `---`",
              applicability: "review",
              edits: [{ op: "text", span: { start: 0, end: 0 }, newText: `---${eol}` }],
            },
          ],
  };
}

/** Something behind an object in braces: go-yaml stops at the last brace and looks no further. */
function restProblem({ text, document: { root } }: ParsedChunk): Problem | undefined {
  if (text[root.span.start] !== "{") return undefined;
  const rest = /^(?:\s|#[^\n]*)*/.exec(text.slice(root.span.end))?.[0].length ?? 0;
  const start = root.span.end + rest;
  if (start >= text.length || text.startsWith("...", start)) return undefined;
  const span = firstLine(text, { start, end: text.length });
  return { rule: yamlDocumentIgnored, message: { id: "ignored", data: {} }, span, fixes: [] };
}

/** kubectl reads JSON by Go's JSON decoder, kustomize by its YAML. */
function escapeProblem({ chunk: { text } }: SourceDocument, reader: Reader): Problem | undefined {
  if (reader === "kubectl" || !text.includes("\\") || !isJson(text)) return undefined;
  const [escape] = escapesOnlyJsonHas(text);
  return escape === undefined
    ? undefined
    : syntax(`Kustomize reads JSON as YAML, which has no \`${text.slice(escape.start, escape.end)}\``, escape, []);
}

const parsed = memoize(({ text }: ParsedChunk) => parse(text));

/** A document without which the file would be fine: no object at all, or none that a server could know the kind of. */
function objectProblem({ chunk, readBy }: SourceDocument, reader: Reader): Problem | undefined {
  const { state, text } = chunk;
  if (state !== "ignored" || (readBy !== "both" && (reader !== "kubectl" || readBy === "neither"))) return undefined;
  // Not even parsed: most documents of other kinds.
  if (/^kind[ \t]*:[ \t]*["']?[A-Z]/m.test(text) && /^apiVersion[ \t]*:[ \t]*["']?[a-z]/m.test(text)) return undefined;
  const { problems, root, template } = parsed(chunk);
  if (template) return undefined;
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) return syntax(fatal.message, fatal.span, []);
  // What kustomize refuses of it, `kustomization-fails` reports.
  const what = reader === "kubectl" ? notAnObject(root, text) : undefined;
  if (what === undefined) return undefined;
  const missing = what === "kind" || what === "apiVersion";
  const span = missing ? root.at(what).span : firstLine(text, root.span);
  return {
    rule: yamlNotAnObject,
    message: { id: missing ? "missing" : "value", data: missing ? { field: what } : { what } },
    span,
    fixes: [],
  };
}

/** What a document is instead of an object, or what it lacks to be one. */
function notAnObject(root: Place, text: string): string | undefined {
  switch (root.kind) {
    case "absent":
    case "null":
    case "opaque":
      return undefined;
    case "scalar": {
      const { start, end } = firstLine(text, root.span);
      const shown = text.slice(start, end);
      return `\`${shown.length > 40 ? `${shown.slice(0, 37)}...` : shown}\``;
    }
    case "list":
      return root.items().length === 0 ? "`[]`" : "a list";
    case "map":
      if (root.entries().length === 0) return root.isOpen ? undefined : "`{}`";
      return ["kind", "apiVersion"].find((key) => {
        const field = root.at(key).string();
        return field.state !== "opaque" && (field.state !== "present" || field.value === "");
      });
  }
}

/** The part of a span that is on its first line. */
function firstLine(text: string, { start, end }: Span): Span {
  const length = text.slice(start, end).search(/[\r\n]/);
  return { start, end: length === -1 ? end : start + length };
}
