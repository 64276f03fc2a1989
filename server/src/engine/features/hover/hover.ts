import { parse } from "../../yaml/parse.js";
import type { Build } from "../../builds/build.js";
import { isConfigFile } from "../../config/config-file.js";
import { apiPage } from "../api-page.js";
import { type DescribedRule, configPage } from "../config-page.js";
import type { BuiltView, Document, DocumentPosition } from "../document.js";
import { readKnownSet, type NamedAutoscaler, type NamedService, type ServiceLookup } from "../field-docs/known-set.js";
import { ownPage } from "../field-docs/own-page.js";
import { serviceFacts, type GoverningService } from "../field-docs/service.js";
import { statefulSetFacts } from "../field-docs/statefulset.js";
import { kindOf } from "../../kubernetes/resources/kinds.js";
import type { SourcePlace } from "../../render/source.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { rootType } from "../../kubernetes/schema/schema.js";
import { schemaSpot } from "../../kubernetes/schema/walk.js";
import type { Pods } from "../../kubernetes/selection.js";
import type { Service } from "../../kubernetes/kinds/service.js";
import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { behaviourOf, type TargetCluster } from "../../kubernetes/versions.js";
import { lineIndex } from "../../text/lines.js";
import { shift, type Span } from "../../text/span.js";
import { code, fileLink } from "../../words/markdown.js";
import { autoscalersOf } from "../../workspace/autoscalers.js";
import { governedSets } from "../../workspace/governed-sets.js";
import { governingService, mayBeElsewhere } from "../../workspace/governing-service.js";
import type { Scope } from "../../workspace/scope.js";
import { podsIn, podsOfSet, selectedByService } from "../../workspace/selected-pods.js";
import type { AutoscalerSummary, ServiceSummary, StatefulSetSummary } from "../../workspace/summary.js";
import type { Plain } from "../../yaml/edit.js";
import { pathAt } from "../../yaml/locate.js";
import { formatPath, type Path } from "../../yaml/path.js";
import type { Place } from "../../yaml/place.js";

/** The hover of the field under the cursor. */
export interface Hover {
  /** The key or the value that it is about. */
  readonly span: Span;
  readonly markdown: string;
}

/**
 * The hover at an offset of a document: what we say of the fields of a StatefulSet that make it one, and of a Service
 * that governs one; on any other field of a known kind what the API documentation says, unless another extension does.
 * What kustomizations build is shown instead of what stands there, where all of them build the same.
 */
export function hover({ document, offset }: DocumentPosition): Hover | undefined {
  const { chunk, config, id, rules, start } = document;
  const found = isConfigFile(id.uri)
    ? config.schemaValidation === "on"
      ? configHover(chunk.text, offset, rules)
      : undefined
    : manifestHover(document, offset);
  return found && { ...found, span: shift(found.span, start) };
}

function manifestHover({ chunk, config, ...document }: Document, offset: number): Hover | undefined {
  const { linkTo } = document;
  const { path, on } = pathAt(chunk.document, offset);
  if (on === "gap") return undefined;
  const place = chunk.document.root.at(...path);
  const resource = chunk.resources.find((one) => one.place.path.every((step, index) => path[index] === step));
  if (resource === undefined) return undefined;
  const field = path.slice(resource.place.path.length);
  const written: Subject = { resource, field, scope: document.scope(), linkTo, notes: [] };
  const markdown =
    describeBuilt(written, document.builds(), place, config) ??
    describeDefaults(written, document.defaults(), place, config) ??
    describe(written, config, chunk.state === "broken" ? chunk.text : undefined) ??
    (config.schemaValidation === "on" ? describeByApi(resource, place, config) : undefined);
  return markdown === undefined ? undefined : { span: on === "key" ? place.keySpan : place.span, markdown };
}

/** What is described: a field of a resource, written or built. */
interface Subject {
  readonly resource: Resource;
  /** As it is looked up by others, where that is not the same. */
  readonly written?: Resource;
  readonly field: Path;
  readonly scope: Scope;
  readonly linkTo: Document["linkTo"];
  /** What is said before the facts. */
  readonly notes: readonly string[];
  /** What is said before the facts if there are any. */
  readonly proviso?: readonly string[];
  /** What is described instead, where builds make different things of it. */
  readonly variants?: readonly { readonly resource: Resource; readonly scope: Scope; readonly title: string }[];
}

