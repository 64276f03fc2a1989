import type { Place } from "../../yaml/place.js";
import { code, table } from "../../words/markdown.js";
import { formatRelease } from "../../kubernetes/versions.js";
import { statefulSetPage, type FieldDocs } from "./field-doc.js";
import type { KnownSet, Retention } from "./known-set.js";
import { allOf, claimList, count, refusedWord } from "./phrases.js";

const claimPage = "docs/concepts/storage/persistent-volumes/";
const retentionPage = `${statefulSetPage}#persistentvolumeclaim-retention`;

/** The fields that make claims and decide what becomes of them. */
export const claimDocs: FieldDocs<KnownSet> = {
  "spec.volumeClaimTemplates": {
    summary:
      "One claim (PersistentVolumeClaim) for every pod from each template, named `<template>-<pod>`. A claim is created with its pod and waits for it: when the pod is replaced, it gets the same claim again. A claim of the right name that is already there is used as it is.",
    facts: (set) =>
      [...claimsOf(set), ...(hasClaims(set) ? [describeRetention(set)] : [])].filter((text) => text !== ""),
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
      "The first part of the claims' names, and the name of the volume that containers mount with `volumeMounts`. A volume of the same name in the pod template is replaced without a word.",
    facts: (set, field) => {
      const name = field.string();
      return name.state === "present" ? [...claimsOfTemplate(set, name.value), ...mounts(set, name.value)] : [];
    },
    default: "none, it is required",
    change: "never",
    page: `${statefulSetPage}#stable-storage`,
  },
  "spec.volumeClaimTemplates[].metadata.labels": {
    summary:
      "Labels of the claims. Like everything here they can never be changed, so a label that changes with each release of a chart (`helm.sh/chart`, `app.kubernetes.io/version`) makes every later upgrade fail.",
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
    summary: "What each claim asks for.",
    facts: (set, field) => claimsOfTemplate(set, templateName(set, field)),
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#persistentvolumeclaims`,
  },
  "spec.volumeClaimTemplates[].spec.storageClassName": {
    summary:
      'The class that provides the volumes. Left out, the cluster\'s default class is taken; `""` means none at all: then a volume must be there already.',
    facts: (set, field) => claimsOfTemplate(set, templateName(set, field)),
    default: "the cluster's default class",
    change: "never",
    page: "docs/concepts/storage/storage-classes/",
  },
  "spec.volumeClaimTemplates[].spec.accessModes": {
    summary:
      "How a volume may be mounted. `ReadWriteOnce`: by the pods of one node. `ReadWriteOncePod`: by one pod only (stable since Kubernetes 1.29). `ReadWriteMany`, `ReadOnlyMany`: by pods of many nodes. Since each pod has its own claim, the first two are enough for most sets.",
    facts: (set, field) => claimsOfTemplate(set, templateName(set, field)),
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#access-modes`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.volumeMode": {
    summary: "`Filesystem`: the volume is mounted into a directory. `Block`: it is given to the container as a device.",
    default: "`Filesystem`",
    change: "never",
    since: "1.9 (stable since 1.18)",
    page: `${claimPage}#volume-mode`,
  },
  "spec.volumeClaimTemplates[].spec.volumeName": {
    summary: "One certain volume. A volume is bound to a single claim, so at most one of the pods can get it.",
    default: "any volume that fits",
    change: "never",
    page: `${claimPage}#reserving-a-persistentvolume`,
  },
  "spec.volumeClaimTemplates[].spec.selector": {
    summary:
      "Labels that a volume must have. A claim with a selector takes volumes that are there already; none is made for it.",
    default: "any volume that fits",
    change: "never",
    page: `${claimPage}#selector`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.dataSource": {
    summary: "A snapshot or a claim whose content each new volume begins with. It is the same for every pod.",
    default: "an empty volume",
    change: "never",
    since: "1.12 (stable since 1.20)",
    page: `${claimPage}#volume-snapshot-and-restore-volume-from-snapshot-support`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.dataSourceRef": {
    summary: "An object whose content each new volume begins with. It is the same for every pod.",
    default: "an empty volume",
    change: "never",
    since: "1.22",
    page: `${claimPage}#volume-populators-and-data-sources`,
    coversBelow: true,
  },
  "spec.volumeClaimTemplates[].spec.resources": {
    summary: "How large the volumes are.",
    facts: (set, field) => storage(set, field.at("requests", "storage")),
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#resources`,
  },
  "spec.volumeClaimTemplates[].spec.resources.requests": {
    summary: "How large each volume must be at least.",
    facts: (set, field) => storage(set, field.at("storage")),
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#resources`,
  },
  "spec.volumeClaimTemplates[].spec.resources.requests.storage": {
    summary:
      "The size of each pod's volume. To enlarge the volumes of a live set, change each claim by itself (if its storage class has `allowVolumeExpansion`), then create the set anew with the new size. No volume can be made smaller.",
    facts: storage,
    default: "none, it is required",
    change: "never",
    page: `${claimPage}#expanding-persistent-volumes-claims`,
  },
  "spec.persistentVolumeClaimRetentionPolicy": {
    summary:
      "What becomes of the pods' claims when the set is deleted or scaled down. A deleted claim takes its volume and the data with it, unless the volume's reclaim policy is `Retain`.",
    facts: (set) => (hasClaims(set) ? [retentionTable(set)] : withoutClaims),
    default: "`Retain` for both",
    change: "any time",
    gate: "StatefulSetAutoDeletePVC",
    page: retentionPage,
  },
  "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": {
    summary:
      "What becomes of the claims when the set is deleted. `Retain`: they stay. `Delete`: they go, each as soon as its pod is gone. `kubectl delete --cascade=orphan` keeps them in any case.",
    facts: (set) => [...refusedPolicy(set, "whenDeleted"), ...(hasClaims(set) ? fateOnDelete(set) : withoutClaims)],
    default: "`Retain`",
    change: "any time",
    gate: "StatefulSetAutoDeletePVC",
    page: retentionPage,
  },
  "spec.persistentVolumeClaimRetentionPolicy.whenScaled": {
    summary:
      "What becomes of the claims of the pods that scaling down removes. `Retain`: they stay, and scaling up again finds the old data. `Delete`: each goes as soon as its pod is gone. An autoscaler scales down too.",
    facts: (set) => [...refusedPolicy(set, "whenScaled"), ...(hasClaims(set) ? fateOnScaleDown(set) : withoutClaims)],
    default: "`Retain`",
    change: "any time",
    gate: "StatefulSetAutoDeletePVC",
    page: retentionPage,
  },
};

