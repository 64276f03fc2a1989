import type { DefineSummary } from "../helm/chart-version.js";
import type { Template } from "../helm/template.js";
import { targetKind, targetsApps, type Autoscaler } from "../kubernetes/autoscaler.js";
import type { Claim } from "../kubernetes/claim.js";
import { budgetSelector, type DisruptionBudget } from "../kubernetes/disruption-budget.js";
import { podLabels, portNames, portNumbers } from "../kubernetes/pod-template.js";
import { isPartial } from "../kubernetes/partial.js";
import { identity, type OtherResource, type Resource, type ResourceKey } from "../kubernetes/resource.js";
import { readSelector, type Selector } from "../kubernetes/selection.js";
import type { Labels } from "../kubernetes/selectors.js";
import { isHeadless, type Service } from "../kubernetes/service.js";
import type { StatefulSet } from "../kubernetes/statefulset.js";
import type { StorageClass } from "../kubernetes/storage-class.js";
import type { Workload } from "../kubernetes/workload.js";
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
  readonly resources: readonly ResourceSummary[];
  /** What a template holds whatever the values are; it concerns nobody outside of its chart. */
  readonly templated: readonly ResourceSummary[];
  /** A template writes objects here of which nothing is known. */
  readonly hasUnknown: boolean;
  /** The named templates of the file, with its first document. */
  readonly defines: readonly DefineSummary[];
  /** Names of single pods that any text of the document uses, such as `db-0.db`. */
  readonly podDnsNames: readonly PodDnsName[];
  /** Names and patterns of Services that its comments say others make. */
  readonly externalServices: readonly string[];
}

/** What cannot be read is `undefined`; so is what is unset, unless a default is named. */
export type ResourceSummary =
  | ServiceSummary
  | StatefulSetSummary
  | WorkloadSummary
  | DisruptionBudgetSummary
  | AutoscalerSummary
  | ClaimSummary
  | StorageClassSummary
  | OtherSummary;
export type SummaryOf<K extends ResourceSummary["kind"]> = Extract<ResourceSummary, { kind: K }>;

interface Common {
  readonly document: DocumentId;
  /** Where the object begins in its document: `[]`, or `["items", 0]` in a List. */
  readonly root: Path;
  readonly key: ResourceKey;
  /** What a cluster knows the object by; see `identity`. */
  readonly identity: string | undefined;
  /** Only a part of the object: a patch or a fragment. */
  readonly partial: boolean;
  /** A chart has it with some values only. */
  readonly conditional?: true;
}

export interface ServiceSummary extends Common {
  readonly kind: "Service";
  /** `ClusterIP` where it is omitted. */
  readonly type: string | undefined;
  readonly headless: boolean | undefined;
  /** Empty where the Service has no selector. */
  readonly selector: Labels | undefined;
  readonly publishNotReadyAddresses: boolean | undefined;
}

export interface StatefulSetSummary extends Common {
  readonly kind: "StatefulSet";
  readonly serviceName: string | undefined;
  /** 1 where it is omitted. */
  readonly replicas: number | undefined;
  /** 0 where it is omitted. */
  readonly firstOrdinal: number | undefined;
  readonly podLabels: Labels | undefined;
  readonly selector: Selector | undefined;
  readonly claimTemplates: readonly string[] | undefined;
  /** The names of the ports of its containers. */
  readonly portNames: readonly string[] | undefined;
  /** The numbers of the ports that its containers declare. */
  readonly portNumbers: readonly number[] | undefined;
}

export interface WorkloadSummary extends Common {
  readonly kind: "Workload";
  /** 1 where it is omitted; of no meaning for a DaemonSet. */
  readonly replicas: number | undefined;
  readonly podLabels: Labels | undefined;
  readonly selector: Selector | undefined;
  /** The names of the ports of its containers. */
  readonly portNames: readonly string[] | undefined;
  /** The numbers of the ports that its containers declare. */
  readonly portNumbers: readonly number[] | undefined;
}

export interface DisruptionBudgetSummary extends Common {
  readonly kind: "PodDisruptionBudget";
  /** An empty selector selects every pod of its namespace. */
  readonly selector: Selector | "nothing" | undefined;
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
}

export interface AutoscalerSummary extends Common {
  readonly kind: "Autoscaler";
  /** `undefined` too for a target of another API group than `apps`. */
  readonly targetKind: string | undefined;
  readonly targetName: string | undefined;
}

export interface ClaimSummary extends Common {
  readonly kind: "PersistentVolumeClaim";
  readonly accessModes: readonly string[] | undefined;
  readonly storage: number | string | undefined;
  readonly storageClassName: string | undefined;
}

export interface StorageClassSummary extends Common {
  readonly kind: "StorageClass";
  /** `Delete` where it is omitted. */
  readonly reclaimPolicy: string | undefined;
}

export interface OtherSummary extends Common {
  readonly kind: "other";
  /** What the data of a ConfigMap or Secret are kept under. */
  readonly dataKeys?: readonly string[];
}

/** What others may see of the resources of one document. */
export function summarise(
  id: DocumentId,
  resources: readonly Resource[],
  podDnsNames: readonly PodDnsName[],
  externalServices: readonly string[],
): DocumentSummary {
  return {
    id,
    podDnsNames,
    externalServices,
    resources: resources.map((resource) => summariseResource(resource, common(id, resource))),
    templated: [],
    defines: [],
    hasUnknown: false,
  };
}

