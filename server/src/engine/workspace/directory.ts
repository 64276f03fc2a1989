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

/** The tree with this file in it, or without it where `file` is `undefined`. Directories that become empty go. */
export function withFile<T>(directory: Directory<T>, way: readonly string[], file: T | undefined): Directory<T> {
  const [first, ...rest] = way;
  if (first === undefined) throw new Error("a file needs a name");
  if (rest.length === 0) return { ...directory, files: withEntry(directory.files, first, file) };
  const child = withFile(directory.directories.get(first) ?? emptyDirectory<T>(), rest, file);
  const kept = child.files.size > 0 || child.directories.size > 0 ? child : undefined;
  return { ...directory, directories: withEntry(directory.directories, first, kept) };
}

function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined): ReadonlyMap<string, T> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
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
  return [...entries].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
