import type { LineIndex } from "../text/lines.js";
import type { Span } from "../text/span.js";
import type { ParsedDocument } from "../yaml/parse.js";
import type { Finding } from "./finding.js";

/**
 * A comment that silences rules:
 * `# ordinal-disable-next-line service-missing -- the operator makes it` for the next line that is not such a comment,
 * `# ordinal-disable service-missing, retention-no-templates` for the whole document.
 */
export interface Suppression {
  readonly rules: readonly string[];
  /** The line (0-based, in the chunk) whose findings are silenced; `undefined` for all of the document. */
  readonly line: number | undefined;
  /** The comment, from `#` to the end of the line. */
  readonly span: Span;
}

const directive = /^#\s*ordinal-disable(-next-line)?(?=\s|$)(.*)$/s;

/** The suppressions of a document, in their order. Whatever follows `--` is the reason, for people. */
export function suppressions(document: ParsedDocument): readonly Suppression[] {
  const ownLines = new Set(document.comments.filter((comment) => comment.ownLine).map((comment) => comment.line));
  return document.comments.flatMap(({ span, line }) => {
    const match = directive.exec(document.text.slice(span.start, span.end));
    if (match === null) return [];
    const [, nextLine, rest = ""] = match;
    const rules = (rest.split("--")[0] ?? "").split(/[\s,]+/).filter((word) => word !== "");
    return [{ rules, line: nextLine === undefined ? undefined : lineAfter(line, ownLines), span }];
  });
}

function lineAfter(line: number, ownLines: ReadonlySet<number>): number {
  let next = line + 1;
  while (ownLines.has(next)) next += 1;
  return next;
}

export interface Suppressed<F> {
  readonly kept: readonly F[];
  /** What each suppression was for and did not find: a rule's id, or `undefined` where it names no rule. */
  readonly unused: readonly { readonly suppression: Suppression; readonly rule: string | undefined }[];
}

/** Takes the silenced findings out. `lines` is of the chunk, as the findings' spans are. */
export function suppress<F extends Pick<Finding, "rule" | "span">>(
  findings: readonly F[],
  by: readonly Suppression[],
  lines: LineIndex,
): Suppressed<F> {
  const used = new Set<string>();
  const kept = findings.filter((finding) => {
    const line = lines.position(finding.span.start).line;
    let silenced = false;
    for (const [index, suppression] of by.entries()) {
      if (!suppression.rules.includes(finding.rule)) continue;
      if (suppression.line !== undefined && suppression.line !== line) continue;
      used.add(`${index} ${finding.rule}`);
      silenced = true;
    }
    return !silenced;
  });
  const unused = by.flatMap((suppression, index) => {
    const named = suppression.rules.length === 0 ? [undefined] : suppression.rules;
    return named.filter((rule) => !used.has(`${index} ${rule}`)).map((rule) => ({ suppression, rule }));
  });
  return { kept, unused };
}
