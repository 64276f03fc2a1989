import type { Analysis } from "../../engine/api.js";
import type { FieldParams, FieldResult } from "../../protocol/protocol.js";

/** The field of a StatefulSet that a position is on. */
export function field(analysis: Analysis, uri: string, { position }: Pick<FieldParams, "position">): FieldResult {
  const offset = analysis.lines(uri)?.offset(position);
  return (offset === undefined ? undefined : analysis.fieldAt(uri, offset)) ?? null;
}
