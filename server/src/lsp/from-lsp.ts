import type { Range } from "vscode-languageserver";
import type { LineIndex, Span } from "../engine/api.js";

export function spanFrom(range: Range, lines: LineIndex): Span {
  return { start: lines.offset(range.start), end: lines.offset(range.end) };
}
