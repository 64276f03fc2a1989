/**
 * The fields that an author writes, in the order of the examples on kubernetes.io; what is not here comes after them.
 * Keys are types of the API.
 */
export const usualOrder: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    "apps.v1.StatefulSetSpec":
      "serviceName replicas selector template volumeClaimTemplates persistentVolumeClaimRetentionPolicy podManagementPolicy updateStrategy minReadySeconds revisionHistoryLimit ordinals",
    ServiceSpec: "clusterIP type selector ports publishNotReadyAddresses",
    "policy.v1.PodDisruptionBudgetSpec": "maxUnavailable minAvailable selector unhealthyPodEvictionPolicy",
    "autoscaling.v2.HorizontalPodAutoscalerSpec": "scaleTargetRef minReplicas maxReplicas metrics behavior",
    PersistentVolumeClaimSpec: "accessModes storageClassName resources volumeMode",
    ObjectMeta: "name namespace labels annotations",
    PodSpec:
      "containers initContainers volumes terminationGracePeriodSeconds securityContext serviceAccountName affinity topologySpreadConstraints tolerations nodeSelector priorityClassName imagePullSecrets",
    Container:
      "name image imagePullPolicy command args ports env envFrom readinessProbe livenessProbe startupProbe resources volumeMounts lifecycle securityContext",
    ContainerPort: "name containerPort protocol",
    ServicePort: "name port targetPort protocol",
    VolumeMount: "name mountPath subPath readOnly",
    Volume: "name configMap secret emptyDir persistentVolumeClaim projected",
    EnvVar: "name value valueFrom",
    Probe: "httpGet tcpSocket exec grpc initialDelaySeconds periodSeconds timeoutSeconds failureThreshold",
    ResourceRequirements: "requests limits",
  }).map(([type, fields]) => [type, fields.split(" ")]),
);