/** `data-db-0`, `data-db-1`; `undefined` where they are not known or there are none. */
export function claimsInShort({ pods, claimTemplates }: KnownSet): string | undefined {
  if (pods === undefined || claimTemplates === undefined || pods.count === 0 || claimTemplates.length === 0)
    return undefined;
  return claimList(pods, claimTemplates, allOf(pods));
}

/** What becomes of the claims, in a sentence; empty where it is not known. */
export function describeRetention({ whenDeleted, whenScaled }: KnownSet): string {
  if (whenDeleted === undefined || whenScaled === undefined) return "";
  if (whenDeleted === whenScaled) return `They are ${fate(whenDeleted)} when the set is deleted or scaled down.`;
  return `They are ${fate(whenDeleted)} when the set is deleted and ${fate(whenScaled)} when it is scaled down.`;
}

function fate(retention: Retention): string {
  return retention === "Retain" ? "kept" : "**deleted**";
}

function hasClaims({ claimTemplates }: KnownSet): boolean {
  return claimTemplates === undefined || claimTemplates.length > 0;
}

const withoutClaims = ["The set has no `volumeClaimTemplates`, so there are no claims that this could be about."];

function claimsOf(set: KnownSet): readonly string[] {
  const { pods, claimTemplates } = set;
  const claims = claimsInShort(set);
  if (claims === undefined || pods === undefined || claimTemplates === undefined) return [];
  return [`${count(pods.count * claimTemplates.length, "claim")}: ${claims}.`];
}

/** The name of the template that a field below it belongs to; the path is `spec.volumeClaimTemplates[2]...`. */
function templateName({ statefulSet }: KnownSet, field: Place): string | undefined {
  const index = field.path.slice(statefulSet.place.path.length).at(2);
  const name =
    statefulSet.claimTemplates.state === "present" ? statefulSet.claimTemplates.value[Number(index)]?.name : undefined;
  return name?.state === "present" ? name.value : undefined;
}

function claimsOfTemplate({ pods }: KnownSet, template: string | undefined): readonly string[] {
  if (pods === undefined || pods.count === 0 || template === undefined) return [];
  return [`${count(pods.count, "claim")}: ${claimList(pods, [template], allOf(pods))}.`];
}

