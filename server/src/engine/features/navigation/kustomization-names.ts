import type { TextPart } from "../../kustomize/kustomization.js";
import { readKustomization } from "../../kustomize/read.js";
import { kinds } from "../../kubernetes/kinds/registry.js";
import { otherKinds } from "../../kubernetes/other-references.js";
import { readResourceAs, readResources, type Resource } from "../../kubernetes/resources/resource.js";
import type { Span } from "../../text/span.js";
import type { ParsedChunk } from "../../workspace/source-file.js";
import { valueOr } from "../../yaml/field.js";
import type { ParsedDocument } from "../../yaml/parse.js";
import type { Place } from "../../yaml/place.js";
import { namesIn, placesAt } from "./manifest-names.js";
import { atPlace, nameSpan, type Holder, type Occurrence } from "./occurrence.js";

/**
 * The names that a kustomization writes: paths of files, the objects that it generates, patches and counts, and what its
 * patches name. Nothing of what is not kustomize's.
 */
export function kustomizationNamesIn(chunk: ParsedChunk): readonly Occurrence[] {
  const read = readKustomization(chunk, { uri: "", document: 0 });
  if (read === undefined) return [];
  const { document } = read;
  const patches = [...read.patches, ...read.patchesJson6902];
  return [
    ...paths(document),
    ...generated(document),
    ...targets(document),
    ...patches.flatMap(({ text }) => ("parts" in text ? text.parts.flatMap(inlineNames) : [])),
  ];
}

/** The fields of api/types/kustomization.go (kustomize 5.6) that hold paths from its directory. */
const pathFields: readonly string[] = [
  "resources[]",
  "bases[]",
  "components[]",
  "configurations[]",
  "crds[]",
  "generators[]",
  "transformers[]",
  "validators[]",
  "patchesStrategicMerge[]",
  "patches[].path",
  "patchesJson6902[].path",
  "replacements[].path",
  "openapi.path",
  "helmCharts[].valuesFile",
  "helmCharts[].additionalValuesFiles[]",
  ...["configMapGenerator", "secretGenerator"].flatMap((one) => [`${one}[].envs[]`, `${one}[].env`]),
];

function* paths({ root, text }: ParsedDocument): Generator<Occurrence> {
  for (const field of pathFields) {
    for (const place of placesAt(root, field.split("."))) {
      const path = valueOr(place.string(), undefined)?.trim();
      if (path === undefined || path === "" || /\n|:\s/.test(path)) continue;
      yield atPlace(text, place, {
        sort: "file",
        text: path,
        role: "reference",
        field,
        inside: undefined,
        holder: { type: "path", path },
      });
    }
  }
}

const generators = [
  { list: "configMapGenerator", kind: "ConfigMap" },
  { list: "secretGenerator", kind: "Secret" },
] as const;

/** The ConfigMaps and Secrets that it makes, with their keys (api/types/kvpairsources.go). */
function* generated({ root, text }: ParsedDocument): Generator<Occurrence> {
  for (const { list, kind } of generators) {
    for (const item of root.at(list).items()) {
      const resource = generatedObject(item, kind);
      if (resource === undefined) continue;
      const { key } = resource;
      const behavior = item.at("behavior").value();
      const isNew = behavior !== "merge" && behavior !== "replace";
      const own: Holder = { type: "own", resource };
      const object = { kinds: [`/${kind}`], namespace: key.namespace, name: key.name };
      yield atPlace(text, item.at("name"), {
        sort: "object",
        text: key.name,
        role: isNew ? "definition" : "reference",
        field: "metadata.name",
        inside: undefined,
        holder: isNew ? own : { type: "named", object },
      });
      for (const literal of item.at("literals").items()) yield* keyOf(text, literal, own);
      for (const file of item.at("files").items()) yield* fileNames(text, file, own);
    }
  }
}

