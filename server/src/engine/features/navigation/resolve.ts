import type { ComposedBuild, ComposedObject } from "../../builds/composed.js";
import { idsOf, type ResourceId } from "../../kustomize/composed-resource.js";
import { clusterScopedKinds } from "../../kubernetes/other-references.js";
import { viewOf, isKnownKind } from "../../kubernetes/resources/kinds.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { readSelector, selectorFor, selectsAny, type Selector } from "../../kubernetes/selection.js";
import { textOrSymbol, valueOr } from "../../yaml/field.js";
import { formatPath, type Path } from "../../yaml/path.js";
import { memoize } from "../../workspace/memo.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Scope } from "../../workspace/scope.js";
import { podsIn, selectable } from "../../workspace/selected-pods.js";
import type { DocumentId, ResourceSummary } from "../../workspace/summary.js";
import type { Document } from "../document.js";
import { definitionsInChart } from "./charts.js";
import { namesOf, objectsOf } from "./document-names.js";
import { kindName } from "./manifest-names.js";
import { keyOf, type Files, type Named } from "./named.js";
import type { Holder, ObjectName, Occurrence } from "./occurrence.js";
import { fileAtPath } from "./paths.js";

/** A document with something of an object, and which of the objects in it that is. */
interface Part {
  readonly document: Document;
  readonly isOf: (resource: Resource) => boolean;
}

/** An object that a name may be of: first the document that it is read from, then its patches. */
type Owner = readonly Part[];

/**
 * Where a name is defined: nowhere, or in several places where an object has variants. A definition that counts as its
 * own; the name of a patch leads to what it patches.
 */
export function definitionsOf(files: Files, { document, occurrence }: Named): readonly Named[] {
  return resolved(files)(document)(occurrence);
}

/** Each is looked for once in one state of the workspace. */
const resolved = memoize((files: Files) =>
  memoize((document: Document) => memoize((occurrence: Occurrence) => findDefinitions(files, document, occurrence))),
);

function findDefinitions(files: Files, document: Document, occurrence: Occurrence): readonly Named[] {
  const { holder } = occurrence;
  if (holder.type === "chart") return definitionsInChart(files, { document, occurrence });
  if (holder.type === "path") return fileNamed(files, document, holder.path);
  const found = ownersOf(files, document, holder).flatMap((owner) => definitionsIn(owner, occurrence));
  return [...new Map(found.map((one) => [keyOf(one), one])).values()];
}

/** Those in the first document of the object that has any. */
function definitionsIn(owner: Owner, { sort, text }: Occurrence): readonly Named[] {
  for (const { document, isOf } of owner) {
    const found = namesOf(document).filter(
      (one) =>
        one.sort === sort &&
        one.role === "definition" &&
        (sort === "object" || one.text === text) &&
        one.holder.type === "own" &&
        isOf(one.holder.resource),
    );
    if (found.length > 0) return found.map((occurrence) => ({ document, occurrence }));
  }
  return [];
}

function ownersOf(
  files: Files,
  document: Document,
  holder: Exclude<Holder, { type: "chart" | "path" }>,
): readonly Owner[] {
  switch (holder.type) {
    case "own":
      return ownersAround(files, document, holder.resource);
    case "named":
      return objectsNamed(files, document, holder.object);
    case "selected":
      return selectedOwners(files, document, holder.resource, holder.selector);
  }
}

/** The beginning of the file at a path. */
function fileNamed(files: Files, from: Document, path: string): readonly Named[] {
  const uri = fileAtPath(files, from.id.uri, path);
  const document = uri === undefined ? undefined : files.documents(uri)[0];
  if (document === undefined) return [];
  const start = { start: 0, end: 0 };
  const rest = {
    sort: "file",
    role: "definition",
    field: "",
    inside: undefined,
    holder: { type: "path", path },
  } as const;
  return [{ document, occurrence: { ...rest, text: path, span: start, scalar: start, reach: start } }];
}

