import type { Place } from "../../yaml/place.js";
import type { FeatureGate, Release } from "../../kubernetes/versions.js";

/**
 * What a reader is told about one field. The texts are Markdown of our own; whatever comes from a manifest is put into
 * them through `words/markdown.ts`. `S` is what the facts speak about.
 */
export interface FieldDoc<S> {
  /** What the field does, in general: true for any value. */
  readonly summary: string;
  /** What it means with the values in front of the reader, a paragraph each; none where too little is known. */
  readonly facts?: (subject: S, field: Place) => readonly string[];
  /** What holds where the field is left out; none for what makes the object what it is. */
  readonly default?: string;
  readonly change: Change | ((release: Release) => Change);
  /** The feature gate that the field depends on. */
  readonly gate?: FeatureGate;
  /** The first release with the field, if that is neither as old as its API version nor told by a gate: `1.16`. */
  readonly since?: string;
  /** A page of kubernetes.io, from its root. */
  readonly page: string;
  /** What is below (labels, items of a list of words) has no doc of its own, and this one is shown for it. */
  readonly coversBelow?: true;
}

/** Docs by the field's path with the numbers of list items left out: `spec.volumeClaimTemplates[].metadata.name`. */
export type FieldDocs<S> = Readonly<Record<string, FieldDoc<S>>>;

/**
 * Whether a live object's field may be changed. For StatefulSets the API server's own list counts: "updates to
 * statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit',
 * 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden" (truth/validation.jsonl, category update,
 * Kubernetes 1.36).
 */
export type Change = "any time" | "rolled out" | "never" | "new object" | "mostly not" | "depends on the release";

export function describeChange(change: Change): string {
  switch (change) {
    case "any time":
      return "Can be changed on a live object";
    case "rolled out":
      return "Can be changed on a live set: the pods are then replaced";
    case "never":
      return "Cannot be changed on a live set: it has to be deleted (`--cascade=orphan` keeps the pods) and created again";
    case "new object":
      return "Cannot be changed: another value makes another object";
    case "mostly not":
      return "Cannot be changed on a live Service while its type stays the same";
    case "depends on the release":
      return "Can be changed on a live set, but some releases before 1.35 refuse it";
  }
}

/** The pages most fields link to. */
export const statefulSetPage = "docs/concepts/workloads/controllers/statefulset/";
export const servicePage = "docs/concepts/services-networking/service/";
