import { statefulSetPage, type FieldDoc } from "./field-doc.js";

/**
 * A field of a StatefulSet that a rollout depends on. All that is done with it follows from its entry: the type of
 * `WrittenSpec`, its reader, the guards of messages and of edits and the control of the preview (`rollout/fields.ts`),
 * and what hovers say.
 */
interface RolloutField {
  /** As the API writes it. */
  readonly path: `spec.${string}`;
  readonly form: Form;
  /** What the API server fills in (pkg/apis/apps/v1/defaults.go, Kubernetes 1.36). */
  readonly standard: number | string;
  /** No update may change it. */
  readonly immutable?: true;
  /** Absent for a field that the preview only reads. */
  readonly control?: Control;
  /** `default` and `change` follow from the entry where they are left out. */
  readonly doc: Omit<FieldDoc, "change"> & Partial<FieldDoc>;
}

/** A number from 0, a number or a percentage, one of some words. */
export type Form =
  | { readonly type: "count" }
  | { readonly type: "amount" }
  | { readonly type: "choice"; readonly options: readonly string[] };

/** How the preview asks for another value. */
export interface Control {
  readonly label: string;
  /** `more`: only shown after a click. */
  readonly row: "first" | "more";
  /** Its place in the row. */
  readonly order: number;
  /** It means something for rolling updates only. */
  readonly rolling?: true;
  /** Options that only later releases of Kubernetes 1 have. */
  readonly since?: Readonly<Record<string, number>>;
}

const count = { type: "count" } as const;
const amount = { type: "amount" } as const;
const oneOf = (...options: readonly string[]) => ({ type: "choice", options }) as const;

const claimRetention = {
  gate: "StatefulSetAutoDeletePVC",
  page: `${statefulSetPage}#persistentvolumeclaim-retention`,
} as const;

/** In the order in which they are read and written. */
export const rolloutFields = {
  replicas: {
    path: "spec.replicas",
    form: count,
    standard: 1,
    control: { label: "replicas", row: "first", order: 1 },
    doc: {
      summary: "How many pods the set has.",
      page: `${statefulSetPage}#deployment-and-scaling-guarantees`,
    },
  },
  podManagementPolicy: {
    path: "spec.podManagementPolicy",
    form: oneOf("OrderedReady", "Parallel"),
    standard: "OrderedReady",
    immutable: true,
    control: { label: "policy", row: "first", order: 4 },
    doc: {
      summary:
        "Whether pods are created and deleted one after another (`OrderedReady`) or all at once (`Parallel`). It applies to scaling; `updateStrategy` decides how updates work.",
      page: `${statefulSetPage}#pod-management-policies`,
    },
  },
  minReadySeconds: {
    path: "spec.minReadySeconds",
    form: count,
    standard: 0,
    control: { label: "minReadySeconds", row: "more", order: 2 },
    doc: {
      summary: "How long a pod must have been Ready, in seconds, before it counts as Available.",
      default: "`0`: Ready is enough",
      gate: "StatefulSetMinReadySeconds",
      page: `${statefulSetPage}#minimum-ready-seconds`,
    },
  },
  strategy: {
    path: "spec.updateStrategy.type",
    form: oneOf("RollingUpdate", "OnDelete", "Recreate"),
    standard: "RollingUpdate",
    control: { label: "strategy", row: "more", order: 1, since: { Recreate: 37 } },
    doc: {
      summary:
        "`RollingUpdate`: pods are replaced one after another, from the highest ordinal down. `OnDelete`: a pod is replaced when you delete it. `Recreate` (alpha in 1.37, KEP-3541): all pods are deleted before new ones are created.",
      page: `${statefulSetPage}#update-strategies`,
    },
  },
  partition: {
    path: "spec.updateStrategy.rollingUpdate.partition",
    form: count,
    standard: 0,
    control: { label: "partition", row: "first", order: 2, rolling: true },
    doc: {
      summary:
        "How many pods, counted from the lowest ordinal, keep the old template in a rolling update. It is an index, not an ordinal: `0` stands for the first pod, whatever `ordinals.start` is.",
      default: "`0`: every pod gets the new template",
      page: `${statefulSetPage}#partitions`,
    },
  },
  maxUnavailable: {
    path: "spec.updateStrategy.rollingUpdate.maxUnavailable",
    form: amount,
    standard: 1,
    control: { label: "maxUnavailable", row: "first", order: 3, rolling: true },
    doc: {
      summary:
        "How many pods may be unavailable at once in a rolling update: a number, or a percentage of `replicas` (rounded down, but at least 1). By default it works in 1.35.0 to 1.35.3 and from 1.37 on; other releases have it switched off.",
      gate: "MaxUnavailableStatefulSet",
      page: `${statefulSetPage}#maximum-unavailable-pods`,
    },
  },
  firstOrdinal: {
    path: "spec.ordinals.start",
    form: count,
    standard: 0,
    doc: {
      summary:
        "The number of the first pod. When it is changed on a live set, the missing pods of the new range are created first, and those outside it are deleted after that, the highest first.",
      gate: "StatefulSetStartOrdinal",
      page: `${statefulSetPage}#start-ordinal`,
    },
  },
  whenScaled: {
    path: "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
    form: oneOf("Retain", "Delete"),
    standard: "Retain",
    control: { label: "whenScaled", row: "more", order: 3 },
    doc: {
      ...claimRetention,
      summary:
        "What becomes of the claims of the pods that scaling down removes. `Retain`: they stay, and scaling up again finds the old data. `Delete`: each goes as soon as its pod is gone. An autoscaler scales down too.",
    },
  },
  whenDeleted: {
    path: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
    form: oneOf("Retain", "Delete"),
    standard: "Retain",
    control: { label: "whenDeleted", row: "more", order: 4 },
    doc: {
      ...claimRetention,
      summary:
        "What becomes of the claims when the set is deleted. `Retain`: they stay. `Delete`: they go, each as soon as its pod is gone. `kubectl delete --cascade=orphan` keeps them in any case.",
    },
  },
  revisionHistoryLimit: {
    path: "spec.revisionHistoryLimit",
    form: count,
    standard: 10,
    doc: {
      summary:
        "How many old templates that no pod uses any more are kept (as ControllerRevisions), for `kubectl rollout undo`.",
      // Forbidden by 1.31 (kubernetes/kubernetes issue 130263), allowed by 1.36 (update-029 of truth/validation.jsonl)
      // and by the 1.35 servers whose error message lists it; which of the releases between was the first is not certain.
      change: ({ minor }) => (minor <= 32 ? "never" : minor >= 35 ? "any time" : "depends on the release"),
      page: `${statefulSetPage}#revision-history`,
    },
  },
} as const satisfies Readonly<Record<string, RolloutField>>;

/** What hovers say of them, by their paths. */
export const rolloutFieldDocs: Readonly<Record<string, FieldDoc>> = Object.fromEntries(
  Object.values<RolloutField>(rolloutFields).map(({ path, standard, immutable, doc }) => [
    path,
    { default: `\`${standard}\``, change: immutable === true ? "never" : "any time", ...doc },
  ]),
);
