import { pathAt } from "../../yaml/locate.js";
import { formatPath } from "../../yaml/path.js";
import type { Document, DocumentPosition } from "../document.js";
import { setsOf } from "./sets.js";

/** Which StatefulSet of a file has a field whose key or value is at a position, and that field: `spec.replicas`. */
export function fieldAt(
  documents: readonly Document[],
  { document, offset }: DocumentPosition,
): { readonly index: number; readonly field: string } | undefined {
  const sets = setsOf(documents);
  const { path, on } = pathAt(document.chunk.document, offset);
  const index = sets.findIndex(
    (set) => set.document === document && set.statefulSet.place.path.every((step, place) => path[place] === step),
  );
  const own = path.slice(sets[index]?.statefulSet.place.path.length);
  return on === "gap" || index < 0 || own.length === 0 ? undefined : { index, field: formatPath(own) };
}
