import { code } from "../../words/markdown.js";
import { select, selectorFor, wantedText, type Pods } from "../../kubernetes/selection.js";
import { isHeadless, type Service } from "../../kubernetes/service.js";
import { servicePage, statefulSetPage, type FieldDocs } from "./field-doc.js";
import { clusterDomainNote, dnsName } from "./phrases.js";

/** A Service and the StatefulSets that name it as their `serviceName`. */
export interface GoverningService {
  readonly service: Service;
  /** At least one. */
  readonly sets: readonly GovernedSet[];
}

export interface GovernedSet {
  readonly name: string;
  readonly namespace: string | undefined;
  /** The name of its file, without the directory. */
  readonly file: string;
  readonly pods: Pods | undefined;
}

/** The fields of a Service that decide about the DNS names of a set's pods. */
export const serviceDocs: FieldDocs<GoverningService> = {
  kind: {
    summary: "A name for a group of pods.",
    facts: (governing) => [...governs(governing), ...headless(governing)],
    change: "new object",
    page: servicePage,
  },
  "metadata.name": {
    summary: "The Service's name, and a part of the DNS names of the pods that it governs.",
    facts: governs,
    default: "none, it is required",
    change: "new object",
    page: `${statefulSetPage}#stable-network-id`,
  },
  "metadata.namespace": {
    summary: "Where the Service is. It finds pods of this namespace only, so the set must be in the same one.",
    facts: governs,
    default: "the one that the manifest is applied to",
    change: "new object",
    page: "docs/concepts/overview/working-with-objects/namespaces/",
  },
  "spec.clusterIP": {
    summary:
      "`None` makes the Service headless: its name stands for the pods' own addresses, and each pod of a governed set gets a DNS name. Anything else is one virtual address that spreads connections over the pods.",
    facts: (governing) => [...headless(governing), ...governs(governing)],
    default: "an address that the cluster chooses: not headless",
    change: "mostly not",
    page: `${servicePage}#headless-services`,
  },
  "spec.selector": {
    summary: "Labels that a pod must have, all of them, to belong to the Service.",
    facts: selection,
    default: "none: then somebody else keeps the endpoints",
    change: "any time",
    page: `${servicePage}#defining-a-service`,
    coversBelow: true,
  },
  "spec.publishNotReadyAddresses": {
    summary:
      "`true`: the DNS names of pods are there before the pods are Ready. Peers that look for each other while they start need it; clients then also reach pods that are not Ready.",
    facts: ({ service: { publishNotReadyAddresses } }) => {
      if (publishNotReadyAddresses.state !== "present") return [];
      return [
        publishNotReadyAddresses.value
          ? "The pods' DNS names are there as soon as they have an address."
          : "A pod's DNS name is there only while the pod is Ready.",
      ];
    },
    default: "`false`",
    change: "any time",
    page: "docs/concepts/services-networking/dns-pod-service/#pod-s-hostname-and-subdomain-fields",
  },
  "spec.ports": {
    summary:
      "The ports of the Service, each with a `port` and, where they differ, a `targetPort` of the pods. A headless Service does not translate ports: whoever has a pod's name connects to the pod's own port. It may also have no ports at all.",
    default: "none; only a headless Service may leave them out",
    change: "any time",
    page: `${servicePage}#field-spec-ports`,
    coversBelow: true,
  },
  "spec.type": {
    summary:
      "How the Service is reached. Only `ClusterIP` can be headless; `NodePort` and `LoadBalancer` need a cluster IP.",
    facts: headless,
    default: "`ClusterIP`",
    change: "any time",
    page: `${servicePage}#publishing-services-service-types`,
  },
};

function governs({ service, sets }: GoverningService): readonly string[] {
  if (service.name.state !== "present") return [];
  const name = service.name.value;
  return sets.slice(0, 3).map((set) => {
    const namespace = service.key.namespace ?? set.namespace;
    const pod = dnsName(`${set.name}-<ordinal>`, name, namespace);
    return `It is the \`serviceName\` of StatefulSet ${code(set.name)} in ${code(set.file)}: DNS names of the pods are ${code(pod)} ${clusterDomainNote}.`;
  });
}

function headless({ service }: GoverningService): readonly string[] {
  switch (isHeadless(service)) {
    case true:
      return ["Headless: each pod that it selects gets a DNS name of its own."];
    case false:
      return [
        "Not headless: DNS names of single pods are not guaranteed. (CoreDNS answers them; other DNS servers need not.)",
      ];
    case undefined:
      return [];
  }
}

function selection({ service: { selector }, sets }: GoverningService): readonly string[] {
  if (selector.state !== "present" || selector.value.size === 0) return [];
  const asked = selectorFor(selector.value);
  return sets.slice(0, 3).flatMap(({ name, pods }) => {
    const selection = pods && select(asked, pods);
    const set = `StatefulSet ${code(name)}`;
    switch (selection?.pods) {
      case "all":
        return [`It selects the pods of ${set}.`];
      case "only":
        return [`It selects only ${selection.names.map(code).join(", ")} of ${set}.`];
      case "allBut":
        return [`It selects the pods of ${set} but for ${selection.names.map(code).join(", ")}.`];
      case "none": {
        const [first] = selection.unmet;
        if (first === undefined) return [];
        const found = first.found === undefined ? "lack the label" : `have ${code(first.found)}`;
        return [
          `It does not select the pods of ${set}: ${code(wantedText(first.requirement))} is wanted, and they ${found}.`,
        ];
      }
      case undefined:
        return [];
    }
  });
}
