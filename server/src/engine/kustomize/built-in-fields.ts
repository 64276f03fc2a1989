import type { Configuration, NameReference } from "./configuration.js";
import { splitFieldPath, type FieldSpec } from "./field-specs.js";

const workloads = ["Deployment", "ReplicaSet", "DaemonSet"] as const;
const stored = { kind: "StatefulSet", group: "apps" } as const;
const podTemplates = ["StatefulSet", "Deployment", "DaemonSet", "ReplicaSet", "Job"] as const;

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

/** namereference.go */
const nameReferences: readonly NameReference[] = [
  reference({ kind: "Service", version: "v1" }, "spec/serviceName", ["StatefulSet"]),
  ...["Deployment", "ReplicaSet", "StatefulSet"].map((kind) =>
    reference({ kind }, "spec/scaleTargetRef/name", ["HorizontalPodAutoscaler"]),
  ),
  reference(
    { kind: "PersistentVolumeClaim", version: "v1" },
    "spec/template/spec/volumes/persistentVolumeClaim/claimName",
    podTemplates,
  ),
  reference({ kind: "ServiceAccount", version: "v1" }, "spec/template/spec/serviceAccountName", podTemplates),
  ...(
    [
      ["spec/storageClassName", "PersistentVolumeClaim"],
      ["spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"],
    ] as const
  ).map(([path, kind]) => reference({ kind: "StorageClass", group: "storage.k8s.io" }, path, [kind])),
  reference(
    { kind: "PriorityClass", group: "scheduling.k8s.io" },
    "spec/template/spec/priorityClassName",
    podTemplates,
  ),
  reference({ kind: "PersistentVolume", version: "v1" }, "spec/volumeName", ["PersistentVolumeClaim"]),
  ...(
    [
      ["ConfigMap", "configMapKeyRef", "configMapRef", "configMap", "configMap/name"],
      ["Secret", "secretKeyRef", "secretRef", "secret", "secret/secretName"],
    ] as const
  ).flatMap(([kind, keyRef, ref, projected, volume]) =>
    [
      `volumes/${volume}`,
      `volumes/projected/sources/${projected}/name`,
      ...["containers", "initContainers"].flatMap((list) => [
        `${list}/env/valueFrom/${keyRef}/name`,
        `${list}/envFrom/${ref}/name`,
      ]),
    ].map((path) => reference({ kind, version: "v1" }, `spec/template/spec/${path}`, podTemplates)),
  ),
  reference({ kind: "Secret", version: "v1" }, "spec/template/spec/imagePullSecrets/name", podTemplates),
].flat();

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

function reference(target: NameReference["target"], path: string, kinds: readonly string[]): readonly NameReference[] {
  return kinds.map((kind) => ({ target, field: spec(path, { kind, create: false }) }));
}