/** `undefined` where nothing is built of the field; where builds differ, what each makes of it. */
function describeBuilt(
  { resource, field, linkTo }: Subject,
  built: readonly BuiltView[],
  place: Place,
  cluster: TargetCluster,
): string | undefined {
  const views = built.filter(
    (view) => view.resource.kind === resource.kind && isBuiltFrom(view, resource, field, place),
  );
  const [first] = views;
  if (first === undefined) return undefined;
  const pageOf = ({ resource: one, scope }: BuiltView, notes: readonly string[]) =>
    describe({ resource: one, field, scope, linkTo, notes }, cluster, undefined);
  const namesOf = (some: readonly BuiltView[]) => some.map(({ build }) => code(build)).join(", ");
  const pages = new Map<string | undefined, BuiltView[]>();
  for (const view of views) {
    const page = pageOf(view, [scalarText(view.resource.place.at(...field)) ?? ""]);
    pages.set(page, [...(pages.get(page) ?? []), view]);
  }
  if (pages.size === 1) {
    const text = scalarText(first.resource.place.at(...field));
    return pageOf(
      first,
      text === undefined || text === scalarText(place) ? [] : [`${code(text)} as built by ${namesOf(views)}`],
    );
  }
  const variants = [...pages.values()].map((some) => {
    const [{ resource: one, scope } = first] = some;
    const text = scalarText(one.place.at(...field));
    return { resource: one, scope, title: text === undefined ? namesOf(some) : `${namesOf(some)}: ${code(text)}` };
  });
  return describe(
    { resource: first.resource, field, scope: first.scope, linkTo, notes: [], variants },
    cluster,
    undefined,
  );
}

/** `undefined` for what is no scalar, or not there. */
function scalarText(place: Place): string | undefined {
  const value = place.value();
  return value === undefined || (typeof value === "object" && value !== null) ? undefined : String(value);
}

/** What the default values of a chart make of a field; `undefined` where the field is not there with them. */
function describeDefaults(
  { resource, field, scope, linkTo }: Subject,
  defaults: Build | undefined,
  place: Place,
  cluster: TargetCluster,
): string | undefined {
  const built = defaults
    ?.resources()
    .find(({ resource: { kind, key } }) => kind === resource.kind && key.kind === resource.key.kind);
  const at = built?.resource.place.at(...field);
  if (built === undefined || at === undefined) return undefined;
  if (at.origin.document === undefined && at.keySpan.start !== place.keySpan.start) return undefined;
  const isFilled =
    place.kind === "opaque" && typeof place.value() === "string" && (at.kind === "scalar" || at.kind === "null");
  const value = at.value() ?? null;
  const notes = isFilled && value !== null ? [defaultNote(value, built.origin(at))] : [];
  const proviso = isFilled ? [] : ["With the chart's default values:"];
  return describe(
    { resource: built.resource, written: resource, field, scope, linkTo, notes, proviso },
    cluster,
    undefined,
  );
}

/** `3` by default: [values.yaml](file:///chart/values.yaml#L5) */
function defaultNote(value: Plain, { filledFrom }: SourcePlace): string {
  const text = typeof value === "object" ? "" : String(value);
  return `${code(text === "" ? '""' : text)} by default${filledFrom === undefined ? "" : `: ${linkTo(filledFrom)}`}`;
}

function linkTo({ source: { uri, text }, span }: SourcePlace): string {
  return fileLink(uri, lineIndex(text).position(span.start).line + 1);
}

/** Whether the field of the built resource is the one that stands at the place, or has taken its value. */
function isBuiltFrom({ resource, base }: BuiltView, written: Resource, field: Path, place: Place): boolean {
  const isBase = base !== undefined && formatPath(base.root) === formatPath(written.place.path);
  if (isBase && field.every((step) => typeof step === "string")) return true;
  const { isInline, path } = resource.place.at(...field).origin;
  return !isInline && formatPath(path) === formatPath(place.path);
}

