import {
  PositionEncodingKind,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { createWorkspace, failedFile, lineIndex, printable, version, type WorkspaceMaker } from "../../engine/api.js";
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
import { capabilitiesOf } from "../features/feature.js";
import { features } from "../features/list.js";
import { createFolders, type Folders } from "../folders.js";
import { createGuard, type Guard } from "../guard.js";
import { createManifests, type Manifests } from "../manifests.js";
import { createPrograms } from "../programs.js";
import { createReports, type Report } from "../reports.js";
import type { Runtime } from "../runtime.js";
import { coalesce } from "../scheduler.js";
import { createSettings } from "../settings.js";
import { toDiagnostic, type Files } from "../to-lsp.js";
import { canonicalUri } from "../uri.js";
import { watchManifests } from "../watch.js";

/** Serves one editor until the connection ends. */
export function startServer(
  connection: Connection,
  runtime: Runtime,
  makeWorkspace: WorkspaceMaker = createWorkspace,
): void {
  connection.onInitialize((params: InitializeParams) => {
    const client = clientFrom(params);
    serve(connection, untilShutdown(connection, runtime), client, makeWorkspace);
    return { capabilities: capabilitiesFor(client), serverInfo: { name: "ordinal-language-server", version } };
  });
  connection.listen();
}

/** Everything is put together here. */
function serve(connection: Connection, given: Runtime, client: Client, makeWorkspace: WorkspaceMaker): void {
  const guard = createGuard(connection);
  const programs = createPrograms(connection, guard, client, given);
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
  const documents = followDocuments(connection, guard, manifests, warn, {
    closed: (uri) => disk.read(uri),
    saved: (uri) => {
      bases.saved(uri);
      if (!client.registers.watchedFiles) folders.rescan();
    },
  });
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
  const files = filesIn(manifests, documents);
  const surroundings: Surroundings = {
    connection,
    guard,
    runtime,
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

  connection.onInitialized(
    guard.listen("initialized", async () => {
      settings.follow((config) => {
        manifests.setConfig(config);
        programs.use(settings.paths());
        bases.update();
      });
      if (client.registers.watchedFiles) guard.background("client/registerCapability", watchManifests(connection));
      if (client.workspaceFolders) followFolders(connection, guard, folders);
      const start = runtime.now();
      await folders.begin().finally(scanned.resolve);
      connection.console.info(readSummary(manifests, folders.uris(), runtime.now() - start));
      if (isTrusted()) programs.log();
    }),
  );
  connection.onDidChangeWatchedFiles(
    guard.listen("workspace/didChangeWatchedFiles", ({ changes }) => {
      for (const { uri } of changes) bases.saved(canonicalUri(uri));
      disk.changed(changes);
    }),
  );
  const builds = runtime.builder && createBuilds(runtime.builder);
  const server = { ...surroundings, client, settings, folders, bases, makeWorkspace, builds, pull, files, isTrusted };
  for (const feature of features) feature.listen(server);
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
function filesIn(manifests: Manifests, documents: Documents): (uri: string) => Files {
  return (uri) => {
    const analysis = manifests.analysisOf(uri);
    return {
      lines: (other) => analysis.lines(other),
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
): (uri: string) => Report {
  return createReports(
    runtime.now().toString(36),
    (uri) => manifests.analysisOf(uri),
    (uri, analysis) => {
      const lines = analysis.lines(uri);
      return lines === undefined
        ? []
        : analysis.findings(uri).map((finding) => {
            if (finding.failure !== undefined) guard.failed(uri, finding.failure);
            return toDiagnostic(finding, lines, files(uri), client);
          });
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
    ...(client.choosesPositionEncoding ? { positionEncoding: PositionEncodingKind.UTF16 } : {}),
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    ...capabilitiesOf(features, client),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/** After a shutdown the client does not listen, and sending is an error: pending messages are dropped. */
function untilShutdown(connection: Connection, runtime: Runtime): Runtime {
  let isOver = false;
  connection.onShutdown(() => {
    isOver = true;
  });
  return {
    ...runtime,
    after: (milliseconds, callback) =>
      runtime.after(milliseconds, () => {
        if (!isOver) callback();
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