function mounts({ statefulSet }: KnownSet, volume: string): readonly string[] {
  const podSpec = statefulSet.template.place.at("spec");
  const containers = [...podSpec.at("containers").items(), ...podSpec.at("initContainers").items()];
  const found = containers.flatMap((container) =>
    container
      .at("volumeMounts")
      .items()
      .flatMap((mount) => {
        const [name, by, path] = [
          mount.at("name").string(),
          container.at("name").string(),
          mount.at("mountPath").string(),
        ];
        if (name.state !== "present" || name.value !== volume) return [];
        if (by.state !== "present" || path.state !== "present") return [];
        return [`${code(by.value)} at ${code(path.value)}`];
      }),
  );
  return found.length === 0
    ? []
    : [`Mounted by ${found.slice(0, 4).join(", ")}${found.length > 4 ? " and others" : ""}.`];
}

/** `3 claims of 10Gi each: 30Gi together.` */
function storage({ pods }: KnownSet, size: Place): readonly string[] {
  const quantity = size.intOrString();
  if (quantity.state !== "present" || pods === undefined || pods.count === 0) return [];
  const each = `${count(pods.count, "claim")} of ${code(String(quantity.value))}${pods.count === 1 ? "" : " each"}`;
  // Whole numbers only: the total is then written as the user writes.
  const whole = /^(\d{1,30})((?:[KMGTPE]i|[kMGTPE])?)$/.exec(String(quantity.value));
  if (whole === null || pods.count === 1) return [`${each}.`];
  const [, number = "0", unit = ""] = whole;
  return [`${each}: ${code(`${BigInt(number) * BigInt(pods.count)}${unit}`)} together.`];
}

/** What happens to which claim (truth/deletion.jsonl and the category pvc of truth/traces.jsonl, Kubernetes 1.36). */
function retentionTable(set: KnownSet): string {
  const { pods, claimTemplates, whenDeleted, whenScaled } = set;
  const all = claimsInShort(set) ?? "all claims";
  const last =
    pods !== undefined && claimTemplates !== undefined && pods.count > 0
      ? claimList(pods, claimTemplates, { from: pods.count - 1, to: pods.count })
      : "those of the removed pods";
  return table(
    ["When", "Claims", "What happens"],
    [
      ["The set is deleted", all, outcome("whenDeleted", whenDeleted, set)],
      [
        pods === undefined || pods.count === 0 ? "It is scaled down" : `It is scaled down to ${pods.count - 1}`,
        last,
        outcome("whenScaled", whenScaled, set),
      ],
      ["A pod is replaced or moved", all, "kept"],
    ],
  );
}

function outcome(
  field: "whenDeleted" | "whenScaled",
  retention: Retention | undefined,
  { statefulSet, behaviour }: KnownSet,
): string {
  if (!behaviour.claimRetention) return `kept: Kubernetes ${formatRelease(behaviour.release)} has no such policy`;
  if (retention === undefined) return `depends on \`${field}\``;
  const origin = statefulSet.retention[field].state === "absent" ? ", the default" : "";
  return `${fate(retention)} (\`${field}: ${retention}\`${origin})`;
}

function refusedPolicy({ statefulSet, behaviour }: KnownSet, field: "whenDeleted" | "whenScaled"): readonly string[] {
  return behaviour.claimRetention ? refusedWord(statefulSet.retention[field], ["Retain", "Delete"]) : [];
}

export function fateOnDelete(set: KnownSet): readonly string[] {
  const { whenDeleted, whenScaled } = set;
  if (whenDeleted === undefined) return [];
  const claims = claimsInShort(set) ?? "The claims";
  if (whenDeleted === "Retain") return [`${claims}: kept when the set is deleted.`];
  // A claim that scaling down has kept still belongs to the set (truth/deletion.jsonl, scaled to 0 first).
  const left = whenScaled === "Retain" ? " Claims that scaling down has kept under this policy go too." : "";
  return [`${claims}: **deleted** with the set.${left}`];
}

export function fateOnScaleDown({ pods, claimTemplates, whenScaled }: KnownSet): readonly string[] {
  if (whenScaled === undefined || pods === undefined || claimTemplates === undefined || pods.count === 0) return [];
  const last = claimList(pods, claimTemplates, { from: pods.count - 1, to: pods.count });
  return [
    `Scaled down to ${pods.count - 1}: ${last} ${claimTemplates.length === 1 ? "is" : "are"} ${fate(whenScaled)}.`,
  ];
}
