import { isMapping } from "../yaml/plain.js";
import { controlNames, fields, type ControlName, type FieldPath } from "./fields.js";

/** A field that a rollout depends on gets another value in the manifest. */
export type FieldEdit =
  | { readonly field: EditableField; readonly value: number | string }
  /** The block goes: the API server refuses one beside any other strategy than RollingUpdate. */
  | { readonly field: "spec.updateStrategy.rollingUpdate"; readonly value: null };

export type EditableField = FieldPath<ControlName>;

/** Whether something that another process sent is a non-empty list of edits that may be made. */
export function areFieldEdits(value: unknown): value is readonly FieldEdit[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFieldEdit);
}

function isFieldEdit(edit: unknown): edit is FieldEdit {
  if (!isMapping(edit)) return false;
  const { field, value } = edit;
  if (field === "spec.updateStrategy.rollingUpdate") return value === null;
  return controlNames.some((name) => fields[name].path === field && fields[name].isValid(value));
}
