import { counted } from "../../words/counted.js";
import type { Place } from "../../yaml/place.js";
import { code, table } from "../../words/markdown.js";
import { formatRelease } from "../../kubernetes/versions.js";
import type { FieldFacts } from "./field-facts.js";
import type { KnownSet, Retention } from "./known-set.js";
import { allOf, claimList, refusedWord } from "./phrases.js";

/** The fields that make claims and decide what becomes of them. */
export const claimFacts: FieldFacts<KnownSet> = {
  "spec.volumeClaimTemplates": (set) =>
    [...claimsOf(set), ...(hasClaims(set) ? [describeRetention(set)] : [])].filter((text) => text !== ""),
  "spec.volumeClaimTemplates[].metadata.name": (set, field) => {
    const name = field.string();
    return name.state === "present" ? [...claimsOfTemplate(set, name.value), ...mounts(set, name.value)] : [];
  },
  "spec.volumeClaimTemplates[].spec": (set, field) => claimsOfTemplate(set, templateName(set, field)),
  "spec.volumeClaimTemplates[].spec.storageClassName": (set, field) => claimsOfTemplate(set, templateName(set, field)),
  "spec.volumeClaimTemplates[].spec.accessModes": (set, field) => claimsOfTemplate(set, templateName(set, field)),
  "spec.volumeClaimTemplates[].spec.resources": (set, field) => storage(set, field.at("requests", "storage")),
  "spec.volumeClaimTemplates[].spec.resources.requests": (set, field) => storage(set, field.at("storage")),
  "spec.volumeClaimTemplates[].spec.resources.requests.storage": storage,
  "spec.persistentVolumeClaimRetentionPolicy": (set) => (hasClaims(set) ? [retentionTable(set)] : withoutClaims),
  "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": (set) => [
    ...refusedPolicy(set, "whenDeleted"),
    ...(hasClaims(set) ? fateOnDelete(set) : withoutClaims),
  ],
  "spec.persistentVolumeClaimRetentionPolicy.whenScaled": (set) => [
    ...refusedPolicy(set, "whenScaled"),
    ...(hasClaims(set) ? fateOnScaleDown(set) : withoutClaims),
  ],
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

const withoutClaims = ["The set has no `volumeClaimTemplates`, so this has no effect."];

function claimsOf(set: KnownSet): readonly string[] {
  const { pods, claimTemplates } = set;
  const claims = claimsInShort(set);
  if (claims === undefined || pods === undefined || claimTemplates === undefined) return [];
  return [`${counted(pods.count * claimTemplates.length, "claim")}: ${claims}.`];
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
  return [`${counted(pods.count, "claim")}: ${claimList(pods, [template], allOf(pods))}.`];
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
  const each = `${counted(pods.count, "claim")} of ${code(String(quantity.value))}${pods.count === 1 ? "" : " each"}`;
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
      : "claims of the removed pods";
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
  if (!behaviour.claimRetention)
    return `kept: Kubernetes ${formatRelease(behaviour.release)} does not have this policy`;
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
  const left = whenScaled === "Retain" ? " Claims that scaling down kept under this policy are deleted too." : "";
  return [`${claims}: **deleted** with the set.${left}`];
}

export function fateOnScaleDown({ pods, claimTemplates, whenScaled }: KnownSet): readonly string[] {
  if (whenScaled === undefined || pods === undefined || claimTemplates === undefined || pods.count === 0) return [];
  const last = claimList(pods, claimTemplates, { from: pods.count - 1, to: pods.count });
  return [
    `Scaled down to ${pods.count - 1}: ${last} ${claimTemplates.length === 1 ? "is" : "are"} ${fate(whenScaled)}.`,
  ];
}
