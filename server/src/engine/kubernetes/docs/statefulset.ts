import { claimDocs } from "./claim-templates.js";
import { podTemplateDocs } from "./pod-template.js";
import { statefulSetPage, type FieldDocs } from "../field-doc.js";
import { rolloutFieldDocs } from "../rollout-fields.js";

/**
 * Every field of StatefulSetSpec (k8s.io/api apps/v1 types.go, Kubernetes 1.29 to 1.37) and what names the pods. What
 * is said of the controller was recorded on Kubernetes 1.36.2 (test/truth); of other releases, `versions.ts` knows.
 */
export const statefulSetDocs: FieldDocs = {
  apiSince: "1.9",
  fields: {
    kind: {
      summary:
        "A set of pods with stable identities: each keeps its name, its DNS name and its claims when it is replaced.",
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
    "spec.serviceName": {
      summary:
        "The governing Service: it gives each pod a DNS name of its own, `<pod>.<service>.<namespace>.svc.<cluster domain>`. It should be headless (`clusterIP: None`) and select the pods. Kubernetes does not create it, and does not wait for it.",
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
    "spec.updateStrategy": {
      summary: "How the pods are replaced after a change of the template.",
      default: "`RollingUpdate` with partition `0`",
      change: "any time",
      page: `${statefulSetPage}#update-strategies`,
    },
    "spec.updateStrategy.rollingUpdate": {
      summary: "How far and how fast a rolling update goes. Only `type: RollingUpdate` can have it.",
      default: "`{partition: 0}` if `type` is not set either; with `type` it is not set",
      change: "any time",
      page: `${statefulSetPage}#rolling-updates`,
    },
    "spec.ordinals": {
      summary: "How the pods are numbered.",
      default: "from `0`",
      change: "any time",
      gate: "StatefulSetStartOrdinal",
      page: `${statefulSetPage}#start-ordinal`,
    },
    ...rolloutFieldDocs,
    ...podTemplateDocs,
    ...claimDocs,
  },
};
