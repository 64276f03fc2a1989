import { kinds } from "../kubernetes/kinds/registry.js";
import { podReferences } from "../kubernetes/references.js";
import type { Configuration, NameReference } from "./configuration.js";
import { splitFieldPath, type FieldSpec } from "./field-specs.js";

const workloads = ["Deployment", "ReplicaSet", "DaemonSet"] as const;
const stored = { kind: "StatefulSet", group: "apps" } as const;

/** `metadataLabelsFieldSpecs` but for those of claim templates: metadatalabels.go. */
const templateLabels: readonly FieldSpec[] = [
  ...workloads.map((kind) => spec("spec/template/metadata/labels", { kind, create: true })),
  spec("spec/template/metadata/labels", { ...stored, create: true }),
  spec("spec/template/metadata/labels", { kind: "Job", group: "batch", create: true }),
  spec("spec/jobTemplate/metadata/labels", { kind: "CronJob", group: "batch", create: true }),
  spec("spec/jobTemplate/spec/template/metadata/labels", { kind: "CronJob", group: "batch", create: true }),
  spec("metadata/labels", { create: true }),
];

/** volumeclaimmetadatalabels.go */
const claimTemplateLabels = spec("spec/volumeClaimTemplates[]/metadata/labels", { ...stored, create: true });

const podTerms = [
  "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "topologySpreadConstraints/labelSelector/matchLabels",
];

/** commonlabels.go */
const commonLabels: readonly FieldSpec[] = [
  spec("spec/selector", { kind: "Service", version: "v1", create: true }),
  ...workloads.map((kind) => spec("spec/selector/matchLabels", { kind, create: true })),
  spec("spec/selector/matchLabels", { ...stored, create: true }),
  spec("spec/selector/matchLabels", { kind: "PodDisruptionBudget", group: "policy", create: false }),
  ...["StatefulSet", "Deployment"].flatMap((kind) =>
    podTerms.map((term) => spec(`spec/template/spec/${term}`, { kind, group: "apps", create: false })),
  ),
  claimTemplateLabels,
  ...templateLabels,
];

/** commonannotations.go */
const commonAnnotations: readonly FieldSpec[] = [
  ...[...workloads, "StatefulSet"].map((kind) => spec("spec/template/metadata/annotations", { kind, create: true })),
  spec("metadata/annotations", { create: true }),
];

/** images.go; those of other places the transformer finds without them, see image.ts. */
const images: readonly FieldSpec[] = [
  spec("spec/template/spec/containers[]/image", { create: true }),
  spec("spec/template/spec/initContainers[]/image", { create: true }),
];

/** replicas.go */
const replicas: readonly FieldSpec[] = ["Deployment", "ReplicaSet", "StatefulSet"].map((kind) =>
  spec("spec/replicas", { kind, create: true }),
);

/**
 * namereference.go, as far as it is about our kinds and about Jobs, of which nothing else is known: the references of
 * the descriptors, but for the fields that kustomize does not know.
 */
const nameReferences: readonly NameReference[] = [
  ...kinds.map(({ kind, references }) => ({ kind, references })),
  { kind: "Job", references: podReferences("spec.template") },
].flatMap(({ kind, references }) =>
  references
    .filter(({ ignoredByKustomize }) => ignoredByKustomize !== true)
    .flatMap(({ path, to, kindKey }) =>
      to.map((name) => ({
        target: targetOf(name, kindKey),
        field: spec(path.replaceAll("[]", "").replaceAll(".", "/"), { kind, create: false }),
      })),
    ),
);

/** Kinds of the core group by their version, others by their group; of those that a field chooses from neither counts. */
function targetOf(name: string, kindKey: string | undefined): NameReference["target"] {
  const slash = name.indexOf("/");
  const [group, kind] = [name.slice(0, slash), name.slice(slash + 1)];
  if (kindKey !== undefined) return { kind };
  return group === "" ? { kind, version: "v1" } : { kind, group };
}

/**
 * The fields that kustomize 5.6 knows itself, of the kinds that rules look into:
 * api/internal/konfig/builtinpluginconsts.
 */
export const builtInFields: Configuration = {
  fields: {
    namePrefix: [spec("metadata/name", { create: false })],
    nameSuffix: [spec("metadata/name", { create: false })],
    namespace: [],
    commonLabels,
    labels: [],
    templateLabels,
    volumeClaimTemplateLabels: [claimTemplateLabels],
    commonAnnotations,
    images,
    replicas,
  },
  nameReferences,
};

function spec(path: string, rest: Omit<FieldSpec, "path">): FieldSpec {
  return { path: splitFieldPath(path), ...rest };
}
