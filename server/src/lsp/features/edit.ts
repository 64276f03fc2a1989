import { areFieldEdits } from "../../engine/api.js";
import { writeFields } from "../../engine/features/preview/write-fields.js";
import type { EditParams, EditResult } from "../../protocol/protocol.js";
import { toRange } from "../to-lsp.js";
import { canonicalUri } from "../uri.js";
import type { Server } from "./feature.js";

/** How to write fields of a StatefulSet, or why that cannot be done. */
export function edit({ manifests, positions }: Server, { edits, index, name, uri: spelling }: EditParams): EditResult {
  if (!areFieldEdits(edits)) return { type: "refused", reason: "these are not fields and values that can be written" };
  const uri = canonicalUri(spelling);
  const analysis = manifests.analysisOf(uri);
  const lines = positions.of(analysis, uri);
  const written = writeFields(analysis.documents(uri), index, edits);
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
