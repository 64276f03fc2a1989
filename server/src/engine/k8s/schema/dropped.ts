import { isSince, type Release } from "../versions.js";

/**
 * Whether the API server of a release forgets a field before it validates, because the field's feature gate is off by
 * default: it has to be of its type, and what it says counts for nothing. `owner` is the type that has the field.
 */
export function isDropped(owner: string, field: string, release: Release): boolean {
  const since = validatedSince.get(`${owner}#${field}`);
  return since !== undefined && !isSince(release, since);
}

/**
 * The release from which on a field is looked at: dropDisabledFields in pkg/api/pod/util.go and in
 * pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, with the gates of pkg/features/kube_features.go,
 * Kubernetes 1.35.4, and of the page on feature gates for later releases.
 */
const validatedSince: ReadonlyMap<string, number> = new Map([
  ["Container#restartPolicyRules", 35], // ContainerRestartRules
  ["EnvVarSource#fileKeyRef", 35], // EnvFiles
  ["Lifecycle#stopSignal", 36], // ContainerStopSignals, off up to 1.35 at least
  ["PodSpec#hostnameOverride", 35], // HostnameOverride
  ["PodSpec#resources", 34], // PodLevelResources
  ["VolumeProjection#clusterTrustBundle", 37], // ClusterTrustBundleProjection
  ["VolumeProjection#podCertificate", 37], // PodCertificateRequest, off up to 1.35 at least
  ["autoscaling.v2.HPAScalingRules#tolerance", 35], // HPAConfigurableTolerance
]);
