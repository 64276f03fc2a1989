import type { Config } from "../config/config.js";
import { apiPage } from "./api-page.js";
import { readKnownSet, type NamedService, type ServiceLookup } from "./field-docs/known-set.js";
import { ownPage } from "./field-docs/own-page.js";
import { serviceDocs, type GoverningService } from "./field-docs/service.js";
import { statefulSetDocs } from "./field-docs/statefulset.js";
import { podLabels } from "../k8s/pod-template.js";
import type { Resource } from "../k8s/resource.js";
import { rootType } from "../k8s/schema/schema.js";
import { schemaSpot } from "../k8s/schema/walk.js";
import { unmetLabels, type Labels } from "../k8s/selectors.js";
import type { Service } from "../k8s/service.js";
import type { StatefulSet } from "../k8s/statefulset.js";
import { behaviourOf, type Release } from "../k8s/versions.js";
import type { Span } from "../text/span.js";
import { fileName } from "../workspace/directory.js";
import { governedSets } from "../workspace/governed-sets.js";
import { governingService } from "../workspace/governing-service.js";
import type { Scope } from "../workspace/scope.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { ServiceSummary, StatefulSetSummary } from "../workspace/summary.js";
import { pathAt } from "../yaml/locate.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";

/** What a reader is told about the field under the cursor. */
export interface Hover {
  /** The key or the value that it is about, relative to the chunk. */
  readonly span: Span;
  readonly markdown: string;
}

/**
 * The hover at an offset of the chunk: what we say of the fields of a StatefulSet that make it one, and of a Service
 * that governs one; on any other field of a known kind what the API documentation says, unless another extension does.
 */
export function hover(chunk: ParsedChunk, offset: number, scope: Scope, config: Config): Hover | undefined {
  const { path, on } = pathAt(chunk.document, offset);
  if (on === "gap") return undefined;
  const place = chunk.document.root.at(...path);
  const resource = chunk.resources.find((one) => one.place.path.every((step, index) => path[index] === step));
  if (resource === undefined) return undefined;
  const markdown =
    describe(chunk, resource, path, scope, config.kubernetesVersion) ??
    (config.schemaValidation === "on" ? describeByApi(resource, place, config.kubernetesVersion) : undefined);
  return markdown === undefined ? undefined : { span: on === "key" ? place.keySpan : place.span, markdown };
}

function describe(
  chunk: ParsedChunk,
  resource: Resource,
  path: Path,
  scope: Scope,
  release: Release,
): string | undefined {
  const field = path.slice(resource.place.path.length);
  switch (resource.kind) {
    case "StatefulSet": {
      const brokenText = chunk.state === "broken" ? chunk.text : undefined;
      const known = () =>
        readKnownSet(resource, behaviourOf(release, {}), servicesNamedBy(resource, scope), brokenText);
      const target = { field, release, apiSince: "1.9" } as const;
      return ownPage(statefulSetDocs, target, (doc, at) => doc.facts?.(known(), resource.place.at(...at)) ?? []);
    }
    case "Service": {
      const sets = governedSets(resource, scope);
      const target = { field, release, apiSince: "1.0" } as const;
      return sets.length === 0
        ? undefined
        : ownPage(
            serviceDocs,
            target,
            (doc, at) => doc.facts?.(governing(resource, sets), resource.place.at(...at)) ?? [],
          );
    }
    default:
      return undefined;
  }
}

function describeByApi({ key, place: object }: Resource, place: Place, release: Release): string | undefined {
  const type = rootType(key.apiVersion, key.kind);
  const field = type && schemaSpot(type, place.path.slice(object.path.length))?.field;
  const value = place.string();
  return field && apiPage(field, release, value.state === "present" ? value.value : undefined);
}

function servicesNamedBy(statefulSet: StatefulSet, scope: Scope): ServiceLookup {
  const named = governingService(statefulSet, scope);
  const labels = podLabels(statefulSet.template);
  return {
    found: (named?.candidates ?? []).map((service) => namedService(service, labels)),
    complete: named !== undefined && scope.complete,
    elsewhere: named !== undefined && scope.serviceElsewhere(named.name),
  };
}

function namedService({ document, headless, selector }: ServiceSummary, labels: Labels | undefined): NamedService {
  const selection = () => {
    if (selector === undefined) return "unknown";
    if (selector.size === 0) return "no selector";
    if (labels === undefined) return "unknown";
    return unmetLabels(selector, labels).length === 0 ? "selects" : "misses";
  };
  return { file: fileName(document.uri), headless, selection: selection() };
}

function governing(service: Service, sets: readonly StatefulSetSummary[]): GoverningService {
  return {
    service,
    sets: sets.map(({ key, document, podLabels: labels, partial }) => ({
      name: key.name,
      namespace: key.namespace,
      file: fileName(document.uri),
      podLabels: partial ? undefined : labels,
    })),
  };
}
