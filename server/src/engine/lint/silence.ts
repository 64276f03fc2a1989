import { applyEdits, type TextEdit } from "../text/edit.js";
import { lineIndex } from "../text/lines.js";
import type { Span } from "../text/span.js";
import { parse } from "../yaml/parse.js";
import { insertion } from "../yaml/source.js";
import { suppressions } from "./suppress.js";

/** A comment to be added to a document that keeps a rule silent, in offsets of its chunk. */
export interface Silence {
  readonly scope: "line" | "document";
  readonly edit: TextEdit;
}

/**
 * The comments that would silence a finding of a rule at a span of the chunk. There is none for a line that cannot have
 * a comment above it: within a quoted text that goes on, say.
 */
export function silences(chunk: string, rule: string, span: Span): readonly Silence[] {
  const lines = lineIndex(chunk);
  const eol = /\r\n|\n|\r/.exec(chunk)?.[0] ?? "\n";
  const { line } = lines.position(span.start);
  const start = lines.lineStart(line);
  const indentation = /^[ \t]*/.exec(chunk.slice(start))?.[0] ?? "";
  const all: readonly Silence[] = [
    { scope: "line", edit: insertion(start, `${indentation}# ordinal-disable-next-line ${rule}${eol}`) },
    { scope: "document", edit: insertion(top(chunk), `# ordinal-disable ${rule}${eol}`) },
  ];
  return all
    .filter(({ edit }) => edit.span.start > 0 || !chunk.startsWith("---"))
    .filter(({ scope, edit }) => works(applyEdits(chunk, [edit]), rule, scope === "line" ? line + 1 : undefined));
}

/** Where the document's content begins: below its `---`, which only comments and directives can precede. */
function top(chunk: string): number {
  const start = chunk.startsWith("\uFEFF") ? 1 : 0;
  for (const { 0: line, index } of chunk.slice(start).matchAll(/\r\n?|\n|[^\r\n]+(?:\r\n?|\n)?/g)) {
    if (/^\uFEFF?---(?:[ \t].*)?[\r\n]/.test(line)) return start + index + line.length;
    if (!/^(?:%|[ \t]*(?:#|$))/.test(line.trimEnd())) break;
  }
  return start;
}

/** Whether what was added is read as the comment that was meant. */
function works(chunk: string, rule: string, line: number | undefined): boolean {
  return suppressions(parse(chunk)).some((one) => one.line === line && one.rules.includes(rule));
}
