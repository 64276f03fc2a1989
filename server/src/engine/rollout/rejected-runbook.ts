import { claimName, isInRange, podName, type ApiError, type RolloutSpec, type WrittenSpec } from "./spec.js";
import { parseQuantity } from "../kubernetes/quantity.js";
import { listAt, numberAt, textAt } from "../kubernetes/plain-object.js";
import { kubectl } from "./kubectl.js";
import { aside, type Runbook, type RunbookStep } from "./runbook.js";

/** The set that an edit meets. */
export interface LiveSet {
  /** What is stored. */
  readonly spec: RolloutSpec;
  /** What was applied last; `undefined` where that is not known. */
  readonly inForce: WrittenSpec | undefined;
  /** The ordinals of its pods. */
  readonly pods: readonly number[];
}

/**
 * How an edit that the API server refuses can be made all the same: the set is deleted and created again, without its
 * pods where they fit the new one. `undefined` where only the manifest can be corrected.
 */
export function rejectedRunbook(
  { spec: live, inForce, pods }: LiveSet,
  wanted: WrittenSpec,
  errors: readonly ApiError[],
): Runbook | undefined {
  const changes = changesOf(live, wanted);
  const type = wanted.updateStrategy?.type;
  const others = errors.filter(({ field }) => field !== blockField || type === "RollingUpdate");
  if (others.length < errors.length && !changes.isAny) return withoutRollingUpdate(live, wanted);
  if (inForce === undefined || others.some(({ field }) => !isImmutable(field))) return undefined;
  if (changes.shrunk.length > 0) return shrinkVolume(live, changes.shrunk);
  if (!changes.isAny) return undefined;
  const growing = changes.grown.flatMap((claim) => growSteps(live, claim));
  const restart: readonly RunbookStep[] = changes.serviceName
    ? [
        {
          reason:
            "Running pods keep the DNS subdomain of the old Service until they restart. The new Service has to exist before",
          commands: [kubectl(live, "rollout", "restart", `statefulset/${live.name}`)],
          plays: [{ type: "restart" }],
        },
      ]
    : [];
  const recreation = changes.needsNewPods ? withNewPods(live, pods, wanted) : withTheSamePods(live, wanted);
  const grows = changes.grown.length > 0;
  return {
    kind: grows ? "growVolume" : "recreateSet",
    title: grows ? "Grow the volumes, then recreate the set without its pods" : titleOf(changes.needsNewPods),
    losesClaims: claimsScaledAway(live, pods, changes.needsNewPods ? undefined : wanted),
    steps: [...growing, ...recreation, ...(changes.needsNewPods ? [] : restart)],
  };
}

const blockField = "spec.updateStrategy.rollingUpdate";

function titleOf(needsNewPods: boolean): string {
  return needsNewPods ? "Recreate the set with its pods" : "Recreate the set without its pods";
}

