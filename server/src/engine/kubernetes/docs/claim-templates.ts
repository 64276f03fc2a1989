import { statefulSetPage, type FieldDoc } from "../field-doc.js";

const claimPage = "docs/concepts/storage/persistent-volumes/";

/** The fields that create claims and decide what happens to them. */
export const claimDocs: Readonly<Record<string, FieldDoc>> = {
  "spec.volumeClaimTemplates": {
    summary:
      "One claim (PersistentVolumeClaim) for every pod from each template, named `<template>-<pod>`. A claim is created with its pod and waits for it: when the pod is replaced, it gets the same claim again. A claim with this name that already exists is used as it is.",
    default: "none: the pods have no claims of their own",
    change: "never",
    page: `${statefulSetPage}#volume-claim-templates`,
  },
  "spec.volumeClaimTemplates[].metadata": {
    summary: "The name, labels and annotations of the claims. The namespace is always the set's.",
    default: "none",
    change: "never",
    page: `${statefulSetPage}#volume-claim-templates`,
  },
  "spec.volumeClaimTemplates[].metadata.name": {
    summary:
      "The first part of the claims' names, and the name of the volume that containers mount with `volumeMounts`. A volume with the same name in the pod template is silently replaced.",
    default: "none, it is required",
    change: "never",
    page: `${statefulSetPage}#stable-storage`,
  },
  "spec.volumeClaimTemplates[].metadata.labels": {
    summary:
      "Labels of the claims. They can never be changed, so a label that changes with each release of a chart (`helm.sh/chart`, `app.kubernetes.io/version`) makes every later upgrade fail.",
    default: "none",
    change: "never",
    page: `${statefulSetPage}#volume-claim-templates`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].metadata.annotations": {
    summary: "Annotations of the claims.",
    default: "none",
    change: "never",
    page: `${statefulSetPage}#volume-claim-templates`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec": {
    summary: "What each claim requests.",
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#persistentvolumeclaims`,
  },
  "spec.volumeClaimTemplates[].spec.storageClassName": {
    summary:
      'The class that provides the volumes. If not set, the cluster\'s default class is used. `""` means no class: then a volume must already exist.',
    default: "the cluster's default class",
    change: "never",
    page: "docs/concepts/storage/storage-classes/",
  },
  "spec.volumeClaimTemplates[].spec.accessModes": {
    summary:
      "How a volume may be mounted. `ReadWriteOnce`: by the pods of one node. `ReadWriteOncePod`: by one pod only (stable since Kubernetes 1.29). `ReadWriteMany`, `ReadOnlyMany`: by pods of many nodes. Since each pod has its own claim, the first two are enough for most sets.",
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#access-modes`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.volumeMode": {
    summary: "`Filesystem`: the volume is mounted into a directory. `Block`: the container gets it as a device.",
    default: "`Filesystem`",
    change: "never",
    since: "1.9 (stable since 1.18)",
    page: `${claimPage}#volume-mode`,
  },
  "spec.volumeClaimTemplates[].spec.volumeName": {
    summary: "One specific volume. A volume is bound to a single claim, so at most one of the pods can get it.",
    default: "any volume that fits",
    change: "never",
    page: `${claimPage}#reserving-a-persistentvolume`,
  },
  "spec.volumeClaimTemplates[].spec.selector": {
    summary: "Labels that a volume must have. A claim with a selector uses existing volumes; none is created for it.",
    default: "any volume that fits",
    change: "never",
    page: `${claimPage}#selector`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.dataSource": {
    summary: "A snapshot or a claim that each new volume is filled from. It is the same for every pod.",
    default: "an empty volume",
    change: "never",
    since: "1.12 (stable since 1.20)",
    page: `${claimPage}#volume-snapshot-and-restore-volume-from-snapshot-support`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.dataSourceRef": {
    summary: "An object that each new volume is filled from. It is the same for every pod.",
    default: "an empty volume",
    change: "never",
    since: "1.22",
    page: `${claimPage}#volume-populators-and-data-sources`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.resources": {
    summary: "How large the volumes are.",
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#resources`,
  },
  "spec.volumeClaimTemplates[].spec.resources.requests": {
    summary: "The minimum size of each volume.",
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#resources`,
  },
  "spec.volumeClaimTemplates[].spec.resources.requests.storage": {
    summary:
      "The size of each pod's volume. To enlarge the volumes of a live set, change each claim (if its storage class has `allowVolumeExpansion`), then recreate the set with the new size. A volume cannot be made smaller.",
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#expanding-persistent-volumes-claims`,
  },
  "spec.persistentVolumeClaimRetentionPolicy": {
    summary:
      "What happens to the pods' claims when the set is deleted or scaled down. With a claim, its volume and data are deleted too, unless the volume's reclaim policy is `Retain`.",
    default: "`Retain` for both",
    change: "any time",
    gate: "StatefulSetAutoDeletePVC",
    page: `${statefulSetPage}#persistentvolumeclaim-retention`,
  },
};
