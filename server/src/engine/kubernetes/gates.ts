/**
 * The feature gates that decide which fields and values of a manifest count: this is the only table of them. Stages are
 * those of the table "Feature gates in Kubernetes v1.37" on kubernetes.io
 * (docs/reference/command-line-tools-reference/feature-gates) and of pkg/features/kube_features.go up to 1.36; where the
 * two differ, the code counts and its pull request is named. What is dropped while a gate is off: dropDisabledFields in
 * pkg/api/pod/util.go, pkg/api/persistentvolumeclaim/util.go and the strategies in pkg/registry.
 */

export type GateStage = "alpha" | "beta" | "stable";

/** A state that a gate has from one release on, until the next entry. */
export interface GatePeriod {
  readonly minor: number;
  readonly patch?: number;
  readonly stage: GateStage;
  readonly enabled: boolean;
  /** A stable feature can no longer be switched off, but for a release or two that still let it be. */
  readonly unlocked?: true;
}

export interface Gate {
  /** What it switches on, in one sentence of Markdown. */
  readonly about: string;
  readonly periods: readonly GatePeriod[];
  /** Fields that the API server drops silently while it is off: `Container#restartPolicyRules`, names of the field data. */
  readonly fields?: readonly string[];
  /** Values that the API server refuses while it is off, by field. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** A rule of its own speaks of it, with more than that the field is dropped. */
  readonly hasRule?: true;
}

const alpha = (minor: number): GatePeriod => ({ minor, stage: "alpha", enabled: false });
const betaOff = (minor: number, patch?: number): GatePeriod => ({
  minor,
  ...(patch === undefined ? {} : { patch }),
  stage: "beta",
  enabled: false,
});
const beta = (minor: number): GatePeriod => ({ minor, stage: "beta", enabled: true });
const stable = (minor: number): GatePeriod => ({ minor, stage: "stable", enabled: true });
const unlocked = (minor: number): GatePeriod => ({ ...stable(minor), unlocked: true });

