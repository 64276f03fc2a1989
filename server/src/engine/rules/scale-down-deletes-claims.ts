import { defineRule } from "../lint/rule.js";
import { exampleSet } from "../words/example-set.js";
import { namesText } from "../words/names.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "scale-down-deletes-claims",
  flags: "fewer replicas with `whenScaled: Delete`, which deletes the PVCs of the removed pods",
  why: `With \`persistentVolumeClaimRetentionPolicy.whenScaled: Delete\` the PVCs of the pods above the new number of replicas
are deleted with them, and most provisioned volumes are deleted with their PVC. Scaling up again creates new, empty
ones.

The files are compared with a base: in the editor the last commit, or what the setting \`ordinal.base\` chooses. Ordinal
simulates \`kubectl apply\` of the edit to a healthy set, and names the PVCs that are gone afterwards.`,
  whenNotToUse: "If the volumes hold nothing that you need.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (stable since Kubernetes 1.32)",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    deletes: {
      severity: "warning",
      text: "Scaling down from {before} to {after} deletes {claims} and their data: `whenScaled` is `Delete`",
    },
  },
  check({ replicas, retention }, { edit, report }) {
    if (edit?.before.kind !== "StatefulSet") return;
    const [before, after] = [valueOr(edit.before.replicas, 1), valueOr(replicas, 1)];
    if (before === undefined || after === undefined || after >= before) return;
    const lost = edit.play()?.measure.claimsDeleted ?? [];
    if (lost.length === 0) return;
    report({
      message: "deletes",
      data: { before, after, claims: lost.length === 1 ? `PVC ${namesText(lost)}` : `PVCs ${namesText(lost)}` },
      at: replicas,
      related: [{ text: `${edit.base}: ${before === 1 ? "1 replica" : `${before} replicas`}` }],
      fixes: [
        {
          title: "Set `whenScaled` to `Retain`",
          applicability: "review",
          edits: [{ op: "set", at: retention.whenScaled, value: "Retain" }],
        },
      ],
    });
  },
  examples: [
    {
      title: "Two replicas fewer",
      before: set(5, "Delete"),
      bad: set(3, "Delete"),
      good: set(3, "Retain"),
    },
  ],
});

function set(replicas: number, whenScaled: string): string {
  return exampleSet({
    spec: `  replicas: ${replicas}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: Retain
    whenScaled: ${whenScaled}
`,
  });
}
