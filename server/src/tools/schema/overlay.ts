/** What the packages do not say. Every line has its source. */

/** The newest release that has a package, and the package: `npm run release-data -- 1.NN` finds the next one. */
export const newestRelease = 37;
export const newestPackage = {
  version: "4.34.2",
  integrity: "sha512-OcIe8OUwivkEngmjinrmke54INbJ0L6u/CWm8mLh6F7pmIDXyHGTM8PzcZsg5QbSm24HnNUHLl2tEUoOBxDo3w==",
};

/** Fields that the package keeps although the API dropped them between 1.20 and 1.28. */
export const staleInNewest: readonly string[] = [
  "io.k8s.api.core.v1.EphemeralVolumeSource#readOnly",
  "io.k8s.api.core.v1.PersistentVolumeClaimStatus#resizeStatus",
  "io.k8s.api.core.v1.ServiceSpec#ipFamily",
  "io.k8s.api.core.v1.ServiceSpec#topologyKeys",
  "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta#clusterName",
];

/** Which integers the newest fields are, as k8s.io/api v0.37 has them: the package says `number`. */
export const newestIntegers: Readonly<Record<string, "int32" | "int64">> = {
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition#observedGeneration": "int64",
  "io.k8s.api.core.v1.ClusterTrustBundleProjection#user": "int64",
  "io.k8s.api.core.v1.ConfigMapVolumeSource#defaultUser": "int64",
  "io.k8s.api.core.v1.DownwardAPIVolumeFile#user": "int64",
  "io.k8s.api.core.v1.DownwardAPIVolumeSource#defaultUser": "int64",
  "io.k8s.api.core.v1.EmptyDirVolumeSource#mode": "int32",
  "io.k8s.api.core.v1.EvictionResponder#priority": "int32",
  "io.k8s.api.core.v1.KeyToPath#user": "int64",
  "io.k8s.api.core.v1.PodCertificateProjection#user": "int64",
  "io.k8s.api.core.v1.ProjectedVolumeSource#defaultUser": "int64",
  "io.k8s.api.core.v1.SecretVolumeSource#defaultUser": "int64",
  "io.k8s.api.core.v1.ServiceAccountTokenProjection#user": "int64",
};

/** The kinds that are validated, and the types they have. */
export const roots: Readonly<Record<string, string>> = {
  "apps/v1/StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
  "autoscaling/v1/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
  "autoscaling/v2/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
  "storage.k8s.io/v1/StorageClass": "io.k8s.api.storage.v1.StorageClass",
  "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1/PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
  "v1/Secret": "io.k8s.api.core.v1.Secret",
  "v1/Service": "io.k8s.api.core.v1.Service",
  "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
};

/** Types that are written out in place, where the API has a named one. */
export const inlineTypes: Readonly<Record<string, string>> = {
  "io.k8s.api.apps.v1.StatefulSetSpec#volumeClaimTemplates": "[io.k8s.api.core.v1.PersistentVolumeClaim]",
};

/** `[]byte` in k8s.io/api core/v1 types.go: base64 in a manifest; the declarations say `string`. */
export const bytes: readonly string[] = ["io.k8s.api.core.v1.ConfigMap#binaryData", "io.k8s.api.core.v1.Secret#data"];

/** Values that a later release than the packages' knows: `value@minor`. */
export const laterValues: Readonly<Record<string, readonly string[]>> = {
  // KEP-3541, alpha in 1.37 (keps/sig-apps/3541-add-recreate-strategy-to-statefulset/kep.yaml).
  "io.k8s.api.apps.v1.StatefulSetUpdateStrategy#type": ["Recreate@37"],
};

/**
 * Fields of releases between those of the packages. 1.35 is not packaged: a field that is in 1.36 and not in 1.34 is
 * taken to be there since 1.35, so that nothing is called too new that may be known.
 */
export const between: Readonly<Record<string, string>> = {
  // KEP-4671 (gang scheduling): 1.35 only, alpha; 1.36 has schedulingGroup in its place.
  "io.k8s.api.core.v1.PodSpec#workloadRef": "any since=35 until=36",
};

