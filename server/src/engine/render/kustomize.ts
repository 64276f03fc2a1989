import type { Resource } from "../k8s/resource.js";
import { shift, type Span } from "../text/span.js";
import { lineIndex } from "../text/lines.js";
import { memoize } from "../workspace/memo.js";
import { readSourceFile } from "../workspace/source-file.js";
import { parse } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { equal } from "../yaml/plain.js";
import { split } from "../yaml/split.js";
import type { Built } from "./built.js";
import { agrees, follow, textOf } from "./follow.js";
import { patchesOf, type Patch } from "./kustomization.js";
import { headOf, type Source, type SourcePlace, type Trace } from "./source.js";

/**
 * Finds what `kustomize build` wrote in its sources. Each object says which file it is from (`buildMetadata:
 * [originAnnotations]`); a value is looked for in the patches, the last first, then in that file, then among what a
 * kustomization itself sets.
 */
export function kustomizeTracer({ sources, root }: Pick<Built, "sources" | "root">): Trace {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const objectsIn = memoize(readObjects);
  const changesIn = memoize((source: Source) => readChanges(source, (name) => byName.get(joined(source.name, name))));
  const lastFirst = sources.toReversed();

  return (document, { path, on }) => {
    const built = document.root;
    const name = stringAt(built, "metadata", "name") ?? "";
    const origin = originOf(built);
    const file = byName.get(origin ?? "");
    const base = file && objectFor(built, name, objectsIn(file));
    const home = base === undefined ? headOf(file ?? root) : nameOf(base);
    if (path.length === 0) return home;

    const value = built.at(...path);
    const inBase = base && follow(built, base.place, path);
    const here = (written: Written, place: Place): SourcePlace => ({
      source: written.source,
      span: written.inFile(on === "key" ? place.keySpan : place.span),
      exact: true,
    });
    if (base !== undefined && inBase !== undefined && value.kind !== "scalar") return here(base, inBase);
    for (const source of lastFirst) {
      for (const change of changesIn(source)) {
        if (!concerns(change, built, name, base?.resource.key.name)) continue;
        const place = placeInChange(change, built, path);
        if (place !== undefined && agrees(value, place)) return here(change.written, place);
      }
    }
    if (base !== undefined && inBase !== undefined && agrees(value, inBase)) return here(base, inBase);
    for (const source of lastFirst) {
      for (const written of wholeText(source)) {
        const place = setting(written.root, path, value, base?.resource.key.name ?? name);
        if (place !== undefined) return { source, span: written.inFile(place.span), exact: true };
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
type Change = { readonly written: Written; readonly target: Place } & (
  { readonly type: "merge"; readonly object: Place } | { readonly type: "operation"; readonly operation: Place }
);

/** The changes that a kustomization makes, the last first; none where the source is no kustomization. */
function readChanges(source: Source, sourceOf: (name: string) => Source | undefined): readonly Change[] {
  return wholeText(source)
    .flatMap((written) =>
      patchesOf(written.root).flatMap((patch) =>
        textsOf(patch, written, sourceOf).flatMap((text): readonly Change[] => {
          const { target } = patch;
          if (text.root.kind !== "list") return [{ written: text, target, type: "merge", object: text.root }];
          return text.root.items().map((operation) => ({ written: text, target, type: "operation", operation }));
        }),
      ),
    )
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

function textsOf(
  { file, inline }: Patch,
  within: WrittenText,
  sourceOf: (name: string) => Source | undefined,
): readonly WrittenText[] {
  if (inline !== undefined) return inlineTexts(inline, within);
  const source = file === undefined ? undefined : sourceOf(file);
  return source === undefined ? [] : wholeText(source);
}

/** The documents of a patch that stands in the kustomization: as YAML, or as text in a literal block. */
function inlineTexts(inline: Place, { source, inFile }: WrittenText): readonly WrittenText[] {
  if (inline.kind !== "scalar") return [{ source, inFile, root: inline }];
  const content = stringAt(inline) ?? "";
  const block = inFile(inline.span);
  const lines = lineIndex(source.text);
  const first = lines.position(block.start).line + 1;
  const isLiteral = source.text.startsWith("|", block.start);
  return split(content).map(({ text, start }) => ({
    source,
    root: parse(text).root,
    inFile(span) {
      if (!isLiteral) return block;
      const own = lineIndex(content);
      const [begin, end] = [span.start + start, span.end + start].map((offset) => {
        const { line, character } = own.position(offset);
        const lineStart = lines.lineStart(first + line);
        const indentation = /^ */.exec(source.text.slice(lineStart))?.[0].length ?? 0;
        const ownIndentation = /^ */.exec(content.slice(own.lineStart(line)))?.[0].length ?? 0;
        return lineStart + indentation - ownIndentation + character;
      });
      return { start: begin ?? block.start, end: end ?? block.end };
    },
  }));
}

/** Whether a change is meant for the object; a target that selects by an expression is taken to. */
function concerns(change: Change, built: Place, name: string, baseName: string | undefined): boolean {
  const own = change.type === "merge" && !change.target.exists ? change.object : undefined;
  const kind = own === undefined ? stringAt(change.target, "kind") : stringAt(own, "kind");
  const named = own === undefined ? stringAt(change.target, "name") : stringAt(own, "metadata", "name");
  return isMeant(kind, [stringAt(built, "kind")]) && isMeant(named, [name, baseName]);
}

function isMeant(wanted: string | undefined, names: readonly (string | undefined)[]): boolean {
  return wanted === undefined || /[^\w.-]/.test(wanted) || names.includes(wanted) || isAffixed(wanted, names);
}

/** A name that a kustomization further down has put something around, and another one further up too. */
function isAffixed(wanted: string, [name]: readonly (string | undefined)[]): boolean {
  return name?.includes(wanted) === true;
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

/** A path as seen from the directory of `name`. */
function joined(name: string, reference: string): string {
  const way = name.split("/").slice(0, -1);
  for (const step of reference.split("/")) {
    if (step === "..") {
      if (way.length === 0 || way.at(-1) === "..") way.push("..");
      else way.pop();
    } else if (step !== "." && step !== "") way.push(step);
  }
  return way.join("/");
}

function stringAt(place: Place, ...path: Path): string | undefined {
  const field = place.at(...path).string();
  return field.state === "present" ? field.value : undefined;
}
