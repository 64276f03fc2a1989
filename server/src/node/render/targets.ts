import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { kustomizationNames, readKustomizationReferences, type KustomizationReferences } from "../../engine/api.js";
import { findManifests, readText } from "../disk/files.js";

/** A directory that a tool can build. */
export interface Target {
  readonly tool: "kustomize" | "helm";
  readonly directory: string;
  /** The kustomization, or the Chart.yaml. */
  readonly file: string;
}

/** A kustomization, read. */
export interface Kustomization {
  readonly file: string;
  readonly text: string;
  readonly references: KustomizationReferences;
}

/**
 * What there is to build below a directory: kustomizations that no other one includes, without components and those
 * that only patch, and charts that are not in another one's `charts/`.
 */
export async function findTargets(directory: string): Promise<readonly Target[]> {
  const kustomizations = new Map<string, string>();
  const charts: string[] = [];
  for await (const found of findManifests(directory)) {
    if (found.type === "problem") continue;
    const name = path.basename(found.path);
    const own = path.dirname(found.path);
    if (name === "Chart.yaml") charts.push(own);
    else if (kustomizationNames.includes(name)) kustomizations.set(await realpathOr(own), own);
  }
  return [...(await topKustomizations(kustomizations)), ...(await topCharts(charts))];
}

/** What a directory itself is, whether another one includes it or not. */
export async function targetsAt(directory: string): Promise<readonly Target[]> {
  const kustomization = await kustomizationIn(directory);
  const chart = path.join(directory, "Chart.yaml");
  return [
    ...(kustomization === undefined ? [] : [{ tool: "kustomize", directory, file: kustomization.file } as const]),
    ...((await isFile(chart)) ? [{ tool: "helm", directory, file: chart } as const] : []),
  ];
}

/** Those of the targets that a file is a part of. */
export async function targetsWith(file: string, targets: readonly Target[]): Promise<readonly Target[]> {
  const real = await realpathOr(file);
  const found: Target[] = [];
  for (const target of targets) {
    const { tool, directory } = target;
    const isPart =
      tool === "helm"
        ? real.startsWith(`${await realpathOr(directory)}${path.sep}`)
        : (await filesOf(directory, new Set())).has(real);
    if (isPart) found.push(target);
  }
  return found;
}

/** The real paths of all that a kustomization is built from, itself among them. */
async function filesOf(directory: string, visited: Set<string>): Promise<ReadonlySet<string>> {
  const files = new Set<string>();
  const real = await realpathOr(directory);
  const kustomization = visited.has(real) ? undefined : await kustomizationIn(directory);
  visited.add(real);
  if (kustomization === undefined) return files;
  files.add(await realpathOr(kustomization.file));
  const { included, patches } = kustomization.references;
  for (const reference of [...included, ...patches]) {
    const other = path.resolve(directory, reference);
    files.add(await realpathOr(other));
    for (const file of await filesOf(other, visited)) files.add(file);
  }
  return files;
}

/** The kustomization of a directory; `undefined` where there is none, or the file is something else. */
export async function kustomizationIn(directory: string): Promise<Kustomization | undefined> {
  for (const name of kustomizationNames) {
    const file = path.join(directory, name);
    const read = await readText(file);
    if (read.type === "problem") continue;
    const references = readKustomizationReferences(read.text);
    return references && { file, text: read.text, references };
  }
  return undefined;
}

/** By real path, each with the directory as it was found. */
async function topKustomizations(found: ReadonlyMap<string, string>): Promise<readonly Target[]> {
  const included = new Set<string>();
  const tops: (Target & { readonly real: string })[] = [];
  for (const [real, directory] of found) {
    const kustomization = await kustomizationIn(directory);
    if (kustomization === undefined) continue;
    const { file, references } = kustomization;
    for (const name of references.included) {
      const other = await realpathOr(path.resolve(directory, name));
      // One that includes itself cannot be built, whoever includes it.
      if (other !== real) included.add(other);
    }
    if (references.bringsObjects && !references.isComponent) tops.push({ tool: "kustomize", directory, file, real });
  }
  return tops.filter(({ real }) => !included.has(real)).map(({ tool, directory, file }) => ({ tool, directory, file }));
}

async function topCharts(directories: readonly string[]): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const directory of directories) {
    const parent = path.dirname(directory);
    if (path.basename(parent) === "charts" && (await isFile(path.join(path.dirname(parent), "Chart.yaml")))) continue;
    const file = path.join(directory, "Chart.yaml");
    const read = await readText(file);
    // A library has only definitions for other charts, and helm refuses to render it.
    if (read.type === "text" && !/^type:\s*["']?library\b/m.test(read.text)) {
      targets.push({ tool: "helm", directory, file });
    }
  }
  return targets;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function realpathOr(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