/** Fields that are in 1.36 and not yet in 1.35: k8s.io/api v0.35.4. */
export const newIn36: readonly string[] = ["io.k8s.api.core.v1.PodSpec#schedulingGroup"];

/**
 * Where the API server is stricter than the documentation's "required", because validation asks for a value that the
 * schema leaves open; and structs that it looks into even where they are left out, since their Go fields are no
 * pointers. Functions of pkg/apis/core/validation/validation.go, Kubernetes 1.36, where no other file is named.
 */
export const alsoRequired: readonly string[] = [
  "io.k8s.api.apps.v1.StatefulSet#spec", // ValidateStatefulSet, pkg/apis/apps/validation/validation.go
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler#spec", // pkg/apis/autoscaling/validation/validation.go
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler#spec",
  "io.k8s.api.core.v1.ConfigMapEnvSource#name", // validateConfigMapEnvSource
  "io.k8s.api.core.v1.ConfigMapKeySelector#name", // validateConfigMapKeySelector
  "io.k8s.api.core.v1.ConfigMapProjection#name", // validateProjectionSources
  "io.k8s.api.core.v1.ConfigMapVolumeSource#name", // validateConfigMapVolumeSource
  "io.k8s.api.core.v1.Container#image", // validateContainerCommon
  "io.k8s.api.core.v1.EphemeralContainer#image", // validateContainerCommon
  "io.k8s.api.core.v1.ExecAction#command", // validateExecAction
  "io.k8s.api.core.v1.PersistentVolumeClaim#spec", // ValidatePersistentVolumeClaim
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec#accessModes", // ValidatePersistentVolumeClaimSpec
  "io.k8s.api.core.v1.PodDNSConfigOption#name", // validatePodDNSConfig
  "io.k8s.api.core.v1.PodTemplateSpec#spec", // ValidatePodTemplateSpec
  "io.k8s.api.core.v1.SecretEnvSource#name", // validateSecretEnvSource
  "io.k8s.api.core.v1.SecretKeySelector#name", // validateSecretKeySelector
  "io.k8s.api.core.v1.SecretProjection#name", // validateProjectionSources
  "io.k8s.api.core.v1.SecretVolumeSource#secretName", // validateSecretVolumeSource
];

/**
 * Fields that the documentation calls required and that the API server takes empty, or that a rule of its own watches.
 */
export const notRequired: readonly string[] = [
  "io.k8s.api.core.v1.HTTPHeader#value", // validateHTTPGetAction looks at the name alone
  "io.k8s.api.core.v1.ISCSIVolumeSource#lun", // 0 is a number like any other
  "io.k8s.api.core.v1.SleepAction#seconds", // 0 is allowed since 1.34 (PodLifecycleSleepActionAllowZero)
  "io.k8s.api.core.v1.Sysctl#value", // validateSysctls looks at the name alone
  "io.k8s.api.apps.v1.StatefulSetSpec#selector", // rule selector-missing
  "io.k8s.api.apps.v1.StatefulSetSpec#serviceName", // rule service-name-unset
];

