import { restoreEdit } from "../compare/restore-edit.js";
import { defineRule } from "../lint/rule.js";
import { ordinalsWhere } from "../rollout/slots.js";
import { podName } from "../rollout/spec.js";
import { exampleSet } from "../words/example-set.js";
import { namesText } from "../words/names.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "ordinals-renumbered",
  flags: "a changed `ordinals.start`, which replaces pods by others with other PVCs",
  why: `\`ordinals.start\` is the number of the first pod. If it changes, the pods outside the new range are removed, and new
ones are created with new names. A new pod does not get the PVC of an old one: its PVC has its own name and is empty.
The data of the old pods stays in their PVCs, or is deleted with \`whenScaled: Delete\`.

The field is meant for moving pods to another cluster one by one, after you have copied the data. Programs that know
their peers by name (\`db-0.db\`) lose them.`,
  whenNotToUse: "If the pods keep no data and their names are not used.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#start-ordinal (stable since Kubernetes 1.31)",
    "https://kubernetes.io/blog/2023/04/28/statefulset-migration/ (Kubernetes 1.27)",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    renumbered: {
      severity: "warning",
      text: "Pods {removed} are replaced by {created}: `ordinals.start` changes from {before} to {after}",
    },
    empty: {
      severity: "warning",
      text: "Pods {removed} are replaced by {created} with empty volumes: `ordinals.start` changes from {before} to {after}",
    },
    deletes: {
      severity: "warning",
      text: "Changing `ordinals.start` from {before} to {after} deletes {claims} and their data: `whenScaled` is `Delete`",
    },
  },
  check({ firstOrdinal, place }, { edit, report }) {
    if (edit?.before.kind !== "StatefulSet") return;
    const [before, after] = [valueOr(edit.before.firstOrdinal, 0), valueOr(firstOrdinal, 0)];
    if (before === undefined || after === undefined || before === after) return;
    const played = edit.play();
    const end = played?.steps.at(-1)?.state;
    if (played === undefined || end === undefined) return;
    const [old, now] = [played.start, end].map(({ slots }) => ordinalsWhere(slots, ({ pods }) => pods > 0));
    const name = (ordinal: number) => podName(end, ordinal);
    const removed = (old ?? []).filter((ordinal) => now?.includes(ordinal) === false).map(name);
    const created = (now ?? []).filter((ordinal) => old?.includes(ordinal) === false).map(name);
    if (removed.length === 0 || created.length === 0) return;
    const lost = played.measure.claimsDeleted;
    const message = lost.length > 0 ? "deletes" : played.claims.length > 0 ? "empty" : "renumbered";
    report({
      message,
      data: { before, after, removed: namesText(removed), created: namesText(created), claims: namesText(lost) },
      at: firstOrdinal,
      related: [{ text: `${edit.base}: the first pod is \`${name(before)}\`` }],
      fixes: [
        {
          title: `Restore \`start: ${before}\``,
          applicability: "review",
          restores: true,
          edits: [restoreEdit(edit.before.place, place, ["spec", "ordinals", "start"], before)],
        },
      ],
    });
  },
  examples: [
    {
      title: "Another first pod",
      before: set(0, 3),
      bad: set(5, 3),
      good: set(0, 4),
    },
  ],
});

function set(start: number, replicas: number): string {
  return exampleSet({ spec: `  ordinals:\n    start: ${start}\n  replicas: ${replicas}\n` });
}
