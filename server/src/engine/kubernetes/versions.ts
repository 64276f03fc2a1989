/** What differs between Kubernetes releases, as far as StatefulSets are concerned. */
import { gates, type Gate, type GateStage } from "./gates.js";
import { newestMinor, oldestMinor } from "./schema/data/releases.js";

/** A Kubernetes release. Without a patch number the newest patch of that minor release is meant. */
export interface Release {
  readonly minor: number;
  readonly patch: number | undefined;
}

/** The newest release whose fields and gates are known. */
export const newestRelease: Release = { minor: newestMinor, patch: undefined };

/** The release assumed where the user names none. */
export const defaultRelease: Release = newestRelease;

/** The releases whose fields are known (see `schema/data`), newest first. */
export const describedReleases: readonly Release[] = Array.from(
  { length: newestMinor - oldestMinor + 1 },
  (_, index) => ({ minor: newestMinor - index, patch: undefined }),
);

/** Reads `1.36`, `v1.35.2` or `1.34.1-gke.100`; `undefined` for anything else, such as `1.34-1.36.2`. */
export function parseRelease(text: string): Release | undefined {
  const match = /^v?1\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+](?!v?1\.\d\d).*)?$/.exec(text.trim());
  if (match === null) return undefined;
  return { minor: Number(match[1]), patch: match[2] === undefined ? undefined : Number(match[2]) };
}

/** The releases of a range such as `1.34 - 1.37`, oldest first; `undefined` for anything else. */
export function parseRange(text: string): readonly Release[] | undefined {
  const match = /^v?1\.(\d{1,3})\s*(?:-|\.\.)\s*v?1\.(\d{1,3})$/.exec(text.trim());
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first > last) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => ({ minor: first + index, patch: undefined }));
}

/** `1.36` or `1.35.2`. */
export function formatRelease(release: Release): string {
  return release.patch === undefined ? `1.${release.minor}` : `1.${release.minor}.${release.patch}`;
}

/** Whether `release` is 1.`minor`.`patch` or later. */
export function isSince(release: Release, minor: number, patch = 0): boolean {
  if (release.minor !== minor) return release.minor > minor;
  return release.patch === undefined || release.patch >= patch;
}

export type FeatureGate = keyof typeof gates;

/** Gates that the cluster's administrator has set against their default. */
export type GateOverrides = Readonly<Partial<Record<FeatureGate, boolean>>>;

export const featureGates = Object.keys(gates).filter(isFeatureGate);

export function isFeatureGate(name: string): name is FeatureGate {
  return Object.hasOwn(gates, name);
}

export function gateOf(name: FeatureGate): Gate {
  return gates[name];
}

/** The cluster that manifests are for. */
export interface TargetCluster {
  /** The release that they are checked for: one that is known. */
  readonly kubernetesVersion: Release;
  readonly featureGates: GateOverrides;
  /** The cluster's release where it is newer than all that are known; `kubernetesVersion` is then the newest of those. */
  readonly newerRelease: Release | undefined;
}

/** What a gate is in a release: `unknown` before the release that brought it. */
export interface GateState {
  readonly stage: GateStage | "unknown";
  readonly enabled: boolean;
  /** Whether it cannot be switched. */
  readonly locked: boolean;
}

/** The default of a gate in a release, without overrides. */
export function gateDefault(gate: FeatureGate, release: Release): GateState {
  const period = gateOf(gate).periods.findLast(({ minor, patch }) => isSince(release, minor, patch));
  if (period === undefined) return { stage: "unknown", enabled: false, locked: true };
  const { stage, enabled, unlocked = false } = period;
  return { stage, enabled, locked: stage === "stable" && !unlocked };
}

/**
 * Whether the feature behind a gate works in a cluster of that release. A release that does not know the gate cannot
 * switch it on.
 */
export function isEnabled(gate: FeatureGate, release: Release, overrides: GateOverrides): boolean {
  const { enabled, locked } = gateDefault(gate, release);
  return locked ? enabled : (overrides[gate] ?? enabled);
}

/** The same, for a cluster. */
export function isGateOn(gate: FeatureGate, { kubernetesVersion, featureGates: overrides }: TargetCluster): boolean {
  return isEnabled(gate, kubernetesVersion, overrides);
}

/**
 * The gates that a rollout is played with. A release that is not known may have what a manifest asks
 * for.
 */