/** The values of fields that the documentation does not list, from the function that checks them. */
export const values: Readonly<Record<string, readonly string[]>> = {
  // validateLabelSelectorRequirement, apimachinery pkg/apis/meta/v1/validation/validation.go
  "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement#operator": ["DoesNotExist", "Exists", "In", "NotIn"],
  // validateMountRecursiveReadOnly
  "io.k8s.api.core.v1.VolumeMount#recursiveReadOnly": ["Disabled", "Enabled", "IfPossible"],
  // validateSELinuxChangePolicy; the gate SELinuxMount decides about MountOption since both came with 1.32
  "io.k8s.api.core.v1.PodSecurityContext#seLinuxChangePolicy": ["MountOption", "Recursive"],
  // validateResizePolicy
  "io.k8s.api.core.v1.ContainerResizePolicy#resourceName": ["cpu", "memory"],
  "io.k8s.api.core.v1.ContainerResizePolicy#restartPolicy": ["NotRequired", "RestartContainer"],
  // validateOS
  "io.k8s.api.core.v1.PodOS#name": ["linux", "windows"],
  // supportedServiceIPFamily in ValidateServiceClusterIPsRelatedFields
  "io.k8s.api.core.v1.ServiceSpec#ipFamilies": ["IPv4", "IPv6"],
  // validateServiceTrafficDistribution; the last two came with KEP-3015, alpha in 1.33
  "io.k8s.api.core.v1.ServiceSpec#trafficDistribution": ["PreferClose", "PreferSameNode@33", "PreferSameZone@33"],
  // validateMetricSpec, validateMetricTarget, validateScalingRules, validateScalingPolicy in
  // pkg/apis/autoscaling/validation/validation.go
  "io.k8s.api.autoscaling.v2.MetricSpec#type": ["ContainerResource", "External", "Object", "Pods", "Resource"],
  "io.k8s.api.autoscaling.v2.MetricTarget#type": ["AverageValue", "Utilization", "Value"],
  "io.k8s.api.autoscaling.v2.HPAScalingRules#selectPolicy": ["Disabled", "Max", "Min"],
  "io.k8s.api.autoscaling.v2.HPAScalingPolicy#type": ["Percent", "Pods"],
  // KEP-5855, KEP-5999, KEP-4939, all alpha in 1.37
  "io.k8s.api.core.v1.VolumeMount#bindMountOptions": ["nodev", "noexec", "nosuid"],
  "io.k8s.api.core.v1.HTTPGetAction#protocol": ["HTTP1", "HTTP2"],
  "io.k8s.api.core.v1.GRPCAction#mode": ["Plaintext", "TLS"],
};

/**
 * Fields of listed values where "" is no value. They are pointers in k8s.io/api types.go, or items of a list, so that
 * defaulting (pkg/apis/core/v1/defaults.go) leaves "" as it stands; everywhere else "" means the default.
 */
export const refusesEmpty: readonly string[] = [
  "io.k8s.api.autoscaling.v2.HPAScalingRules#selectPolicy",
  "io.k8s.api.core.v1.AzureDiskVolumeSource#cachingMode",
  "io.k8s.api.core.v1.AzureDiskVolumeSource#kind",
  "io.k8s.api.core.v1.GRPCAction#mode",
  "io.k8s.api.core.v1.HTTPGetAction#protocol",
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec#accessModes",
  "io.k8s.api.core.v1.PersistentVolumeClaimSpec#volumeMode",
  "io.k8s.api.core.v1.PodSecurityContext#fsGroupChangePolicy",
  "io.k8s.api.core.v1.PodSecurityContext#seLinuxChangePolicy",
  "io.k8s.api.core.v1.PodSecurityContext#supplementalGroupsPolicy",
  "io.k8s.api.core.v1.PodSpec#preemptionPolicy",
  "io.k8s.api.core.v1.SecurityContext#procMount",
  "io.k8s.api.core.v1.ServiceSpec#internalTrafficPolicy",
  "io.k8s.api.core.v1.ServiceSpec#ipFamilies",
  "io.k8s.api.core.v1.ServiceSpec#ipFamilyPolicy",
  "io.k8s.api.core.v1.ServiceSpec#trafficDistribution",
  "io.k8s.api.core.v1.TopologySpreadConstraint#nodeAffinityPolicy",
  "io.k8s.api.core.v1.TopologySpreadConstraint#nodeTaintsPolicy",
  "io.k8s.api.core.v1.VolumeMount#bindMountOptions",
  "io.k8s.api.core.v1.VolumeMount#mountPropagation",
  "io.k8s.api.core.v1.VolumeMount#recursiveReadOnly",
  "io.k8s.api.policy.v1.PodDisruptionBudgetSpec#unhealthyPodEvictionPolicy",
  "io.k8s.api.storage.v1.StorageClass#volumeBindingMode",
];
