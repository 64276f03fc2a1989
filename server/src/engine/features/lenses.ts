import { describePods, isPartial, podNames, type StatefulSet } from "../k8s/statefulset.js";
import type { Span } from "../text/span.js";

/** An offer to preview the rollout of one StatefulSet, above it. */
export interface PreviewLens {
  /** The lens stands above the line where this begins. */
  readonly span: Span;
  readonly title: string;
  /** Which StatefulSet of the file it is, 0 for the first. */
  readonly index: number;
}

/** The lens of a StatefulSet, none for a part of one. The span is relative to the chunk. */
export function previewLens(statefulSet: StatefulSet, index: number): PreviewLens | undefined {
  if (isPartial(statefulSet)) return undefined;
  const pods = podNames(statefulSet);
  const count = pods && `: ${pods.count} ${pods.count === 1 ? "pod" : "pods"} ${describePods(pods)}`;
  return { span: statefulSet.place.at("kind").keySpan, title: `Preview rollout${count ?? ""}`, index };
}