/** Up to 1.36 one error at `spec` stands for all of them. */
function isImmutable(field: string): boolean {
  const [, top = ""] = field.split(/[.[]/);
  return field === "spec" || (field.startsWith("spec.") && immutable.has(top));
}

const immutable: ReadonlySet<string> = new Set([
  "selector",
  "volumeClaimTemplates",
  "serviceName",
  "podManagementPolicy",
]);

interface ClaimSize {
  readonly template: string;
  /** Bytes, before and after. */
  readonly before: number;
  readonly after: number;
}

interface Changes {
  readonly isAny: boolean;
  readonly serviceName: boolean;
  /** Running pods do not fit the new set: its selector or the names of its claims are others. */
  readonly needsNewPods: boolean;
  readonly grown: readonly ClaimSize[];
  readonly shrunk: readonly ClaimSize[];
}

function changesOf(live: RolloutSpec, wanted: WrittenSpec): Changes {
  const differs = (field: string): boolean => live.immutableFields[field] !== wanted.immutableFields?.[field];
  const sizes = sizesOf(live.immutableFields, wanted.immutableFields ?? {});
  const claims = live.claims.join(" ") !== (wanted.claims ?? []).join(" ");
  const policy = live.podManagement !== (wanted.podManagementPolicy ?? "OrderedReady");
  return {
    isAny: claims || policy || ["selector", "serviceName", "volumeClaimTemplates"].some(differs),
    serviceName: differs("serviceName"),
    needsNewPods: differs("selector") || claims,
    grown: sizes.filter(({ before, after }) => after > before),
    shrunk: sizes.filter(({ before, after }) => after < before),
  };
}

type Fields = Readonly<Record<string, string>>;

function sizesOf(before: Fields, after: Fields): readonly ClaimSize[] {
  const old = storageOf(before);
  return [...storageOf(after)].flatMap(([template, size]) => {
    const former = old.get(template);
    return former === undefined || former === size ? [] : [{ template, before: former, after: size }];
  });
}

const storage = ["spec", "resources", "requests", "storage"];

/** Bytes by the name of the claim template. */
function storageOf({ volumeClaimTemplates: text = "[]" }: Fields): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const template of listAt(JSON.parse(text))) {
    const name = textAt(template, "metadata", "name");
    const size = textAt(template, ...storage);
    const bytes = size === undefined ? numberAt(template, ...storage) : bytesOf(size);
    if (name !== undefined && bytes !== undefined) sizes.set(name, bytes);
  }
  return sizes;
}

function bytesOf(text: string): number | undefined {
  const parsed = parseQuantity(text);
  return parsed === undefined ? undefined : Number(parsed.nanos / 1_000_000_000n);
}

/** `20Gi`; plain bytes where no binary unit fits. */
function quantity(bytes: number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  const power = units.findLastIndex((_, index) => bytes % 1024 ** index === 0);
  return `${bytes / 1024 ** Math.max(0, power)}${units[Math.max(0, power)] ?? ""}`;
}

/** kubernetes.io/docs/concepts/storage/persistent-volumes, "Expanding Persistent Volumes Claims". */
function growSteps(live: RolloutSpec, { template, before, after }: ClaimSize): readonly RunbookStep[] {
  const patch = JSON.stringify({ spec: { resources: { requests: { storage: quantity(after) } } } });
  const claims = ordinalsOf(live).map((ordinal) => claimName(live, template, ordinal));
  return [
    aside(
      `The StorageClass of the claims has to allow it (column ALLOWVOLUMEEXPANSION)`,
      "kubectl get storageclass",
      kubectl(live, "get", "pvc", ...claims.slice(0, 1)),
    ),
    aside(
      `Grow each claim from ${quantity(before)} to ${quantity(after)}; most drivers grow the file system while the pod runs`,
      ...claims.map((claim) => kubectl(live, "patch", "pvc", claim, "--patch", patch)),
    ),
  ];
}

function ordinalsOf({ firstOrdinal, replicas }: RolloutSpec): readonly number[] {
  return Array.from({ length: replicas }, (_, index) => firstOrdinal + index);
}

function createAgain(live: RolloutSpec, wanted: WrittenSpec, reason: string): RunbookStep {
  const { type, rollingUpdate } = wanted.updateStrategy ?? {};
  const hasBlock = rollingUpdate !== undefined && (type === "OnDelete" || type === "Recreate");
  return {
    reason: hasBlock
      ? `Remove the block \`rollingUpdate\` from the manifest: ${type} does not take it. ${reason}`
      : reason,
    commands: [kubectl(live, "apply", "--filename", "FILE")],
    plays: [{ type: "apply", spec: hasBlock ? { ...wanted, updateStrategy: { type } } : wanted }],
  };
}

function withTheSamePods(live: RolloutSpec, wanted: WrittenSpec): readonly RunbookStep[] {
  return [
    deleteAlone(live),
    createAgain(live, wanted, "Create it again: it adopts the pods; replace FILE by its name"),
  ];
}

/**
 * With `whenScaled: Delete` the claims of pods that are too many: those that the live set is about to remove, and of
 * adopted pods those that the new one has not.
 */
