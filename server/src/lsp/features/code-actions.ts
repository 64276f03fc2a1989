import {
  ApplyWorkspaceEditRequest,
  CodeActionKind,
  MessageType,
  Range,
  ShowMessageNotification,
  TextDocumentIdentifier,
  type CodeAction,
  type CodeActionParams,
  type Command,
} from "vscode-languageserver";
import {
  allRules,
  isMapping,
  grouped,
  playToShow,
  touches,
  type Analysis,
  type FileChange,
  type FileFinding,
  type FileFix,
  type FileSilence,
  type LineIndex,
  type ShownPlay,
  type Span,
} from "../../engine/api.js";
import { refactorings } from "../../engine/features/refactor/refactorings.js";
import { copyRunbookCommand } from "../../protocol/protocol.js";
import type { Client } from "../client.js";
import { canonicalUri } from "../uri.js";
import type { AskedFile, Server } from "./feature.js";
import { spanFrom } from "../from-lsp.js";
import {
  refactorKinds,
  toCodeAction,
  toDiagnostic,
  toFixAllAction,
  toPlayAction,
  toRefactorAction,
  toRunbookAction,
  type Files,
  type QuickFix,
} from "../to-lsp.js";

/** The command with which a client that takes commands only has an action done. */
export const applyActionCommand = "ordinal.applyAction";

/** Actions as the client takes them: by themselves, or as commands that have the server send their edit. */
export function offeredActions(
  { analysis, client, server, uri }: AskedFile,
  params: CodeActionParams,
): (CodeAction | Command)[] {
  const actions = codeActions(analysis, uri, params, server.files(uri), client);
  if (client.codeActionLiterals || !client.appliesEdits) return actions;
  const { range, textDocument } = params;
  return actions.map(
    ({ title, kind, command }) =>
      // What it is about goes to the client and back; the edit is made from what the file says by then.
      command ?? { title, command: applyActionCommand, arguments: [{ textDocument, range, kind, title }] },
  );
}

/** Does what `offeredActions` has offered as a command; the client learns what came of it by the edit. */
export async function applyAction(server: Server, asked: unknown): Promise<null> {
  if (!isOffered(asked)) return null;
  const { client, connection, guard, manifests } = server;
  const uri = canonicalUri(asked.textDocument.uri);
  const params = { range: asked.range, context: { diagnostics: [], only: [asked.kind] } };
  const actions = codeActions(manifests.analysisOf(uri), uri, params, server.files(uri), client);
  const action = actions.find(({ title }) => title === asked.title);
  if (action?.edit === undefined) {
    const message = `${asked.title}: the file has changed, so ask for the actions again`;
    const shown = connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
    guard.background("window/showMessage", shown);
  } else {
    const { edit } = action;
    guard.background(
      "workspace/applyEdit",
      connection.sendRequest(ApplyWorkspaceEditRequest.type, { label: asked.title, edit }),
    );
  }
  return null;
}

/** Arguments go through the client, which may give back anything. */
function isOffered(
  value: unknown,
): value is Pick<CodeActionParams, "textDocument" | "range"> & { readonly kind: string; readonly title: string } {
  if (!isMapping(value)) return false;
  const { kind, range, textDocument, title } = value;
  return (
    typeof kind === "string" && typeof title === "string" && Range.is(range) && TextDocumentIdentifier.is(textDocument)
  );
}

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
  const lines = files.lines(uri);
  if (lines === undefined || !(client.codeActionLiterals || client.appliesEdits)) return [];
  const span = spanFrom(range, lines);
  const mends = wants(context.only ?? [CodeActionKind.QuickFix], CodeActionKind.QuickFix);
  const fixes = mends ? analysis.fixes(uri, span) : [];
  return [
    ...(mends ? quickFixes(analysis, uri, span, fixes, lines, files, client) : []),
    ...refactors(analysis, uri, span, fixes, context.only, files, client),
    // It is for those who ask: on saving, or in a menu of its own. The light bulb is about the range.
    ...(wants(context.only ?? [], fixAllKind) ? fixAll(analysis, uri, files, client) : []),
  ];
}

/**
 * What may be done with the object in a range although nothing is wrong: unasked, what is about the very place; for who
 * asks for refactorings, everything, with why it cannot be done. What a fix beside it does too is left out.
 */
