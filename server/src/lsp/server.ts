import {
  CodeActionKind,
  PositionEncodingKind,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import {
  buildsRequest,
  builtPlaceRequest,
  builtRequest,
  clusterRequest,
  editRequest,
  fieldRequest,
  placeRequest,
  rolloutRequest,
  trustedNotification,
  type BuildsParams,
  type BuildsResult,
  type BuiltParams,
  type BuiltPlaceParams,
  type BuiltPlaceResult,
  type BuiltResult,
  type ClusterResult,
  type EditParams,
  type EditResult,
  type FieldParams,
  type PlaceParams,
  type RolloutParams,
  upgradeRequest,
  upgradeTargetsRequest,
  type UpgradeParams,
  type UpgradeResult,
  type UpgradeTargets,
} from "../protocol/protocol.js";
import { createWorkspace, failedFile, formatRelease, lineIndex, version, type WorkspaceMaker } from "../engine/api.js";
import { canonicalFolder, clientFrom, type Client } from "./client.js";
import { answerDiagnostics } from "./diagnostics-pull.js";
import { pushDiagnostics } from "./diagnostics-push.js";
import type { Surroundings } from "./diagnostics.js";
import { createDisk } from "./disk.js";
import { followDocuments } from "./documents.js";
import { createFolders, type Folders } from "./folders.js";
import { createGuard, type Guard } from "./guard.js";
import { createBuilds } from "./handlers/builds.js";
import { codeActions, fixAllKind } from "./handlers/code-actions.js";
import { completion, completionTriggers, resolveCompletion } from "./handlers/completion.js";
import { edit } from "./handlers/edit.js";
import { field } from "./handlers/field.js";
import { hover } from "./handlers/hover.js";
import { codeLenses } from "./handlers/lenses.js";
import { place } from "./handlers/place.js";
import { analysisOfText, rollout } from "./handlers/rollout.js";
import { documentSymbols } from "./handlers/symbols.js";
import { upgrade, upgradeTargets, type AllManifests } from "./handlers/upgrade.js";
import { createManifests } from "./manifests.js";
import { createReports } from "./reports.js";
import type { Runtime } from "./runtime.js";
import { createSettings, type Settings } from "./settings.js";
import { toDiagnostic, type Files } from "./to-lsp.js";
import { canonicalUri, isWithin } from "./uri.js";
import { watchManifests } from "./watch.js";

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
function serve(connection: Connection, runtime: Runtime, client: Client, makeWorkspace: WorkspaceMaker): void {
  const guard = createGuard(connection);
  const settings = createSettings(connection, client, guard, runtime);
  const warn = createWarner(connection);
  const manifests = createManifests(makeWorkspace, settings.initial, () => diagnostics.update());
  const disk = createDisk(runtime, guard, manifests, (uri) => documents.isOpen(uri), warn);
  const documents = followDocuments(connection, guard, manifests, warn, {
    closed: (uri) => disk.read(uri),
    saved: () => {
      if (!client.registers.watchedFiles) folders.rescan();
    },
  });
  const scanned = promiseWithResolver();
  const files = (uri: string): Files => {
    const analysis = manifests.analysisOf(uri);
    return {
      lines: (other) => analysis.lines(other),
      spelling: (other) => documents.spelling(other),
      version: (other) => documents.version(other),
    };
  };
  const reports = createReports(
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
  const surroundings: Surroundings = {
    connection,
    guard,
    runtime,
    manifests,
    documents,
    disk,
    reports,
    ready: settings.settled,
    scanned: scanned.promise,
  };
  const diagnostics = client.diagnostics.pull ? answerDiagnostics(surroundings, client) : pushDiagnostics(surroundings);
  const folders = createFolders(client.folders, connection, runtime, guard, disk, manifests, documents);

  connection.onInitialized(
    guard.listen("initialized", async () => {
      settings.follow((config) => manifests.setConfig(config));
      if (client.registers.watchedFiles) guard.background("client/registerCapability", watchManifests(connection));
      if (client.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(
          guard.listen("workspace/didChangeWorkspaceFolders", ({ added, removed }) =>
            folders.change(added.map(folderUri), removed.map(folderUri)),
          ),
        );
      }
      await folders.begin().finally(scanned.resolve);
    }),
  );
  connection.onDidChangeWatchedFiles(
    guard.listen("workspace/didChangeWatchedFiles", ({ changes }) => disk.changed(changes)),
  );

  const at = ({ uri: spelling }: { readonly uri: string }) => {
    const uri = canonicalUri(spelling);
    return { uri, spelling, analysis: manifests.analysisOf(uri) };
  };
  connection.onHover(
    guard.answer("textDocument/hover", null, ({ textDocument, position }) => {
      const { analysis, uri } = at(textDocument);
      return hover(analysis, uri, position, client);
    }),
  );
  connection.onCompletion(
    guard.answer("textDocument/completion", [], (params) => {
      const { analysis, uri } = at(params.textDocument);
      return completion(analysis, uri, params, client);
    }),
  );
  connection.onCompletionResolve((item) => {
    const resolve = () => resolveCompletion(item, (uri) => manifests.analysisOf(uri), client);
    return guard.answer("completionItem/resolve", item, resolve)();
  });
  connection.onDocumentSymbol(
    guard.answer("textDocument/documentSymbol", [], ({ textDocument }) => {
      const { analysis, uri, spelling } = at(textDocument);
      return documentSymbols(analysis, uri, spelling, client);
    }),
  );
  connection.onCodeLens(
    guard.answer("textDocument/codeLens", [], ({ textDocument }) => {
      const { analysis, uri, spelling } = at(textDocument);
      return codeLenses(analysis, uri, spelling);
    }),
  );
  connection.onCodeAction(
    guard.answer("textDocument/codeAction", [], (params) => {
      const { analysis, uri } = at(params.textDocument);
      return codeActions(analysis, uri, params, files(uri), client);
    }),
  );
  connection.onRequest(
    rolloutRequest,
    guard.answer("ordinal/rollout", null, (params: RolloutParams) => {
      const { analysis, uri, spelling } = at(params);
      const { text } = params;
      return rollout(text === undefined ? analysis : analysisOfText(makeWorkspace, uri, text, analysis), uri, spelling);
    }),
  );
  connection.onRequest(
    placeRequest,
    guard.answer("ordinal/place", null, (params: PlaceParams) => {
      const { analysis, uri } = at(params);
      return place(analysis, uri, params);
    }),
  );
  connection.onRequest(
    fieldRequest,
    guard.answer("ordinal/field", null, (params: FieldParams) => {
      const { analysis, uri } = at(params);
      return field(analysis, uri, params);
    }),
  );
  const isTrusted = followTrust(connection, guard, client);
  answerBuilds(surroundings, folders, isTrusted);
  answerUpgrades(surroundings);
  answerCluster(surroundings, settings, isTrusted);
  connection.onRequest<EditResult, unknown>(
    editRequest,
    guard.answer<[EditParams], EditResult>("ordinal/edit", failedRequest, (params: EditParams) => {
      const { analysis, uri } = at(params);
      return edit(analysis, uri, params);
    }),
  );
}

/** Once all folders are read. */
function answerUpgrades({ connection, guard, manifests, documents, ready, scanned }: Surroundings): void {
  const all = async (): Promise<AllManifests> => {
    await Promise.all([ready, scanned]);
    return {
      uris: new Set(manifests.uris()),
      analysisOf: (uri) => manifests.analysisOf(uri),
      spelling: (uri) => documents.spelling(uri),
      failed: (uri, failure) => guard.failed(uri, failure),
    };
  };
  connection.onRequest<UpgradeTargets, unknown>(
    upgradeTargetsRequest,
    guard.answer<[], UpgradeTargets>(upgradeTargetsRequest, { current: [], targets: [] }, async () =>
      upgradeTargets(await all()),
    ),
  );
  connection.onRequest<UpgradeResult, unknown>(
    upgradeRequest,
    guard.answer<[UpgradeParams], UpgradeResult>(upgradeRequest, failedRequest, async (params) =>
      upgrade(await all(), params),
    ),
  );
}

const failedRequest = { type: "refused", reason: "the language server failed; its log says why" } as const;

/** Nothing is ever run before the client says that the workspace is trusted. */
function followTrust(connection: Connection, guard: Guard, client: Client): () => boolean {
  let isTrusted = client.trusted;
  connection.onNotification(
    trustedNotification,
    guard.listen(trustedNotification, () => {
      isTrusted = true;
    }),
  );
  return () => isTrusted;
}

function answerCluster(
  { connection, guard, manifests, runtime: { askCluster } }: Surroundings,
  settings: Settings,
  isTrusted: () => boolean,
): void {
  connection.onRequest<ClusterResult, unknown>(
    clusterRequest,
    guard.answer<[], ClusterResult>(clusterRequest, { ...failedRequest, type: "failed" }, async () => {
      if (!isTrusted()) return { type: "failed", reason: "the workspace is not trusted" };
      if (askCluster === undefined) return { type: "failed", reason: "no programs can be run here" };
      const answer = await askCluster();
      if (answer.type === "failed") return answer;
      settings.setCluster(answer.release);
      const isUsed = [...manifests.uris()].some((uri) => manifests.analysisOf(uri).configOf(uri).detectsRelease);
      return { type: "release", release: formatRelease(answer.release), isUsed };
    }),
  );
}

function answerBuilds(
  { connection, guard, manifests, runtime: { builder } }: Surroundings,
  folders: Folders,
  isTrusted: () => boolean,
): void {
  const builds = builder && createBuilds(builder);
  connection.onRequest<BuildsResult, unknown>(
    buildsRequest,
    guard.answer<[BuildsParams], BuildsResult>(buildsRequest, [], ({ uri }) =>
      isTrusted() ? (builder?.buildsWith(canonicalUri(uri), folders.uris()) ?? []) : [],
    ),
  );
  connection.onRequest<BuiltResult | null, unknown>(
    builtRequest,
    guard.answer<[BuiltParams], BuiltResult | null>(builtRequest, null, ({ build }) => {
      const directory = canonicalUri(build.directory);
      const isOurs =
        folders.uris().some((folder) => isWithin(directory, folder)) && !directory.split("/").includes("..");
      if (!isTrusted() || !isOurs) return null;
      const within = `${directory}/-`;
      return builds?.built(build, manifests.analysisOf(within).configOf(within)) ?? null;
    }),
  );
  connection.onRequest<BuiltPlaceResult, unknown>(
    builtPlaceRequest,
    guard.answer<[BuiltPlaceParams], BuiltPlaceResult>(
      builtPlaceRequest,
      null,
      (params) => builds?.place(params) ?? null,
    ),
  );
}

function capabilitiesFor(client: Client): ServerCapabilities {
  return {
    ...(client.choosesPositionEncoding ? { positionEncoding: PositionEncodingKind.UTF16 } : {}),
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [...completionTriggers], resolveProvider: true },
    documentSymbolProvider: { label: "Ordinal" },
    codeActionProvider: client.codeActionLiterals ? { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] } : false,
    // The command behind it is the client's: elsewhere a click would do nothing.
    ...(client.previewCommand ? { codeLensProvider: { resolveProvider: false } } : {}),
    ...(client.diagnostics.pull
      ? {
          diagnosticProvider: {
            identifier: "ordinal",
            interFileDependencies: true,
            workspaceDiagnostics: client.diagnostics.workspace,
          },
        }
      : {}),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/** Nobody listens after a shutdown, and sending something to nobody is an error: what waits for its time is dropped. */
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
