import type { ResourceKey } from "../kubernetes/object.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { readKustomization } from "../kustomize/read.js";
import type { Patch } from "../kustomize/kustomization.js";
import { selects } from "../kustomize/selector.js";
import { written } from "../kustomize/value.js";
import { shift, type Span } from "../text/span.js";
import { memoize } from "../workspace/memo.js";
import { readSourceFile } from "../workspace/source-file.js";
import { parse } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { equal } from "../yaml/plain.js";
import { split } from "../yaml/split.js";
import { agrees, follow, textOf } from "./follow.js";
import { createReach, joined } from "./reach.js";
import { headOf, type Source, type SourcePlace, type ToolOutput, type Trace } from "./source.js";

/**
 * Finds what `kustomize build` wrote in its sources. Each object says which file it is from (`buildMetadata:
 * [originAnnotations]`); a value is looked for in the patches, the last first, then in that file, then among what a
 * kustomization itself sets.
 */
export function kustomizeTracer({ sources, root }: Pick<ToolOutput, "sources" | "root">): Trace {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const objectsIn = memoize(readObjects);
  const changesIn = memoize((source: Source) => readChanges(source, (name) => byName.get(joined(source.name, name))));
  const reach = createReach(sources);

  return (document, { path, on }) => {
    const built = document.root;
    const name = stringAt(built, "metadata", "name") ?? "";
    const origin = originOf(built);
    const file = byName.get(origin ?? "");
    const base = file && objectFor(built, name, objectsIn(file));
    const home = base === undefined ? headOf(file ?? root) : nameOf(base);
    if (path.length === 0) return home;

    // Another kustomization of the build may well say the same of other objects.
    const lastFirst = (file === undefined ? sources : reach(file)).toReversed();
    const value = built.at(...path);
    const inBase = base && follow(built, base.place, path);
    const here = ({ source, inFile }: Written, place: Place): SourcePlace => ({
      source,
      span: inFile(on === "key" ? place.keySpan : place.span),
      exact: true,
    });
    if (base !== undefined && inBase !== undefined && value.kind !== "scalar") return here(base, inBase);
    for (const source of lastFirst) {
      for (const change of changesIn(source)) {
        if (!concerns(change, built, base?.resource.key)) continue;
        const place = placeInChange(change, built, path);
        if (place !== undefined && agrees(value, place)) return here(change.written, place);
      }
    }
    if (base !== undefined && inBase !== undefined && agrees(value, inBase)) return here(base, inBase);
    for (const source of lastFirst) {
      for (const { root: kustomization, inFile } of wholeText(source)) {
        const place = setting(kustomization, path, value, base?.resource.key.name ?? name);
        if (place !== undefined) return { source, span: inFile(place.span), exact: true };
      }
    }
    // A name with a prefix: what the file says is where it comes from.
    return base !== undefined && inBase !== undefined ? here(base, inBase) : home;
  };
}

/** A text with objects or changes in it, and where in its file it stands. */
interface Written {
  readonly source: Source;
  readonly inFile: (span: Span) => Span;
}

interface WrittenObject extends Written {
  readonly resource: Resource;
  readonly place: Place;
}

function readObjects(source: Source): readonly WrittenObject[] {
  return readSourceFile(source.uri, source.text, undefined).documents.flatMap(({ chunk, start }) =>
    chunk.resources.map((resource) => ({
      source,
      resource,
      place: resource.place,
      inFile: (span: Span) => shift(span, start),
    })),
  );
}

/** The name that kustomize gives the file that an object is from, or the kustomization whose generator made it. */
function originOf(built: Place): string | undefined {
  const text = stringAt(built, "metadata", "annotations", "config.kubernetes.io/origin");
  if (text === undefined) return undefined;
  const { root } = parse(text);
  return stringAt(root, "path") ?? stringAt(root, "configuredIn");
}

/** The object of a file that this one was made of: of its kind, and of its name without what was put around it. */
function objectFor(built: Place, name: string, objects: readonly WrittenObject[]): WrittenObject | undefined {
  const kind = stringAt(built, "kind");
  const alike = objects.filter(({ resource }) => resource.key.kind === kind);
  const named = alike
    .filter(({ resource }) => name.includes(resource.key.name))
    .toSorted((a, b) => b.resource.key.name.length - a.resource.key.name.length);
  return named[0] ?? (alike.length === 1 ? alike[0] : undefined);
}

function nameOf({ source, resource, inFile }: WrittenObject): SourcePlace {
  const { name, place } = resource;
  const span = name.state === "present" ? name.span : place.at("kind").span;
  return { source, span: inFile(span), exact: false };
}

/** One object of a strategic merge patch, or one operation of a JSON patch. */
type Change = { readonly written: Written; readonly target: Patch["target"] } & (
  { readonly type: "merge"; readonly object: Place } | { readonly type: "operation"; readonly operation: Place }
);