export const gates = {
  AtomicWriteVolumeUserFields: {
    about:
      "`defaultUser` and `user` choose the owner of files in ConfigMap, Secret, downward API and projected volumes.",
    periods: [alpha(37)],
    fields: [
      "ClusterTrustBundleProjection#user",
      "ConfigMapVolumeSource#defaultUser",
      "DownwardAPIVolumeFile#user",
      "DownwardAPIVolumeSource#defaultUser",
      "KeyToPath#user",
      "PodCertificateProjection#user",
      "ProjectedVolumeSource#defaultUser",
      "SecretVolumeSource#defaultUser",
      "ServiceAccountTokenProjection#user",
    ],
  },
  ClusterTrustBundleProjection: {
    about: "Projected volumes can hold a `clusterTrustBundle`.",
    periods: [alpha(29), betaOff(33), stable(37)],
    fields: ["VolumeProjection#clusterTrustBundle"],
  },
  ContainerRestartRules: {
    about: "Containers can have a `restartPolicy` and `restartPolicyRules` of their own.",
    periods: [alpha(34), beta(35)],
    fields: ["Container#restartPolicyRules"],
  },
  ContainerStopSignals: {
    about: "`lifecycle.stopSignal` chooses the signal that stops a container.",
    periods: [alpha(33)],
    fields: ["Lifecycle#stopSignal"],
  },
  CrossNamespaceVolumeDataSource: {
    about: "`dataSourceRef` of a PersistentVolumeClaim can name an object of another namespace.",
    periods: [alpha(26)],
    fields: ["TypedObjectReference#namespace"],
  },
  DynamicResourceAllocation: {
    about: "Pods can claim devices: `resourceClaims` of the pod, `resources.claims` of its containers.",
    periods: [alpha(26), betaOff(32), unlocked(34), stable(35)],
    fields: ["PodSpec#resourceClaims", "ResourceRequirements#claims"],
  },
  EmptyDirVolumeMode: {
    about: "`emptyDir.mode` sets the permission bits of the directory.",
    periods: [alpha(37)],
    fields: ["EmptyDirVolumeSource#mode"],
  },
  EnvFiles: {
    about: "`env[].valueFrom.fileKeyRef` reads a variable from a file of an `emptyDir` volume.",
    periods: [alpha(34), beta(35)],
    fields: ["EnvVarSource#fileKeyRef"],
  },
  EvictionRequestAPI: {
    about: "Pods can name `evictionResponders`, which are asked before they are evicted.",
    periods: [alpha(37)],
    fields: ["PodSpec#evictionResponders"],
  },
  GRPCContainerProbeTLS: {
    about: "`grpc.mode: TLS` lets gRPC probes use TLS.",
    periods: [alpha(37)],
    fields: ["GRPCAction#mode"],
  },
  GenericWorkload: {
    about: "Pods can belong to a group that is scheduled as one.",
    periods: [alpha(35), betaOff(37)],
    fields: ["PodSpec#schedulingGroup", "PodSpec#workloadRef"],
  },
  H2CContainerProbe: {
    about: "`httpGet.protocol: HTTP2` lets HTTP probes speak HTTP/2 in clear text.",
    periods: [alpha(37)],
    fields: ["HTTPGetAction#protocol"],
  },
  HPAConfigurableTolerance: {
    about: "`behavior.scaleUp.tolerance` and `scaleDown.tolerance` of a HorizontalPodAutoscaler.",
    // On in 1.35: pull request 133128. The page says off.
    periods: [alpha(33), beta(35), stable(37)],
    fields: ["autoscaling.v2.HPAScalingRules#tolerance"],
  },
  HPAScaleToZero: {
    about: "A HorizontalPodAutoscaler with an Object or External metric can have `minReplicas: 0`.",
    // Pull request 139648.
    periods: [alpha(16), beta(37)],
  },
  HostnameOverride: {
    about: "`hostnameOverride` gives a pod any name as its hostname.",
    periods: [alpha(34), beta(35), stable(37)],
    fields: ["PodSpec#hostnameOverride"],
  },
  ImageVolume: {
    about: "Volumes of the type `image` mount an OCI image.",
    // On in 1.35.
    periods: [alpha(31), betaOff(33), beta(35), stable(36)],
    fields: ["Volume#image"],
  },
  InPlacePodVerticalScaling: {
    about: "The resources of running pods can be changed; `resizePolicy` says whether containers restart.",
    periods: [alpha(27), beta(33), stable(35)],
    fields: ["Container#resizePolicy"],
  },
  MatchLabelKeysInPodAffinity: {
    about: "`matchLabelKeys` and `mismatchLabelKeys` of pod (anti-)affinity.",
    periods: [alpha(29), beta(31), stable(33)],
    fields: ["PodAffinityTerm#matchLabelKeys", "PodAffinityTerm#mismatchLabelKeys"],
  },
  MaxUnavailableStatefulSet: {
    about: "`rollingUpdate.maxUnavailable` lets an update of a StatefulSet replace several pods at once.",
    // On by default in 1.35.0, switched off again by 1.35.4 because of kubernetes/kubernetes issue 137409
    // (pull requests 137904 and 137926); on again in 1.37 with the walk of pull request 137666.
    periods: [alpha(24), beta(35), betaOff(35, 4), beta(37)],
    fields: ["apps.v1.RollingUpdateStatefulSetStrategy#maxUnavailable"],
    hasRule: true,
  },
  PodCertificateRequest: {
    about: "Projected volumes can hold a `podCertificate`.",
    periods: [alpha(34), betaOff(35), stable(37)],
    fields: ["VolumeProjection#podCertificate"],
  },
  PodIndexLabel: {
    about: "Pods of a StatefulSet carry their ordinal as the label `apps.kubernetes.io/pod-index`.",
    periods: [beta(28), stable(32)],
  },
  PodLevelResources: {
    about: "`resources` of the pod, beside those of its containers.",
    periods: [alpha(32), beta(34)],
    fields: ["PodSpec#resources"],
  },
  PodLifecycleSleepAction: {
    about: "`sleep` as the handler of a `preStop` or `postStart` hook.",
    periods: [alpha(29), beta(30), stable(34)],
    fields: ["LifecycleHandler#sleep"],
  },
  PreferSameTrafficDistribution: {
    about: "`trafficDistribution: PreferSameZone` and `PreferSameNode`.",
    periods: [alpha(33), beta(34), stable(35)],
    values: { "ServiceSpec#trafficDistribution": ["PreferSameNode", "PreferSameZone"] },
  },
  ProcMountType: {
    about: "`procMount: Unmasked` for containers of pods with a user namespace.",
    periods: [alpha(12), betaOff(31), beta(33), stable(36)],
    fields: ["SecurityContext#procMount"],
  },
  RecoverVolumeExpansionFailure: {
    about: "A PersistentVolumeClaim whose expansion failed can ask for less again.",
    periods: [alpha(23), beta(32), stable(34)],
  },
  RecursiveReadOnlyMounts: {
    about: "`recursiveReadOnly` of a volume mount.",
    periods: [alpha(30), beta(31), stable(33)],
    fields: ["VolumeMount#recursiveReadOnly"],
  },
  RelaxedServiceNameValidation: {
    about: "The name of a Service may begin with a digit.",
    periods: [alpha(34), beta(36), stable(37)],
  },
  SELinuxChangePolicy: {
    about: "`securityContext.seLinuxChangePolicy` of the pod.",
    periods: [alpha(32), beta(33), stable(36)],
    fields: ["PodSecurityContext#seLinuxChangePolicy"],
  },
  SELinuxMount: {
    about:
      "Volumes of every access mode are mounted with the pod's SELinux label (`seLinuxChangePolicy: MountOption`).",
    // Pull request 139956.
    periods: [alpha(30), betaOff(33), stable(37)],
    values: { "PodSecurityContext#seLinuxChangePolicy": ["MountOption"] },
  },
  ServiceTrafficDistribution: {
    about: "`trafficDistribution` of a Service.",
    periods: [alpha(30), beta(31), stable(33)],
    fields: ["ServiceSpec#trafficDistribution"],
  },
  StatefulSetAutoDeletePVC: {
    about: "`persistentVolumeClaimRetentionPolicy` of a StatefulSet.",
    periods: [alpha(23), beta(27), stable(32)],
    fields: ["apps.v1.StatefulSetSpec#persistentVolumeClaimRetentionPolicy"],
    hasRule: true,
  },
  StatefulSetMinReadySeconds: {
    about: "`minReadySeconds` of a StatefulSet.",
    periods: [alpha(22), beta(23), stable(25)],
    fields: ["apps.v1.StatefulSetSpec#minReadySeconds"],
  },
  StatefulSetRecreateStrategy: {
    about: "`updateStrategy.type: Recreate` of a StatefulSet: all old pods are deleted before a new one is created.",
    // KEP-3541 (keps/sig-apps/3541-add-recreate-strategy-to-statefulset) and pull request 137187.
    periods: [alpha(37)],
    values: { "apps.v1.StatefulSetUpdateStrategy#type": ["Recreate"] },
    hasRule: true,
  },
  StatefulSetStartOrdinal: {
    about: "`ordinals.start` of a StatefulSet.",
    periods: [alpha(26), beta(27), stable(31)],
    fields: ["apps.v1.StatefulSetSpec#ordinals"],
  },
  StrictIPCIDRValidation: {
    about: "IP addresses with leading zeros and CIDR blocks with host bits are refused in new objects.",
    // Pull request 137053.
    periods: [alpha(33), beta(36)],
  },
  SupplementalGroupsPolicy: {
    about: "`securityContext.supplementalGroupsPolicy` of the pod.",
    periods: [alpha(31), beta(33)],
    fields: ["PodSecurityContext#supplementalGroupsPolicy"],
  },
  TaintTolerationComparisonOperators: {
    about: "Tolerations can compare numbers with the operators `Gt` and `Lt`.",
    periods: [alpha(35)],
    values: { "Toleration#operator": ["Gt", "Lt"] },
  },
  UserNamespacesHostNetworkSupport: {
    about: "Pods with `hostUsers: false` can use the host's network.",
    periods: [alpha(35)],
  },
  UserNamespacesSupport: {
    about: "`hostUsers: false` gives a pod a user namespace.",
    periods: [alpha(28), betaOff(30), beta(33), stable(36)],
    fields: ["PodSpec#hostUsers"],
  },
  VolumeAttributesClass: {
    about: "`volumeAttributesClassName` of a PersistentVolumeClaim.",
    periods: [alpha(29), betaOff(31), unlocked(34), stable(36)],
    fields: ["PersistentVolumeClaimSpec#volumeAttributesClassName"],
  },
  VolumeBindMountOptions: {
    about: "`volumeMounts[].bindMountOptions`: `noexec`, `nodev` and `nosuid`.",
    periods: [alpha(37)],
    fields: ["VolumeMount#bindMountOptions"],
  },
} as const satisfies Readonly<Record<string, Gate>>;
