import type { ContainerTiming, ProbeTiming, TimingHints } from "./spec.js";
import { secondsToEviction } from "./tolerations.js";

/**
 * What stands for kubelets, nodes and applications. In a replay every event is given, so nothing is planned; in a
 * simulation each pod follows the timing of its template unless a fault changes it.
 */
export type World = { readonly type: "replayed" } | SimulatedWorld;

export interface SimulatedWorld {
  readonly type: "simulated";
  /** By revision: pods of the old template keep the old timing. */
  readonly timings: Readonly<Record<string, PodTiming>>;
  /** What the scenario says of every pod, whatever the manifest says. */
  readonly timingOverride: Partial<PodTiming>;
  readonly faults: readonly Fault[];
  /** Revisions that no fault hits, because the user has repaired them. */
  readonly repairedRevisions: readonly string[];
  /** UIDs of pods whose node no longer answers. */
  readonly lostPods: readonly number[];
  /** UIDs of lost pods whose node has the taint `node.kubernetes.io/out-of-service`. */
  readonly outOfServicePods: readonly number[];
  /** When the volumes of claims, by UID, are detached from a lost node; in milliseconds. */
  readonly attachedUntil: Readonly<Record<number, number>>;
  /** Seconds until the control plane notices that a node no longer answers. */
  readonly nodeGraceSeconds: number;
}

/** A world in which nothing has gone wrong yet. */
export function calmWorld({
  nodeGraceSeconds,
  timingOverride,
  faults,
}: Pick<SimulatedWorld, "nodeGraceSeconds" | "timingOverride" | "faults">): SimulatedWorld {
  return {
    type: "simulated",
    timings: {},
    timingOverride,
    faults,
    repairedRevisions: [],
    lostPods: [],
    outOfServicePods: [],
    attachedUntil: {},
    nodeGraceSeconds,
  };
}

/** How long a pod takes, in seconds. */
export interface PodTiming {
  /** From creation until its containers run. */
  readonly toRunning: number;
  /** From Running until Ready. */
  readonly toReady: number;
  /** From deletion until it is gone. */
  readonly toGone: number;
  /** From when it is noticed that its node is lost until it is evicted; Infinity if it never is. */
  readonly toEvict: number;
  /** From when it is gone from a lost node until its volumes are detached. */
  readonly toDetach: number;
}

/** Something that goes wrong with some pods. Of several that fit a pod the last counts. */
export interface Fault {
  /** Which ordinals; all if left out. */
  readonly ordinals?: readonly number[] | undefined;
  readonly revisions: RevisionFilter;
  readonly effect: FaultEffect;
}

export type RevisionFilter =
  | { readonly type: "every" }
  | { readonly type: "only"; readonly revision: string }
  | { readonly type: "except"; readonly revision: string }
  | { readonly type: "none" };

export type FaultEffect =
  /** Runs, but its readiness probe never succeeds. */
  | { readonly type: "neverReady" }
  /** Its containers exit again and again. */
  | { readonly type: "crashLoop" }
  /** No node takes it: it stays Pending. */
  | { readonly type: "unschedulable" }
  /** Its containers exit once and are started again. */
  | { readonly type: "failsOnce" }
  /** Takes that many seconds from Running to Ready. */
  | { readonly type: "slow"; readonly secondsToReady: number };

/** What is assumed where the manifest says nothing; all in seconds. Documented in docs/simulation.md. */
export const timingDefaults = {
  /** Scheduling, mounting volumes and starting containers whose images are on the node. */
  containerStart: 2,
  /** One init container. */
  initContainer: 2,
  /** From the start of the process until it serves, which is what a probe finds out at its next try. */
  applicationStart: 3,
  /** From SIGTERM until the process has stopped. */
  applicationStop: 2,
  /**
   * The back-off before a failed container is started for the second time: 10 s (kubelet, MaxContainerBackOff ramp).
   */
  restartBackOff: 10,
  /**
   * Until the volumes of a pod are detached by force from a node that does not answer: 6 min
   * (DefaultTimerConfig.ReconcilerMaxWaitForUnmountDuration in
   * pkg/controller/volume/attachdetach/attach_detach_controller.go, Kubernetes 1.36).
   */
  forceDetach: 360,
  /**
   * Until terminating pods of a node that is out of service are removed: gcCheckPeriod in
   * pkg/controller/podgc/gc_controller.go, Kubernetes 1.36.
   */
  podGarbageCollection: 20,
} as const;

/** Derives a pod's timing from its template. */
export function podTiming(hints: TimingHints): PodTiming {
  const grace = hints.terminationGracePeriodSeconds ?? 30;
  const stop = (hints.preStopSleepSeconds ?? 0) + timingDefaults.applicationStop;
  return {
    toRunning: timingDefaults.containerStart + (hints.initContainers ?? 0) * timingDefaults.initContainer,
    // A pod is Ready when all its containers are.
    toReady: Math.max(0, ...(hints.containers ?? []).map(secondsToReady)),
    toGone: Math.max(0, Math.min(grace, stop)),
    toEvict: secondsToEviction(hints.tolerations ?? []),
    toDetach: timingDefaults.forceDetach,
  };
}

/** How long a pod of that revision takes. */
export function timingOf(world: SimulatedWorld, revision: string): PodTiming {
  return { ...(world.timings[revision] ?? podTiming({})), ...world.timingOverride };
}

/** The fault that hits this pod, if any. */
export function faultOf(world: SimulatedWorld, ordinal: number, revision: string): FaultEffect | undefined {
  if (world.repairedRevisions.includes(revision)) return undefined;
  return world.faults.findLast(
    (fault) => (fault.ordinals?.includes(ordinal) ?? true) && passes(fault.revisions, revision),
  )?.effect;
}

function passes(filter: RevisionFilter, revision: string): boolean {
  switch (filter.type) {
    case "every":
      return true;
    case "only":
      return revision === filter.revision;
    case "except":
      return revision !== filter.revision;
    case "none":
      return false;
  }
}

/**
 * Without probes a container counts as Ready once it runs. A readiness probe starts when the startup probe has
 * succeeded, not before its own initial delay, and tries every period until it has succeeded often enough in a row
 * (kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes).
 */
function secondsToReady({ startupProbe, readinessProbe }: ContainerTiming): number {
  const started = startupProbe === undefined ? 0 : firstSuccess(startupProbe, timingDefaults.applicationStart);
  if (readinessProbe === undefined) return started;
  const serving = Math.max(started, timingDefaults.applicationStart);
  return firstSuccess(readinessProbe, serving) + (threshold(readinessProbe) - 1) * period(readinessProbe);
}

/** The first try at or after the moment when the application serves. */
function firstSuccess(probe: ProbeTiming, serving: number): number {
  const delay = Math.max(0, probe.initialDelaySeconds ?? 0);
  return delay + Math.ceil(Math.max(0, serving - delay) / period(probe)) * period(probe);
}

/** Defaults of pkg/apis/core/v1/defaults.go: periodSeconds 10, successThreshold 1; 0 stands for the default. */
function period(probe: ProbeTiming): number {
  return Math.max(1, probe.periodSeconds || 10);
}

function threshold(probe: ProbeTiming): number {
  return Math.max(1, probe.successThreshold || 1);
}
