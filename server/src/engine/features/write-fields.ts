import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { FieldEdit } from "../rollout/field-edit.js";
import type { TextEdit } from "../text/edit.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { Edit } from "../yaml/edit.js";
import { patch } from "../yaml/patch.js";

/** Text edits, or why there are none, in a sentence without its full stop. */
export type WrittenFields =
  | { readonly type: "edits"; readonly edits: readonly TextEdit[] }
  | { readonly type: "refused"; readonly reason: string };

/** The text edits that give fields of a StatefulSet in the chunk other values; spans are relative to the chunk. */
export function writeFields(
  { document, state }: ParsedChunk,
  statefulSet: StatefulSet,
  fieldEdits: readonly FieldEdit[],
): WrittenFields {
  if (state === "broken") return { type: "refused", reason: "the YAML cannot be read" };
  for (const { field } of fieldEdits) {
    if (statefulSet.place.at(...field.split(".")).intOrString().state === "opaque") {
      return { type: "refused", reason: `${field} is filled in by another tool` };
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
