import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  CodeActionKind,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type Diagnostic,
  type DocumentSymbol,
  type Hover,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
} from "vscode-languageserver/node";
import { lineIndex, unreadableRules } from "../../server/src/engine/api.js";
import { readSourceFile } from "../../server/src/engine/workspace/source-file.js";
import { mayHoldManifests } from "../../server/src/lsp/manifest-names.js";
import { Editor, MaybeSlow, textDocument, type Manner } from "./editor.js";
import type { Event, History } from "./history.js";
import { startInProcess, startProcess } from "./server.js";

/** How many texts were judged, of all kinds. */
export interface Count {
  /** Texts that the edited server was given, and judged. */
  texts: number;
  /** Fixes that were applied. */
  fixes: number;
  /** Comparisons of everything with a fresh server. */
  comparisons: number;
}

/** So many events lie between two comparisons with a fresh server. */
const eventsBetween = 12;

/** So often hovers, completions and all else is asked for; code actions are events. */
const eventsPerLook = 3;

/** Lets all of it happen to a real server; rejects where something is wrong. */
export async function play(history: History, count: Count): Promise<void> {
  try {
    await playOnce(history, count, false);
  } catch (error) {
    if (!(error instanceof MaybeSlow)) throw error;
    await playOnce(history, count, true);
  }
}

async function playOnce(history: History, count: Count, isExact: boolean): Promise<void> {
  const { files, events } = history;
  const manner: Manner = { client: history.client === "push" ? "push" : "pull", isExact };
  const editor = await Editor.start(history.client === "process" ? startProcess() : startInProcess(), manner, files);
  try {
    const pasts = new Pasts();
    const remember = () => pasts.remember(editor.texts());
    remember();
    count.texts += files.size;
    checkRanges(editor, await editor.diagnostics());
    for (const [index, event] of events.entries()) {
      const before = editor.texts();
      await happen(editor, event, remember);
      remember();
      const changed = [...editor.texts()].filter(([name, text]) => before.get(name) !== text).length;
      count.texts += changed;
      if (changed > 0 && (event.type === "fix" || event.type === "fixAll")) count.fixes += 1;
      checkRanges(editor, await editor.diagnostics());
      if (index % eventsPerLook === 0 && "name" in event && editor.texts().has(event.name)) {
        await lookAround(editor, event.name, history.salt + index);
      }
      assert.ok(editor.errors.length === 0, `error in the server: ${editor.errors[0]}`);
      if ((index + 1) % eventsBetween === 0 || index === events.length - 1) {
        await compareWithFresh(editor, manner, pasts);
        count.comparisons += 1;
      }
    }
  } finally {
    await editor.end();
  }
}

async function happen(editor: Editor, event: Event, remember: () => void): Promise<void> {
  switch (event.type) {
    case "edit":
      return await editor.edit(event.name, event.text);
    case "write":
      return await editor.write(event.name, event.text);
    case "close":
      return await editor.close(event.name);
    case "remove":
      return await editor.remove(event.name);
    case "settings":
      return await editor.configure(event.settings);
    case "fix":
      return await acceptFix(editor, event.pick);
    case "fixAll":
      return await acceptAllFixes(editor, event.pick, remember);
  }
}

/**
 * The texts of each file since all its documents could be read: while a document is half typed, its last good reading
 * stands for it. Nothing older makes a difference, nor does anything that was said of other files.
 */
class Pasts {
  readonly #texts = new Map<string, string[]>();
  /** Reading costs. */
  readonly #whole = new Map<string, boolean>();

  /** Takes notice of the files as they are now. */
  remember(files: ReadonlyMap<string, string>): void {
    for (const [name, text] of files) {
      const past = this.#texts.get(name) ?? [];
      if (past.at(-1) !== text) past.push(text);
      this.#texts.set(name, past);
    }
    for (const name of this.#texts.keys()) if (!files.has(name)) this.#texts.delete(name);
  }

  of(name: string): readonly string[] {
    const past = this.#texts.get(name) ?? [];
    if (past.length === 1) return past;
    const needed = past.slice(
      Math.max(
        0,
        past.findLastIndex((text) => this.#isWhole(name, text)),
      ),
    );
    this.#texts.set(name, needed);
    return needed;
  }

  #isWhole(name: string, text: string): boolean {
    const key = `${name}\n${text}`;
    const known = this.#whole.get(key) ?? isWhole(name, text);
    this.#whole.set(key, known);
    return known;
  }
}

/** Whether nothing that was before makes a difference: all can be read, or the server does not want to know it. */
function isWhole(name: string, text: string): boolean {
  if (!mayHoldManifests(name, text) || text.includes("\0")) return true;
  const { documents } = readSourceFile(`file:///work/${name}`, text, undefined);
  return documents.every(({ chunk }) => chunk.state !== "broken");
}

async function compareWithFresh(editor: Editor, manner: Manner, pasts: Pasts): Promise<void> {
  // What is written under an open file was never read here; a fresh server would read it, and keep it for what is broken.
  const disk = new Map(
    [...editor.disk].map(([name, text]) => [name, editor.isOpen(name) ? (pasts.of(name)[0] ?? text) : text]),
  );
  const fresh = await Editor.start(startInProcess(), manner, disk, editor.settings);
  try {
    for (const [name, text] of editor.texts()) {
      const past = pasts.of(name);
      if (past.length > 1) for (const each of past) await fresh.edit(name, each);
      if (editor.isOpen(name)) await fresh.edit(name, text);
      else await fresh.close(name);
    }
    assert.deepEqual(await everything(editor), await everything(fresh), "not what a fresh server says");
  } finally {
    await fresh.end();
  }
}

/** All that is said of the files. */
async function everything(editor: Editor): Promise<unknown> {
  const all: unknown[] = [inWords(editor, [...(await editor.diagnostics())])];
  for (const name of editor.texts().keys()) {
    const document = textDocument(editor.uriOf(name));
    all.push([name, inWords(editor, await editor.ask("textDocument/codeLens", document))]);
    all.push([name, await editor.ask("textDocument/documentSymbol", document)]);
  }
  return all;
}

/** Without the folder's own name. */
function inWords(editor: Editor, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(editor.uriOf(""), "file:///work/"));
}

