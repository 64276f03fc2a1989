import type { SymbolInformation, WorkspaceSymbolParams } from "vscode-languageserver";
import { workspaceSymbols } from "../../engine/features/navigation/workspace-symbols.js";
import { toWorkspaceSymbol } from "../to-lsp.js";
import type { Server } from "./feature.js";

/** The objects of the folders, once they are read, that go by the letters of the query. */
export async function findSymbols(server: Server, { query }: WorkspaceSymbolParams): Promise<SymbolInformation[]> {
  await Promise.all([server.ready, server.scanned]);
  const [folder = ""] = server.folders.uris();
  const analysis = server.manifests.analysisOf(`${folder}/-`);
  return workspaceSymbols(analysis, analysis.summaries(), query).flatMap((symbol) =>
    toWorkspaceSymbol(symbol, server.files(symbol.uri)),
  );
}
