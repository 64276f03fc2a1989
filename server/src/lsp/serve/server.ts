import {
  ErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import {
  counted,
  createWorkspace,
  failedFile,
  lineIndex,
  printable,
  version,
  type WorkspaceMaker,
} from "../../engine/api.js";
import { setUris } from "../../engine/features/tree/set-tree.js";
import { baseChangedNotification, trustedNotification } from "../../protocol/protocol.js";
import { canonicalFolder, clientFrom, type Client } from "../client.js";
import { createBases } from "../bases.js";
import { PullDiagnostics } from "../diagnostics-pull.js";
import { pushDiagnostics } from "../diagnostics-push.js";
import type { Surroundings } from "../diagnostics.js";
import { Disk } from "../disk.js";
import { followDocuments, type Documents } from "../documents.js";
import { createBuilds } from "../features/builds.js";
import { capabilitiesOf, type Server } from "../features/feature.js";
import { features } from "../features/list.js";
import { createFolders, type Folders } from "../folders.js";
import { withClientFiles } from "../client-files.js";
import { createGuard, type Guard } from "../guard.js";
import { createManifests, type Manifests } from "../manifests.js";
import { createPrograms, type UsedPrograms } from "../programs.js";
import { createReports, type Reports } from "../reports.js";
import type { Runtime } from "../runtime.js";
import { coalesce } from "../scheduler.js";
import { createTrace } from "../trace.js";
import { createSettings } from "../settings.js";
import { createPositions, type Positions } from "../positions.js";
import { toDiagnostic, type Files } from "../to-lsp.js";
import { canonicalUri } from "../uri.js";
import { createWatch, type Watch } from "../watch.js";

/** Serves one editor until the connection ends. */
export function startServer(
  connection: Connection,
  runtime: Runtime,
  makeWorkspace: WorkspaceMaker = createWorkspace,
): void {
  let isInitialized = false;
  connection.onInitialize((params: InitializeParams) => {
    if (isInitialized) return new ResponseError(ErrorCodes.InvalidRequest, "the server is initialized already");
    isInitialized = true;
    const client = clientFrom(params);
    serve(connection, runtime, client, makeWorkspace);
    return { capabilities: capabilitiesFor(client), serverInfo: { name: "ordinal-language-server", version } };
  });
  // For what no feature answers.
  connection.onRequest((method) => {
    if (isInitialized) throw new ResponseError(ErrorCodes.MethodNotFound, `unknown method ${method}`);
    throw new ResponseError(ErrorCodes.ServerNotInitialized, "the server is not initialized");
  });
  connection.listen();
}

/** Everything is put together here. */
function serve(connection: Connection, machine: Runtime, client: Client, makeWorkspace: WorkspaceMaker): void {
  const isOver = followShutdown(connection);
  const guard = createGuard(connection);
  const trace = createTrace(connection, guard, client.trace);
  const reading = client.readsFiles ? withClientFiles(machine, connection) : machine;
  const programs = createPrograms(connection, guard, client, until(isOver, reading));
  const { runtime } = programs;
  const settings = createSettings(connection, client, guard, runtime);
  const warn = createWarner(connection);
  const manifests = createManifests(makeWorkspace, settings.initial, (what, uri) => {
    diagnostics.update();
    hints();
    if (what === "files") bases.update(uri);
  });
  const hints = hintRefresher(connection, runtime, guard, client);
  const disk = new Disk(runtime, guard, manifests, (uri) => documents.isOpen(uri), warn);
  const positions = createPositions(client.positionEncoding);
  const documents = followDocuments(connection, guard, manifests, positions, warn, {
    closed: (uri) => disk.read(uri),
    saved: (uri) => {
      bases.saved(uri);
      if (!watch.isWatching()) folders.rescan();
    },
  });
  const watch = createWatch(connection, client, guard);
  const isTrusted = followTrust(connection, guard, client, () => {
    programs.log();
    bases.update();
  });
  const bases = createBases({
    runtime,
    guard,
    manifests,
    documents,
    folders: () => folders.uris(),
    choice: () => settings.base(),
    isTrusted,
    warn,
    changed() {
      if (client.previewCommand)
        guard.background(baseChangedNotification, connection.sendNotification(baseChangedNotification));
    },
  });
  const scanned = promiseWithResolver();
  const files = filesIn(manifests, documents, positions);
  const surroundings: Surroundings = {
    connection,
    guard,
    runtime,
    trace,
    manifests,
    documents,
    disk,
    reports: reporter(runtime, guard, manifests, files, client),
    ready: settings.settled,
    scanned: scanned.promise,
  };
  const pull = client.diagnostics.pull ? new PullDiagnostics(surroundings, client) : undefined;
  const diagnostics = pull ?? pushDiagnostics(surroundings);
  const folders = createFolders(client.folders, connection, runtime, guard, disk, manifests, documents);

  const builds = runtime.builder && createBuilds(runtime.builder, positions);
  const server = {
    ...surroundings,
    client,
    positions,
    isOver,
    settings,
    folders,
    bases,
    makeWorkspace,
    builds,
    pull,
    files,
    isTrusted,
  };
  for (const feature of features) feature.listen(server);
  followEditor(server, programs, watch, scanned.resolve);
}

/** What the editor says by itself: that it is ready, and what happens on the disk. `scanned` is called once all is read. */
function followEditor(server: Server, programs: UsedPrograms, watch: Watch, scanned: () => void): void {
  const { bases, client, connection, disk, folders, guard, isTrusted, manifests, runtime, settings, trace } = server;
  connection.onInitialized(
    guard.listen("initialized", async () => {
      connection.console.info(agreement(client));
      settings.follow((config) => {
        manifests.setConfig(config);
        programs.use(settings.paths());
        bases.update();
      });
      watch.begin();
      if (client.workspaceFolders) followFolders(connection, guard, folders);
      const start = runtime.now();
      await folders.begin().finally(scanned);
      connection.console.info(readSummary(manifests, folders.uris(), runtime.now() - start));
      if (isTrusted()) programs.log();
    }),
  );
  connection.onDidChangeWatchedFiles(
    guard.listen("workspace/didChangeWatchedFiles", ({ changes }) => {
      trace(`workspace/didChangeWatchedFiles: ${counted(changes.length, "change")}`, () => changes);
      for (const { uri } of changes) bases.saved(canonicalUri(uri));
      disk.changed(changes);
    }),
  );
}

function followFolders(connection: Connection, guard: Guard, folders: Folders): void {
  connection.workspace.onDidChangeWorkspaceFolders(
    guard.listen("workspace/didChangeWorkspaceFolders", ({ added, removed }) =>
      folders.change(added.map(folderUri), removed.map(folderUri)),
    ),
  );
}

/** For the log: what was read, and by what it is judged. */
function readSummary(manifests: Manifests, folders: readonly string[], milliseconds: number): string {
  const uris = [...manifests.uris()];
  const analyses = new Set(uris.map((uri) => manifests.analysisOf(uri)));
  const sets = [...analyses].reduce((sum, analysis) => sum + setUris(analysis).size, 0);
  const where = folders.length === 0 ? "no folder" : folders.map((uri) => decodeURIComponent(uri)).join(", ");
  const read = `${uris.length} files read in ${(milliseconds / 1000).toFixed(1)} s, ${sets} of them with StatefulSets`;
  return printable(`Ordinal ${version}: ${read} (${where})`);
}

/** What is shown behind a value may come from any file. */
function hintRefresher(connection: Connection, runtime: Runtime, guard: Guard, client: Client): () => void {
  if (!client.refreshesHints) return () => {};
  const refresh = guard.answer("workspace/inlayHint/refresh", undefined, () =>
    connection.languages.inlayHint.refresh(),
  );
  return coalesce(hintPauseMilliseconds, runtime, refresh);
}

const hintPauseMilliseconds = 300;

/** How the editor names and numbers files, as seen from one of them. */
function filesIn(manifests: Manifests, documents: Documents, positions: Positions): (uri: string) => Files {
  return (uri) => {
    const analysis = manifests.analysisOf(uri);
    return {
      lines: (other) => positions.of(analysis, other),
      spelling: (other) => documents.spelling(other),
      version: (other) => documents.version(other),
    };
  };
}

/** Makes the function that tells what is wrong with a file, as diagnostics. */
function reporter(
  runtime: Runtime,
  guard: Guard,
  manifests: Manifests,
  files: (uri: string) => Files,
  client: Client,
): Reports {
  return createReports(
    runtime.now().toString(36),
    (uri) => manifests.analysisOf(uri),
    (uri, analysis) => {
      const around = files(uri);
      const lines = around.lines(uri);
      if (lines === undefined) return { diagnostics: [], others: [] };
      const findings = analysis.findings(uri);
      const diagnostics = findings.map((finding) => {
        if (finding.failure !== undefined) guard.failed(uri, finding.failure);
        return toDiagnostic(finding, lines, around, client);
      });
      return { diagnostics, others: findings.flatMap(({ related }) => related.map((one) => one.uri)) };
    },
    (uri, failure) => {
      guard.failed(uri, failure);
      return [toDiagnostic(failedFile(failure), lineIndex(""), files(uri), client)];
    },
  );
}

/** Nothing is ever run before the client says that the workspace is trusted. */
function followTrust(connection: Connection, guard: Guard, client: Client, trusted: () => void): () => boolean {
  let isTrusted = client.trusted;
  connection.onNotification(
    trustedNotification,
    guard.listen(trustedNotification, () => {
      isTrusted = true;
      trusted();
    }),
  );
  return () => isTrusted;
}

function capabilitiesFor(client: Client): ServerCapabilities {
  return {
    ...(client.choosesPositionEncoding ? { positionEncoding: client.positionEncoding } : {}),
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    ...capabilitiesOf(features, client),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/** What is agreed with the client, for reports of bugs. */
function agreement({ diagnostics, name, positionEncoding, registers }: Client): string {
  const how = [
    `positions in ${positionEncoding}`,
    diagnostics.pull ? "it asks for diagnostics" : "diagnostics are sent to it",
    registers.watchedFiles ? "it watches files" : "saving a file has the folders read again",
  ];
  return printable(`Serving ${name}: ${how.join(", ")}`);
}

function followShutdown(connection: Connection): () => boolean {
  let isOver = false;
  connection.onShutdown(() => {
    isOver = true;
  });
  return () => isOver;
}

/** After a shutdown the client does not listen, and sending is an error: pending messages are dropped. */
function until(isOver: () => boolean, runtime: Runtime): Runtime {
  return {
    ...runtime,
    after: (milliseconds, callback) =>
      runtime.after(milliseconds, () => {
        if (!isOver()) callback();
      }),
  };
}

/** Says each thing once, where the editor keeps a server's log. */
function createWarner(connection: Connection): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    connection.console.warn(text);
  };
}

function folderUri({ uri }: { readonly uri: string }): string {
  return canonicalFolder(uri);
}

/** `Promise.withResolvers`, which Node has from 22 on. */
function promiseWithResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
