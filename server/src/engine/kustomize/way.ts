import type { Directory } from "../workspace/directory.js";

/**
 * The parts of a URI's way from the root of the workspace's tree, see `segments`, or as a kustomization spells them.
 */
export type Way = readonly string[];

/** What a way is called, however its characters are escaped. */
export function keyOfWay(way: Way): string {
  return way.map(decoded).join("/");
}

/** The file at the end of a way, whatever an editor escapes in its name. */
export function fileAtWay<T>(root: Directory<T>, way: Way): T | undefined {
  let directory: Directory<T> | undefined = root;
  for (const part of way.slice(0, -1)) directory = directory && entryNamed(directory.directories, part);
  return directory && entryNamed(directory.files, way.at(-1) ?? "");
}

/** The directory at the end of a way; `undefined` where no file is known below it. */
export function directoryAtWay<T>(root: Directory<T>, way: Way): Directory<T> | undefined {
  return way.reduce<Directory<T> | undefined>(
    (directory, part) => directory && entryNamed(directory.directories, part),
    root,
  );
}

function entryNamed<V>(entries: ReadonlyMap<string, V>, name: string): V | undefined {
  const found = entries.get(name);
  if (found !== undefined || /^[\w.~-]*$/.test(name)) return found;
  return [...entries].find(([other]) => decoded(other) === decoded(name))?.[1];
}

/** A name without its URI's escapes; what is no escape stays. */
export function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Where a path of a kustomization leads from its directory; `undefined` for what is not in the file system: URLs, and
 * paths from the root or above it.
 */
export function wayTo(directory: Way, path: string): Way | undefined {
  if (path === "" || path.startsWith("/") || isRemote(path)) return undefined;
  const way = [...directory];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      // `file:///` are three parts: above them is nothing.
      if (way.length <= 3) return undefined;
      way.pop();
    } else {
      way.push(part);
    }
  }
  return way;
}

/** `https://...`, `git@...`, `github.com/owner/name?ref=v1`: api/internal/git/repospec.go. */
function isRemote(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^git@|\?ref=|^(?:www\.)?(?:github|gitlab|bitbucket)\.[a-z]+\//i.test(path);
}
