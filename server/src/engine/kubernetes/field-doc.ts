import type { FeatureGate, Release } from "./versions.js";

/** The documentation of one field, in Markdown of our own. */
export interface FieldDoc {
  /** What the field does, in general: true for any value. */
  readonly summary: string;
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

export interface FieldDocs {
  /** The first release with this version of the object's API: `1.9` for apps/v1 StatefulSet. */
  readonly apiSince: string;
  /** By the field's path with the numbers of list items left out: `spec.volumeClaimTemplates[].metadata.name`. */
  readonly fields: Readonly<Record<string, FieldDoc>>;
}

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
