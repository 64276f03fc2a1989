import {
  CodeActionKind,
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentHighlightKind,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  RequestType,
  WorkspaceDiagnosticRequest,
  WorkspaceSymbolRequest,
  type DocumentHighlight,
} from "vscode-languageserver";
import { whyNot } from "../../engine/api.js";
import { hover } from "../../engine/features/hover/hover.js";
import { folds } from "../../engine/features/folding/folding.js";
import { inlayHints } from "../../engine/features/inlay/inlay-hints.js";
import { links } from "../../engine/features/navigation/links.js";
import { highlights, references } from "../../engine/features/navigation/navigation.js";
import { fieldAt } from "../../engine/features/preview/field-at.js";
import { lenses } from "../../engine/features/preview/lenses.js";
import { symbols } from "../../engine/features/symbols/symbols.js";
import {
  appliesRequest,
  buildsRequest,
  builtPlaceRequest,
  builtRequest,
  clusterRequest,
  compareRequest,
  contextRequest,
  editRequest,
  fieldRequest,
  formerRequest,
  hasSetsRequest,
  nodesRequest,
  placeRequest,
  rolloutRequest,
  setsRequest,
  statusRequest,
  upgradeRequest,
  upgradeTargetsRequest,
  type AppliesParams,
  type AppliesResult,
  type BuildsParams,
  type BuildsResult,
  type BuiltParams,
  type BuiltPlaceParams,
  type BuiltPlaceResult,
  type BuiltResult,
  type ClusterResult,
  type CompareParams,
  type CompareResult,
  type ContextResult,
  type EditParams,
  type EditResult,
  type FieldParams,
  type FieldResult,
  type FormerParams,
  type FormerResult,
  type NodesParams,
  type NodesResult,
  type PlaceParams,
  type PlaceResult,
  type RolloutParams,
  type RolloutResult,
  type SetsResult,
  type StatusParams,
  type StatusResult,
  type UpgradeParams,
  type UpgradeResult,
  type UpgradeTargets,
} from "../../protocol/protocol.js";
import { spanFrom } from "../from-lsp.js";
import { full } from "../diagnostics-pull.js";
import {
  refactorKinds,
  toCodeLens,
  toDocumentSymbol,
  toFoldingRange,
  toHover,
  toInlayHint,
  toLocation,
  toSymbolInformation,
} from "../to-lsp.js";
import { canonicalUri } from "../uri.js";
import { applies } from "./applies.js";
import { nothingBuilt } from "./builds.js";
import { cluster } from "./cluster.js";
import { applyAction, applyActionCommand, fixAllKind, offeredActions } from "./code-actions.js";
import { compare, context } from "./compare.js";
import { completion, completionTriggers, resolveCompletion } from "./completion.js";
import { definition } from "./definition.js";
import { edit } from "./edit.js";
import { atPosition, inFile, request, type Feature } from "./feature.js";
import { former } from "./former.js";
import { nodes } from "./nodes.js";
import { place } from "./place.js";
import { applyRename, prepareRename } from "./rename.js";
import { rollout } from "./rollout.js";
import { hasSets, sets } from "./sets.js";
import { status } from "./status.js";
import { findSymbols } from "./workspace-symbols.js";
import { allManifests, upgrade, upgradeTargets } from "./upgrade.js";

const failed = { type: "refused", reason: "the language server failed; its log says why" } as const;

