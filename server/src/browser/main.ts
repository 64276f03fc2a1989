import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import type { Runtime } from "../lsp/runtime.js";
import { startServer } from "../lsp/serve/server.js";

declare const self: DedicatedWorkerGlobalScope;

const nowhere = { type: "problem", problem: "is nowhere on this machine" } as const;

/** A web worker has no files of its own: those of the workspace are read by the client. No programs can be run. */
const runtime: Runtime = {
  readFile: () => Promise.resolve(nowhere),
  async *findFiles(folder) {
    yield { ...nowhere, uri: folder };
  },
  hasFile: () => false,
  now: () => performance.timeOrigin + performance.now(),
  after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
};

startServer(
  createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self)),
  runtime,
);
