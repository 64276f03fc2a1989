import { restoreEdit } from "../compare/restore-edit.js";
import { defineRule } from "../lint/rule.js";
import { exampleSet } from "../words/example-set.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "retention-changed-to-delete",
  flags: "a retention policy that was `Retain` and is `Delete` now",
  why: `The policy also applies to existing PVCs: after the apply, the controller makes the set (\`whenDeleted\`) or the pod
(\`whenScaled\`) their owner, and they are deleted with it. This edit itself deletes nothing. The next scale down, or
the next deletion of the set, deletes data that was kept until now.

The files are compared with a base: in the editor the last commit, or what the setting \`ordinal.base\` chooses.`,
  whenNotToUse: "If the volumes hold nothing that you need.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    scaled: {
      severity: "info",
      text: "From now on, scaling down deletes the PVCs of the removed pods, existing ones too",
    },
    deleted: { severity: "info", text: "From now on, deleting the StatefulSet deletes its PVCs, existing ones too" },
  },
  check({ retention, claimTemplates, place }, { edit, report }) {
    if (edit?.before.kind !== "StatefulSet") return;
    if (claimTemplates.state !== "present" || claimTemplates.value.length === 0) return;
    const former = edit.before.retention;
    for (const [key, message] of [
      ["whenScaled", "scaled"],
      ["whenDeleted", "deleted"],
    ] as const) {
      if (valueOr(retention[key], "Retain") !== "Delete" || valueOr(former[key], "Retain") !== "Retain") continue;
      report({
        message,
        at: retention[key],
        related: [{ text: `${edit.base}: \`Retain\`${former[key].state === "absent" ? " by default" : ""}` }],
        fixes: [
          {
            title: "Restore `Retain`",
            applicability: "review",
            restores: true,
            edits: [
              restoreEdit(edit.before.place, place, ["spec", "persistentVolumeClaimRetentionPolicy", key], "Retain"),
            ],
          },
        ],
      });
    }
  },
  examples: [
    {
      title: "Kept until now",
      before: set("Retain"),
      bad: set("Delete"),
      good: set("Retain"),
    },
  ],
});

function set(whenScaled: string): string {
  return exampleSet({
    spec: `  replicas: 3
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: ${whenScaled}
`,
  });
}
