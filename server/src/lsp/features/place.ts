import { fieldSteps } from "../from-lsp.js";
import type { PlaceParams, PlaceResult } from "../../protocol/protocol.js";
import type { AskedFile } from "./feature.js";

/** Where a field of a StatefulSet stands, or the nearest field above it that is written. */
export function place({ analysis, range, uri }: AskedFile, { index, field }: PlaceParams): PlaceResult {
  const placed = analysis.statefulSets(uri)[index];
  if (placed === undefined) return null;
  let found = placed.statefulSet.place;
  for (const step of fieldSteps(field)) {
    const next = found.at(step);
    if (!next.exists) break;
    found = next;
  }
  if (found === placed.statefulSet.place) found = found.at("kind");
  const { start } = found.keySpan;
  // Of a map or a list the key is enough; a value may also stand elsewhere, behind an alias.
  const end = found.kind === "scalar" ? Math.max(found.keySpan.end, found.span.end) : found.keySpan.end;
  return range({ start: placed.span.start + start, end: placed.span.start + end });
}