/** The object itself; of one that kustomizations read, with all that they make it of. */
function ownersAround(files: Files, document: Document, resource: Resource): readonly Owner[] {
  const owners = document.kustomizations().flatMap((build) => {
    const touched = build.touchedBy(document.id);
    const named = touched.filter((object) => isMadeOf(object, document, resource));
    // What a patch with a target is called makes no difference.
    const patched = () =>
      touched.filter(
        (object) => !isBase(object.composed, document) && kindName(object.resource) === kindName(resource),
      );
    return (named.length > 0 ? named : patched()).map((object) => composedOwner(files, build, object));
  });
  return owners.length > 0 ? owners : [[{ document, isOf: sameObject(resource.place.path, kindName(resource)) }]];
}

function isBase({ base }: ComposedObject["composed"], { id }: Document): boolean {
  return base?.uri === id.uri && base.document === id.document;
}

function isMadeOf({ composed }: ComposedObject, document: Document, resource: Resource): boolean {
  if (isBase(composed, document)) return formatPath(composed.root) === formatPath(resource.place.path);
  return isPatchOf(idsOf(composed), resource);
}

function composedOwner(files: Files, build: ComposedBuild, object: ComposedObject): Owner {
  const { composed } = object;
  const ids = idsOf(composed);
  return build.documentsOf(object).flatMap((id): readonly Part[] => {
    const document = documentAt(files, id);
    if (document === undefined) return [];
    const isOf = (resource: Resource) =>
      isBase(composed, document)
        ? formatPath(resource.place.path) === formatPath(composed.root)
        : isPatchOf(ids, resource);
    return [{ document, isOf }];
  });
}

function isPatchOf(ids: readonly ResourceId[], resource: Resource): boolean {
  const name = textOrSymbol(resource.name);
  return ids.some((id) => `${id.group}/${id.kind}` === kindName(resource) && id.name === name);
}

/** The objects of a build by every name that they have had in it. */
const byName = memoize((build: ComposedBuild): ReadonlyMap<string, readonly ComposedObject[]> => {
  const found = new Map<string, ComposedObject[]>();
  for (const object of build.resources()) {
    for (const name of new Set(idsOf(object.composed).map((id) => id.name))) {
      const others = found.get(name);
      if (others === undefined) found.set(name, [object]);
      else others.push(object);
    }
  }
  return found;
});

function objectsNamed(files: Files, document: Document, object: ObjectName): readonly Owner[] {
  const built = document.kustomizations().flatMap((build) =>
    (byName(build).get(object.name) ?? [])
      .filter(({ composed, resource }) => {
        const { group, kind, namespace } = composed.id;
        const isThere = isClusterScoped(object) || sameNamespace(resource.key, object.namespace) || namespace === "";
        return object.kinds.includes(`${group}/${kind}`) && isThere && isMeant(resource, object);
      })
      .map((one) => composedOwner(files, build, one)),
  );
  if (built.length > 0) return built;
  const scope = document.scope();
  return object.kinds.flatMap((kind) =>
    isKnownKind(kind)
      ? scope
          .named(viewOf(kind), object.name)
          .filter((summary) => isNamed(summary, kind, object))
          .flatMap((summary) => summaryOwner(files, summary))
      : searchedOwners(files, document, kind, object),
  );
}

function isNamed(summary: ResourceSummary, kind: string, object: ObjectName): boolean {
  const { key } = summary;
  if (kindName({ key }) !== kind) return false;
  if (!isClusterScoped(object) && !sameNamespace(key, object.namespace)) return false;
  if (summary.kind !== "StatefulSet") return true;
  const { serviceName, claimTemplate } = object;
  return (
    (serviceName === undefined || summary.serviceName === undefined || summary.serviceName === serviceName) &&
    (claimTemplate === undefined || summary.claimTemplates?.includes(claimTemplate) === true)
  );
}

