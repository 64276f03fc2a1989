/**
 * Whether a file with this name may hold manifests, or a kustomization, which may do without a suffix, or the named
 * templates of a chart (`_helpers.tpl`) or what it leaves out (`.helmignore`); of JSON, see `mayHoldManifests`.
 */
export function isManifestName(name: string): boolean {
  return (
    /\.ya?ml$/i.test(name) ||
    /(?:^|\/)_[^/]*\.tpl$/.test(name) ||
    /(?:^|\/)(?:Kustomization|\.helmignore)$/.test(name) ||
    isJsonName(name)
  );
}

/** JSON is mostly something else, so nothing is said about such a file before it shows that it is a manifest. */
export function isJsonName(name: string): boolean {
  return /\.json$/i.test(name);
}

/**
 * A test that costs nothing, so that most JSON is neither kept nor parsed: of manifests, and of JSON patches for
 * kustomize.
 */
export function mayHoldManifests(name: string, text: string): boolean {
  if (!isJsonName(name)) return true;
  return /"apiVersion"\s*:\s*"/.test(text)
    ? /"kind"\s*:\s*"/.test(text)
    : /"op"\s*:/.test(text) && /"path"\s*:/.test(text);
}

/** Whether a directory with this name holds nothing that the user wrote, however deep. */
export function isSkippedDirectory(name: string): boolean {
  return skipped.has(name);
}

/** What version control, package managers and build tools keep for themselves. */
const skipped: ReadonlySet<string> = new Set([
  ".cache",
  ".git",
  ".gradle",
  ".hg",
  ".mypy_cache",
  ".next",
  ".nox",
  ".svn",
  ".terraform",
  ".tox",
  ".venv",
  ".vscode-test",
  ".yarn",
  "__pycache__",
  "bower_components",
  "node_modules",
]);

/** No manifest is larger: etcd takes objects of 1.5 MiB, and what is larger than this is data. */
export const largestFile = 10 * 1024 * 1024;
