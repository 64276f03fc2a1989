import { areFieldEdits, type Analysis } from "../../engine/api.js";
import type { EditParams, EditResult } from "../../protocol/protocol.js";
import { toRange } from "../to-lsp.js";

/** How to write fields of a StatefulSet, or why that cannot be done. */
export function edit(analysis: Analysis, uri: string, { index, name, edits }: Omit<EditParams, "uri">): EditResult {
  if (!areFieldEdits(edits)) return { type: "refused", reason: "these are not fields and values that can be written" };
  const lines = analysis.lines(uri);
  const written = analysis.writeFields(uri, index, edits);
  const isThere = analysis.statefulSets(uri)[index]?.statefulSet.key.name === name;
  if (lines === undefined || written === undefined || !isThere) {
    return { type: "refused", reason: `${name} is not in the manifest at this moment` };
  }
  if (written.type === "refused") return written;
  return {
    type: "edits",
    edits: written.edits.map(({ span, newText }) => ({ ...toRange(span, lines), text: newText })),
  };
}
