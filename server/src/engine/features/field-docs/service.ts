import { code } from "../../words/markdown.js";
import { select, selectorFor, wantedText, type Pods } from "../../kubernetes/selection.js";
import { isHeadless, type Service } from "../../kubernetes/kinds/service.js";
import type { FieldFacts } from "./field-facts.js";
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
  /** To its file, as Markdown. */
  readonly link: string;
  readonly pods: Pods | undefined;
}

/** The fields of a Service that decide about the DNS names of a set's pods. */
export const serviceFacts: FieldFacts<GoverningService> = {
  kind: (governing) => [...governs(governing), ...headless(governing)],
  "metadata.name": governs,
  "metadata.namespace": governs,
  "spec.clusterIP": (governing) => [...headless(governing), ...governs(governing)],
  "spec.selector": selection,
  "spec.publishNotReadyAddresses": ({ service: { publishNotReadyAddresses } }) => {
    if (publishNotReadyAddresses.state !== "present") return [];
    return [
      publishNotReadyAddresses.value
        ? "The pods' DNS names are there as soon as they have an address."
        : "A pod's DNS name is there only while the pod is Ready.",
    ];
  },
  "spec.type": headless,
};

function governs({ service, sets }: GoverningService): readonly string[] {
  if (service.name.state !== "present") return [];
  const name = service.name.value;
  return sets.slice(0, 3).map((set) => {
    const namespace = service.key.namespace ?? set.namespace;
    const pod = dnsName(`${set.name}-<ordinal>`, name, namespace);
    return `It is the \`serviceName\` of StatefulSet ${code(set.name)} in ${set.link}: DNS names of the pods are ${code(pod)} ${clusterDomainNote}.`;
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
          `It does not select the pods of ${set}: it needs ${code(wantedText(first.requirement))}, but they ${found}.`,
        ];
      }
      case undefined:
        return [];
    }
  });
}
