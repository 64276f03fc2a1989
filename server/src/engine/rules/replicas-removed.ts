import { restoreEdit } from "../compare/restore-edit.js";
import { defineRule } from "../lint/rule.js";
import { exampleSet } from "../words/example-set.js";
import { valueOr } from "../yaml/field.js";

export default defineRule({
  id: "replicas-removed",
  flags: "a removed `replicas`, which scales the set to one pod",
  why: `\`kubectl apply\` removes from the live object what was in the last manifest and is not in this one. Without \`replicas\`
the API server sets its default, 1, however many pods run. This is a common accident when you add an autoscaler: its
number is lost for a moment, and all pods but one are removed.

To hand over \`replicas\` without scaling down, first remove it from the annotation with \`kubectl apply
edit-last-applied statefulset/NAME\`, and then from the manifest.`,
  whenNotToUse: "If you apply the manifests with a tool that keeps `replicas` if the manifest does not set it.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling (Kubernetes 1.36)",
    "recordings of kubectl apply on Kubernetes 1.36.3",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet"],
  messages: {
    scales: {
      severity: "warning",
      text: "Removing `replicas` scales down the set from {before} pods to 1: `kubectl apply` resets the field to its default",
    },
  },
  check({ replicas, place }, { edit, report }) {
    if (edit?.before.kind !== "StatefulSet" || replicas.state !== "absent") return;
    const before = valueOr(edit.before.replicas, undefined);
    const end = edit.play()?.steps.at(-1)?.state.set;
    if (before === undefined || before < 2 || end?.type !== "present" || end.spec.replicas !== 1) return;
    report({
      message: "scales",
      data: { before },
      at: replicas,
      related: [{ text: `${edit.base}: \`replicas: ${before}\`` }],
      fixes: [
        {
          title: `Restore \`replicas: ${before}\``,
          applicability: "review",
          restores: true,
          edits: [restoreEdit(edit.before.place, place, ["spec", "replicas"], before)],
        },
      ],
    });
  },
  examples: [
    {
      title: "Left to an autoscaler",
      before: exampleSet({ spec: "  replicas: 3\n" }),
      bad: exampleSet({}),
      good: exampleSet({ spec: "  replicas: 2\n" }),
    },
  ],
});
