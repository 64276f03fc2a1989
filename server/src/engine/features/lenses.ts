import { describePods, isPartial, podNames, type PodNames, type StatefulSet } from "../k8s/statefulset.js";
import type { Span } from "../text/span.js";

/** An offer to preview the rollout of one StatefulSet, above it. */
export interface PreviewLens {
  /** The lens stands above the line where this begins. */
  readonly span: Span;
  readonly title: string;
  /** Which StatefulSet of the file it is, 0 for the first. */
  readonly index: number;
}

/** The lens of a StatefulSet as it is applied, none for a part of one. The span is that of `written` in its chunk. */
export function previewLens(written: StatefulSet, applied: StatefulSet, index: number): PreviewLens | undefined {
  if (isPartial(applied)) return undefined;
  const pods = podNames(applied);
  return {
    span: written.place.at("kind").keySpan,
    title: `Preview rollout${pods === undefined ? "" : count(pods)}`,
    index,
  };
}

function count(pods: PodNames): string {
  if (pods.count === 0) return ": no pods";
  return `: ${pods.count} ${pods.count === 1 ? "pod" : "pods"} ${describePods(pods)}`;
}