/** The changes that a kustomization makes, the last first; none where the source is no kustomization. */
function readChanges(source: Source, sourceOf: (name: string) => Source | undefined): readonly Change[] {
  return readSourceFile(source.uri, source.text, undefined)
    .documents.flatMap(({ chunk, start }) => {
      const kustomization = readKustomization(chunk, { uri: source.uri, document: 0 });
      if (kustomization === undefined) return [];
      return [...kustomization.patches, ...kustomization.patchesJson6902].flatMap((patch) =>
        textsOf(patch, source, start, sourceOf).flatMap((text): readonly Change[] => {
          const { target } = patch;
          if (text.root.kind !== "list") return [{ written: text, target, type: "merge", object: text.root }];
          return text.root.items().map((operation) => ({ written: text, target, type: "operation", operation }));
        }),
      );
    })
    .toReversed();
}

interface WrittenText extends Written {
  readonly root: Place;
}

function wholeText(source: Source): readonly WrittenText[] {
  return split(source.text).map(({ text, start }) => ({
    source,
    root: parse(text).root,
    inFile: (span: Span) => shift(span, start),
  }));
}

/** The documents of a patch: of its file, or of the text in the kustomization, whose document begins at `start`. */
function textsOf(
  { text }: Patch,
  kustomization: Source,
  start: number,
  sourceOf: (name: string) => Source | undefined,
): readonly WrittenText[] {
  if ("path" in text) {
    const source = sourceOf(text.path);
    return source === undefined ? [] : wholeText(source);
  }
  return text.parts.map(({ document: { root }, value: { source } }) => ({
    source: kustomization,
    root,
    inFile: (span: Span) => shift(source.inline?.span(span) ?? span, start),
  }));
}

/** Whether a change is meant for the object; `original` is how it was before anything was put around its name. */
function concerns(change: Change, built: Place, original: ResourceKey | undefined): boolean {
  const { target } = change;
  const names = [original?.name, stringAt(built, "metadata", "name")].map((one) => one ?? "");
  if (target === "unknown") return true;
  if (target === "none") {
    if (change.type === "operation") return true;
    const [kind, name] = [stringAt(change.object, "kind"), stringAt(change.object, "metadata", "name")];
    const isAlike = kind === undefined || kind === stringAt(built, "kind");
    // Another kustomization further down may have put something around the name already.
    return isAlike && (name === undefined || names.some((one) => one.includes(name)));
  }
  const [version = "", group = ""] = (stringAt(built, "apiVersion") ?? "").split("/").toReversed();
  return selects(target, {
    group,
    version,
    kind: stringAt(built, "kind") ?? "",
    names,
    namespaces: [original?.namespace, stringAt(built, "metadata", "namespace")].map((one) => one ?? ""),
    value: written(built, {
      document: { uri: "", document: 0 },
      text: undefined,
      holds: "resource",
      inline: undefined,
    }),
  });
}

function placeInChange(change: Change, built: Place, path: Path): Place | undefined {
  if (change.type === "merge") return follow(built, change.object, path);
  const { operation } = change;
  const pointer = (stringAt(operation, "path") ?? "").split("/").slice(1).map(unescaped);
  if (pointer.length > path.length || !pointer.every((token, index) => isStep(token, path[index]))) return undefined;
  return follow(built.at(...path.slice(0, pointer.length)), operation.at("value"), path.slice(pointer.length));
}

/** RFC 6901, section 4. */
function unescaped(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isStep(token: string, step: string | number | undefined): boolean {
  return typeof step === "number" ? token === "-" || token === String(step) : token === step;
}

/** Where a kustomization by itself gives a field this value. */
function setting(kustomization: Place, path: Path, value: Place, baseName: string): Place | undefined {
  const last = String(path.at(-1));
  const is = (...steps: Path) => path.length === steps.length && steps.every((step, index) => path[index] === step);
  const candidates: readonly Place[] = [
    ...(is("metadata", "namespace") ? [kustomization.at("namespace")] : []),
    ...(is("spec", "replicas") ? itemsNamed(kustomization.at("replicas"), baseName, "count") : []),
    ...kustomization
      .at("labels")
      .items()
      .map((item) => item.at("pairs", last)),
    kustomization.at("commonLabels", last),
    kustomization.at("commonAnnotations", last),
  ];
  const found = candidates.find((place) => place.exists && equal(place.value(), value.value()));
  if (found !== undefined || last !== "image") return found;
  const image = textOf(value);
  return kustomization
    .at("images")
    .items()
    .flatMap((item) => [item.at("newTag"), item.at("digest"), item.at("newName")])
    .find((place) => place.exists && image.includes(textOf(place)));
}

function itemsNamed(list: Place, name: string, field: string): readonly Place[] {
  return list
    .items()
    .filter((item) => stringAt(item, "name") === name)
    .map((item) => item.at(field));
}

function stringAt(place: Place, ...path: Path): string | undefined {
  const field = place.at(...path).string();
  return field.state === "present" ? field.value : undefined;
}
