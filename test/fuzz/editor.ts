import assert from "node:assert/strict";
import process from "node:process";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  MessageType,
  type ClientCapabilities,
  type Diagnostic,
  type LogMessageParams,
  type PublishDiagnosticsParams,
  type WorkspaceDiagnosticReport,
} from "vscode-languageserver/node";
import { uriIn, type Server } from "./server.js";

/** What a request may cost, in milliseconds of processor time. */
const mostMilliseconds = 1000;

/** An editor with one folder that tells the server everything and keeps what it is told. */
export class Editor {
  readonly #server: Server;
  readonly #client: "push" | "pull";
  readonly #disk = new Map<string, string>();
  readonly #open = new Map<string, TextDocument>();
  readonly #pulled = new Map<string, { readonly id: string | undefined; readonly items: readonly Diagnostic[] }>();
  readonly #published = new Map<string, readonly Diagnostic[]>();
  #settings: object = {};
  #version = 0;
  readonly #isExact: boolean;
  /** What went wrong in the server, in its own words. */
  readonly errors: string[] = [];

  private constructor(server: Server, { client, isExact }: Manner) {
    this.#server = server;
    this.#client = client;
    this.#isExact = isExact;
  }

  /** An editor whose folder holds these files from the beginning. */
  static async start(
    server: Server,
    manner: Manner,
    files: ReadonlyMap<string, string>,
    settings: object = {},
  ): Promise<Editor> {
    const { client } = manner;
    const editor = new Editor(server, manner);
    editor.#settings = settings;
    for (const [name, text] of files) editor.#save(name, text);
    const { connection, root } = server;
    connection.onNotification("window/logMessage", ({ type, message }: LogMessageParams) => {
      if (type === MessageType.Error) editor.errors.push(message);
    });
    connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: PublishDiagnosticsParams) => {
      editor.#published.set(uri, diagnostics);
    });
    // A fresh editor has other texts on its disk (`compareWithFresh`), so nothing is compared with what is saved.
    connection.onRequest("workspace/configuration", () => [{ base: "off", ...editor.#settings }]);
    connection.onRequest(() => null);
    connection.onError(([error]) => editor.errors.push(String(error)));
    connection.listen();
    const folder = root.slice(0, -1);
    await connection.sendRequest("initialize", {
      processId: null,
      rootUri: folder,
      workspaceFolders: [{ uri: folder, name: "work" }],
      capabilities: {
        ...capabilities,
        textDocument: { ...capabilities.textDocument, ...(client === "pull" ? pulling : {}) },
      },
      initializationOptions: { previewCommand: true },
    });
    await connection.sendNotification("initialized", {});
    return editor;
  }

  /** The files as the server is to know them: to editors, a byte order mark on the disk is no part of the text. */
  texts(): ReadonlyMap<string, string> {
    const disk = [...this.#disk].map(([name, text]) => [name, text.replace(/^\uFEFF/, "")] as const);
    const open = [...this.#open].map(([name, document]) => [name, document.getText()] as const);
    return new Map([...disk, ...open].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  get disk(): ReadonlyMap<string, string> {
    return this.#disk;
  }

  get settings(): object {
    return this.#settings;
  }

  isOpen(name: string): boolean {
    return this.#open.has(name);
  }

  uriOf(name: string): string {
    return uriIn(this.#server.root, name);
  }

  /** The name of a file of the folder, as far as it is known. */
  nameOf(uri: string): string | undefined {
    return [...this.texts().keys()].find((name) => this.uriOf(name) === uri);
  }

  async edit(name: string, text: string): Promise<void> {
    const uri = this.uriOf(name);
    const document = this.#open.get(name);
    this.#version += 1;
    if (document === undefined) {
      this.#open.set(name, TextDocument.create(uri, "yaml", this.#version, text));
      await this.#tell("textDocument/didOpen", {
        textDocument: { uri, languageId: "yaml", version: this.#version, text },
      });
      return;
    }
    const change = changeBetween(document, text);
    this.#open.set(name, TextDocument.update(document, [change], this.#version));
    await this.#tell("textDocument/didChange", {
      textDocument: { uri, version: this.#version },
      contentChanges: [change],
    });
  }

  async write(name: string, text: string): Promise<void> {
    const type = this.#disk.has(name) ? 2 : 1;
    this.#save(name, text);
    await this.#tell("workspace/didChangeWatchedFiles", { changes: [{ uri: this.uriOf(name), type }] });
  }

  async close(name: string): Promise<void> {
    if (this.#open.delete(name)) await this.#tell("textDocument/didClose", { textDocument: { uri: this.uriOf(name) } });
  }

  async remove(name: string): Promise<void> {
    this.#disk.delete(name);
    this.#server.remove(name);
    await this.#tell("workspace/didChangeWatchedFiles", { changes: [{ uri: this.uriOf(name), type: 3 }] });
    await this.close(name);
  }

  async configure(settings: object): Promise<void> {
    this.#settings = settings;
    await this.#tell("workspace/didChangeConfiguration", { settings: null });
    // The server asks for them, and has them when it has had the answer.
    await this.settle();
    await this.settle();
  }

  /** Asks the server, and does not forgive it if that costs much. */
  async ask<R>(method: string, params: object): Promise<R> {
    const { connection, inProcess } = this.#server;
    // Looking at the processor time costs more than most requests.
    const used = this.#isExact ? process.cpuUsage() : undefined;
    const began = performance.now();
    const answer = await connection.sendRequest<R>(method, params);
    if (!inProcess || performance.now() - began < mostMilliseconds) return answer;
    if (used === undefined) throw new MaybeSlow();
    const { user, system } = process.cpuUsage(used);
    const milliseconds = Math.round((user + system) / 1000);
    assert.ok(milliseconds < mostMilliseconds, `slow: ${method} took ${milliseconds} ms of processor time`);
    return answer;
  }

  /** What the editor shows of every file of which there is something to show. */
  async diagnostics(): Promise<ReadonlyMap<string, readonly Diagnostic[]>> {
    if (this.#client === "push") {
      await this.settle();
      return this.#shown(this.#published);
    }
    // Only an answer about a file waits until that is read, or found to be gone.
    if (!this.#server.inProcess) {
      const uris = new Set([...[...this.texts().keys()].map((name) => this.uriOf(name)), ...this.#pulled.keys()]);
      for (const uri of uris) await this.ask("textDocument/diagnostic", textDocument(uri));
    }
    const previousResultIds = [...this.#pulled].flatMap(([uri, { id }]) =>
      id === undefined ? [] : [{ uri, value: id }],
    );
    const { items } = await this.ask<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds });
    for (const report of items) {
      if (report.kind === "full") this.#pulled.set(report.uri, { id: report.resultId, items: report.items });
    }
    return this.#shown(new Map([...this.#pulled].map(([uri, report]) => [uri, report.items])));
  }

  /** Until all that the server does by itself is done. */
  async settle(): Promise<void> {
    await this.#server.settle(() => this.ask("textDocument/documentSymbol", textDocument(this.uriOf("none.yaml"))));
  }

  async end(): Promise<void> {
    await this.#server.end();
  }

  #save(name: string, text: string): void {
    this.#disk.set(name, text);
    this.#server.write(name, text);
  }

  #shown(all: ReadonlyMap<string, readonly Diagnostic[]>): ReadonlyMap<string, readonly Diagnostic[]> {
    const { root } = this.#server;
    const shown = [...all]
      .filter(([, items]) => items.length > 0)
      .map(([uri, items]) => [decodeURIComponent(uri.slice(root.length)), items] as const);
    return new Map(shown.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  async #tell(method: string, params: object): Promise<void> {
    await this.#server.connection.sendNotification(method, params);
  }
}

/** An answer took long, on a machine that may have been busy with something else. */
export class MaybeSlow extends Error {}

export interface Manner {
  /** Whether it waits for diagnostics or asks for them. */
  readonly client: "push" | "pull";
  /** Whether the processor time of each request is measured. */
  readonly isExact: boolean;
}

export function textDocument(uri: string): { readonly textDocument: { readonly uri: string } } {
  return { textDocument: { uri } };
}

/** One edit, as small as it can be: what is typed, and not the whole text. */
function changeBetween(document: TextDocument, text: string) {
  const before = document.getText();
  let start = 0;
  while (start < Math.min(before.length, text.length) && before[start] === text[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, text.length) - start && before.at(-1 - end) === text.at(-1 - end)) end += 1;
  const range = { start: document.positionAt(start), end: document.positionAt(before.length - end) };
  // No position is between the two characters of a line break.
  if (document.offsetAt(range.start) !== start || document.offsetAt(range.end) !== before.length - end) return { text };
  return { range, text: text.slice(start, text.length - end) };
}

const pulling = { diagnostic: { dynamicRegistration: false, relatedDocumentSupport: true, relatedInformation: true } };

const capabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1] } },
    hover: { contentFormat: ["markdown", "plaintext"] },
    completion: { completionItem: { snippetSupport: true, insertReplaceSupport: true, labelDetailsSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } } },
  },
  workspace: {
    configuration: true,
    workspaceEdit: { documentChanges: true },
    diagnostics: { refreshSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
} satisfies ClientCapabilities;
