import { isMapping } from "../yaml/plain.js";

/** A field that a rollout depends on gets another value in the manifest. */
export type FieldEdit =
  | { readonly field: EditableField; readonly value: number | string }
  /** The block goes: the API server refuses one beside any other strategy than RollingUpdate. */
  | { readonly field: "spec.updateStrategy.rollingUpdate"; readonly value: null };

export type EditableField = keyof typeof allowed;

/** Which fields may be written, and with what: only values that the API server of some release takes. */
const allowed = {
  "spec.replicas": isCount,
  "spec.minReadySeconds": isCount,
  "spec.podManagementPolicy": oneOf("OrderedReady", "Parallel"),
  "spec.updateStrategy.type": oneOf("RollingUpdate", "OnDelete", "Recreate"),
  "spec.updateStrategy.rollingUpdate.partition": isCount,
  "spec.updateStrategy.rollingUpdate.maxUnavailable": isAmount,
  "spec.persistentVolumeClaimRetentionPolicy.whenScaled": oneOf("Retain", "Delete"),
  "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": oneOf("Retain", "Delete"),
};

const checks: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map(Object.entries(allowed));

/** Whether something that another process sent is a non-empty list of edits that may be made. */
export function areFieldEdits(value: unknown): value is readonly FieldEdit[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFieldEdit);
}

function isFieldEdit(edit: unknown): edit is FieldEdit {
  if (!isMapping(edit)) return false;
  const { field, value } = edit;
  if (field === "spec.updateStrategy.rollingUpdate") return value === null;
  return checks.get(field)?.(value) === true;
}

/** int32 in the API. */
function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

/**
 * A positive number or percentage: maxUnavailable may not be 0, nor more than 100% (ValidateStatefulSetSpec in
 * pkg/apis/apps/validation/validation.go, Kubernetes 1.36).
 */
function isAmount(value: unknown): boolean {
  if (typeof value !== "string") return isCount(value) && value !== 0;
  return /^(?:100|[1-9]?\d)%$/.test(value) && value !== "0%";
}

function oneOf(...values: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === "string" && values.includes(value);
}
