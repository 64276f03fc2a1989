import type { Hover, Position } from "vscode-languageserver";
import type { Analysis } from "../../engine/api.js";
import type { Client } from "../client.js";
import { toHover } from "../to-lsp.js";

export function hover(analysis: Analysis, uri: string, position: Position, client: Client): Hover | null {
  const lines = analysis.lines(uri);
  if (lines === undefined) return null;
  const found = analysis.hover(uri, lines.offset(position));
  return found === undefined ? null : toHover(found, lines, client);
}