function describe(
  { resource, written, field, scope, linkTo, notes, proviso = [], variants }: Subject,
  cluster: TargetCluster,
  brokenText: string | undefined,
): string | undefined {
  const docs = kindOf(resource.key.apiVersion, resource.key.kind)?.docs;
  if (docs === undefined) return undefined;
  const target = { field, cluster };
  switch (resource.kind) {
    case "StatefulSet": {
      const known = (one: StatefulSet, around: Scope) =>
        readKnownSet(
          one,
          behaviourOf(cluster.kubernetesVersion, cluster.featureGates),
          servicesNamedBy(written?.kind === "StatefulSet" ? written : one, around, linkTo),
          autoscalersOf(one.key, around).map((autoscaler) => namedAutoscaler(autoscaler, linkTo)),
          brokenText,
        );
      return ownPage(docs, target, (name, at) => {
        const factsOf = (one: Resource, around: Scope) =>
          one.kind === "StatefulSet" ? (statefulSetFacts[name]?.(known(one, around), one.place.at(...at)) ?? []) : [];
        if (variants !== undefined) {
          return variants.flatMap((one) => [one.title, ...factsOf(one.resource, one.scope)]);
        }
        const facts = factsOf(resource, scope);
        return [...notes, ...(facts.length > 0 ? proviso : []), ...facts];
      });
    }
    case "Service": {
      const subjects = (variants ?? [{ resource, scope, title: undefined }]).flatMap((one) => {
        const sets = one.resource.kind === "Service" ? governedSets(one.resource, one.scope) : [];
        return one.resource.kind === "Service" && sets.length > 0
          ? [{ title: one.title, place: one.resource.place, known: governing(one.resource, sets, one.scope, linkTo) }]
          : [];
      });
      if (subjects.length === 0) return undefined;
      return ownPage(docs, target, (name, at) => [
        ...notes,
        ...subjects.flatMap(({ title, known, place }) => [
          ...(title === undefined ? [] : [title]),
          ...(serviceFacts[name]?.(known, place.at(...at)) ?? []),
        ]),
      ]);
    }
    default:
      return ownPage(docs, target, () => notes);
  }
}

function describeByApi({ key, place: object }: Resource, place: Place, cluster: TargetCluster): string | undefined {
  const type = rootType(key.apiVersion, key.kind);
  const field = type && schemaSpot(type, place.path.slice(object.path.length))?.field;
  const value = place.string();
  return field && apiPage(field, cluster, value.state === "present" ? value.value : undefined);
}

function servicesNamedBy(statefulSet: StatefulSet, scope: Scope, linkTo: Document["linkTo"]): ServiceLookup {
  const named = governingService(statefulSet, scope);
  const pods = podsOfSet(statefulSet, scope);
  return {
    found: (named?.candidates ?? []).map((service) => namedService(service, pods, linkTo)),
    // A name that follows from values may be that of any Service.
    complete: named !== undefined && scope.complete && statefulSet.serviceName.state === "present",
    elsewhere: named !== undefined && mayBeElsewhere(statefulSet, named.name, scope),
  };
}

function namedAutoscaler(
  { key, replicas, document, root }: AutoscalerSummary,
  linkTo: Document["linkTo"],
): NamedAutoscaler {
  return { kind: key.kind, name: key.name, replicas, link: linkTo(document, [...root, "metadata", "name"]) };
}

function namedService(service: ServiceSummary, pods: Pods | undefined, linkTo: Document["linkTo"]): NamedService {
  const { document, root, headless, selector } = service;
  const selection = selectedByService(service, pods);
  const seen = { link: linkTo(document, [...root, "metadata", "name"]), headless, names: [] };
  if (selector?.size === 0) return { ...seen, selection: "no selector" };
  switch (selection?.pods) {
    case "all":
      return { ...seen, selection: "selects" };
    case "only":
      return { ...seen, selection: "some", names: selection.names };
    case "allBut":
      return { ...seen, selection: "some", names: selection.names.map((name) => `not ${name}`) };
    case "none":
      return { ...seen, selection: "misses" };
    case undefined:
      return { ...seen, selection: "unknown" };
  }
}

function governing(
  service: Service,
  sets: readonly StatefulSetSummary[],
  scope: Scope,
  linkTo: Document["linkTo"],
): GoverningService {
  return {
    service,
    sets: sets.map((set) => ({
      name: set.key.name,
      namespace: set.key.namespace,
      link: linkTo(set.document, [...set.root, "metadata", "name"]),
      pods: set.partial ? undefined : podsIn(set, scope),
    })),
  };
}

/** The hover at an offset of a document of a configuration file. */
export function configHover(text: string, offset: number, rules: readonly DescribedRule[]): Hover | undefined {
  const document = parse(text);
  const { path, on } = pathAt(document, offset);
  const markdown = on === "gap" ? undefined : configPage(path, rules);
  if (markdown === undefined) return undefined;
  const place = document.root.at(...path);
  return { span: on === "key" ? place.keySpan : place.span, markdown };
}
