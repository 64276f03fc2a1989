import { whyNot } from "../../builds/why-not.js";
import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import type { FieldEdit } from "../../rollout/fields.js";
import type { TextEdit } from "../../text/edit.js";
import { shift } from "../../text/span.js";
import type { ParsedChunk } from "../../workspace/source-file.js";
import type { Edit } from "../../yaml/edit.js";
import { patch } from "../../yaml/patch.js";
import type { Document } from "../document.js";
import { setsOf, builtSet } from "./sets.js";

/** Text edits, or why there are none, in a sentence without its full stop. */
export type WrittenFields =
  | { readonly type: "edits"; readonly edits: readonly TextEdit[] }
  | { readonly type: "refused"; readonly reason: string };

/** How to give fields of one of a file's StatefulSets other values; `undefined` if there is no such set. */
export function writeFields(
  documents: readonly Document[],
  index: number,
  edits: readonly FieldEdit[],
): WrittenFields | undefined {
  const set = setsOf(documents)[index];
  if (set === undefined) return undefined;
  const { chunk, id, start } = set.document;
  const built = builtSet(set);
  const elsewhere = built && edits.find(({ field }) => !isWrittenIn(id.uri, built.statefulSet, field));
  if (built !== undefined && elsewhere !== undefined) {
    const reason = `${elsewhere.field} is set by ${built.builds.join(", ")}`;
    return { type: "refused", reason };
  }
  const written = writtenFields(chunk, set.statefulSet, edits);
  if (written.type === "refused") return written;
  return { ...written, edits: written.edits.map((edit) => ({ ...edit, span: shift(edit.span, start) })) };
}

/** Whether a field of a built set is what stands in the file, or what is missing there. */
function isWrittenIn(uri: string, { place }: StatefulSet, field: string): boolean {
  const { document, untouched } = place.at(...field.split(".")).origin;
  return untouched && (document === undefined || document.uri === uri);
}

/** Spans are relative to the chunk. */
function writtenFields(
  { document, state }: ParsedChunk,
  statefulSet: StatefulSet,
  fieldEdits: readonly FieldEdit[],
): WrittenFields {
  if (state === "broken") return { type: "refused", reason: whyNot({ type: "syntax", problem: undefined }) };
  for (const { field } of fieldEdits) {
    if (statefulSet.place.at(...field.split(".")).intOrString().state === "opaque") {
      return { type: "refused", reason: whyNot({ type: "opaque", path: field }) };
    }
  }
  const edits = patch(
    document,
    fieldEdits.map((edit) => yamlEdit(edit, statefulSet)),
  );
  if (edits !== undefined) return { type: "edits", edits };
  return {
    type: "refused",
    reason:
      "an alias, an anchor or a merge key is in the way: the edit would change more than this StatefulSet's fields",
  };
}

function yamlEdit({ field, value }: FieldEdit, statefulSet: StatefulSet): Edit {
  const path = [...statefulSet.place.path, ...field.split(".")];
  return value === null ? { op: "remove", path } : { op: "set", path, value };
}
