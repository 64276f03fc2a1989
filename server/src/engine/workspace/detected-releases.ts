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

/** Minor releases that a chart allows; `most` is `Infinity` where nothing bounds them. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What one file says: exact releases (a kind configuration, a CI job), or bounds (a chart's `kubeVersion`). */
interface Evidence {
  readonly exact: readonly Release[];
  readonly bounds: readonly Bounds[];
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

/** The releases that every chart allows. Without a lower bound that is the newest of them. */
function ofBounds(found: readonly Evidence[]): DetectedReleases | undefined {
  const charts = found.filter(({ bounds }) => bounds.length > 0);
  const [first] = charts;
  if (first === undefined) return undefined;
  const all = charts.flatMap(({ bounds }) => bounds);
  const allows = (minor: number) =>
    charts.every(({ bounds }) => bounds.some(({ least, most }) => least <= minor && minor <= most));
  // A chart for releases that are not known yet names the first of them.
  const newest = Math.max(newestRelease.minor, ...all.map(({ least }) => least));
  const allowed = Array.from({ length: newest + 1 }, (_, minor) => minor).filter(allows);
  const isUnbounded = allowed.includes(0);
  if (isUnbounded && allowed.length > newest) return undefined;
  const minors = isUnbounded ? allowed.slice(-1) : allowed;
  if (minors.length === 0) return undefined;
  return { releases: minors.map((minor) => ({ minor, patch: undefined })), file: first.file };
}

/** Whether a file, by its place or its text, may say something of the cluster's release. */
export function mayTellReleases({ uri, text }: Pick<SourceFile, "uri" | "text">): boolean {
  const [name = "", directory = ""] = uri.split("/").toReversed();
  return name === "Chart.yaml" || isCiFile(name, directory) || text.includes(kindImage);
}

const kindImage = "kindest/node:";

function evidenceOf(name: string, directory: string, file: SourceFile): Evidence | null {
  const { text } = file;
  if (name === "Chart.yaml") {
    const bounds = boundsOf(text);
    return bounds.length === 0 ? null : { exact: [], bounds, file: pathOf(name, directory) };
  }
  const isCi = isCiFile(name, directory);
  if (!isCi && !text.includes(kindImage)) return null;
  const exact = [...text.matchAll(/kindest\/node:(v1\.\d{1,3}(?:\.\d{1,4})?)/g)].flatMap(([, version = ""]) =>
    asReleases(version),
  );
  const named = isCi ? versionsIn(text) : [];
  const all = [...exact, ...named];
  return all.length === 0 ? null : { exact: all, bounds: [], file: pathOf(name, directory) };
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

/**
 * A chart's `kubeVersion` as minors, such as `>=1.29.0-0 <1.35.0-0`, `1.34 - 1.36`, `~1.35 || ~1.37`, as Helm's
 * github.com/Masterminds/semver v3 reads it; a range that is written in another way says nothing.
 */
function boundsOf(chart: string): readonly Bounds[] {
  const text = valueOr(parse(chart).root.at("kubeVersion").string(), undefined);
  if (text === undefined) return [];
  const alternatives = text.split("||").map(alternativeOf);
  return alternatives.every((one) => one !== undefined) ? alternatives.filter(({ least, most }) => least <= most) : [];
}

function alternativeOf(text: string): Bounds | undefined {
  let [least, most] = [0, Infinity];
  const words = text
    .replace(/([<>=~^])\s+/g, "$1")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  for (const [index, word] of words.entries()) {
    if (word === "-") continue;
    const part = (words[index + 1] === "-" ? ">=" : words[index - 1] === "-" ? "<=" : "") + word;
    const [, sign = "", minor = "", patch] =
      /^(>=|=>|>|<=|=<|<|~|\^|=)?v?1\.(\d{1,3})(?:\.([\dxX*]+))?(?:-[\w.]+)?$/.exec(part) ?? [];
    if (minor === "") return undefined;
    const number = Number(minor);
    switch (sign) {
      case ">=":
      case "=>":
      case "^":
        least = Math.max(least, number);
        break;
      case ">":
        // `>1.36` is 1.37 and later, `>1.36.0` is 1.36.1 and later.
        least = Math.max(least, /^\d+$/.test(patch ?? "") ? number : number + 1);
        break;
      case "<":
        most = Math.min(most, /^[1-9]\d*$/.test(patch ?? "") ? number : number - 1);
        break;
      case "<=":
      case "=<":
        most = Math.min(most, number);
        break;
      default:
        [least, most] = [Math.max(least, number), Math.min(most, number)];
    }
  }
  return { least, most };
}
