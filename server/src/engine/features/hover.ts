import type { Config } from "../config/config.js";
import { describeChange, describeGate, type FieldDoc, type FieldDocs } from "./field-docs/field-doc.js";
import { readKnownSet, type NamedService, type ServiceLookup } from "./field-docs/known-set.js";
import { serviceDocs, type GoverningService } from "./field-docs/service.js";
import { statefulSetDocs } from "./field-docs/statefulset.js";
import { podLabels } from "../k8s/pod-template.js";
import { unmetLabels, type Labels } from "../k8s/selectors.js";
import type { Service } from "../k8s/service.js";
import type { StatefulSet } from "../k8s/statefulset.js";
import { behaviourOf, formatRelease, gateDefault, isEnabled, type FeatureGate, type Release } from "../k8s/versions.js";
import type { Span } from "../text/span.js";
import { code } from "../words/markdown.js";
import { governedSets } from "../workspace/governed-sets.js";
import { governingService } from "../workspace/governing-service.js";
import type { Scope } from "../workspace/scope.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { ServiceSummary, StatefulSetSummary } from "../workspace/summary.js";
import { pathAt } from "../yaml/locate.js";
import { formatPath, type Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";

/** What a reader is told about the field under the cursor. */
export interface Hover {
  /** The key or the value that it is about, relative to the chunk. */
  readonly span: Span;
  readonly markdown: string;
}

/**
 * The hover at an offset of the chunk: on every field of a StatefulSet that makes it one, and on the fields of a
 * Service that matter to a StatefulSet which names it. None anywhere else.
 */
export function hover(chunk: ParsedChunk, offset: number, scope: Scope, config: Config): Hover | undefined {
  const { path, on } = pathAt(chunk.document, offset);
  if (on === "gap") return undefined;
  const place = chunk.document.root.at(...path);
  const markdown = describe(chunk, path, scope, config.kubernetesVersion);
  return markdown === undefined ? undefined : { span: on === "key" ? place.keySpan : place.span, markdown };
}

function describe(chunk: ParsedChunk, path: Path, scope: Scope, release: Release): string | undefined {
  const resource = chunk.resources.find(({ place }) => place.path.every((step, index) => path[index] === step));
  if (resource === undefined) return undefined;
  const target = {
    field: path.slice(resource.place.path.length),
    at: (field: Path) => resource.place.at(...field),
    release,
    // apps/v1 StatefulSet; v1 Service.
    apiSince: resource.kind === "StatefulSet" ? "1.9" : "1.0",
  };
  switch (resource.kind) {
    case "StatefulSet": {
      const brokenText = chunk.state === "broken" ? chunk.text : undefined;
      return page(statefulSetDocs, target, () =>
        readKnownSet(resource, behaviourOf(release, {}), servicesNamedBy(resource, scope), brokenText),
      );
    }
    case "Service": {
      const sets = governedSets(resource, scope);
      return sets.length === 0 ? undefined : page(serviceDocs, target, () => governing(resource, sets));
    }
    default:
      return undefined;
  }
}

interface Target {
  /** The field's path in its object. */
  readonly field: Path;
  /** The place that a path of the object leads to. */
  readonly at: (field: Path) => Place;
  readonly release: Release;
  /** The first release with this version of the object's API. */
  readonly apiSince: string;
}

/** The doc of a field, or of the nearest field above that speaks for all below it, as Markdown. */
function page<S>(docs: FieldDocs<S>, target: Target, subject: () => S): string | undefined {
  const { field, at, release } = target;
  for (let length = field.length; length > 0; length--) {
    const path = field.slice(0, length);
    const name = formatPath(path).replace(/\[\d+\]/g, "[]");
    const doc = Object.hasOwn(docs, name) ? docs[name] : undefined;
    if (doc === undefined || (length < field.length && !doc.coversBelow)) continue;
    const facts = doc.facts?.(subject(), at(path)) ?? [];
    const title = `**${code(name)}**`;
    return [title, doc.summary, ...facts, ...obstacle(doc.gate, release), "---", footer(doc, target)].join("\n\n");
  }
  return undefined;
}

/** Why the field does nothing in the chosen release. */
function obstacle(gate: FeatureGate | undefined, release: Release): readonly string[] {
  if (gate === undefined || isEnabled(gate, release, {})) return [];
  const version = `Kubernetes ${formatRelease(release)}`;
  return gateDefault(gate, release).stage === "unknown"
    ? [`**${version} does not know this field.**`]
    : [
        `**${version} ignores this field**: its feature gate \`${gate}\` is off by default there, and the API server drops the value.`,
      ];
}

function footer<S>(doc: FieldDoc<S>, { release, apiSince }: Target): string {
  const change = typeof doc.change === "function" ? doc.change(release) : doc.change;
  const since = doc.since ?? apiSince;
  return [
    ...(doc.default === undefined ? [] : [`Default: ${doc.default}`]),
    describeChange(change),
    doc.gate === undefined ? `Since Kubernetes ${since}` : describeGate(doc.gate),
    `[kubernetes.io](https://kubernetes.io/${doc.page})`,
  ].join(" \u00b7 ");
}

function servicesNamedBy(statefulSet: StatefulSet, scope: Scope): ServiceLookup {
  const named = governingService(statefulSet, scope);
  const labels = podLabels(statefulSet.template);
  return {
    found: (named?.candidates ?? []).map((service) => namedService(service, labels)),
    complete: scope.complete,
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

/** `db.yaml` of `file:///a/db.yaml`; a part that is no valid URI stays as it is. */
function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
