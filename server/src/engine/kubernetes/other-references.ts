import { podReferences, reference, type Reference } from "./references.js";

/** What is known of the names in kinds that have no descriptor. */
export interface OtherKind {
  /** Where its pod template is, if it has one; empty where the object is a pod itself. */
  readonly template?: string;
  readonly references: readonly Reference[];
}

/**
 * Kinds that no rule looks into, by `GROUP/KIND`: they still name objects that one does. Paths are those of the API types
 * (k8s.io/api, Kubernetes 1.36; snapshot.storage.k8s.io/v1, gateway.networking.k8s.io/v1, autoscaling.k8s.io/v1).
 */
export const otherKinds: Readonly<Record<string, OtherKind>> = {
  "/Pod": { template: "", references: podReferences("") },
  "/ReplicationController": withPods("spec.template"),
  "batch/Job": withPods("spec.template"),
  "batch/CronJob": withPods("spec.jobTemplate.spec.template"),
  "networking.k8s.io/Ingress": {
    references: [
      reference("spec.defaultBackend.service.name", "/Service"),
      reference("spec.rules[].http.paths[].backend.service.name", "/Service"),
      reference("spec.tls[].secretName", "/Secret"),
      reference("spec.ingressClassName", "networking.k8s.io/IngressClass"),
    ],
  },
  "gateway.networking.k8s.io/HTTPRoute": routes(),
  "gateway.networking.k8s.io/TCPRoute": routes(),
  "gateway.networking.k8s.io/GRPCRoute": routes(),
  "rbac.authorization.k8s.io/RoleBinding": bindings(),
  "rbac.authorization.k8s.io/ClusterRoleBinding": bindings(),
  "snapshot.storage.k8s.io/VolumeSnapshot": {
    references: [reference("spec.source.persistentVolumeClaimName", "/PersistentVolumeClaim")],
  },
  "autoscaling.k8s.io/VerticalPodAutoscaler": { references: [workloadIn("spec.targetRef")] },
};

/** Kinds without a namespace that others name. */
export const clusterScopedKinds: ReadonlySet<string> = new Set([
  "/Namespace",
  "/PersistentVolume",
  "networking.k8s.io/IngressClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/StorageClass",
]);

function withPods(template: string): OtherKind {
  return { template, references: podReferences(template) };
}

function routes(): OtherKind {
  return { references: [reference("spec.rules[].backendRefs[].name", "/Service")] };
}

function bindings(): OtherKind {
  return {
    references: [
      { ...reference("subjects[].name", "/ServiceAccount"), kindKey: "kind" },
      {
        ...reference("roleRef.name", "rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
        kindKey: "kind",
      },
    ],
  };
}

function workloadIn(path: string): Reference {
  return { ...reference(`${path}.name`, "apps/Deployment", "apps/DaemonSet", "apps/StatefulSet"), kindKey: "kind" };
}
