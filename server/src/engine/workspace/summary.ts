import type { Directory } from "./directory.js";
import type { DefineSummary } from "../helm/chart-version.js";
import type { Template } from "../helm/template.js";
import { kindOf, type AnyDigest } from "../kubernetes/resources/kinds.js";
import { identity, type ResourceKey } from "../kubernetes/object.js";
import { isPartial, type Resource } from "../kubernetes/resources/resource.js";
import type { Labels } from "../kubernetes/selectors.js";
import type { ParsedDocument } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import type { ListItem } from "./list-items.js";
import { memoize } from "./memo.js";
import type { PodDnsName } from "./pod-dns.js";

/** A document by its file and its place in it (0 for the first, empty ones counted). */
export interface DocumentId {
  readonly uri: string;
  readonly document: number;
}

/**
 * What other files may see of a document. It holds no offsets, so that text moved or commented in one file disturbs
 * no other: as long as the summary is equal, no other file is checked again.
 */
export interface DocumentSummary {
  readonly id: DocumentId;
  readonly resources: readonly ResourceSummary[];
  /** What a template holds whatever the values are; it concerns only its chart. */
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

/** A resource as other files see it. What cannot be read is `undefined`; so is what is unset without a default. */
export type ResourceSummary = AnyDigest extends infer D ? (D extends AnyDigest ? D & Common : never) : never;
export type SummaryOf<K extends ResourceSummary["kind"]> = Extract<ResourceSummary, { kind: K }>;
export type ServiceSummary = SummaryOf<"Service">;
export type StatefulSetSummary = SummaryOf<"StatefulSet">;
export type WorkloadSummary = SummaryOf<"Workload">;
export type DisruptionBudgetSummary = SummaryOf<"PodDisruptionBudget">;
export type AutoscalerSummary = SummaryOf<"Autoscaler">;
export type ClaimSummary = SummaryOf<"PersistentVolumeClaim">;

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

/** What others may see of the objects of one document. */
export function summarise(
  id: DocumentId,
  objects: readonly (Resource | ListItem)[],
  podDnsNames: readonly PodDnsName[],
  externalServices: readonly string[],
): DocumentSummary {
  return {
    id,
    podDnsNames,
    externalServices,
    resources: objects.flatMap((object) => {
      if ("tree" in object) return summariseItem(id, object) ?? [];
      return [summariseResource(object, common(id, object))];
    }),
    templated: [],
    defines: [],
    hasUnknown: false,
  };
}

/** The same object as long as the item says the same in the same place. */
function summariseItem(id: DocumentId, { tree, name, resource }: ListItem): ResourceSummary | undefined {
  const known = summariesOf(tree);
  const key = `${name} ${id.document} ${id.uri}`;
  if (known.has(key)) return known.get(key);
  const read = resource();
  const summary = read && summariseResource(read, common(id, read));
  known.set(key, summary);
  return summary;
}

const summariesOf = memoize<ParsedDocument, Map<string, ResourceSummary | undefined>>(() => new Map());

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
  const { apiVersion, kind } = resource.key;
  return { ...common, ...(kindOf(apiVersion, kind)?.digest(resource) ?? { kind: "other" }) };
}

/** Whether the summaries of the two files are equal. */
export function sameSummaries(one: readonly DocumentSummary[], other: readonly DocumentSummary[]): boolean {
  return (
    one.length === other.length &&
    one.every((summary, document) => {
      const same = other[document];
      return same !== undefined && (summary === same || isEqual(summary, same));
    })
  );
}

/** Lists of hundreds of objects mostly share all but one. */
function isEqual(one: DocumentSummary, other: DocumentSummary): boolean {
  const { resources, ...rest } = one;
  const { resources: others, ...otherRest } = other;
  return (
    resources.length === others.length &&
    resources.every((resource, index) => {
      const same = others[index];
      return resource === same || fingerprint(resource) === fingerprint(same);
    }) &&
    fingerprint(rest) === fingerprint(otherRest)
  );
}

/** A text that is equal exactly where two summaries are. Messages list labels in their order, so it counts. */
function fingerprint(summary: object | undefined): string | undefined {
  return JSON.stringify(summary, (_, value: unknown) =>
    value instanceof Map ? { pairs: [...(value as Labels)] } : value,
  );
}

/** What every other file may see, by directory: its identity moves only when some summary changes. */
export type SummaryIndex = Directory<FileSummary>;

export type FileSummary = readonly DocumentSummary[];
