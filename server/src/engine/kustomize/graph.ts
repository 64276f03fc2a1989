import { segments, type Directory } from "../workspace/directory.js";
import { attempt, type Failure } from "../workspace/failure.js";
import { memoize } from "../workspace/memo.js";
import type { SourceFile } from "../workspace/source-file.js";
import { kustomizationIn, type ComposeMemory } from "./compose.js";
import { kustomizationNames } from "./read.js";
import type { Kustomization } from "./kustomization.js";
import { keyOfWay, wayTo, type Way } from "./way.js";

/** Which kustomization reads which files, whether they are there or not. */
export interface Graph {
  /** The directories of the top-level kustomizations that read a file: those that no other one includes. */
  buildsOf(uri: string): readonly Way[];
  readonly isPatch: (uri: string) => boolean;
  /** Whether a kustomization stands in the file's own directory, and none reads the file. */
  readonly isLeftOut: (uri: string) => boolean;
  /**
   * Whether any of them reads a file: what is applied is not the file's own text. The same function as long as it is so
   * of the same files.
   */
  readonly isDraft: (uri: string) => boolean;
  readonly drafts: ReadonlySet<string>;
  /** What a reader calls a kustomization: its directory, from the one that holds all of them. */
  nameOf(way: Way): string;
  /**
   * Whether the kustomization of a directory, and all that it includes, has only changes of which it is known what they
   * rename: no generators, replacements, vars, transformers of its own.
   */
  isTraceable(directory: string): boolean;
  isTopLevel(directory: string): boolean;
  /** The kustomizations that Ordinal failed to read. */
  readonly failures: readonly FailedKustomization[];
}

export interface FailedKustomization {
  readonly way: Way;
  readonly uri: string;
  readonly failure: Failure;
}

interface Located {
  readonly way: Way;
  readonly file: SourceFile;
}

interface Node {
  readonly way: Way;
  readonly kustomization: Kustomization;
  readonly files: readonly string[];
  readonly patches: readonly string[];
  readonly includes: readonly string[];
}

/** A directory tree without a kustomization costs one look at each directory that has changed. */
export function createGraphs(memory: ComposeMemory): (files: Directory<SourceFile>) => Graph {
  const below = memoize((directory: Directory<SourceFile>): readonly Located[] => [
    ...kustomizationNames.flatMap((name) => {
      const file = directory.files.get(name);
      return file === undefined ? [] : [{ way: [], file }];
    }),
    ...[...directory.directories]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([name, child]) => below(child).map(({ way, file }) => ({ way: [name, ...way], file }))),
  ]);
  let last: { readonly located: readonly Located[]; readonly graph: Graph } | undefined;
  return (files) => {
    const located = below(files);
    if (last !== undefined && sameTexts(last.located, located)) return last.graph;
    const made = graphOf(located, memory);
    const { drafts, isDraft } = last?.graph ?? made;
    const graph = isEqual(drafts, made.drafts) ? { ...made, isDraft } : made;
    last = { located, graph };
    return graph;
  };
}

function sameTexts(one: readonly Located[], other: readonly Located[]): boolean {
  return one.length === other.length && one.every(({ file }, index) => file === other[index]?.file);
}

function isEqual(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((key) => other.has(key));
}

function graphOf(located: readonly Located[], memory: ComposeMemory): Graph {
  const directories = new Set(located.map(({ way }) => keyOfWay(way)));
  const nodes = new Map<string, Node>();
  const failures: FailedKustomization[] = [];
  for (const { way, file } of located) {
    const key = keyOfWay(way);
    const read = attempt("Reading this kustomization", () => {
      const kustomization = kustomizationIn(file, memory);
      return kustomization && nodeOf(way, file, kustomization, directories);
    });
    if (read.type === "failed") failures.push({ way, uri: file.uri, failure: read.failure });
    else if (read.value !== undefined && !nodes.has(key)) nodes.set(key, read.value);
  }

  const included = new Set([...nodes].flatMap(([key, { includes }]) => includes.filter((other) => other !== key)));
  const readers = new Map<string, Way[]>();
  const traceable = new Map<string, boolean>();
  const resources = new Set([...nodes.values()].flatMap(({ files }) => files));
  const patches = new Set([...nodes.values()].flatMap(({ patches: own }) => own).filter((key) => !resources.has(key)));
  // Of those that include each other in a circle, the first stands for all.
  const reached = new Set([...nodes.keys()].filter((key) => !included.has(key)).flatMap((key) => keysFrom(key, nodes)));
  for (const [key, { way, kustomization }] of nodes) {
    if ((included.has(key) && reached.has(key)) || kustomization.kind === "Component") continue;
    for (const each of keysFrom(key, nodes)) reached.add(each);
    const closure = keysFrom(key, nodes).flatMap((each) => nodes.get(each) ?? []);
    traceable.set(key, closure.every(isTraceable));
    const read = new Set(closure.flatMap((node) => [...node.files, ...node.patches]));
    for (const file of read) readers.set(file, [...(readers.get(file) ?? []), way]);
  }
  const drafts = new Set([...readers.keys(), ...patches]);
  const shared = sharedStart([...nodes.values()].map(({ way }) => way));
  return {
    nameOf: (way) => keyOfWay(way.slice(Math.min(shared, way.length - 1))),
    buildsOf: (uri) => readers.get(keyOfUri(uri)) ?? [],
    isPatch: (uri) => patches.has(keyOfUri(uri)),
    isLeftOut: (uri) => !drafts.has(keyOfUri(uri)) && nodes.has(keyOfWay(segments(uri).slice(0, -1))),
    isDraft: (uri) => drafts.has(keyOfUri(uri)),
    drafts,
    isTraceable: (directory) => traceable.get(directory) ?? false,
    isTopLevel: (directory) => traceable.has(directory),
    failures,
  };
}

/** How many parts all ways have in common at their beginning. */
function sharedStart([first = [], ...others]: readonly Way[]): number {
  const end = first.findIndex((part, index) => others.some((way) => way[index] !== part));
  return end === -1 ? first.length : end;
}

function keyOfUri(uri: string): string {
  return keyOfWay(segments(uri));
}

function nodeOf(way: Way, file: SourceFile, kustomization: Kustomization, directories: ReadonlySet<string>): Node {
  const targets = (entries: readonly string[]) =>
    entries.flatMap((entry) => {
      const target = wayTo(way, entry);
      return target === undefined ? [] : [keyOfWay(target)];
    });
  const { resources, components, configurations, patches, patchesJson6902 } = kustomization;
  const { transformers, generators, replacements } = kustomization;
  const named = targets([...resources, ...components].map(({ path }) => path));
  return {
    way,
    kustomization,
    files: named.filter((key) => !directories.has(key)),
    patches: [
      keyOfUri(file.uri),
      ...targets([...patches, ...patchesJson6902].flatMap(({ text }) => ("path" in text ? [text.path] : []))),
      ...targets([...transformers, ...generators, ...replacements].flatMap((one) => ("path" in one ? [one.path] : []))),
      ...targets(configurations),
    ],
    includes: named.filter((key) => directories.has(key)),
  };
}

/** A directory and all that its kustomization includes. */
function keysFrom(key: string, nodes: ReadonlyMap<string, Node>): readonly string[] {
  const seen = new Set<string>();
  const waiting = [key];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...(nodes.get(next)?.includes ?? []));
  }
  return [...seen];
}

function isTraceable({ kustomization }: Node): boolean {
  const { generators, replacements, vars, transformers, changesUnknown } = kustomization;
  return [generators, replacements, vars, transformers].every((list) => list.length === 0) && !changesUnknown;
}
