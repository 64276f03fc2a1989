import type { DocumentSymbol, SymbolInformation } from "vscode-languageserver";
import type { Analysis } from "../../engine/api.js";
import type { Client } from "../client.js";
import { toDocumentSymbol, toSymbolInformation } from "../to-lsp.js";

/** The outline, nested where the client can show that. `spelling` is the file's URI as the client writes it. */
export function documentSymbols(
  analysis: Analysis,
  uri: string,
  spelling: string,
  client: Client,
): DocumentSymbol[] | SymbolInformation[] {
  const lines = analysis.lines(uri);
  if (lines === undefined) return [];
  const symbols = analysis.symbols(uri);
  if (client.nestedSymbols) return symbols.map((symbol) => toDocumentSymbol(symbol, lines));
  return symbols.flatMap((symbol) => toSymbolInformation(symbol, spelling, lines, undefined));
}
