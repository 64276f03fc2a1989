import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { podLabels } from "../kubernetes/pod-template.js";
import type { Fix } from "./finding.js";

/** Lets a set select the labels of its pod template; none where that has none that can be read. */
export function selectTemplateLabels({
  selector,
  template,
}: Pick<StatefulSet, "selector" | "template">): readonly Fix[] {
  const labels = podLabels(template);
  if (labels === undefined || labels.size === 0) return [];
  const value = { matchLabels: Object.fromEntries(labels) };
  return [
    {
      title: "Select the labels of the pod template",
      applicability: "review",
      edits: [{ op: "set", at: selector.place, value }],
    },
  ];
}