/** What the other templates of its chart may see of a template's document. */
export function summariseTemplate(id: DocumentId, { readings }: Template): readonly ResourceSummary[] {
  return readings.flatMap(({ certain, base }) =>
    certain.map((resource) =>
      summariseResource(resource, { ...common(id, resource), ...(base === undefined ? {} : { conditional: true }) }),
    ),
  );
}

function common(document: DocumentId, resource: Resource): Common {
  return {
    document,
    root: resource.place.path,
    key: resource.key,
    identity: identity(resource),
    partial: isPartial(resource),
  };
}

function summariseResource(resource: Resource, common: Common): ResourceSummary {
  switch (resource.kind) {
    case "Service":
      return { ...common, ...summariseService(resource) };
    case "StatefulSet":
      return { ...common, ...summariseStatefulSet(resource) };
    case "Workload":
      return { ...common, ...summariseWorkload(resource) };
    case "PodDisruptionBudget":
      return { ...common, ...summariseDisruptionBudget(resource) };
    case "Autoscaler":
      return { ...common, ...summariseAutoscaler(resource) };
    case "PersistentVolumeClaim":
      return { ...common, ...summariseClaim(resource) };
    case "StorageClass":
      return { ...common, ...summariseStorageClass(resource) };
    case "other":
      return { ...common, ...summariseOther(resource) };
  }
}

type Own<S extends ResourceSummary> = Omit<S, keyof Common>;

const noLabels: Labels = new Map();

function summariseService(service: Service): Own<ServiceSummary> {
  return {
    kind: "Service",
    type: valueOr(service.type, "ClusterIP"),
    headless: isHeadless(service),
    selector: valueOr(service.selector, noLabels),
    publishNotReadyAddresses: valueOr(service.publishNotReadyAddresses, false),
  };
}

function summariseStatefulSet(statefulSet: StatefulSet): Own<StatefulSetSummary> {
  const templates = valueOr(statefulSet.claimTemplates, []);
  const names = templates?.flatMap(({ name }) => (name.state === "present" ? [name.value] : []));
  return {
    kind: "StatefulSet",
    serviceName: valueOr(statefulSet.serviceName, undefined),
    replicas: valueOr(statefulSet.replicas, 1),
    firstOrdinal: valueOr(statefulSet.firstOrdinal, 0),
    podLabels: podLabels(statefulSet.template),
    selector: readSelector(statefulSet.selector),
    claimTemplates: names?.length === templates?.length ? names : undefined,
    portNames: portNames(statefulSet.template),
    portNumbers: portNumbers(statefulSet.template),
  };
}

function summariseWorkload(workload: Workload): Own<WorkloadSummary> {
  return {
    kind: "Workload",
    replicas: valueOr(workload.replicas, 1),
    podLabels: podLabels(workload.template),
    selector: readSelector(workload.selector),
    portNames: portNames(workload.template),
    portNumbers: portNumbers(workload.template),
  };
}

function summariseDisruptionBudget(budget: DisruptionBudget): Own<DisruptionBudgetSummary> {
  return {
    kind: "PodDisruptionBudget",
    selector: budgetSelector(budget),
    minAvailable: valueOr(budget.minAvailable, undefined),
    maxUnavailable: valueOr(budget.maxUnavailable, undefined),
  };
}

function summariseAutoscaler(autoscaler: Autoscaler): Own<AutoscalerSummary> {
  return {
    kind: "Autoscaler",
    targetKind: targetsApps(autoscaler) ? targetKind(autoscaler) : undefined,
    targetName: valueOr(autoscaler.target.name, undefined),
  };
}

function summariseClaim(claim: Claim): Own<ClaimSummary> {
  return {
    kind: "PersistentVolumeClaim",
    accessModes: valueOr(claim.accessModes, undefined),
    storage: valueOr(claim.storage, undefined),
    storageClassName: valueOr(claim.storageClassName, undefined),
  };
}

function summariseStorageClass(storageClass: StorageClass): Own<StorageClassSummary> {
  return { kind: "StorageClass", reclaimPolicy: valueOr(storageClass.reclaimPolicy, "Delete") };
}

function summariseOther({ key, place }: OtherResource): Own<OtherSummary> {
  if (key.apiVersion !== "v1" || (key.kind !== "ConfigMap" && key.kind !== "Secret")) return { kind: "other" };
  const names = ["data", "stringData", "binaryData"].flatMap((map) => place.at(map).entries());
  return { kind: "other", dataKeys: [...new Set(names.map(([name]) => name))] };
}

/** Whether nobody can tell the one file's summaries from the other's. */
export function sameSummaries(one: readonly DocumentSummary[], other: readonly DocumentSummary[]): boolean {
  return (
    one.length === other.length &&
    one.every((summary, document) => {
      const same = other[document];
      return same !== undefined && (summary === same || fingerprint(summary) === fingerprint(same));
    })
  );
}

/** A text that is equal exactly where two summaries are. Messages list labels in their order, so it counts. */
function fingerprint(summary: DocumentSummary): string {
  return JSON.stringify(summary, (_, value: unknown) =>
    value instanceof Map ? { pairs: [...(value as Labels)] } : value,
  );
}
