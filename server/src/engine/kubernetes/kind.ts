import type { FieldDocs } from "./field-doc.js";
import type { Metadata } from "./object.js";
import type { Reference } from "./references.js";
import type { Refusal } from "./refusal.js";
import type { TargetCluster } from "./versions.js";

/**
 * Everything that is known of one kind of objects. A kind is one file in `kinds/` with a descriptor as its default
 * export; `npm run generate` lists it in `kinds/registry.ts`, from which all else follows.
 */
export interface KindDescriptor<R extends View = View, D extends Digest = Digest> {
  /** Its API group, whatever the version: older versions (apps/v1beta1, policy/v1beta1) are still met in manifests. */
  readonly group: string;
  readonly kind: string;
  /** The discriminator of what `read` and `digest` make; several kinds may share a view, and `other` is none. */
  readonly view: R["kind"];
  read(metadata: Metadata): R;
  /** What other files may see of an object. What cannot be read is `undefined`; so is what is unset without a default. */
  digest(resource: R): D;
  /**
   * Whether it is only a part of one: a patch, or a base whose rest an overlay adds. Recognised by what every whole
   * object of the kind has.
   */
  isPartial(resource: R): boolean;
  /** What the API server refuses, or warns of, that its schema does not say. */
  refusals(resource: R, cluster: TargetCluster): Iterable<Refusal>;
  /** The fields that name other objects of its namespace, or cluster-scoped ones. */
  readonly references: readonly Reference[];
  /** What hovers say of its fields; a field that is not here is described by the API's own words. */
  readonly docs?: FieldDocs;
  /** Whole manifests that completion offers in an empty document. */
  readonly skeletons?: readonly Skeleton[];
}

export interface View extends Metadata {
  readonly kind: string;
}

/** It holds no offsets, so that moved text makes no difference. */
export interface Digest {
  readonly kind: string;
}

/** `{1:app}` in the text is a stop of the cursor; stops of one number are filled in together. */
export interface Skeleton {
  readonly label: string;
  readonly detail: string;
  readonly text: string;
  /** Markdown. */
  readonly documentation: string;
}

/** An object that is certainly Kubernetes', of a kind that no rule looks into. */
export interface OtherResource extends Metadata {
  readonly kind: "other";
}

export interface OtherDigest {
  readonly kind: "other";
  /** What the data of a ConfigMap or Secret are kept under. */
  readonly dataKeys?: readonly string[];
}

/** The parts of a descriptor of a kind without a view. */
export const withoutView = {
  view: "other",
  read: (metadata: Metadata): OtherResource => ({ ...metadata, kind: "other" }),
  digest: (): OtherDigest => ({ kind: "other" }),
  isPartial: () => false,
} as const;
