import { statefulSetPage, servicePage, type FieldDocs } from "../field-doc.js";

/** The fields of a Service that decide about the DNS names of a set's pods. */
export const serviceDocs: FieldDocs = {
  apiSince: "1.0",
  fields: {
    kind: {
      summary: "A name for a group of pods.",
      change: "new object",
      page: servicePage,
    },
    "metadata.name": {
      summary: "The Service's name, and a part of the DNS names of the pods that it governs.",
      default: "none, it is required",
      change: "new object",
      page: `${statefulSetPage}#stable-network-id`,
    },
    "metadata.namespace": {
      summary: "Where the Service is. It finds pods of this namespace only, so the set must be in the same one.",
      default: "the one that the manifest is applied to",
      change: "new object",
      page: "docs/concepts/overview/working-with-objects/namespaces/",
    },
    "spec.clusterIP": {
      summary:
        "`None` makes the Service headless: its name stands for the pods' own addresses, and each pod of a governed set gets a DNS name. Anything else is one virtual address that spreads connections over the pods.",
      default: "an address that the cluster chooses: not headless",
      change: "mostly not",
      page: `${servicePage}#headless-services`,
    },
    "spec.selector": {
      summary: "Labels that a pod must have, all of them, to belong to the Service.",
      default: "none: then something else keeps the endpoints",
      change: "any time",
      page: `${servicePage}#defining-a-service`,
      coversBelow: true,
    },
    "spec.publishNotReadyAddresses": {
      summary:
        "`true`: the DNS names of pods exist before the pods are Ready. Peers that look for each other while they start need this; clients then also reach pods that are not Ready.",
      default: "`false`",
      change: "any time",
      page: "docs/concepts/services-networking/dns-pod-service/#pod-s-hostname-and-subdomain-fields",
    },
    "spec.ports": {
      summary:
        "The ports of the Service, each with a `port` and, where they differ, a `targetPort` of the pods. A headless Service does not translate ports: clients that use a pod's name connect to the pod's own port. It can also have no ports at all.",
      default: "none; only a headless Service can omit them",
      change: "any time",
      page: `${servicePage}#field-spec-ports`,
      coversBelow: true,
    },
    "spec.type": {
      summary:
        "How the Service is reached. Only `ClusterIP` can be headless; `NodePort` and `LoadBalancer` need a cluster IP.",
      default: "`ClusterIP`",
      change: "any time",
      page: `${servicePage}#publishing-services-service-types`,
    },
  },
};
