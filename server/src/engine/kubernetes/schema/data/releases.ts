// Written by server/src/tools/schema/build.ts.

/** The minor numbers of the oldest and the newest release whose fields are known. */
export const oldestMinor = 29;
export const newestMinor = 37;

/** The fields that the newest release adds to types that were there before. */
export const newestFields: readonly string[] = [
  "ClusterTrustBundleProjection#user",
  "ConfigMapVolumeSource#defaultUser",
  "DownwardAPIVolumeFile#user",
  "DownwardAPIVolumeSource#defaultUser",
  "EmptyDirVolumeSource#mode",
  "GRPCAction#mode",
  "HTTPGetAction#protocol",
  "KeyToPath#user",
  "PersistentVolumeClaimStatus#healthStatus",
  "PodCertificateProjection#user",
  "PodSpec#evictionResponders",
  "ProjectedVolumeSource#defaultUser",
  "SecretVolumeSource#defaultUser",
  "ServiceAccountTokenProjection#user",
  "VolumeMount#bindMountOptions",
  "autoscaling.v2.HorizontalPodAutoscalerCondition#observedGeneration",
];