function isMeant(resource: Resource, { claimTemplate }: ObjectName): boolean {
  if (claimTemplate === undefined || resource.kind !== "StatefulSet") return true;
  const { claimTemplates } = resource;
  const named = claimTemplates.state === "present" ? claimTemplates.value : [];
  return named.some(({ name }) => name.state === "present" && name.value === claimTemplate);
}

function isClusterScoped({ kinds }: ObjectName): boolean {
  return kinds.every((kind) => clusterScopedKinds.has(kind));
}

function summaryOwner(files: Files, { document: id, root, key }: ResourceSummary): readonly Owner[] {
  const document = documentAt(files, id);
  return document === undefined ? [] : [[{ document, isOf: sameObject(root, kindName({ key })) }]];
}

function sameObject(root: Path, kind: string): (resource: Resource) => boolean {
  return (resource) => formatPath(resource.place.path) === formatPath(root) && kindName(resource) === kind;
}

/**
 * The objects of a kind that the index does not hold: those of the directory of the document or, if they have no
 * namespace, of the whole workspace.
 */
function searchedOwners(files: Files, document: Document, kind: string, object: ObjectName): readonly Owner[] {
  const directory = document.id.uri.slice(0, document.id.uri.lastIndexOf("/") + 1);
  const isNear = (uri: string) =>
    clusterScopedKinds.has(kind) || (uri.startsWith(directory) && !uri.includes("/", directory.length));
  const word = kind.slice(kind.indexOf("/") + 1);
  return [...files.uris()]
    .filter((uri) => isNear(uri) && holdsAll(files.text(uri), [word, object.name]))
    .flatMap((uri) => files.documents(uri))
    .flatMap((one) =>
      namesOf(one).flatMap(({ sort, role, text, holder }) =>
        sort === "object" &&
        role === "definition" &&
        text === object.name &&
        holder.type === "own" &&
        kindName(holder.resource) === kind &&
        (isClusterScoped(object) || sameNamespace(holder.resource.key, object.namespace))
          ? [[{ document: one, isOf: sameObject(holder.resource.place.path, kind) }]]
          : [],
      ),
    );
}

export function holdsAll(text: string | undefined, words: readonly string[]): boolean {
  return text !== undefined && words.every((word) => text.includes(word));
}

/** The workloads of which a selector selects pods: as kustomizations build both, if they read the document. */
function selectedOwners(files: Files, document: Document, resource: Resource, selector: Selector): readonly Owner[] {
  const views = document.builds().filter((view) => view.resource.key.kind === resource.key.kind);
  if (views.length === 0)
    return selectedIn(document.scope(), resource, selector).flatMap((summary) => summaryOwner(files, summary));
  return views
    .flatMap((view) => selectedIn(view.scope, resource, builtSelector(view.resource) ?? selector))
    .flatMap(({ document: id, root, key }) => {
      const base = documentAt(files, id);
      const isOf = sameObject(root, kindName({ key }));
      const own = base && objectsOf(base.chunk).flatMap(({ resources }) => resources.find(isOf) ?? [])[0];
      return base === undefined || own === undefined ? [] : ownersAround(files, base, own);
    });
}

/** What a whole object selects pods by. */
function builtSelector(resource: Resource): Selector | undefined {
  switch (resource.kind) {
    case "Service": {
      const labels = valueOr(resource.selector, undefined);
      return labels && selectorFor(labels);
    }
    case "PodDisruptionBudget":
      return readSelector(resource.selector);
    default:
      return undefined;
  }
}

function selectedIn(scope: Scope, { key }: Resource, selector: Selector): readonly ResourceSummary[] {
  return selectable(selector, scope).filter(
    (workload) => sameNamespace(workload.key, key.namespace) && selectsAny(selector, podsIn(workload, scope)) === true,
  );
}

export function documentAt(files: Files, { uri, document }: DocumentId): Document | undefined {
  return files.documents(uri)[document];
}
