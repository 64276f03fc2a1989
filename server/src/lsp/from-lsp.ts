import type { Range } from "vscode-languageserver";
import type { LineIndex, Span } from "../engine/api.js";

export function spanFrom(range: Range, lines: LineIndex): Span {
  return { start: lines.offset(range.start), end: lines.offset(range.end) };
}

/** `spec.containers[0].name` is `"spec", "containers", 0, "name"`. */
export function fieldSteps(field: string): readonly (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  );
}