export function playedGates({ newerRelease, featureGates: overrides }: TargetCluster): GateOverrides {
  return newerRelease === undefined ? overrides : { StatefulSetRecreateStrategy: true, ...overrides };
}

/** What a rollout or a play of nodes is played with; a scenario may switch gates of its own. */
export function playedBehaviour(cluster: TargetCluster, overrides: GateOverrides = {}): Behaviour {
  return behaviourOf(cluster.kubernetesVersion, { ...playedGates(cluster), ...overrides });
}

/** The gate that a field depends on. `owner` is the type that has it: `Container`. */
export function gateOfField(owner: string, field: string): FeatureGate | undefined {
  return gatesOfFields.get(`${owner}#${field}`);
}

/** The gate that a value of a field depends on. */
export function gateOfValue(owner: string, field: string, value: string): FeatureGate | undefined {
  return featureGates.find((gate) => gateOf(gate).values?.[`${owner}#${field}`]?.includes(value) === true);
}

/** Whether the API server forgets a field before it validates: it has to be of its type, and its value is ignored. */
export function isDropped(owner: string, field: string, cluster: TargetCluster): boolean {
  const gate = gateOfField(owner, field);
  return gate !== undefined && !isGateOn(gate, cluster);
}

const gatesOfFields: ReadonlyMap<string, FeatureGate> = new Map(
  featureGates.flatMap((gate) => (gateOf(gate).fields ?? []).map((field) => [field, gate])),
);

/** How the StatefulSet controller and the API server of one cluster behave, where releases differ. */
export interface Behaviour {
  readonly release: Release;
  /** Whether `rollingUpdate.maxUnavailable` is kept and obeyed; otherwise the API server drops it silently. */
  readonly maxUnavailable: boolean;
  /** Whether an update step waits for Available (minReadySeconds) or, until 1.33, only for Ready. */
  readonly updateWaitsFor: "Ready" | "Available";
  /**
   * 1.37, pull request 137666: under Parallel, unavailable outdated pods are deleted first and do not use the budget.
   */
  readonly parallelUpdate: "fromTheTop" | "unavailableFirst";
  /** Whether `persistentVolumeClaimRetentionPolicy` is kept and obeyed. */
  readonly claimRetention: boolean;
  /** Whether `ordinals.start` is kept and obeyed. */
  readonly firstOrdinal: boolean;
  /** Whether the controller puts `apps.kubernetes.io/pod-index` on every pod. */
  readonly podIndexLabel: boolean;
  /**
   * `updateStrategy.type: Recreate`: `on` where it is accepted and obeyed. Where the gate was switched off after a set was
   * made with it, the set may keep it, and the controller does nothing for it.
   */
  readonly recreate: "on" | "off" | "unknown";
  /** 1.37, pull request 136833: OnDelete completes as other strategies do, so that `status.currentRevision` moves. */
  readonly onDeleteCompletes: boolean;
  /** 1.37, pull request 138080: each immutable field that changes is named, instead of all that may be changed. */
  readonly immutableErrors: "by field" | "one for all";
  /**
   * Seconds until a node that does not answer counts as unreachable: kube-controller-manager's
   * `--node-monitor-grace-period`, 50 since 1.32 and 40 before.
   */
  readonly nodeGraceSeconds: number;
}

export function behaviourOf(release: Release, overrides: GateOverrides): Behaviour {
  return {
    release,
    maxUnavailable: isEnabled("MaxUnavailableStatefulSet", release, overrides),
    updateWaitsFor: isSince(release, 34) ? "Available" : "Ready",
    parallelUpdate: isSince(release, 37) ? "unavailableFirst" : "fromTheTop",
    claimRetention: isEnabled("StatefulSetAutoDeletePVC", release, overrides),
    firstOrdinal: isEnabled("StatefulSetStartOrdinal", release, overrides),
    podIndexLabel: isEnabled("PodIndexLabel", release, overrides),
    recreate: !isSince(release, 37)
      ? "unknown"
      : isEnabled("StatefulSetRecreateStrategy", release, overrides)
        ? "on"
        : "off",
    onDeleteCompletes: isSince(release, 37),
    immutableErrors: isSince(release, 37) ? "by field" : "one for all",
    nodeGraceSeconds: isSince(release, 32) ? 50 : 40,
  };
}
