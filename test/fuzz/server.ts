import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createConnection,
  createMessageConnection,
  Disposable,
  StreamMessageReader,
  StreamMessageWriter,
  type DataCallback,
  type Message,
  type MessageConnection,
} from "vscode-languageserver/node";
import type { FileText } from "../../server/src/lsp/runtime.js";
import { startServer } from "../../server/src/lsp/serve/server.js";
import { decodeText } from "../../server/src/node/disk/files.js";
import { repo } from "../harness/repo.js";

/** A language server with a folder of its own. Names of files are relative to the folder, with `/` in them. */
export interface Server {
  readonly connection: MessageConnection;
  /** The folder's URI, with a `/` at its end. */
  readonly root: string;
  /** Whether what a request costs can be measured. */
  readonly inProcess: boolean;
  write(name: string, text: string): void;
  remove(name: string): void;
  /** Until nothing waits for its time any more. `ask` sends a request and waits for the answer. */
  settle(ask: () => Promise<unknown>): Promise<void>;
  end(): Promise<void>;
}

/** The code of the real server in this process, on a disk in memory and a clock that does not make anybody wait. */
export function startInProcess(): Server {
  const root = "file:///work/";
  const files = new Map<string, FileText>();
  const timers: (() => void)[] = [];
  let soon = 0;

  const up = new Pipe();
  const down = new Pipe();
  const serverConnection = createConnection(up.reader, down.writer);
  startServer(serverConnection, {
    async readFile(uri) {
      return files.get(uri) ?? { type: "problem", problem: "does not exist" };
    },
    async *findFiles() {
      for (const uri of files.keys()) yield { type: "file", uri };
    },
    now: () => performance.now(),
    after(milliseconds, callback) {
      if (milliseconds > 0) {
        timers.push(callback);
        return;
      }
      soon += 1;
      setImmediate(() => {
        soon -= 1;
        callback();
      });
    },
  });
  const connection = createMessageConnection(down.reader, up.writer);
  return {
    connection,
    root,
    inProcess: true,
    write: (name, text) => files.set(uriIn(root, name), decodeText(Buffer.from(text))),
    remove: (name) => files.delete(uriIn(root, name)),
    async settle(ask) {
      const isQuiet = () => timers.length === 0 && soon === 0;
      while (true) {
        await new Promise((resume) => setImmediate(resume));
        const wasQuiet = isQuiet();
        // What was sent before is here when the answer is.
        await ask();
        if (wasQuiet && isQuiet()) return;
        for (const callback of timers.splice(0)) callback();
      }
    },
    end: async () => void (await connection.sendRequest("shutdown")),
  };
}

/** One direction of a connection without bytes. */
class Pipe {
  #deliver: DataCallback = () => {};
  readonly reader = new PipeReader((deliver) => (this.#deliver = deliver));
  readonly writer = new PipeWriter((message) => this.#deliver(message));
}

class PipeReader extends AbstractMessageReader {
  readonly #follow: (deliver: DataCallback) => void;

  constructor(follow: (deliver: DataCallback) => void) {
    super();
    this.#follow = follow;
  }

  listen(deliver: DataCallback): Disposable {
    this.#follow(deliver);
    return Disposable.create(() => this.#follow(() => {}));
  }
}

class PipeWriter extends AbstractMessageWriter {
  readonly #deliver: (message: Message) => void;

  constructor(deliver: (message: Message) => void) {
    super();
    this.#deliver = deliver;
  }

  async write(message: Message): Promise<void> {
    this.#deliver(message);
  }

  end(): void {}
}

/** What an editor starts, on a real folder. */
export function startProcess(): Server {
  const folder = mkdtempSync(path.join(tmpdir(), "ordinal-fuzz-"));
  const child = spawn(process.execPath, [repo("dist", "server", "main.cjs"), "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const fileOf = (name: string) => path.join(folder, ...name.split("/"));
  return {
    connection,
    root: `${pathToFileURL(folder).href}/`,
    inProcess: false,
    write(name, text) {
      mkdirSync(path.dirname(fileOf(name)), { recursive: true });
      writeFileSync(fileOf(name), text);
    },
    remove: (name) => rmSync(fileOf(name), { force: true }),
    settle: async (ask) => void (await ask()),
    async end() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      connection.dispose();
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function uriIn(root: string, name: string): string {
  return root + name.split("/").map(encodeURIComponent).join("/");
}
