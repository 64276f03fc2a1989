import { kustomizationNames, readKustomization } from "../kustomize/read.js";
import { memoize } from "../workspace/memo.js";
import { readSourceFile } from "../workspace/source-file.js";
import type { Source } from "./source.js";

/**
 * Says of which kustomizations among the sources a file's objects pass through: those that include it, and the
 * components of these, which change all that was included beside them. In the order of the sources.
 */
export function createReach(sources: readonly Source[]): (file: Source) => readonly Source[] {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const linksOf = memoize((source: Source) => readLinks(source, byName));

  const members = memoize((source: Source): ReadonlySet<string> => {
    const names = new Set([source.name]);
    const waiting = [source];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { files, kustomizations, components } = linksOf(next);
      for (const name of files) names.add(name);
      for (const below of [...kustomizations, ...components]) {
        if (names.has(below.name)) continue;
        names.add(below.name);
        waiting.push(below);
      }
    }
    return names;
  });
  return memoize((file: Source) => {
    const through = new Set(sources.filter((source) => members(source).has(file.name)));
    // A set is also walked over what is added on the way: components have components.
    for (const source of through) for (const component of linksOf(source).components) through.add(component);
    return sources.filter((source) => through.has(source));
  });
}

/** A path as seen from the directory of `name`. */
export function joined(name: string, reference: string): string {
  const way = name.split("/").slice(0, -1);
  for (const step of reference.split("/")) {
    if (step === "..") {
      if (way.length === 0 || way.at(-1) === "..") way.push("..");
      else way.pop();
    } else if (step !== "." && step !== "") way.push(step);
  }
  return way.join("/");
}

interface Links {
  readonly files: readonly string[];
  readonly kustomizations: readonly Source[];
  readonly components: readonly Source[];
}

function readLinks(source: Source, byName: ReadonlyMap<string, Source>): Links {
  const [document] = readSourceFile(source.uri, source.text, undefined).documents;
  const kustomization = document && readKustomization(document.chunk, { uri: source.uri, document: 0 });
  const resources = kustomization?.resources.map(({ path }) => path) ?? [];
  const components = kustomization?.components.map(({ path }) => path) ?? [];
  const directories = (references: readonly string[]) =>
    references.flatMap((reference) => {
      const found = kustomizationNames.map((name) => byName.get(joined(source.name, `${reference}/${name}`)));
      return found.find((one) => one !== undefined) ?? [];
    });
  return {
    files: resources.map((reference) => joined(source.name, reference)),
    kustomizations: directories(resources),
    components: directories(components),
  };
}