function generatedObject(item: Place, kind: "ConfigMap" | "Secret"): Resource | undefined {
  const name = item.at("name").string();
  if (name.state !== "present") return undefined;
  const namespace = valueOr(item.at("namespace").string(), undefined);
  const resource = readResourceAs(item, "v1", kind);
  return { ...resource, name, key: { ...resource.key, name: name.value, namespace } };
}

/** The key of `KEY=value`. */
function* keyOf(text: string, place: Place, holder: Holder): Generator<Occurrence> {
  const key = /^([^=]+)=/.exec(valueOr(place.string(), "") ?? "")?.[1];
  if (key === undefined) return;
  const whole = place.span;
  const at = text.indexOf(`${key}=`, whole.start);
  if (at === -1 || at >= whole.end) return;
  const span = { start: at, end: at + key.length };
  yield {
    sort: "key",
    text: key,
    role: "definition",
    span,
    scalar: whole,
    reach: span,
    field: "data.*",
    inside: undefined,
    holder,
  };
}

/** `app.conf` or `key=dir/app.conf`: the key is the name of the file unless it is given. */
function* fileNames(text: string, place: Place, own: Holder): Generator<Occurrence> {
  const written = valueOr(place.string(), undefined);
  if (written === undefined || written === "") return;
  const path = written.slice(written.indexOf("=") + 1);
  const span = nameSpan(text, place.span, path);
  const holder = { type: "path", path } as const;
  const field = "files[]";
  yield {
    sort: "file",
    text: path,
    role: "reference",
    span,
    scalar: place.span,
    reach: place.span,
    field,
    inside: undefined,
    holder,
  };
  if (written.includes("=")) return yield* keyOf(text, place, own);
  const key = path.slice(path.lastIndexOf("/") + 1);
  const ofKey = { start: span.end - key.length, end: span.end };
  yield {
    sort: "key",
    text: key,
    role: "definition",
    span: ofKey,
    scalar: place.span,
    reach: ofKey,
    field,
    inside: undefined,
    holder: own,
  };
}

/** What patches, replacements, counts and variables are for. */
function* targets({ root, text }: ParsedDocument): Generator<Occurrence> {
  const selectors = [
    "patches[].target",
    "patchesJson6902[].target",
    "replacements[].source",
    "replacements[].targets[].select",
    "replacements[].targets[].reject[]",
    "vars[].objref",
  ];
  for (const selector of selectors.flatMap((path) => placesAt(root, path.split(".")))) {
    const kind = valueOr(selector.at("kind").string(), undefined);
    if (kind !== undefined)
      yield* objectAt(
        text,
        selector,
        allKinds.filter((one) => one.endsWith(`/${kind}`)),
      );
  }
  const scaled = ["apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet"];
  for (const count of root.at("replicas").items()) yield* objectAt(text, count, scaled);
}

const allKinds: readonly string[] = [...kinds.map(({ group, kind }) => `${group}/${kind}`), ...Object.keys(otherKinds)];

/** A name that is no pattern. */
function* objectAt(text: string, selector: Place, of: readonly string[]): Generator<Occurrence> {
  const name = valueOr(selector.at("name").string(), undefined);
  if (name === undefined || !/^[-.a-z0-9]+$/.test(name)) return;
  const namespace = valueOr(selector.at("namespace").string(), undefined);
  const holder = { type: "named", object: { kinds: of, namespace, name } } as const;
  yield atPlace(text, selector.at("name"), {
    sort: "object",
    text: name,
    role: "reference",
    field: "name",
    inside: undefined,
    holder,
  });
}

/** The names in a patch that stands in the kustomization, as far as they can be told apart there. */
function inlineNames({ document, value: { source } }: TextPart): readonly Occurrence[] {
  const outer = (span: Span) => source.inline?.span(span) ?? span;
  return readResources(document.root)
    .flatMap((resource) => namesIn(resource, document.text))
    .map((one) => ({
      ...one,
      span: outer(one.span),
      scalar: outer(one.scalar),
      reach: outer(one.reach),
      length: one.span.end - one.span.start,
    }))
    .filter(({ span, length }) => span.end - span.start === length);
}
