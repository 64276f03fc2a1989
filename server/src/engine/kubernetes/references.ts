/** A field that names another object. Paths are those of the API: `spec.template.spec.volumes[].configMap.name`. */
export interface Reference {
  /** Where the name stands, from the root of its object. */
  readonly path: string;
  /** What it names: one of these kinds, each as `GROUP/KIND`; `/Secret` in the core group. */
  readonly to: readonly string[];
  /** The key beside the name that says which of these kinds it is, such as `kind` in `scaleTargetRef`. */
  readonly kindKey?: string;
  /** kustomize leaves the name as it is when it renames the object (namereference.go, kustomize 5.6). */
  readonly ignoredByKustomize?: true;
}

/**
 * The objects that the pods of a template name (PodSpec and its parts in k8s.io/api core/v1 types.go, Kubernetes 1.36).
 * `template` is empty for a pod itself.
 */
export function podReferences(template: string): readonly Reference[] {
  const spec = template === "" ? "spec" : `${template}.spec`;
  const containers = [`${spec}.containers[]`, `${spec}.initContainers[]`];
  const volumes = `${spec}.volumes[]`;
  const data = [
    { to: "/ConfigMap", key: "configMapKeyRef", all: "configMapRef", source: "configMap", volume: "configMap.name" },
    { to: "/Secret", key: "secretKeyRef", all: "secretRef", source: "secret", volume: "secret.secretName" },
  ];
  return [
    reference(`${volumes}.persistentVolumeClaim.claimName`, "/PersistentVolumeClaim"),
    reference(`${spec}.serviceAccountName`, "/ServiceAccount"),
    reference(`${spec}.priorityClassName`, "scheduling.k8s.io/PriorityClass"),
    reference(`${spec}.imagePullSecrets[].name`, "/Secret"),
    ...data.flatMap(({ to, key, all, source, volume }) => [
      reference(`${volumes}.${volume}`, to),
      reference(`${volumes}.projected.sources[].${source}.name`, to),
      ...containers.flatMap((container) => [
        reference(`${container}.env[].valueFrom.${key}.name`, to),
        reference(`${container}.envFrom[].${all}.name`, to),
      ]),
    ]),
    ...[
      ...["cephfs", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"].map((source) => `${source}.secretRef`),
      "csi.nodePublishSecretRef",
    ].map((secret) => ({ ...reference(`${volumes}.${secret}.name`, "/Secret"), ignoredByKustomize: true as const })),
  ];
}

export function reference(path: string, ...to: readonly string[]): Reference {
  return { path, to };
}
