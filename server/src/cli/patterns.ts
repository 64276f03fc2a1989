import { existsSync } from "node:fs";
import path from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { isManifestName } from "../lsp/manifest-names.js";

/**
 * The paths of a command line, and for each pattern what it matches, since not every shell sees to that. A path that is
 * there is no pattern; a pattern that matches nothing stays, so that it is missed as any other path is.
 */
export async function withoutPatterns(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const matched = await Promise.all(paths.map((given) => matching(given, cwd)));
  return [...new Set(matched.flat())];
}

async function matching(given: string, cwd: string): Promise<readonly string[]> {
  if (!isDynamicPattern(given) || existsSync(path.resolve(cwd, given))) return [given];
  const found = await glob(given, {
    cwd,
    expandDirectories: false,
    onlyFiles: false,
    followSymbolicLinks: false,
    ignore: ["**/node_modules"],
  });
  const manifests = found.filter((name) => name.endsWith("/") || isManifestName(name));
  return manifests.length === 0 ? [given] : manifests.toSorted();
}
