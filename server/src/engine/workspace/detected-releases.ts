import { newestRelease, parseRelease, type Release } from "../kubernetes/versions.js";
import { valueOr } from "../yaml/field.js";
import { parse } from "../yaml/parse.js";
import { type Directory } from "./directory.js";
import type { SourceFile } from "./source-file.js";

/** The releases that a workspace's own files name, and the file that says so. */
export interface DetectedReleases {
  /** Oldest first, at least one. */
  readonly releases: readonly Release[];
  readonly file: string;
}

/** What one file says: exact releases (a kind configuration, a CI job), or bounds (a chart's `kubeVersion`). */
interface Evidence {
  readonly exact: readonly Release[];
  readonly bounds: { readonly least: number; readonly most: number } | undefined;
  readonly file: string;
}

/**
 * Finds for the setting `auto` what the files of a repository say about its cluster: the nearest directory above a file
 * in or below which there is something said counts, and there what is run (kind, CI) before what a chart merely allows.
 */
export function createReleaseDetector(): (
  way: readonly string[],
  files: Directory<SourceFile>,
) => DetectedReleases | undefined {
  const ofFiles = new WeakMap<SourceFile, Evidence | null>();
  const ofDirectories = new WeakMap<Directory<SourceFile>, readonly Evidence[]>();

  function inFile(name: string, directory: string, file: SourceFile): Evidence | null {
    const known = ofFiles.get(file);
    if (known !== undefined) return known;
    const found = evidenceOf(name, directory, file);
    ofFiles.set(file, found);
    return found;
  }

  function below(name: string, directory: Directory<SourceFile>): readonly Evidence[] {
    const known = ofDirectories.get(directory);
    if (known !== undefined) return known;
    const found = [
      ...[...directory.files].flatMap(([file, source]) => inFile(file, name, source) ?? []),
      ...[...directory.directories].flatMap(([child, inner]) => below(child, inner)),
    ];
    ofDirectories.set(directory, found);
    return found;
  }

  return (way, files) => {
    const above: { readonly name: string; readonly directory: Directory<SourceFile> }[] = [];
    let directory: Directory<SourceFile> | undefined = files;
    let name = "";
    for (const segment of way) {
      if (directory === undefined) break;
      above.push({ name, directory });
      name = segment;
      directory = directory.directories.get(segment);
    }
    for (const one of above.toReversed()) {
      const found = below(one.name, one.directory);
      const detected = ofExact(found) ?? ofBounds(found);
      if (detected !== undefined) return detected;
    }
    return undefined;
  };
}

function ofExact(found: readonly Evidence[]): DetectedReleases | undefined {
  const exact = found.filter((one) => one.exact.length > 0);
  const [first] = exact;
  if (first === undefined) return undefined;
  const releases = exact.flatMap((one) => one.exact).toSorted(byAge);
  const distinct = releases.filter((release, index) => index === 0 || byAge(release, releases[index - 1]) !== 0);
  return { releases: distinct, file: first.file };
}

function byAge(a: Release, b: Release | undefined): number {
  return a.minor - (b?.minor ?? 0) || (a.patch ?? Infinity) - (b?.patch ?? Infinity) || 0;
}

/** The releases that every chart allows. */
function ofBounds(found: readonly Evidence[]): DetectedReleases | undefined {
  const bounded = found.flatMap(({ bounds, file }) => (bounds === undefined ? [] : [{ ...bounds, file }]));
  const [first] = bounded;
  if (first === undefined) return undefined;
  const least = Math.max(...bounded.map((one) => one.least));
  const most = Math.min(...bounded.map((one) => one.most));
  if (least > most) return undefined;
  const releases = Array.from({ length: most - least + 1 }, (_, index) => ({ minor: least + index, patch: undefined }));
  return { releases, file: first.file };
}

function evidenceOf(name: string, directory: string, file: SourceFile): Evidence | null {
  const { text } = file;
  if (name === "Chart.yaml") {
    const bounds = boundsOf(text);
    return bounds === undefined ? null : { exact: [], bounds, file: pathOf(name, directory) };
  }
  const isCi = isCiFile(name, directory);
  if (!isCi && !text.includes("kindest/node:")) return null;
  const exact = [...text.matchAll(/kindest\/node:(v1\.\d{1,3}(?:\.\d{1,4})?)/g)].flatMap(([, version = ""]) =>
    asReleases(version),
  );
  const named = isCi ? versionsIn(text) : [];
  const all = [...exact, ...named];
  return all.length === 0 ? null : { exact: all, bounds: undefined, file: pathOf(name, directory) };
}

function pathOf(name: string, directory: string): string {
  if (directory === "workflows") return `.github/workflows/${name}`;
  return directory === ".circleci" ? `.circleci/${name}` : name;
}

/** Configurations of GitHub, GitLab, CircleCI, Azure, Bitbucket, Drone and Travis. */
function isCiFile(name: string, directory: string): boolean {
  return (
    directory === "workflows" ||
    directory === ".circleci" ||
    /^(?:\.gitlab-ci|azure-pipelines|bitbucket-pipelines|\.drone|\.travis)\.ya?ml$/.test(name)
  );
}

/** The values of keys, variables and options such as `k8s-version`, `KUBERNETES_VERSION`, `--kubernetes-version`. */
function versionsIn(text: string): readonly Release[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const key = /(?:kubernetes|k8s|k3s|kube)[-_]?versions?\b/i.exec(line);
    if (key === null || line.trimStart().startsWith("#")) return [];
    const rest = line.slice(key.index + key[0].length);
    const here = asReleases(rest);
    // A list that begins below its key.
    return here.length > 0 || rest.trim() !== ":" ? here : listBelow(lines, index + 1);
  });
}

function listBelow(lines: readonly string[], from: number): readonly Release[] {
  const end = lines.findIndex((line, index) => index >= from && !/^\s*-/.test(line));
  return lines.slice(from, end < 0 ? undefined : end).flatMap(asReleases);
}

function asReleases(text: string): readonly Release[] {
  return [...text.matchAll(/(?<![\d.])v?1\.\d{1,3}(?:\.\d{1,4})?(?![\d.])/g)].flatMap(
    ([version]) => parseRelease(version) ?? [],
  );
}

/** `>=1.29.0-0 <1.35.0-0` as minors; a range that is written in another way says nothing. */
function boundsOf(chart: string): Evidence["bounds"] {
  const text = valueOr(parse(chart).root.at("kubeVersion").string(), undefined);
  if (text === undefined || text.includes("||")) return undefined;
  let [least, most] = [0, newestRelease.minor];
  for (const part of text.split(/[\s,]+/).filter((one) => one !== "")) {
    const [, sign = "", minor = ""] = /^(>=|>|<=|<|~|\^|=)?v?1\.(\d{1,3})(?:\.[\dx*]+)?(?:-[\w.]+)?$/.exec(part) ?? [];
    if (minor === "") return undefined;
    const number = Number(minor);
    switch (sign) {
      case ">=":
      case "^":
      case ">":
        least = Math.max(least, number);
        break;
      case "<":
        most = Math.min(most, /^<v?1\.\d+(?:\.0)?(?:-0)?$/.test(part) ? number - 1 : number);
        break;
      case "<=":
        most = Math.min(most, number);
        break;
      default:
        [least, most] = [Math.max(least, number), Math.min(most, number)];
    }
  }
  return least === 0 || least > most ? undefined : { least, most };
}
