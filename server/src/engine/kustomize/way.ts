/** The parts of a URI's way from the root of the workspace's tree; see `segments`. */
export type Way = readonly string[];

/**
 * Where a path of a kustomization leads from its directory; `undefined` for what is not in the file system: URLs, and paths
 * from the root or above it.
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
