import { claimDocs } from "./claim-templates.js";
import { podTemplateDocs } from "./pod-template.js";
import { statefulSetPage, type FieldDocs } from "../field-doc.js";

/**
 * Every field of StatefulSetSpec (k8s.io/api apps/v1 types.go, Kubernetes 1.29 to 1.37) and what names the pods. What
 * is said of the controller was recorded on Kubernetes 1.36.2 (test/truth); of other releases, `versions.ts` knows.
 */
export const statefulSetDocs: FieldDocs = {
  apiSince: "1.9",
  fields: {
    kind: {
      summary:
        "A set of pods with lasting identities: each keeps its name, its DNS name and its claims when it is replaced.",
      change: "new object",
      page: statefulSetPage,
    },
    "metadata.name": {
      summary: "The first part of every pod's name: `<name>-<ordinal>`.",
      default: "none, it is required",
      change: "new object",
      page: `${statefulSetPage}#pod-identity`,
    },
    "metadata.namespace": {
      summary: "Where the set, its pods and its claims are. The governing Service must be in the same namespace.",
      default: "the one that the manifest is applied to",
      change: "new object",
      page: "docs/concepts/overview/working-with-objects/namespaces/",
    },
    "spec.replicas": {
      summary: "How many pods the set has.",
      default: "`1`",
      change: "any time",
      page: `${statefulSetPage}#deployment-and-scaling-guarantees`,
    },
    "spec.serviceName": {
      summary:
        "The governing Service: it gives each pod a DNS name of its own, `<pod>.<service>.<namespace>.svc.<cluster domain>`. It should be headless (`clusterIP: None`) and select the pods. Kubernetes does not create it, and does not wait for it either.",
      default: "none: then the pods have no DNS names of their own (the field is optional since Kubernetes 1.33)",
      change: "never",
      page: `${statefulSetPage}#stable-network-id`,
    },
    "spec.selector": {
      summary: "Which pods belong to the set. It must match the labels of the pod template.",
      default: "none, it is required",
      change: "never",
      page: `${statefulSetPage}#pod-selector`,
    },
    "spec.selector.matchLabels": {
      summary: "Labels that a pod must have, all of them, to belong to the set.",
      default: "none",
      change: "never",
      page: `${statefulSetPage}#pod-selector`,
      coversBelow: true,
    },
    "spec.selector.matchExpressions": {
      summary:
        "Conditions on labels, each with a `key`, an `operator` (`In`, `NotIn`, `Exists`, `DoesNotExist`) and `values`. A pod must meet all of them, and `matchLabels` too, to belong to the set.",
      default: "none",
      change: "never",
      page: "docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements",
      coversBelow: true,
    },
    "spec.podManagementPolicy": {
      summary:
        "Whether pods are created and deleted one after another (`OrderedReady`) or all at once (`Parallel`). It is about scaling; how an update goes is told by `updateStrategy`.",
      default: "`OrderedReady`",
      change: "never",
      page: `${statefulSetPage}#pod-management-policies`,
    },
    "spec.updateStrategy": {
      summary: "How the pods are replaced after a change of the template.",
      default: "`RollingUpdate` with partition `0`",
      change: "any time",
      page: `${statefulSetPage}#update-strategies`,
    },
    "spec.updateStrategy.type": {
      summary:
        "`RollingUpdate`: pods are replaced one after another, from the highest ordinal down. `OnDelete`: a pod is replaced when you delete it. `Recreate` (alpha in 1.37, KEP-3541): all pods are deleted before new ones are created.",
      default: "`RollingUpdate`",
      change: "any time",
      page: `${statefulSetPage}#update-strategies`,
    },
    "spec.updateStrategy.rollingUpdate": {
      summary: "How far and how fast a rolling update goes. Only `type: RollingUpdate` may have it.",
      default: "`{partition: 0}` where `type` is left out too; beside a written `type` it stays unset",
      change: "any time",
      page: `${statefulSetPage}#rolling-updates`,
    },
    "spec.updateStrategy.rollingUpdate.partition": {
      summary:
        "How many pods, counted from the lowest ordinal, keep the old template in a rolling update. It is an index, not an ordinal: `0` stands for the first pod, whatever `ordinals.start` is.",
      default: "`0`: every pod gets the new template",
      change: "any time",
      page: `${statefulSetPage}#partitions`,
    },
    "spec.updateStrategy.rollingUpdate.maxUnavailable": {
      summary:
        "How many pods may be unavailable at once in a rolling update: a number, or a percentage of `replicas` (rounded down, but at least 1). By default it works in 1.35.0 to 1.35.3 and from 1.37 on; other releases have it switched off.",
      default: "`1`",
      change: "any time",
      gate: "MaxUnavailableStatefulSet",
      page: `${statefulSetPage}#maximum-unavailable-pods`,
    },
    "spec.minReadySeconds": {
      summary: "How long a pod must have been Ready, in seconds, before it counts as Available.",
      default: "`0`: Ready is enough",
      change: "any time",
      gate: "StatefulSetMinReadySeconds",
      page: `${statefulSetPage}#minimum-ready-seconds`,
    },
    "spec.revisionHistoryLimit": {
      summary:
        "How many old templates that no pod uses any more are kept (as ControllerRevisions), for `kubectl rollout undo`.",
      default: "`10`",
      // Forbidden by 1.31 (kubernetes/kubernetes issue 130263), allowed by 1.36 (update-029 of truth/validation.jsonl)
      // and by the 1.35 servers whose error message lists it; which of the releases between was the first is not certain.
      change: ({ minor }) => (minor <= 32 ? "never" : minor >= 35 ? "any time" : "depends on the release"),
      page: `${statefulSetPage}#revision-history`,
    },
    "spec.ordinals": {
      summary: "How the pods are numbered.",
      default: "from `0`",
      change: "any time",
      gate: "StatefulSetStartOrdinal",
      page: `${statefulSetPage}#start-ordinal`,
    },
    "spec.ordinals.start": {
      summary:
        "The number of the first pod. When it is changed on a live set, the missing pods of the new range are created first, and those outside it are deleted after that, the highest first.",
      default: "`0`",
      change: "any time",
      gate: "StatefulSetStartOrdinal",
      page: `${statefulSetPage}#start-ordinal`,
    },
    ...podTemplateDocs,
    ...claimDocs,
  },
};
