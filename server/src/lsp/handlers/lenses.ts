import type { CodeLens } from "vscode-languageserver";
import type { Analysis } from "../../engine/api.js";
import { toCodeLens } from "../to-lsp.js";

/** An offer to preview the rollout above each StatefulSet. `spelling` is the file's URI as the client writes it. */
export function codeLenses(analysis: Analysis, uri: string, spelling: string): CodeLens[] {
  const lines = analysis.lines(uri);
  if (lines === undefined) return [];
  return analysis.lenses(uri).map((lens) => toCodeLens(lens, spelling, lines));
}
