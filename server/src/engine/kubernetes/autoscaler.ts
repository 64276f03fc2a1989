import { unsetIfEmpty, valueOr, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { KindDescriptor } from "./kind.js";
import { hasSpec, type Metadata } from "./object.js";

/** The parts that the descriptors of these kinds share. */
export const autoscaler: Pick<KindDescriptor<Autoscaler, AutoscalerDigest>, "view" | "digest" | "isPartial"> = {
  view: "Autoscaler",
  digest,
  isPartial: (one) => !hasSpec(one, "scaleTargetRef"),
};

/** Whatever changes the replicas of a workload: an autoscaling HorizontalPodAutoscaler or a KEDA ScaledObject. */
export interface Autoscaler extends Metadata {
  readonly kind: "Autoscaler";
  readonly target: ScaleTarget;
  readonly minReplicas: Field<number>;
  readonly maxReplicas: Field<number>;
}

/** `spec.scaleTargetRef`. */
export interface ScaleTarget {
  readonly place: Place;
  readonly apiVersion: Field<string>;
  readonly kind: Field<string>;
  readonly name: Field<string>;
}

export function readTarget(spec: Place): ScaleTarget {
  const place = spec.at("scaleTargetRef");
  return {
    place,
    apiVersion: unsetIfEmpty(place.at("apiVersion").string()),
    kind: unsetIfEmpty(place.at("kind").string()),
    name: place.at("name").string(),
  };
}

/**
 * The kind that is scaled, `undefined` where it cannot be read. A ScaledObject may leave it out and then means a
 * Deployment (KEDA 2); for a HorizontalPodAutoscaler it is required.
 */
export function targetKind(autoscaler: Autoscaler): string | undefined {
  return valueOr(autoscaler.target.kind, autoscaler.key.kind === "ScaledObject" ? "Deployment" : undefined);
}

/**
 * Whether the target is of Kubernetes' own group `apps`. Other projects have a StatefulSet in theirs. An omitted API
 * version can only have been meant so.
 */
export function targetsApps({ target: { apiVersion } }: Autoscaler): boolean {
  return valueOr(apiVersion, "apps/v1")?.startsWith("apps/") === true;
}

/** What other files may see of one. */
export interface AutoscalerDigest {
  readonly kind: "Autoscaler";
  /** `undefined` too for a target of another API group than `apps`. */
  readonly targetKind: string | undefined;
  readonly targetName: string | undefined;
  /** Whether it may scale a workload that has no pods. */
  readonly wakes: boolean;
  /** The fewest and the most replicas that it sets; `undefined` where that cannot be read. */
  readonly replicas: readonly [fewest: number, most: number] | undefined;
}

/**
 * Whether it scales from 0. KEDA does; a HorizontalPodAutoscaler is disabled by 0 replicas unless its `minReplicas` is 0
 * (`ScalingDisabled` in reconcileAutoscaler, pkg/controller/podautoscaler/horizontal.go, Kubernetes 1.36).
 */
function wakes({ key, minReplicas }: Autoscaler): boolean {
  return key.kind !== "HorizontalPodAutoscaler" || [0, undefined].includes(valueOr(minReplicas, 1));
}

function digest(autoscaler: Autoscaler): AutoscalerDigest {
  return {
    kind: "Autoscaler",
    targetKind: targetsApps(autoscaler) ? targetKind(autoscaler) : undefined,
    targetName: valueOr(autoscaler.target.name, undefined),
    wakes: wakes(autoscaler),
    replicas: rangeOf(autoscaler),
  };
}

/**
 * Defaults: minReplicas 1 of a HorizontalPodAutoscaler (pkg/apis/autoscaling/v2/defaults.go, Kubernetes 1.36);
 * minReplicaCount 0 and maxReplicaCount 100 of a ScaledObject (KEDA 2, "ScaledObject specification").
 */
function rangeOf({ key, minReplicas, maxReplicas }: Autoscaler): readonly [number, number] | undefined {
  const isScaledObject = key.kind === "ScaledObject";
  const fewest = minReplicas.state === "absent" ? (isScaledObject ? 0 : 1) : valueOr(minReplicas, undefined);
  const most = maxReplicas.state === "absent" && isScaledObject ? 100 : valueOr(maxReplicas, undefined);
  return fewest === undefined || most === undefined ? undefined : [fewest, most];
}