function claimsScaledAway(
  live: RolloutSpec,
  pods: readonly number[],
  wanted: WrittenSpec | undefined,
): readonly string[] {
  const first = wanted?.ordinals?.start ?? 0;
  const end = first + (wanted?.replicas ?? 1);
  const deletes = wanted?.persistentVolumeClaimRetentionPolicy?.whenScaled === "Delete";
  const gone = [...new Set([...ordinalsOf(live), ...pods])].filter(
    (ordinal) =>
      (live.retention.whenScaled === "Delete" && !isInRange(live, ordinal)) ||
      (deletes && (ordinal < first || ordinal >= end)),
  );
  return gone.flatMap((ordinal) => live.claims.map((template) => claimName(live, template, ordinal)));
}

/** Pods with other labels are not adopted, and pods without the new volumes cannot be changed. */
function withNewPods(live: RolloutSpec, pods: readonly number[], wanted: WrittenSpec): readonly RunbookStep[] {
  const inRange = ordinalsOf(live);
  // One that is missing may be there when this is read.
  const all = [...new Set([...inRange, ...pods])].toSorted((one, other) => one - other);
  const isComplete = inRange.every((ordinal) => pods.includes(ordinal));
  const names = all.map((ordinal) => podName(live, ordinal));
  const stop: RunbookStep = {
    reason: "The running pods do not fit the new set, so all of them stop: plan a downtime. The claims stay",
    commands: [kubectl(live, "delete", "pod", ...names, ...(isComplete ? [] : ["--ignore-not-found"]))],
    plays: all.map((ordinal) => ({ type: "deletePod", ordinal })),
  };
  return [
    deleteAlone(live),
    ...(all.length === 0 ? [] : [stop]),
    createAgain(live, wanted, "Create it again; pods use the claims of their names. Replace FILE by its name"),
  ];
}

/** Also the claims that it owns stay: the garbage collector takes the owner out of them (truth/deletion.jsonl). */
function deleteAlone(live: RolloutSpec): RunbookStep {
  return {
    reason: "Delete the set alone: its pods run on, and its claims stay",
    commands: [kubectl(live, "delete", "statefulset", live.name, "--cascade=orphan")],
    plays: [{ type: "delete", propagation: "Orphan" }],
  };
}

/** ValidatePersistentVolumeClaimUpdate in pkg/apis/core/validation/validation.go (1.36) refuses less storage. */
function shrinkVolume(live: RolloutSpec, shrunk: readonly ClaimSize[]): Runbook {
  const sizes = shrunk.map(({ template, before }) => `${quantity(before)} for ${template}`).join(", ");
  return {
    kind: "shrinkVolume",
    title: "Volumes cannot shrink",
    losesClaims: [],
    steps: [
      aside(
        `A volume cannot be made smaller. Write ${sizes} in the manifest again and apply it; replace FILE by its name`,
        kubectl(live, "apply", "--filename", "FILE"),
      ),
      aside(
        "To get smaller volumes, create a second set under another name with the smaller size, copy the data (by the application's own replication, or from a backup), and move its clients there",
      ),
    ],
  };
}

/** `kubectl apply` leaves the stored block as it is, unless it is written as null (recordings setfield-012 to -016). */
function withoutRollingUpdate(live: RolloutSpec, wanted: WrittenSpec): Runbook {
  const type = wanted.updateStrategy?.type ?? "OnDelete";
  const patch = JSON.stringify({ spec: { updateStrategy: { type, rollingUpdate: null } } });
  return {
    kind: "dropRollingUpdate",
    title: "Remove the block rollingUpdate",
    losesClaims: [],
    steps: [
      {
        reason: `The block \`rollingUpdate\` is stored, and ${type} does not take it. Write \`rollingUpdate: null\` under \`updateStrategy\` in the manifest, or remove it from the live set`,
        commands: [kubectl(live, "patch", "statefulset", live.name, "--type", "merge", "--patch", patch)],
        plays: [{ type: "apply", spec: { ...wanted, updateStrategy: { type } } }],
      },
    ],
  };
}
