import {
  CodeActionKind,
  CompletionItemKind,
  CompletionItemTag,
  DiagnosticSeverity,
  FoldingRangeKind,
  DiagnosticTag,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  SymbolKind,
  type CodeAction,
  type CodeLens,
  type CreateFile,
  type CompletionItem as LspCompletionItem,
  type Diagnostic,
  type DocumentSymbol as LspDocumentSymbol,
  type FoldingRange,
  type Hover as LspHover,
  type InlayHint as LspInlayHint,
  type Location as LspLocation,
  type MarkupContent,
  type Range,
  type SymbolInformation,
  type TextDocumentEdit,
  type TextEdit as LspTextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import {
  previewTitle,
  printable,
  rulePageUrl,
  type FileChange,
  type FileFinding,
  type LineIndex,
  type PlayToShow,
  type Severity,
  type Span,
  type TextEdit,
} from "../engine/api.js";
import type { CompletionItem, Part } from "../engine/features/completion/item.js";
import type { Fold } from "../engine/features/folding/folding.js";
import type { InlayHint } from "../engine/features/inlay/inlay-hints.js";
import type { Hover } from "../engine/features/hover/hover.js";
import type { Location } from "../engine/features/navigation/navigation.js";
import type { WorkspaceSymbol } from "../engine/features/navigation/workspace-symbols.js";
import type { PreviewLens } from "../engine/features/preview/lenses.js";
import type { Change, NewFile, Refactoring, Unavailable } from "../engine/features/refactor/refactoring.js";
import type { DocumentSymbol } from "../engine/features/symbols/symbols.js";
import { copyRunbookCommand, previewCommand } from "../protocol/protocol.js";
import type { Client } from "./client.js";
import { plainText } from "./plain-text.js";

// Whatever a manifest calls things, what is shown of it is printable: here everything goes out that is no Markdown.

/** What the engine leaves to its caller: how the editor counts lines, and how it names and numbers files. */
export interface Files {
  /** `undefined` for a file that is not known. */
  lines(uri: string): LineIndex | undefined;
  /** The URI as the editor spells it. */
  spelling(uri: string): string;
  /** `null` for a file that is not open. */
  version(uri: string): number | null;
}

export function toRange(span: Span, lines: LineIndex): Range {
  return { start: lines.position(span.start), end: lines.position(span.end) };
}

/** Nothing for a place in a file that is not known. */
export function toLocation({ uri, span }: Location, files: Files): readonly LspLocation[] {
  const lines = files.lines(uri);
  return lines === undefined ? [] : [{ uri: files.spelling(uri), range: toRange(span, lines) }];
}

/** The diagnostic of a finding in a file with these lines. */
export function toDiagnostic(finding: FileFinding, lines: LineIndex, files: Files, client: Client): Diagnostic {
  const related = finding.related.flatMap(({ uri, span, text }) => {
    const otherLines = files.lines(uri);
    if (otherLines === undefined) return [];
    return [{ location: { uri: files.spelling(uri), range: toRange(span, otherLines) }, message: printable(text) }];
  });
  const unnecessary = client.diagnostics.unnecessaryTag && finding.rule === "unused-suppression";
  return {
    range: toRange(finding.span, lines),
    severity: toSeverity(finding.severity),
    source: "ordinal",
    code: finding.rule,
    codeDescription: { href: rulePageUrl(finding.rule) },
    message: printable(finding.text),
    ...(client.diagnostics.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
    ...(unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

function toSeverity(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case "error":
      return DiagnosticSeverity.Error;
    case "warning":
      return DiagnosticSeverity.Warning;
    case "info":
      return DiagnosticSeverity.Information;
    case "hint":
      return DiagnosticSeverity.Hint;
  }
}

export function toHover({ span, markdown }: Hover, lines: LineIndex, client: Client): LspHover {
  return { contents: toMarkup(markdown, client.markdownHover), range: toRange(span, lines) };
}

export function toMarkup(markdown: string, isShown: boolean): MarkupContent {
  return isShown
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: plainText(markdown) };
}

export interface CompletionPlace {
  readonly word: Span;
  /** Where the cursor is, in the word or at one of its ends. */
  readonly offset: number;
  /** The item's place among all. */
  readonly index: number;
  readonly lines: LineIndex;
}

/**
 * A choice as an edit of the word up to the cursor; what stands behind the cursor stays, unless the user wants it gone.
 */
export function toCompletionItem(
  { label, kind, detail, documentation, insert, choiceFollows, deprecated }: CompletionItem,
  { word, offset, index, lines }: CompletionPlace,
  { completion: client }: Client,
): LspCompletionItem {
  const parts = client.keepsIndentation ? [...insert.parts, ...insert.below] : insert.parts;
  // A stop at the end is where the cursor comes to stand anyway.
  const isSnippet = client.snippets && parts.slice(0, -1).some((part) => typeof part === "object");
  const newText = parts.map(isSnippet ? snippetPart : plainPart).join("");
  const before = toRange({ start: word.start, end: offset }, lines);
  const shown = printable(detail);
  return {
    label: printable(label),
    kind: toCompletionItemKind(kind),
    sortText: String(index).padStart(4, "0"),
    textEdit: client.insertReplace
      ? { newText, insert: before, replace: toRange(word, lines) }
      : { newText, range: before },
    ...(isSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(client.keepsIndentation ? { insertTextMode: InsertTextMode.asIs } : {}),
    ...(shown === "" ? {} : client.labelDetails ? { labelDetails: { description: shown } } : { detail: shown }),
    ...(typeof documentation === "string" ? { documentation: toMarkup(documentation, client.markdown) } : {}),
    ...(deprecated && client.deprecatedTag ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(choiceFollows && client.suggestCommand !== undefined
      ? { command: { title: "Suggest", command: client.suggestCommand } }
      : {}),
  };
}

function plainPart(part: Part): string {
  return typeof part === "string" ? part : part.text;
}

/** The syntax of snippets, in which `$`, `}` and the backslash mean something (LSP 3.17, Snippet Syntax). */
function snippetPart(part: Part): string {
  const escaped = (text: string) => text.replace(/[$}\\]/g, "\\$&");
  if (typeof part === "string") return escaped(part);
  return part.text === "" ? `$${part.stop}` : `\${${part.stop}:${escaped(part.text)}}`;
}

function toCompletionItemKind(kind: CompletionItem["kind"]): CompletionItemKind {
  switch (kind) {
    case "field":
      return CompletionItemKind.Property;
    case "value":
      return CompletionItemKind.Value;
    case "reference":
      return CompletionItemKind.Reference;
    case "skeleton":
      return CompletionItemKind.Snippet;
  }
}

export function toDocumentSymbol(symbol: DocumentSymbol, lines: LineIndex): LspDocumentSymbol {
  return {
    name: printable(symbol.name),
    detail: printable(symbol.detail),
    kind: toSymbolKind(symbol.kind),
    range: toRange(symbol.span, lines),
    selectionRange: toRange(symbol.selectionSpan, lines),
    children: symbol.children.map((child) => toDocumentSymbol(child, lines)),
  };
}

/** The symbol and all below it, each with the name of the one that it is in. */
export function toSymbolInformation(
  symbol: DocumentSymbol,
  uri: string,
  lines: LineIndex,
  container: DocumentSymbol | undefined,
): readonly SymbolInformation[] {
  const own = {
    name: printable(symbol.name),
    kind: toSymbolKind(symbol.kind),
    location: { uri, range: toRange(symbol.span, lines) },
    ...(container === undefined ? {} : { containerName: printable(container.name) }),
  };
  return [own, ...symbol.children.flatMap((child) => toSymbolInformation(child, uri, lines, symbol))];
}

/** Nothing for a symbol in a file that is not known. */
export function toWorkspaceSymbol(symbol: WorkspaceSymbol, files: Files): readonly SymbolInformation[] {
  const { name, kind, container } = symbol;
  return toLocation(symbol, files).map((location) => ({
    name: printable(name),
    kind: toSymbolKind(kind),
    location,
    ...(container === "" ? {} : { containerName: printable(container) }),
  }));
}

/** Only kinds that every client knows: those of the first version of LSP. */
function toSymbolKind(kind: DocumentSymbol["kind"]): SymbolKind {
  switch (kind) {
    case "resource":
      return SymbolKind.Class;
    case "section":
      return SymbolKind.Namespace;
    case "field":
      return SymbolKind.Field;
    case "container":
      return SymbolKind.Package;
    case "port":
      return SymbolKind.Interface;
    case "claim":
      return SymbolKind.File;
  }
}

/** Arguments as in `previewCommand`. */
export function toCodeLens({ span, title, index, compares }: PreviewLens, uri: string, lines: LineIndex): CodeLens {
  const range = toRange({ start: span.start, end: span.start }, lines);
  const given = compares === true ? [uri, index, "base"] : [uri, index];
  return { range, command: { title: printable(title), command: previewCommand, arguments: given } };
}

export function toInlayHint({ offset, text, tooltip }: InlayHint, lines: LineIndex): LspInlayHint {
  return { position: lines.position(offset), label: text, tooltip, paddingLeft: true };
}

export function toFoldingRange({ first, last, isDocument }: Fold): FoldingRange {
  return { startLine: first, endLine: last, ...(isDocument ? { kind: FoldingRangeKind.Region } : {}) };
}

export interface QuickFix {
  readonly title: string;
  readonly diagnostic: Diagnostic;
  readonly changes: readonly FileChange[];
  readonly isPreferred: boolean;
}

export function toCodeAction(fix: QuickFix, files: Files, client: Client): CodeAction {
  return {
    title: inMenu(fix.title),
    kind: CodeActionKind.QuickFix,
    diagnostics: [fix.diagnostic],
    edit: toWorkspaceEdit(fix.changes, files, client),
    ...(fix.isPreferred ? { isPreferred: true } : {}),
  };
}

/** Menus have no code font, and show backticks. */
export function inMenu(text: string): string {
  return printable(text).replaceAll("`", "");
}

/** The client has the command: it copies the text. */
export function toRunbookAction(runbook: readonly string[], diagnostic: Diagnostic): CodeAction {
  const title = "Copy the runbook";
  const command = { title, command: copyRunbookCommand, arguments: [`${runbook.join("\n")}\n`] };
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], command };
}

/** The client has the command: it plays that in the preview. */
export function toPlayAction({ uri, index, asked }: PlayToShow, diagnostic: Diagnostic, files: Files): CodeAction {
  const title = previewTitle(asked);
  const command = { title, command: previewCommand, arguments: [files.spelling(uri), index, { play: asked }] };
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], command };
}