/** No diagnostic says that something failed, and every range is in its file and its lines. */
function checkRanges(editor: Editor, all: ReadonlyMap<string, readonly Diagnostic[]>): void {
  for (const [name, diagnostics] of all) {
    for (const { code, range, message, relatedInformation = [] } of diagnostics) {
      assert.ok(code !== "internal-error", `error in the server: ${JSON.stringify(message)}`);
      checkRange(editor, name, range, `diagnostic ${String(code)}`);
      for (const { location } of relatedInformation) {
        checkRange(editor, editor.nameOf(location.uri), location.range, `related information of ${String(code)}`);
      }
    }
  }
}

function checkRange(editor: Editor, name: string | undefined, range: Range, what: string): void {
  const text = name === undefined ? undefined : editor.texts().get(name);
  assert.ok(text !== undefined, `${what}: there is no such file`);
  const lines = text.split(/\r\n|[\n\r]/);
  for (const { line, character } of [range.start, range.end]) {
    const length = lines[line]?.length;
    const isWithin = length !== undefined && character >= 0 && character <= length;
    assert.ok(isWithin, `bad range: ${what} at ${line}:${character} of a line of ${length ?? "nothing"}`);
  }
  assert.ok(isBefore(range.start, range.end), `bad range: ${what} ends before it begins`);
}

function isBefore(one: Range["start"], other: Range["start"]): boolean {
  return one.line < other.line || (one.line === other.line && one.character <= other.character);
}

/** What an editor asks of the file that is in front, at places that follow from a number. */
async function lookAround(editor: Editor, name: string, salt: number): Promise<void> {
  const document = textDocument(editor.uriOf(name));
  const text = editor.texts().get(name) ?? "";
  for (const { range } of await editor.ask<CodeLens[]>("textDocument/codeLens", document)) {
    checkRange(editor, name, range, "code lens");
  }
  const checkSymbol = ({ range, selectionRange, children = [] }: DocumentSymbol) => {
    checkRange(editor, name, range, "symbol");
    checkRange(editor, name, selectionRange, "name of a symbol");
    const isInside = isBefore(range.start, selectionRange.start) && isBefore(selectionRange.end, range.end);
    assert.ok(isInside, "bad range: the name of a symbol is not in it");
    children.forEach(checkSymbol);
  };
  (await editor.ask<DocumentSymbol[]>("textDocument/documentSymbol", document)).forEach(checkSymbol);

  const lines = lineIndex(text);
  const position = lines.position((salt * 7919) % (text.length + 1));
  const hover = await editor.ask<Hover | null>("textDocument/hover", { ...document, position });
  if (hover?.range !== undefined) checkRange(editor, name, hover.range, "hover");
  const items = await editor.ask<CompletionItem[]>("textDocument/completion", { ...document, position });
  for (const { textEdit } of items.slice(0, 50)) {
    if (textEdit === undefined) continue;
    for (const range of "range" in textEdit ? [textEdit.range] : [textEdit.insert, textEdit.replace]) {
      checkRange(editor, name, range, "completion");
      const isAround =
        isBefore(range.start, position) && isBefore(position, range.end) && range.start.line === range.end.line;
      assert.ok(isAround, "bad range: a completion is not on one line around the cursor");
    }
  }
  if (items[0] !== undefined) await editor.ask("completionItem/resolve", items[0]);
  await editor.ask("ordinal/field", { uri: editor.uriOf(name), position });
  // The light bulb.
  await actions(editor, name, { start: position, end: position });
  await editor.ask("ordinal/rollout", { uri: editor.uriOf(name) });
}

