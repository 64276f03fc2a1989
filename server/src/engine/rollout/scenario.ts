import type { GateOverrides } from "../kubernetes/versions.js";
import type { Propagation } from "./deletion.js";
import type { ApiError, WrittenSpec } from "./spec.js";
import type { DescribedStart } from "./start.js";
import type { ClusterState } from "./state.js";
import type { Fault, FaultEffect, PodTiming } from "./world.js";

/** All that a simulation plays: where it starts, what the user does, what goes wrong. Plain data. */
export interface Scenario {
  readonly start: Start;
  /** In this order. */
  readonly actions: readonly TimedAction[];
  readonly faults: readonly ScenarioFault[];
  /** Overrides what the manifest says about how long pods take, in seconds. */
  readonly timing?: Partial<PodTiming> | undefined;
}

export type Start =
  /** No set; `described`: pods and claims that one of the name of the first apply has left. */
  | { readonly type: "nothing"; readonly described?: DescribedStart | undefined }
  /** The set exists and every pod is Available, at this spec's revision, unless `described` says otherwise. */
  | { readonly type: "steady"; readonly spec: WrittenSpec; readonly described?: DescribedStart | undefined }
  /** What was found in a cluster, `written` oldest first. Pods that are broken there stay so. */
  | {
      readonly type: "found";
      readonly state: ClusterState;
      readonly written: readonly WrittenSpec[];
      readonly faults: readonly Fault[];
    };

export interface TimedAction {
  readonly when: When;
  readonly action: UserAction;
}

/** `settled`: when nothing more happens by itself. */
export type When = { readonly type: "settled" } | { readonly type: "at"; readonly seconds: number };

export type UserAction =
  /**
   * `refusals`: why the API server refuses it, beyond what a spec shows. `wanted`: what is written where `spec` leaves
   * out that it cannot be changed.
   */
  | {
      readonly type: "apply";
      readonly spec: WrittenSpec;
      readonly refusals?: readonly ApiError[];
      readonly wanted?: WrittenSpec;
    }
  | { readonly type: "scale"; readonly replicas: number }
  /** `kubectl rollout restart`: the same template with a new annotation, so a new revision. */
  | { readonly type: "restart" }
  /** `kubectl set image`: the same template with another image, so a new revision. */
  | { readonly type: "changeImage" }
  /** Applies again what was applied before the last change. */
  | { readonly type: "rollBack" }
  | { readonly type: "delete"; readonly propagation: Propagation }
  | { readonly type: "deletePod"; readonly ordinal: number }
  /** `kubectl delete pod --grace-period=0 --force`. */
  | { readonly type: "forceDeletePod"; readonly ordinal: number }
  /** The whole pod fails, for example by eviction. */
  | { readonly type: "failPod"; readonly ordinal: number }
  | { readonly type: "loseNode"; readonly ordinal: number }
  /** The node of a pod that was lost gets the taint `node.kubernetes.io/out-of-service`. */
  | { readonly type: "outOfService"; readonly ordinal: number }
  /** `kubectl rollout undo --to-revision`: the template of an earlier revision. */
  | { readonly type: "undo"; readonly revision: string }
  /** Applies the manifest with a template that no fault hits, and with partition 0 where that is asked for. */
  | { readonly type: "applyRepaired"; readonly withoutPartition: boolean }
  /** `kubectl annotate` of the set: nothing changes, and the controller looks at it again. */
  | { readonly type: "touch" }
  /** The finalizers of a claim are removed, so that nothing but a pod keeps it. `claim` as in `deleteClaim`. */
  | { readonly type: "releaseClaim"; readonly claim: string; readonly ordinal: number }
  /** Replaces another updateStrategy by RollingUpdate. */
  | { readonly type: "useRollingUpdate" }
  /** `claim` is the name of the volumeClaimTemplate. */
  | { readonly type: "deleteClaim"; readonly claim: string; readonly ordinal: number };

export interface ScenarioFault {
  /** Which ordinals; all if left out. */
  readonly ordinals?: readonly number[] | undefined;
  /** `old`: pods of the revision that the simulation starts with; `new`: of any other. All if left out. */
  readonly revision?: "old" | "new" | undefined;
  readonly effect: FaultEffect;
}

/** Creates the set from nothing. */
export function creating(spec: WrittenSpec): Scenario {
  return { start: { type: "nothing" }, actions: [now({ type: "apply", spec })], faults: [] };
}

/** Applies an edited spec to a set that is in its steady state, or as `described`. */
export function editing(from: WrittenSpec, to: WrittenSpec, described?: DescribedStart): Scenario {
  return { ...acting(from, { type: "apply", spec: to }), start: { type: "steady", spec: from, described } };
}

/** Does one thing to a set that is in its steady state. */
export function acting(from: WrittenSpec, action: UserAction): Scenario {
  return { start: { type: "steady", spec: from }, actions: [now(action)], faults: [] };
}

/** The same scenario with an apply that is refused, if there is a reason. */
export function refusing(scenario: Scenario, refusals: readonly ApiError[], wanted: WrittenSpec): Scenario {
  const [first, ...others] = scenario.actions;
  if (refusals.length === 0 || first?.action.type !== "apply") return scenario;
  return { ...scenario, actions: [{ ...first, action: { ...first.action, refusals, wanted } }, ...others] };
}

function now(action: UserAction): TimedAction {
  return { when: { type: "at", seconds: 0 }, action };
}

/** What a scenario file adds to a create or an edit. */
export interface ScenarioAdditions {
  readonly start?: DescribedStart | undefined;
  readonly actions: readonly TimedAction[];
  readonly faults: readonly ScenarioFault[];
  readonly timing: Partial<PodTiming>;
  readonly featureGates: GateOverrides;
}

export function withAdditions(scenario: Scenario, additions: ScenarioAdditions): Scenario {
  const started = additions.start === undefined ? scenario : startingFrom(scenario, additions.start);
  return {
    ...started,
    actions: [...started.actions, ...additions.actions],
    faults: [...started.faults, ...additions.faults],
    timing: { ...started.timing, ...additions.timing },
  };
}

/** Where nothing else says that the set runs, but `described` does, what would be created runs already. */
function startingFrom(scenario: Scenario, described: DescribedStart): Scenario {
  const { start, actions } = scenario;
  switch (start.type) {
    case "found":
      return scenario;
    case "steady":
      return { ...scenario, start: { ...start, described } };
    case "nothing": {
      const [first, ...others] = actions;
      const isApply = first?.action.type === "apply" && first.action.refusals === undefined;
      if (described.set === "absent" || !isApply) return { ...scenario, start: { type: "nothing", described } };
      return { ...scenario, start: { type: "steady", spec: first.action.spec, described }, actions: others };
    }
  }
}