function refactors(
  analysis: Analysis,
  uri: string,
  span: Span,
  fixes: readonly FileFix[],
  only: readonly string[] | undefined,
  files: Files,
  client: Client,
): readonly CodeAction[] {
  const document = analysis.documentAt(uri, span.start)?.document;
  const kinds = only ?? [CodeActionKind.Refactor];
  if (document === undefined || !Object.values(refactorKinds).some((kind) => wants(kinds, kind))) return [];
  const done = new Set(fixes.map(({ changes }) => comparable(changes)));
  return refactorings(analysis, document, span, { isAsked: only !== undefined }).flatMap((one) => {
    if (!wants(kinds, refactorKinds[one.sort])) return [];
    const result = one.result();
    if (result.type === "unavailable" && (only === undefined || !client.disabledActions)) return [];
    if (result.type === "change" && result.created.length > 0 && !client.createsFiles) return [];
    if (result.type === "change" && done.has(comparable(result.changes))) return [];
    return [toRefactorAction(one, result, files, client)];
  });
}

/** The same for changes that do the same. */
function comparable(changes: readonly FileChange[]): string {
  return JSON.stringify(
    changes.map(({ uri, edits }) => [
      uri,
      edits.toSorted((a, b) => a.span.start - b.span.start).map(({ span, newText }) => [span.start, span.end, newText]),
    ]),
  );
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
  fixes: readonly FileFix[],
  lines: LineIndex,
  files: Files,
  client: Client,
): readonly CodeAction[] {
  const preferred = preferredOf(fixes);
  const mending = fixes.map((fix): Omit<QuickFix, "diagnostic"> & About => {
    const { title, finding, changes } = fix;
    return { title, finding, changes, isPreferred: preferred.has(fix) };
  });
  const silencing = analysis.silences(uri, span).map((silence) => ({
    title: silenceTitle(silence),
    finding: silence.finding,
    changes: [{ uri, edits: [silence.edit] }],
    isPreferred: false,
  }));
  const toAction = ({ finding, ...fix }: Omit<QuickFix, "diagnostic"> & About) => {
    const diagnostic = toDiagnostic(finding, lines, files, client);
    return toCodeAction({ ...fix, diagnostic }, files, client);
  };
  return [
    ...mending.map(toAction),
    ...runbooks(analysis.findings(uri), span).map(({ finding, runbook }) =>
      toRunbookAction(runbook, toDiagnostic(finding, lines, files, client)),
    ),
    ...(client.previewCommand ? playActions(analysis, uri, span, files, client) : []),
    ...silencing.map(toAction),
  ].filter(({ command }) => command?.command !== copyRunbookCommand || client.runbooks);
}

/** Offers to see what findings are about, of each rule once. */
function playActions(analysis: Analysis, uri: string, span: Span, files: Files, client: Client): readonly CodeAction[] {
  const lines = files.lines(uri);
  const shown = new Set<string>();
  return analysis.findings(uri).flatMap((finding) => {
    const plays = playsOf.get(finding.rule);
    if (lines === undefined || plays === undefined || shown.has(finding.rule) || !touches(finding.span, span))
      return [];
    const play = playToShow(plays, { uri, span: finding.span }, (one) => analysis.documents(one));
    if (play === undefined) return [];
    shown.add(finding.rule);
    return [toPlayAction(play, toDiagnostic(finding, lines, files, client), files)];
  });
}

const playsOf: ReadonlyMap<string, readonly ShownPlay[]> = new Map(
  allRules.flatMap(({ id, plays }) => (plays === undefined ? [] : [[id, plays] as const])),
);

/** The runbooks of the findings that touch a stretch of the file, each once. */
function runbooks(findings: readonly FileFinding[], { start, end }: Span) {
  const found = new Map<string, { readonly finding: FileFinding; readonly runbook: readonly string[] }>();
  for (const finding of findings) {
    const { runbook, span } = finding;
    if (runbook === undefined || span.start > end || span.end < start) continue;
    found.set(runbook.join("\n"), { finding, runbook });
  }
  return [...found.values()];
}

/** The one right answer of each finding that has one: what was meant, the only safe fix, or the only one. */
function preferredOf(fixes: readonly FileFix[]): ReadonlySet<FileFix> {
  const byFinding = grouped(fixes, ({ finding }) => identity(finding));
  const isSafe = ({ applicability }: FileFix) => applicability === "safe";
  return new Set(
    [...byFinding.values()].flatMap((all) => {
      const choices = [all.filter(({ isMeant }) => isMeant), all.filter(isSafe), all];
      const best = choices.find(({ length }) => length > 0) ?? [];
      return best.length === 1 ? best : [];
    }),
  );
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
