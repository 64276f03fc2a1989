import { statefulSetPage, type FieldDoc } from "../field-doc.js";

const probePage = "docs/concepts/workloads/pods/probes/";

const lifecyclePage = "docs/concepts/workloads/pods/pod-lifecycle/";

/** The parts of the pod template that decide about identity, order and storage; the rest is any pod's. */
export const podTemplateDocs: Readonly<Record<string, FieldDoc>> = {
  "spec.template": {
    summary:
      "What each pod is made from. A change makes a new revision of the set, and its update strategy decides which pods get it when. The controller adds what makes each pod itself: name, hostname, labels, claims.",
    default: "none, it is required",
    change: "rolled out",
    page: `${statefulSetPage}#components`,
  },
  "spec.template.metadata": {
    summary: "Labels and annotations of every pod. A name given here does not count: the pods are named after the set.",
    default: "none; without labels the selector cannot match",
    change: "rolled out",
    page: `${statefulSetPage}#pod-identity`,
  },
  "spec.template.metadata.labels": {
    summary:
      "Labels of every pod. The selector must match them. The controller adds `statefulset.kubernetes.io/pod-name`, `controller-revision-hash` and, since Kubernetes 1.28, `apps.kubernetes.io/pod-index`: with them a Service can select a single pod.",
    default: "none, and then the selector cannot match",
    change: "rolled out",
    page: `${statefulSetPage}#pod-name-label`,
    coversBelow: true,
  },
  "spec.template.metadata.annotations": {
    summary: "Annotations of every pod. Changing one replaces the pods: that is how `kubectl rollout restart` works.",
    default: "none",
    change: "rolled out",
    page: "docs/concepts/overview/working-with-objects/annotations/",
    coversBelow: true,
  },
  "spec.template.spec": {
    summary: "The containers, volumes and rules of every pod.",
    default: "none, it is required",
    change: "rolled out",
    page: "docs/concepts/workloads/pods/",
  },
  "spec.template.spec.hostname": {
    summary: "It does not count: the controller sets each pod's hostname to the pod's name.",
    default: "the pod's name",
    change: "rolled out",
    page: `${statefulSetPage}#stable-network-id`,
  },
  "spec.template.spec.subdomain": {
    summary: "It does not count: the controller sets it to the set's `serviceName`.",
    default: "`serviceName` of the set",
    change: "rolled out",
    page: `${statefulSetPage}#stable-network-id`,
  },
  "spec.template.spec.terminationGracePeriodSeconds": {
    summary:
      "How long a pod may take to stop, in seconds, before its containers are killed. An update or a scale-down waits for it. `0` is unsafe for a StatefulSet: a new pod may start while the old one of the same name still runs.",
    default: "`30`",
    change: "rolled out",
    page: `${lifecyclePage}#pod-termination`,
  },
  "spec.template.spec.restartPolicy": {
    summary: "A StatefulSet allows only `Always`.",
    default: "`Always`",
    change: "rolled out",
    page: `${lifecyclePage}#restart-policy`,
  },
  "spec.template.spec.volumes": {
    summary:
      "Volumes of every pod besides its claims. All pods share what is named here (a ConfigMap, one certain claim); an `emptyDir` is each pod's own and goes with it.",
    default: "none",
    change: "rolled out",
    page: "docs/concepts/storage/volumes/",
  },
  "spec.template.spec.volumes[].name": {
    summary: "The name that containers mount the volume by.",
    default: "none, it is required",
    change: "rolled out",
    page: "docs/concepts/storage/volumes/",
  },
  "spec.template.spec.securityContext.fsGroup": {
    summary:
      "The group that owns the volumes' files. Each time a pod starts, all files of its claims may have to be gone through to set it, which takes long on large volumes; `fsGroupChangePolicy: OnRootMismatch` skips that where the top directory is right already.",
    default: "none: owners stay as they are",
    change: "rolled out",
    page: "docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods",
  },
  "spec.template.spec.securityContext.fsGroupChangePolicy": {
    summary:
      "`Always`: the owner of all files is set at each start of a pod. `OnRootMismatch`: only where the top directory differs.",
    default: "`Always`",
    change: "rolled out",
    since: "1.18 (stable since 1.23)",
    page: "docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods",
  },
  "spec.template.spec.containers": {
    summary: "The containers of every pod. A pod is Ready when all of them are.",
    default: "none, at least one is required",
    change: "rolled out",
    page: "docs/concepts/containers/",
  },
  "spec.template.spec.initContainers": {
    summary:
      "Containers that run one after another, each to its end, before the others start, whenever a pod is created. Those with `restartPolicy: Always` (stable since Kubernetes 1.33) keep running beside the others.",
    default: "none",
    change: "rolled out",
    page: "docs/concepts/workloads/pods/init-containers/",
  },
  ...containerDocs("containers"),
  ...containerDocs("initContainers"),
};

/** The same fields are there for both kinds of containers. */
function containerDocs(list: "containers" | "initContainers"): Readonly<Record<string, FieldDoc>> {
  const container = `spec.template.spec.${list}[]`;
  const probe = (summary: string): FieldDoc => ({
    summary,
    default: "none",
    change: "rolled out",
    page: probePage,
  });
  return {
    [`${container}.readinessProbe`]: probe(
      "When the container is Ready. Without it, it is Ready as soon as it runs. A pod that is not Ready has no DNS name of its own, unless the governing Service has `publishNotReadyAddresses: true`.",
    ),
    [`${container}.startupProbe`]: {
      ...probe("When the container has started. Until then it is not Ready, and the other probes do not run."),
      since: "1.16 (stable since 1.20)",
    },
    [`${container}.livenessProbe`]: probe(
      "When the container has to be restarted. The pod stays the same, with its name and claims; it only stops being Ready for a while.",
    ),
    [`${container}.lifecycle.preStop`]: {
      summary: "What runs in the container before it is stopped. It counts towards `terminationGracePeriodSeconds`.",
      default: "nothing",
      change: "rolled out",
      page: "docs/concepts/containers/container-lifecycle-hooks/",
    },
    [`${container}.volumeMounts`]: {
      summary: "Where the container sees volumes. The name of a claim template stands for the pod's own claim.",
      default: "none",
      change: "rolled out",
      page: `${statefulSetPage}#stable-storage`,
    },
    [`${container}.volumeMounts[].name`]: {
      summary: "The name of a claim template, or of a volume of the pod template.",
      default: "none, it is required",
      change: "rolled out",
      page: `${statefulSetPage}#stable-storage`,
    },
  };
}
