import { isHeadless, type Service } from "../k8s/service.js";
import type { Labels } from "../k8s/selectors.js";
import type { Resource, ResourceKey } from "../k8s/resource.js";
import { isPartial, type StatefulSet } from "../k8s/statefulset.js";
import { valueOr } from "../yaml/field.js";
import type { Path } from "../yaml/path.js";
import type { PodDnsName } from "./pod-dns.js";

/** A document by its file and its place in it (0 for the first, empty ones counted). */
export interface DocumentId {
  readonly uri: string;
  readonly document: number;
}

/**
 * What other files may see of a document. It holds no offsets, so that text moved or commented in one file disturbs
 * no other: as long as the summary is equal, nobody is checked again.
 */
export interface DocumentSummary {
  readonly id: DocumentId;
  readonly services: readonly ServiceSummary[];
  readonly statefulSets: readonly StatefulSetSummary[];
  /** Names of single pods that any text of the document uses, such as `db-0.db`. */
  readonly podDnsNames: readonly PodDnsName[];
}

export interface ServiceSummary {
  readonly document: DocumentId;
  /** Where the object begins in its document: `[]`, or `["items", 0]` in a List. */
  readonly root: Path;
  readonly key: ResourceKey;
  /** `ClusterIP` where it is omitted; `undefined` where it cannot be read. */
  readonly type: string | undefined;
  /** `undefined` where it cannot be read. */
  readonly headless: boolean | undefined;
  /** Empty where the Service has no selector; `undefined` where it cannot be read. */
  readonly selector: Labels | undefined;
}

export interface StatefulSetSummary {
  readonly document: DocumentId;
  readonly root: Path;
  readonly key: ResourceKey;
  /** `undefined` where it is unset or cannot be read. */
  readonly serviceName: string | undefined;
  readonly podLabels: Labels | undefined;
  readonly partial: boolean;
}

/** What others may see of the resources of one document. */
export function summarise(
  id: DocumentId,
  resources: readonly Resource[],
  podDnsNames: readonly PodDnsName[],
): DocumentSummary {
  const services: ServiceSummary[] = [];
  const statefulSets: StatefulSetSummary[] = [];
  for (const resource of resources) {
    switch (resource.kind) {
      case "Service":
        services.push(summariseService(id, resource));
        break;
      case "StatefulSet":
        statefulSets.push(summariseStatefulSet(id, resource));
        break;
      case "other":
        break;
    }
  }
  return { id, services, statefulSets, podDnsNames };
}

function summariseService(document: DocumentId, service: Service): ServiceSummary {
  const { selector } = service;
  return {
    document,
    root: service.place.path,
    key: service.key,
    type: valueOr(service.type, "ClusterIP"),
    headless: isHeadless(service),
    selector: selector.state === "present" ? selector.value : selector.state === "absent" ? new Map() : undefined,
  };
}

function summariseStatefulSet(document: DocumentId, statefulSet: StatefulSet): StatefulSetSummary {
  const { labels } = statefulSet.template;
  return {
    document,
    root: statefulSet.place.path,
    key: statefulSet.key,
    serviceName: valueOr(statefulSet.serviceName, undefined),
    podLabels: labels.state === "present" ? labels.value : labels.state === "absent" ? new Map() : undefined,
    partial: isPartial(statefulSet),
  };
}

/** A text that is equal exactly where two summaries are: Maps are written as sorted pairs. */
export function fingerprint(summary: DocumentSummary): string {
  return JSON.stringify(summary, (_, value: unknown) =>
    value instanceof Map ? { pairs: [...(value as Labels)].toSorted(([a], [b]) => (a < b ? -1 : 1)) } : value,
  );
}
