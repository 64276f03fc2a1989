import { CodeActionKind, type CodeAction, type CodeActionParams } from "vscode-languageserver";
import type { Analysis, FileFinding, FileSilence, LineIndex, Span } from "../../engine/api.js";
import type { Client } from "../client.js";
import { spanFrom } from "../from-lsp.js";
import { toCodeAction, toDiagnostic, toFixAllAction, type Files, type QuickFix } from "../to-lsp.js";

/**
 * What mends or silences the findings in a range, and what mends the whole file. All is found anew in the present text:
 * what the client believes to be wrong may be about an older one.
 */
export function codeActions(
  analysis: Analysis,
  uri: string,
  { range, context }: Pick<CodeActionParams, "range" | "context">,
  files: Files,
  client: Client,
): CodeAction[] {
  const lines = analysis.lines(uri);
  if (lines === undefined || !client.codeActionLiterals) return [];
  return [
    ...(wants(context.only ?? [CodeActionKind.QuickFix], CodeActionKind.QuickFix)
      ? quickFixes(analysis, uri, spanFrom(range, lines), lines, files, client)
      : []),
    // It is for those who ask: on saving, or in a menu of its own. The light bulb is about the range.
    ...(wants(context.only ?? [], fixAllKind) ? fixAll(analysis, uri, files, client) : []),
  ];
}

/** Everything that is safe to mend in a file, whatever range was asked about. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.ordinal`;

function fixAll(analysis: Analysis, uri: string, files: Files, client: Client): readonly CodeAction[] {
  const { edits } = analysis.fixAll(uri);
  return edits.length === 0 ? [] : [toFixAllAction(fixAllKind, [{ uri, edits }], files, client)];
}

function quickFixes(
  analysis: Analysis,
  uri: string,
  span: Span,
  lines: LineIndex,
  files: Files,
  client: Client,
): readonly CodeAction[] {
  const fixes = analysis.fixes(uri, span);
  const safe = fixes.filter(({ applicability }) => applicability === "safe").map(({ finding }) => identity(finding));

  const mending = fixes.map(({ title, finding, changes, applicability }): Omit<QuickFix, "diagnostic"> & About => {
    const isOnly = safe.filter((other) => other === identity(finding)).length === 1;
    return { title, finding, changes, isPreferred: applicability === "safe" && isOnly };
  });
  return [
    ...mending,
    ...analysis.silences(uri, span).map((silence) => ({
      title: silenceTitle(silence),
      finding: silence.finding,
      changes: [{ uri, edits: [silence.edit] }],
      isPreferred: false,
    })),
  ].map(({ finding, ...fix }) => {
    const diagnostic = toDiagnostic(finding, lines, files, client);
    return toCodeAction({ ...fix, diagnostic }, files, client);
  });
}

interface About {
  readonly finding: FileFinding;
}

/** Kinds have dots: who wants `quickfix` wants all below it, and who wants everything says "". */
function wants(kinds: readonly string[], kind: string): boolean {
  return kinds.some((asked) => asked === CodeActionKind.Empty || asked === kind || kind.startsWith(`${asked}.`));
}

function identity({ rule, span, text }: FileFinding): string {
  return `${rule} ${span.start} ${span.end} ${text}`;
}

function silenceTitle({ scope, finding }: FileSilence): string {
  switch (scope) {
    case "line":
      return `Silence ${finding.rule} for this line`;
    case "document":
      return `Silence ${finding.rule} for this document`;
  }
}