export function toFixAllAction(kind: string, changes: readonly FileChange[], files: Files, client: Client): CodeAction {
  return { title: "Apply all safe fixes of Ordinal", kind, edit: toWorkspaceEdit(changes, files, client) };
}

/** What a refactoring does, or why it does nothing. Notes are shown where the client lets the user confirm an edit. */
export function toRefactorAction(
  { title, sort }: Refactoring,
  result: Change | Unavailable,
  files: Files,
  client: Client,
): CodeAction {
  const action = { title: inMenu(title), kind: refactorKinds[sort] };
  if (result.type === "unavailable") return { ...action, disabled: { reason: inMenu(result.reason) } };
  const edit = toConfirmedEdit(result.changes, "Replaces running objects", result.notes, files, client);
  const created = result.created.flatMap((file) => toNewFile(file, files));
  return {
    ...action,
    edit: created.length === 0 ? edit : { ...edit, documentChanges: [...created, ...(edit.documentChanges ?? [])] },
  };
}

export const refactorKinds: Readonly<Record<Refactoring["sort"], CodeActionKind>> = {
  rewrite: CodeActionKind.RefactorRewrite,
  // LSP 3.18 names it.
  move: `${CodeActionKind.Refactor}.move`,
};

/** It is refused where the file is there. */
function toNewFile({ beside, name, text }: NewFile, files: Files): readonly (CreateFile | TextDocumentEdit)[] {
  const spelling = files.spelling(beside);
  const uri = spelling.slice(0, spelling.lastIndexOf("/") + 1) + encodeURIComponent(name);
  const start = { line: 0, character: 0 };
  return [
    { kind: "create", uri, options: { overwrite: false, ignoreIfExists: false } },
    { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
  ];
}

/** An edit that the user has to confirm, for these reasons, where the client can ask. */
export function toConfirmedEdit(
  changes: readonly FileChange[],
  label: string,
  reasons: readonly string[],
  files: Files,
  client: Client,
): WorkspaceEdit {
  const edit = toWorkspaceEdit(changes, files, client);
  if (reasons.length === 0 || !client.changeAnnotations) return edit;
  const id = "live";
  return {
    documentChanges: (edit.documentChanges ?? []).map((change) =>
      "edits" in change ? { ...change, edits: change.edits.map((one) => ({ ...one, annotationId: id })) } : change,
    ),
    changeAnnotations: {
      [id]: {
        label,
        needsConfirmation: true,
        description: reasons.map(printable).join("\n"),
      },
    },
  };
}

function toWorkspaceEdit(changes: readonly FileChange[], files: Files, client: Client): WorkspaceEdit {
  const documentChanges = changes.flatMap(({ uri, edits }) => {
    const lines = files.lines(uri);
    if (lines === undefined) return [];
    const textDocument = { uri: files.spelling(uri), version: files.version(uri) };
    return [{ textDocument, edits: edits.map((edit) => toTextEdit(edit, lines)) }];
  });
  if (client.documentChanges) return { documentChanges };
  return { changes: Object.fromEntries(documentChanges.map(({ textDocument, edits }) => [textDocument.uri, edits])) };
}

function toTextEdit({ span, newText }: TextEdit, lines: LineIndex): LspTextEdit {
  return { range: toRange(span, lines), newText };
}
