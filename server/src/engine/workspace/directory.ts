import { memoize } from "./memo.js";

/**
 * A directory of the workspace with all below it. Immutable: a changed file makes new objects only for the directories
 * on its way, so whoever keeps results by a directory's identity keeps those of all the others.
 */
export interface Directory<T> {
  readonly files: ReadonlyMap<string, T>;
  readonly directories: ReadonlyMap<string, Directory<T>>;
}

export function emptyDirectory<T>(): Directory<T> {
  return { files: new Map(), directories: new Map() };
}

/** The parts of a URI's way from the root: `file:///a/b.yaml` is `["file:", "", "", "a", "b.yaml"]`. */
export function segments(uri: string): readonly string[] {
  return uri.split("/");
}

/** `db.yaml` of `file:///a/db.yaml`; a part that is no valid URI stays as it is. */
export function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A file of the tree by the parts of its way; `undefined` takes it away. */
export interface Change<T> {
  readonly way: readonly string[];
  readonly file: T | undefined;
}

/**
 * The tree after changes to different files, in time linear in what is in the directories on their ways, however many
 * they are. Directories that become empty go.
 */
export function withFiles<T>(directory: Directory<T>, changes: readonly Change<T>[], depth = 0): Directory<T> {
  if (changes.length === 0) return directory;
  const own: [string, T | undefined][] = [];
  const below = new Map<string, Change<T>[]>();
  for (const change of changes) {
    const name = change.way[depth];
    if (name === undefined) throw new Error("a file needs a name");
    if (change.way.length === depth + 1) own.push([name, change.file]);
    else if (!below.get(name)?.push(change)) below.set(name, [change]);
  }
  const children = [...below].map(([name, those]): [string, Directory<T> | undefined] => {
    const child = withFiles(directory.directories.get(name) ?? emptyDirectory<T>(), those, depth + 1);
    return [name, child.files.size > 0 || child.directories.size > 0 ? child : undefined];
  });
  return { files: withEntries(directory.files, own), directories: withEntries(directory.directories, children) };
}

function withEntries<T>(
  map: ReadonlyMap<string, T>,
  entries: readonly (readonly [key: string, value: T | undefined])[],
): ReadonlyMap<string, T> {
  if (entries.length === 0) return map;
  const copy = new Map(map);
  for (const [key, value] of entries) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

/** The directory at the end of the way, if any file is below it. */
export function directoryAt<T>(root: Directory<T>, way: readonly string[]): Directory<T> | undefined {
  let directory: Directory<T> | undefined = root;
  for (const segment of way) directory = directory?.directories.get(segment);
  return directory;
}

/** The file at the end of the way. */
export function fileAt<T>(root: Directory<T>, way: readonly string[]): T | undefined {
  return directoryAt(root, way.slice(0, -1))?.files.get(way.at(-1) ?? "");
}

/** All files, in the order of their names: which of them was read first makes no difference. */
export function* filesBelow<T>(directory: Directory<T>): Generator<T> {
  yield* filesIn(directory);
  for (const child of byName(directory.directories)) yield* filesBelow(child);
}

/** The files of the directory itself, in the order of their names. */
export function filesIn<T>(directory: Directory<T>): readonly T[] {
  return byName(directory.files);
}

function byName<V>(entries: ReadonlyMap<string, V>): readonly V[] {
  return namesIn(entries).flatMap((name) => {
    const value = entries.get(name);
    return value === undefined ? [] : [value];
  });
}

/** Sorting the names of thousands of files takes longer than looking at them. */
const namesIn = memoize((entries: ReadonlyMap<string, unknown>) => [...entries.keys()].toSorted());