/** The code actions of a range, all of whose edits can be made. */
async function actions(editor: Editor, name: string, range: Range, only?: string): Promise<readonly CodeAction[]> {
  const context = { diagnostics: [], ...(only === undefined ? {} : { only: [only] }) };
  const params = { ...textDocument(editor.uriOf(name)), range, context };
  const found = await editor.ask<CodeAction[]>("textDocument/codeAction", params);
  for (const action of found) {
    for (const { uri, edits } of changesOf(action)) {
      const other = editor.nameOf(uri);
      for (const edit of edits) checkRange(editor, other, edit.range, `edit of "${action.title}"`);
    }
    for (const diagnostic of action.diagnostics ?? []) {
      checkRange(editor, name, diagnostic.range, `diagnostic of "${action.title}"`);
    }
  }
  return found;
}

function changesOf({ edit }: CodeAction): readonly { readonly uri: string; readonly edits: readonly TextEdit[] }[] {
  const changes = (edit?.documentChanges ?? []).filter((change): change is TextDocumentEdit => "edits" in change);
  return changes.map(({ textDocument: { uri }, edits }) => ({ uri, edits: edits.filter((one) => "newText" in one) }));
}

async function apply(editor: Editor, action: CodeAction): Promise<void> {
  for (const { uri, edits } of changesOf(action)) {
    const name = editor.nameOf(uri);
    assert.ok(name !== undefined, `"${action.title}" changes a file that is not there`);
    const document = TextDocument.create(uri, "yaml", 0, editor.texts().get(name) ?? "");
    // It rejects edits that overlap.
    await editor.edit(name, TextDocument.applyEdits(document, [...edits]));
  }
}

async function acceptFix(editor: Editor, pick: number): Promise<void> {
  const before = await editor.diagnostics();
  const all = [...before].flatMap(([name, own]) => own.map(({ range }) => ({ name, range })));
  // Much of what is found has no fix and cannot be silenced.
  for (let next = 0; next < Math.min(all.length, 4); next += 1) {
    const one = all[(pick + next) % all.length];
    if (one === undefined) return;
    const { name } = one;
    const range = pick % 8 === 0 ? wholeOf(editor.texts().get(name) ?? "") : one.range;
    const found = (await actions(editor, name, range)).filter(isOfTexts);
    const action = found[pick % found.length];
    if (action !== undefined) return await accept(editor, name, action, before);
  }
}

/** It changes texts that are there, and neither opens a preview nor creates a file. */
function isOfTexts({ edit }: CodeAction): boolean {
  return edit?.documentChanges?.every((change) => "edits" in change) === true;
}

async function accept(
  editor: Editor,
  name: string,
  action: CodeAction,
  before: ReadonlyMap<string, readonly Diagnostic[]>,
): Promise<void> {
  await apply(editor, action);
  const after = await editor.diagnostics();
  checkReadable(action.title, before, after);
  if (action.kind?.startsWith(CodeActionKind.Refactor) === true) return;
  const [cause] = action.diagnostics ?? [];
  assert.ok(cause !== undefined, `"${action.title}" is for nothing`);
  const isSame = ({ code, message }: Diagnostic) => code === cause.code && message === cause.message;
  const [all, left] = [before, after].map((diagnostics) => (diagnostics.get(name) ?? []).filter(isSame).length);
  const { code, message } = cause;
  assert.ok(Number(left) < Number(all), `bad fix: ${code} is left\n"${action.title}"\n${JSON.stringify(message)}`);
}

async function acceptAllFixes(editor: Editor, pick: number, remember: () => void): Promise<void> {
  const before = await editor.diagnostics();
  const name = [...before.keys()][pick % before.size];
  if (name === undefined) return;
  const [action] = await actions(editor, name, wholeOf(editor.texts().get(name) ?? ""), "source.fixAll");
  if (action === undefined) return;
  await apply(editor, action);
  remember();
  checkReadable(action.title, before, await editor.diagnostics());
  const again = await actions(editor, name, wholeOf(editor.texts().get(name) ?? ""), "source.fixAll");
  assert.deepEqual(again, [], "bad fix: all fixes at once leave some");
}

/** No document that could be read is one that cannot. */
function checkReadable(
  title: string,
  before: ReadonlyMap<string, readonly Diagnostic[]>,
  after: ReadonlyMap<string, readonly Diagnostic[]>,
): void {
  for (const [name, diagnostics] of after) {
    const [unread, was] = [diagnostics, before.get(name) ?? []].map(
      (all) => all.filter(({ code }) => unreadableRules.has(String(code))).length,
    );
    assert.ok(Number(unread) <= Number(was), `bad fix: "${title}" leaves ${name} unreadable`);
  }
}

function wholeOf(text: string): Range {
  const lines = lineIndex(text);
  return { start: lines.position(0), end: lines.position(text.length) };
}
