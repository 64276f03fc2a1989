import { defineRule } from "../lint/rule.js";
import { exampleSet } from "../words/example-set.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "rolling-update-kept",
  flags: "a strategy that becomes `OnDelete` or `Recreate` while the API server keeps the `rollingUpdate` block",
  why: `The API server adds \`rollingUpdate: {partition: 0}\` if a manifest has no \`updateStrategy\`. \`kubectl apply\` merges, and
removes only what an earlier manifest had set, so the block stays, and the edit is refused: \`only allowed for
updateStrategy 'RollingUpdate'\`. The manifest itself is right, so no other rule reports it.

\`rollingUpdate: null\` in the manifest removes the block.`,
  whenNotToUse: "If manifests are applied with `kubectl replace`.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, and recordings of kubectl apply on Kubernetes 1.36.3",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    kept: {
      severity: "error",
      text: "`kubectl apply` keeps the live `rollingUpdate`, which `{type}` does not allow. Write `rollingUpdate: null`",
    },
  },
  check({ updateStrategy: { type, rollingUpdate } }, { edit, report }) {
    if (rollingUpdate.kind !== "absent" || edit === undefined) return;
    const outcome = edit.play()?.outcome;
    if (outcome?.type !== "rejected") return;
    if (!outcome.errors.some(({ field }) => field === "spec.updateStrategy.rollingUpdate")) return;
    report({
      message: "kept",
      data: { type: valueOr(type, "") ?? "" },
      at: type,
      related: [{ text: `${edit.base}: \`RollingUpdate\`` }],
      fixes: [
        {
          title: "Add `rollingUpdate: null`",
          applicability: "review",
          edits: [{ op: "set", at: rollingUpdate, value: null }],
        },
      ],
    });
  },
  examples: [
    {
      title: "To OnDelete",
      before: set(""),
      bad: set("\n  updateStrategy:\n    type: OnDelete"),
      good: set("\n  updateStrategy:\n    type: OnDelete\n    rollingUpdate: null"),
    },
  ],
});

function set(strategy: string): string {
  return exampleSet({ spec: `  replicas: 3${strategy}\n` });
}
