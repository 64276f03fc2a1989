import { PassThrough } from "node:stream";
import type { TestContext } from "node:test";
import {
  createConnection,
  createMessageConnection,
  LogTraceNotification,
  MessageType,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type ClientCapabilities,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type LogMessageParams,
} from "vscode-languageserver/node";
import type { WorkspaceMaker } from "../../server/src/engine/api.js";
import type { FileText, Runtime } from "../../server/src/lsp/runtime.js";
import { startServer } from "../../server/src/lsp/serve/server.js";

/** The folder that the editor has open; no file system has it. */
export const root = "file:///work/";

export interface Setup {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Files by their names below `root`. They are read when asked for, so a test may change them. */
  readonly disk?: Map<string, string | Extract<FileText, { type: "problem" }>>;
  /** Names below `root`, "" for itself; none where a single file is open. */
  readonly folders?: readonly string[];
  /** What the editor says when asked for its settings. */
  readonly configuration?: () => unknown;
  /** The action that the user chooses where a message asks for one; none without it. */
  readonly answer?: string;
  readonly runtime?: Partial<Runtime>;
  readonly makeWorkspace?: WorkspaceMaker;
  readonly clientInfo?: InitializeParams["clientInfo"];
  /** What the editor says of itself, instead of all that is above. */
  readonly params?: InitializeParams;
}

/** An editor of its own making: it says what a test has it say and keeps all that it is told. */
export interface TestClient {
  readonly initialized: InitializeResult;
  request<R>(method: string, params: object, token?: CancellationToken): Promise<R>;
  notify(method: string, params: object): Promise<void>;
  /**
   * The first message from the server (a notification or a request) that is of this kind, for which `is` holds and that
   * no call has returned yet; waits for one if there is none.
   */
  next<P>(method: string, is?: (params: P) => boolean): Promise<P>;
  /** All messages of a kind so far for which `is` holds. */
  all<P>(method: string, is?: (params: P) => boolean): readonly P[];
  open(name: string, text: string, languageId?: string): Promise<void>;
  /** Replaces the whole text. */
  change(name: string, text: string): Promise<void>;
  close(name: string): Promise<void>;
}

/** A real server at the other end of two real streams. It ends with the test. */
export async function connect(test: TestContext, setup: Setup): Promise<TestClient> {
  const up = new PassThrough();
  const down = new PassThrough();
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  startServer(server, runtimeOf(setup), setup.makeWorkspace);
  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));

  const messages: { readonly method: string; readonly params: unknown; taken: boolean }[] = [];
  const waiting = new Set<() => void>();
  const receive = (method: string, params: unknown) => {
    messages.push({ method, params, taken: false });
    for (const look of waiting) look();
    waiting.clear();
  };
  connection.onNotification((method, params) => receive(method, params));
  connection.onRequest((method, params) => {
    receive(method, params);
    if (method === "window/showMessageRequest" && setup.answer !== undefined) return { title: setup.answer };
    return method === "workspace/configuration" ? Promise.resolve(setup.configuration?.()).then((one) => [one]) : null;
  });
  // Progress and traces are not given to handlers of all notifications.
  connection.onNotification(LogTraceNotification.type, (params) => receive("$/logTrace", params));
  connection.onUnhandledProgress((params) => receive("$/progress", params));
  connection.listen();

  let version = 0;
  const client = {
    request: <R>(method: string, params: object, token?: CancellationToken): Promise<R> =>
      token === undefined ? connection.sendRequest(method, params) : connection.sendRequest(method, params, token),
    notify: (method: string, params: object) => connection.sendNotification(method, params),
    async next<P>(method: string, is: (params: P) => boolean = () => true): Promise<P> {
      while (true) {
        const found = messages.find(
          (message) => !message.taken && message.method === method && is(message.params as P),
        );
        if (found !== undefined) {
          found.taken = true;
          return found.params as P;
        }
        await new Promise<void>((look) => waiting.add(look));
      }
    },
    all: <P>(method: string, is: (params: P) => boolean = () => true) =>
      messages
        .filter((message) => message.method === method)
        .map(({ params }) => params as P)
        .filter(is),
    open: (name: string, text: string, languageId = "yaml") =>
      connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri: uriOf(name), languageId, version: (version += 1), text },
      }),
    change: (name: string, text: string) =>
      connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: uriOf(name), version: (version += 1) },
        contentChanges: [{ text }],
      }),
    close: (name: string) =>
      connection.sendNotification("textDocument/didClose", { textDocument: { uri: uriOf(name) } }),
  };

  const folders = setup.folders?.map((name) => ({ uri: uriOf(name), name: name || "work" })) ?? null;
  const params: InitializeParams = {
    processId: null,
    rootUri: folders?.[0]?.uri ?? null,
    workspaceFolders: folders,
    capabilities: setup.capabilities ?? {},
    initializationOptions: setup.initializationOptions,
    ...(setup.clientInfo && { clientInfo: setup.clientInfo }),
  };
  const initialized = await client.request<InitializeResult>("initialize", setup.params ?? params);
  await client.notify("initialized", {});
  test.after(async () => {
    await connection.sendRequest("shutdown");
    connection.end();
    connection.dispose();
  });
  return { ...client, initialized };
}

/** A name below `root`, or a URI as it is. */
export function uriOf(name: string): string {
  return /^[a-z]+:/.test(name) ? name : root + name;
}

export function textDocument(name: string): { readonly textDocument: { readonly uri: string } } {
  return { textDocument: { uri: uriOf(name) } };
}

/** `service-missing 8:15`: the rules of some diagnostics and where they begin, counted from 1. */
export function summaries(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, range: { start } }) => `${code} ${start.line + 1}:${start.character + 1}`);
}

function runtimeOf({ disk, runtime }: Setup): Runtime {
  return {
    async readFile(uri) {
      const file = disk?.get(decodeURIComponent(uri.slice(root.length))) ?? {
        type: "problem",
        problem: "does not exist",
      };
      return typeof file === "string" ? { type: "text", text: file } : file;
    },
    async *findFiles(folder) {
      for (const name of disk?.keys() ?? [])
        if (uriOf(name).startsWith(folder)) yield { type: "file", uri: root + encodeURI(name) };
    },
    now: () => Date.now(),
    after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
    ...runtime,
  };
}

/** Of a line in the log: it is about something that went wrong. */
export function isTrouble({ type }: LogMessageParams): boolean {
  return type <= MessageType.Warning;
}
