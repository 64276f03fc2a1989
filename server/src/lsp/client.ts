import {
  CompletionItemTag,
  DiagnosticTag,
  InsertTextMode,
  MarkupKind,
  ResourceOperationKind,
  type InitializeParams,
  type TraceValue,
} from "vscode-languageserver";
import { isMapping } from "../engine/api.js";
import { asksForDiagnostics, encodingsOf, offersWorkspaceDiagnostics } from "./deviations.js";
import { chosenEncoding, type PositionEncoding } from "./positions.js";
import { canonicalUri, fileUri } from "./uri.js";

/** What the editor at the other end can do and wants, of what makes a difference to this server. */
export interface Client {
  /** `Neovim 0.12.4`, for the log. */
  readonly name: string;
  /** Whether it wants to read what the server does, as in `$/setTrace`. */
  readonly trace: TraceValue;
  /** Canonical URIs; none where a single file is open. */
  readonly folders: readonly string[];
  readonly initializationOptions: unknown;
  /** It says that the workspace is trusted: programs may be run. */
  readonly trusted: boolean;
  /** It has the command behind the code lens. */
  readonly previewCommand: boolean;
  /** It shows runbooks that the server sends, and has the command that copies one. */
  readonly runbooks: boolean;
  /** It reads files for the server that the server has not. */
  readonly readsFiles: boolean;
  /** It offers the setting of a program's path where the program is missing. */
  readonly programPaths: boolean;
  readonly diagnostics: {
    /** It asks for diagnostics by itself. */
    readonly pull: boolean;
    /** It may ask about all files at once. */
    readonly workspace: boolean;
    /** It asks again on request. */
    readonly refresh: boolean;
    /** An answer about one document may hold those of others. */
    readonly relatedDocuments: boolean;
    readonly relatedInformation: boolean;
    readonly unnecessaryTag: boolean;
  };
  readonly markdownHover: boolean;
  readonly completion: {
    readonly snippets: boolean;
    /** An edit may say what goes if the user wants the rest of the word replaced. */
    readonly insertReplace: boolean;
    /** It can leave the indentation of inserted lines alone. */
    readonly keepsIndentation: boolean;
    readonly markdown: boolean;
    readonly labelDetails: boolean;
    readonly deprecatedTag: boolean;
    /** The client's command that shows what may be chosen at the cursor. */
    readonly suggestCommand: string | undefined;
  };
  /** It asks for inlay hints again on request. */
  readonly refreshesHints: boolean;
  readonly nestedSymbols: boolean;
  /** A definition may come with the text that leads to it. */
  readonly definitionLinks: boolean;
  /** It takes code actions; others take commands only. */
  readonly codeActionLiterals: boolean;
  /** It makes edits that the server sends. */
  readonly appliesEdits: boolean;
  /** It shows why a code action that was asked for is not available. */
  readonly disabledActions: boolean;
  /** An edit may create a file. */
  readonly createsFiles: boolean;
  /** It asks whether and what may be renamed before it asks for the new name. */
  readonly preparesRename: boolean;
  /** It shows why an edit needs a second look, and makes it only if the user says so. */
  readonly changeAnnotations: boolean;
  /** It can ask the user to choose an answer to a message. */
  readonly messageActions: boolean;
  /** Edits of a document may name the version that they are for. */
  readonly documentChanges: boolean;
  /** It answers `workspace/configuration`. */
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly positionEncoding: PositionEncoding;
  /** It lets the server choose the position encoding. */
  readonly choosesPositionEncoding: boolean;
  /** What it may be asked to report once it runs. Some editors complain about any other registration. */
  readonly registers: { readonly configuration: boolean; readonly watchedFiles: boolean };
}

export function clientFrom({
  capabilities,
  clientInfo,
  initializationOptions,
  rootPath,
  rootUri,
  trace,
  workspaceFolders,
}: InitializeParams): Client {
  const { general, textDocument, window, workspace } = capabilities;
  // Before LSP 3.18 what a diagnostic may hold was said for those that are sent, and meant for both.
  const diagnostic = [textDocument?.diagnostic, textDocument?.publishDiagnostics];
  const item = textDocument?.completion?.completionItem;
  const folders = workspaceFolders?.map(({ uri }) => uri) ?? [];
  // Clients from before LSP 3.0 know the path alone; `null` says that no folder is open, and then the path that Helix 25
  // gives beside it is where it was started, which may be anywhere.
  const root = rootUri === null ? undefined : rootUri || (rootPath ? fileUri(rootPath, "file:///") : undefined);
  return {
    name: [clientInfo?.name ?? "an editor without a name", clientInfo?.version ?? ""].join(" ").trim(),
    folders: (folders.length === 0 && root !== undefined ? [root] : folders).map(canonicalFolder),
    initializationOptions,
    trace: trace ?? "off",
    trusted: hasOption(initializationOptions, "trusted"),
    previewCommand: hasOption(initializationOptions, "previewCommand"),
    runbooks: hasOption(initializationOptions, "runbook"),
    readsFiles: hasOption(initializationOptions, "readsFiles"),
    programPaths: hasOption(initializationOptions, "programPaths"),
    diagnostics: {
      pull: asksForDiagnostics(capabilities),
      workspace: offersWorkspaceDiagnostics(clientInfo),
      refresh: workspace?.diagnostics?.refreshSupport === true,
      relatedDocuments: textDocument?.diagnostic?.relatedDocumentSupport === true,
      relatedInformation: diagnostic.some((one) => one?.relatedInformation === true),
      unnecessaryTag: diagnostic.some((one) => one?.tagSupport?.valueSet.includes(DiagnosticTag.Unnecessary) === true),
    },
    markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    completion: {
      snippets: item?.snippetSupport === true,
      insertReplace: item?.insertReplaceSupport === true,
      keepsIndentation: item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.asIs) === true,
      markdown: item?.documentationFormat?.includes(MarkupKind.Markdown) === true,
      labelDetails: item?.labelDetailsSupport === true,
      deprecatedTag: item?.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true,
      suggestCommand: suggestCommand(initializationOptions),
    },
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    appliesEdits: workspace?.applyEdit === true,
    disabledActions: textDocument?.codeAction?.disabledSupport === true,
    createsFiles:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes(ResourceOperationKind.Create) === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    changeAnnotations:
      workspace?.workspaceEdit?.changeAnnotationSupport !== undefined &&
      workspace.workspaceEdit.documentChanges === true &&
      textDocument?.rename?.honorsChangeAnnotations === true,
    messageActions: window?.showMessage?.messageActionItem !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    positionEncoding: chosenEncoding(encodingsOf(clientInfo, general?.positionEncodings ?? [])),
    choosesPositionEncoding: general?.positionEncodings !== undefined,
    registers: {
      configuration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
      watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    },
  };
}

function hasOption(options: unknown, name: string): boolean {
  return isMapping(options) && options[name] === true;
}

function suggestCommand(options: unknown): string | undefined {
  const command = isMapping(options) ? options["suggestCommand"] : undefined;
  return typeof command === "string" ? command : undefined;
}

/** Folders come with and without a slash at the end. */
export function canonicalFolder(uri: string): string {
  return canonicalUri(uri).replace(/(?<=[^/])\/$/, "");
}