/** Everything that an editor can ask for, each with what `initialize` says of it. */
export const features: readonly Feature[] = [
  atPosition(HoverRequest.type, {
    capability: { hoverProvider: true },
    empty: () => null,
    run({ at, lines, client }) {
      const found = hover(at);
      return found === undefined ? null : toHover(found, lines, client);
    },
  }),
  atPosition(DefinitionRequest.type, {
    capability: { definitionProvider: true },
    empty: () => [],
    run: definition,
  }),
  atPosition(ReferencesRequest.type, {
    capability: { referencesProvider: true },
    empty: () => [],
    run: ({ analysis, at, server, uri }, { context }) =>
      references(analysis, at, context).flatMap((one) => toLocation(one, server.files(uri))),
  }),
  atPosition(DocumentHighlightRequest.type, {
    capability: { documentHighlightProvider: true },
    empty: () => [],
    run: ({ analysis, at, range }) =>
      highlights(analysis, at).map(({ span, role }): DocumentHighlight => ({
        range: range(span),
        kind: role === "definition" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      })),
  }),
  atPosition(CompletionRequest.type, {
    capability: { completionProvider: { triggerCharacters: [...completionTriggers], resolveProvider: true } },
    empty: () => [],
    run: completion,
  }),
  request(CompletionResolveRequest.type, {
    empty: (item) => item,
    run: ({ client, manifests }, item) => resolveCompletion(item, (uri) => manifests.analysisOf(uri), client),
  }),
  inFile(DocumentSymbolRequest.type, {
    capability: { documentSymbolProvider: { label: "Ordinal" } },
    empty: () => [],
    run({ documents, lines, spelling, client }) {
      const found = symbols(documents);
      if (client.nestedSymbols) return found.map((symbol) => toDocumentSymbol(symbol, lines));
      return found.flatMap((symbol) => toSymbolInformation(symbol, spelling, lines, undefined));
    },
  }),
  atPosition(PrepareRenameRequest.type, {
    empty: () => null,
    run: prepareRename,
  }),
  atPosition(RenameRequest.type, {
    capability: ({ preparesRename }) => ({ renameProvider: preparesRename ? { prepareProvider: true } : true }),
    empty: () => null,
    run: applyRename,
  }),
  inFile(DocumentLinkRequest.type, {
    capability: { documentLinkProvider: { resolveProvider: false } },
    empty: () => [],
    run: ({ analysis, documents, range, server, uri }) =>
      links(analysis, documents).map(({ span, target }) => ({
        range: range(span),
        target: server.files(uri).spelling(target),
      })),
  }),
  request(WorkspaceSymbolRequest.type, {
    capability: { workspaceSymbolProvider: true },
    empty: () => [],
    run: findSymbols,
  }),
  inFile(FoldingRangeRequest.type, {
    capability: { foldingRangeProvider: true },
    empty: () => [],
    run: ({ analysis, documents, uri }) => folds(documents, analysis.text(uri) ?? "").map(toFoldingRange),
  }),
  inFile(InlayHintRequest.type, {
    capability: { inlayHintProvider: { resolveProvider: false } },
    empty: () => [],
    run: ({ documents, lines, server }, { range }) =>
      inlayHints(documents, spanFrom(range, lines), server.settings.hints()).map((hint) => toInlayHint(hint, lines)),
  }),
  inFile(CodeLensRequest.type, {
    // The command behind it is the client's: elsewhere a click would do nothing.
    capability: ({ previewCommand }) => (previewCommand ? { codeLensProvider: { resolveProvider: false } } : {}),
    empty: () => [],
    run: ({ documents, lines, spelling }) => lenses(documents).map((lens) => toCodeLens(lens, spelling, lines)),
  }),
  inFile(CodeActionRequest.type, {
    capability: ({ appliesEdits, codeActionLiterals }) => ({
      codeActionProvider: codeActionLiterals
        ? { codeActionKinds: [CodeActionKind.QuickFix, ...Object.values(refactorKinds), fixAllKind] }
        : appliesEdits,
      ...(appliesEdits && !codeActionLiterals ? { executeCommandProvider: { commands: [applyActionCommand] } } : {}),
    }),
    empty: () => [],
    run: offeredActions,
  }),
  request(ExecuteCommandRequest.type, {
    empty: () => null,
    run: (server, { command, arguments: given }) =>
      command === applyActionCommand ? applyAction(server, given?.[0]) : null,
  }),
  request(DocumentDiagnosticRequest.type, {
    capability: ({ diagnostics: { pull, workspace } }) =>
      pull
        ? {
            diagnosticProvider: {
              identifier: "ordinal",
              interFileDependencies: true,
              workspaceDiagnostics: workspace,
            },
          }
        : {},
    empty: () => full({ id: "", diagnostics: [] }),
    async run({ pull, ready, reports }, params) {
      if (pull !== undefined) return pull.document(params);
      await ready;
      return full(reports.of(canonicalUri(params.textDocument.uri)));
    },
  }),
  request(WorkspaceDiagnosticRequest.type, {
    empty: () => ({ items: [] }),
    run: ({ pull }, params, call) => pull?.workspace(params, call) ?? { items: [] },
  }),
  // What the preview asks.
  request(new RequestType<RolloutParams, RolloutResult | null, void>(rolloutRequest), {
    empty: () => null,
    run: rollout,
  }),
  inFile(new RequestType<StatusParams, StatusResult, void>(statusRequest), {
    empty: () => null,
    run: status,
  }),
  request(new RequestType<AppliesParams, AppliesResult, void>(appliesRequest), {
    empty: () => [],
    run: applies,
  }),
  request(new RequestType<NodesParams, NodesResult, void>(nodesRequest), {
    empty: () => ({ type: "invalid" as const, problems: ["The language server failed; its log says why"] }),
    run: nodes,
  }),
  inFile(new RequestType<PlaceParams, PlaceResult, void>(placeRequest), {
    empty: () => null,
    run: place,
  }),
  atPosition(new RequestType<FieldParams, FieldResult, void>(fieldRequest), {
    empty: () => null,
    run: ({ at, documents }) => fieldAt(documents, at) ?? null,
  }),
  inFile(new RequestType<FormerParams, FormerResult, void>(formerRequest), {
    empty: () => null,
    run: former,
  }),
  request(new RequestType<object, ContextResult, void>(contextRequest), {
    untrusted: { type: "failed", reason: whyNot({ type: "untrusted" }) },
    empty: () => ({ ...failed, type: "failed" as const }),
    run: context,
  }),
  request(new RequestType<CompareParams, CompareResult, void>(compareRequest), {
    empty: () => ({ ...failed, type: "failed" as const }),
    run: compare,
  }),
  request(new RequestType<EditParams, EditResult, void>(editRequest), {
    empty: () => failed,
    run: edit,
  }),
  request(new RequestType<BuildsParams, BuildsResult, void>(buildsRequest), {
    untrusted: [],
    empty: () => [],
    run: ({ builds, folders }, { uri }) => builds?.of(canonicalUri(uri), folders.uris()) ?? [],
  }),
  request(new RequestType<BuiltParams, BuiltResult, void>(builtRequest), {
    untrusted: nothingBuilt({ type: "untrusted" }),
    empty: () => nothingBuilt({ type: "failed", reason: failed.reason }),
    run({ builds, folders, manifests }, { build }) {
      const within = `${canonicalUri(build.directory)}/-`;
      const config = manifests.analysisOf(within).configOf(within);
      return builds?.built(build, folders.uris(), config) ?? nothingBuilt({ type: "noPrograms" });
    },
  }),
  request(new RequestType<BuiltPlaceParams, BuiltPlaceResult, void>(builtPlaceRequest), {
    empty: () => null,
    run: ({ builds }, params) => builds?.place(params) ?? null,
  }),
  // About all of the workspace.
  request(new RequestType<object, SetsResult, void>(setsRequest), {
    empty: () => [],
    run: sets,
  }),
  request(new RequestType<object, boolean, void>(hasSetsRequest), {
    empty: () => false,
    run: hasSets,
  }),
  request(new RequestType<object, UpgradeTargets, void>(upgradeTargetsRequest), {
    empty: () => ({ current: [], targets: [] }),
    run: async (server) => upgradeTargets(await allManifests(server)),
  }),
  request(new RequestType<UpgradeParams, UpgradeResult, void>(upgradeRequest), {
    empty: () => failed,
    run: async (server, params) => upgrade(await allManifests(server), params),
  }),
  request(new RequestType<object, ClusterResult, void>(clusterRequest), {
    untrusted: { type: "failed", reason: whyNot({ type: "untrusted" }) },
    empty: () => ({ ...failed, type: "failed" as const }),
    run: cluster,
  }),
];
