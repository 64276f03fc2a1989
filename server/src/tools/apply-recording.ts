/** The format of test/truth/apply.jsonl (test/truth/README.md): what kubectl did, and what a real API server answered. */

/** A line: an edit by three ways, or commands one after the other. */
export type ApplyRecording = EditRecording | FlowRecording;

interface RecordingFields {
  readonly id: string;
  /** The release that answered, such as `1.36.3`. */
  readonly kubernetes: string;
  readonly category: string;
  readonly desc: string;
}

export interface EditRecording extends RecordingFields {
  readonly kind: "edit";
  readonly old: string;
  readonly new: string;
  readonly results: Readonly<Partial<Record<"apply" | "ssa" | "replace", RecordedResult>>>;
}

export interface FlowRecording extends RecordingFields {
  readonly kind: "flow";
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep extends RecordedResult {
  /** The command line, or what happened to the kubelet. */
  readonly do: string;
  readonly yaml?: string;
}

/** What is there is compared; what is not was not observed. */
export interface RecordedResult {
  readonly accepted?: boolean;
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly errors?: readonly RecordedError[];
  readonly create?: Pick<RecordedResult, "accepted" | "errors">;
  readonly generation?: number | string;
  readonly revision?: string;
  readonly spec?: unknown;
  readonly templateChanges?: unknown;
  readonly claimTemplateChanges?: unknown;
  readonly deletedFirst?: readonly string[];
  readonly createdFirst?: readonly string[];
  readonly restarted?: readonly string[];
  readonly gone?: readonly string[];
  readonly added?: readonly string[];
  readonly set?: string;
  readonly end?: string;
}

export interface RecordedError {
  readonly field: string;
  readonly type: string;
  readonly detail?: string;
}

/** Whether a parsed line is of this format. */
export function isApplyRecording(value: unknown): value is ApplyRecording {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("id" in value)) return false;
  if (value.kind === "edit") return "old" in value && "new" in value && "results" in value;
  return value.kind === "flow" && "steps" in value && Array.isArray(value.steps);
}
