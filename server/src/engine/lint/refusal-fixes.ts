import type { Refusal, Remedy } from "../kubernetes/refusal.js";
import { inCode } from "../text/code.js";
import { fieldName } from "../kubernetes/refusal.js";
import type { Fix, FixEdit } from "./finding.js";

/** The fixes of what the API server refuses, in the order in which they were probably meant. */
export function refusalFixes({ at, remedies = [] }: Pick<Refusal, "at" | "remedies">): readonly Fix[] {
  return remedies.map((remedy) => {
    const target = "at" in remedy && remedy.at !== undefined ? remedy.at : at;
    return {
      title: titleOf(remedy, fieldName(target.place)),
      applicability: "review",
      edits: [editOf(remedy, target)],
    };
  });
}

function titleOf(remedy: Remedy, field: string): string {
  switch (remedy.op) {
    case "set":
      return `Set ${inCode(field)} to ${inCode(String(remedy.value))}`;
    case "remove":
      return `Remove ${inCode(field)}`;
    case "rename":
      return `Rename ${inCode(field)} to ${inCode(remedy.to)}`;
  }
}

function editOf(remedy: Remedy, at: Refusal["at"]): FixEdit {
  switch (remedy.op) {
    case "set":
      return { op: "set", at, value: remedy.value };
    case "remove":
      return { op: "remove", at };
    case "rename":
      return { op: "rename", at, to: remedy.to };
  }
}
