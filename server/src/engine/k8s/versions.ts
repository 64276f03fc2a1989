/**
 * What differs between Kubernetes releases, as far as StatefulSets are concerned. This is the only table of feature
 * gates: everything else asks here.
 */

/** A Kubernetes release. Without a patch number the newest patch of that minor release is meant. */
export interface Release {
  readonly minor: number;
  readonly patch: number | undefined;
}

/** The release assumed where the user names none. */
export const defaultRelease: Release = { minor: 36, patch: undefined };

/** The releases whose fields are known (see `schema/data`), newest first. */
export const describedReleases: readonly Release[] = [37, 36, 35, 34, 33, 32, 31, 30, 29].map((minor) => ({
  minor,
  patch: undefined,
}));

/** Reads `1.36`, `v1.35.2` or `1.34.1-gke.100`; `undefined` for anything else. */
export function parseRelease(text: string): Release | undefined {
  const match = /^v?1\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+].*)?$/.exec(text.trim());
  if (match === null) return undefined;
  return { minor: Number(match[1]), patch: match[2] === undefined ? undefined : Number(match[2]) };
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

export type GateStage = "alpha" | "beta" | "stable";

/** A state that a gate has from one release on, until the next entry. */
interface GatePeriod {
  readonly minor: number;
  readonly patch?: number;
  readonly stage: GateStage;
  readonly enabled: boolean;
}

/**
 * pkg/features/kube_features.go, read in the trees of 1.25 to 1.37; the releases before 1.25 are from the changelogs.
 */
const gates = {
  StatefulSetMinReadySeconds: [
    { minor: 22, stage: "alpha", enabled: false },
    { minor: 23, stage: "beta", enabled: true },
    { minor: 25, stage: "stable", enabled: true },
  ],
  // On by default in 1.35.0, switched off again by 1.35.4 because of kubernetes/kubernetes issue 137409
  // (pull requests 137904 and 137926); on again in 1.37 with the walk of pull request 137666.
  MaxUnavailableStatefulSet: [
    { minor: 24, stage: "alpha", enabled: false },
    { minor: 35, stage: "beta", enabled: true },
    { minor: 35, patch: 4, stage: "beta", enabled: false },
    { minor: 37, stage: "beta", enabled: true },
  ],
  StatefulSetAutoDeletePVC: [
    { minor: 23, stage: "alpha", enabled: false },
    { minor: 27, stage: "beta", enabled: true },
    { minor: 32, stage: "stable", enabled: true },
  ],
  StatefulSetStartOrdinal: [
    { minor: 26, stage: "alpha", enabled: false },
    { minor: 27, stage: "beta", enabled: true },
    { minor: 31, stage: "stable", enabled: true },
  ],
  PodIndexLabel: [
    { minor: 28, stage: "beta", enabled: true },
    { minor: 32, stage: "stable", enabled: true },
  ],
  // KEP-3541 (keps/sig-apps/3541-add-recreate-strategy-to-statefulset) and pull request 137187.
  StatefulSetRecreateStrategy: [{ minor: 37, stage: "alpha", enabled: false }],
} as const satisfies Record<string, readonly GatePeriod[]>;

export type FeatureGate = keyof typeof gates;

/** Gates that the cluster's administrator has set against their default. */
export type GateOverrides = Readonly<Partial<Record<FeatureGate, boolean>>>;

export const featureGates = Object.keys(gates) as readonly FeatureGate[];

/** What a gate is in a release: `unknown` before the release that brought it. */
export interface GateState {
  readonly stage: GateStage | "unknown";
  readonly enabled: boolean;
}

/** The default of a gate in a release, without overrides. */
export function gateDefault(gate: FeatureGate, release: Release): GateState {
  const periods: readonly GatePeriod[] = gates[gate];
  const period = periods.findLast(({ minor, patch }) => isSince(release, minor, patch));
  return period === undefined ? { stage: "unknown", enabled: false } : { stage: period.stage, enabled: period.enabled };
}

/**
 * Whether the feature behind a gate works in a cluster of that release. A stable feature can no longer be switched off,
 * and a release that does not know the gate cannot switch it on.
 */
export function isEnabled(gate: FeatureGate, release: Release, overrides: GateOverrides): boolean {
  const { stage, enabled } = gateDefault(gate, release);
  return stage === "stable" || stage === "unknown" ? enabled : (overrides[gate] ?? enabled);
}

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
  /** Whether `updateStrategy.type: Recreate` is accepted. */
  readonly recreate: boolean;
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
    recreate: isEnabled("StatefulSetRecreateStrategy", release, overrides),
    nodeGraceSeconds: isSince(release, 32) ? 50 : 40,
  };
}
