import { createWorkspace, type Analysis, type Parts, type WorkspaceMaker } from "../../server/src/engine/api.js";
import { defineRule } from "../../server/src/engine/lint/rule.js";
import { rules } from "../../server/src/engine/rules/registry.js";
import { readChunk, type ReadChunk } from "../../server/src/engine/workspace/source-file.js";

/** A rule with a defect: it throws on every StatefulSet, after it has said something. */
export const failingRule = defineRule({
  id: "failing-rule",
  flags: "nothing, since it fails",
  why: "",
  whenNotToUse: "",
  sources: [],
  since: "0.1.0",
  topic: "ordinal",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: { half: { severity: "error", text: "half a thought" } },
  examples: [],
  check(statefulSet, { report }) {
    report({ message: "half", at: statefulSet.name });
    throw new TypeError("spec is undefined\nand a second line");
  },
});

export const withFailingRule: Parts = { rules: [failingRule, ...rules], read: readChunk };

/** Reads everything but the documents that hold a text. */
export function failingReader(about: string): ReadChunk {
  return (text, use, visible) => {
    if (text.includes(about)) throw new RangeError("no such view");
    return readChunk(text, use, visible);
  };
}

/** Makes workspaces of other parts. */
export function makerOf(parts: Parts): WorkspaceMaker {
  return (config, flags) => createWorkspace(config, flags, parts);
}

/** Makes workspaces in whose analyses some questions fail. */
export function makerWith(broken: (analysis: Analysis) => Partial<Analysis>): WorkspaceMaker {
  return (config, flags) => {
    const workspace = createWorkspace(config, flags);
    return {
      ...workspace,
      snapshot() {
        const analysis = workspace.snapshot();
        return { ...analysis, ...broken(analysis) };
      },
    };
  };
}
