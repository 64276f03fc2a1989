import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { DeployedRelease, Source, ToolOptions, ToolOutput } from "../../engine/api.js";
import { readText } from "../disk/files.js";
import type { BuildResult } from "../../lsp/runtime.js";
import { helmFailurePlace, kustomizeFailurePlace } from "./failure-place.js";
import { below, type Deployed } from "./deployments.js";
import { kustomizationIn, type Target } from "./targets.js";
import { run, type Environment, type Program, type Ran, type Tools } from "./tools.js";

export interface BuildOptions extends ToolOptions {
  readonly tools: Tools;
  readonly env: Environment;
  /** Files with values for every chart, absolute; a later one wins. */
  readonly values: readonly string[];
}

/**
 * Builds a kustomization or renders a chart, with the files that it was made of. Never rejects, and changes nothing.
 */
export async function build(target: Target | Deployed, options: BuildOptions): Promise<BuildResult> {
  const program = options.tools[target.tool];
  if (program === undefined) return { type: "noTool", tool: target.tool };
  try {
    switch (target.tool) {
      case "kustomize":
        return await kustomize(target, program, options);
      case "helm":
        return await helm(target, program, options);
    }
  } catch (error) {
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Builds a kustomization of ours that includes the wanted one and asks for the origin of every object: `buildMetadata`
 * of the outermost one holds for all (kustomize 5.6, api/internal/target/kusttarget.go, accumulateDirectory).
 */
async function kustomize(
  target: Target | Deployed,
  program: Program,
  { env, loadRestrictor }: BuildOptions,
): Promise<BuildResult> {
  const { directory } = target;
  const namespace = "deployment" in target ? target.deployment.namespace : undefined;
  const outer = await mkdtemp(path.join(await realpath(tmpdir()), "ordinal-build-"));
  try {
    const real = await realpath(directory);
    const name = path.relative(outer, real).replaceAll(path.sep, "/");
    const kustomization = { resources: [name], buildMetadata: ["originAnnotations"], namespace };
    await writeFile(path.join(outer, "kustomization.yaml"), JSON.stringify(kustomization));
    const flags = loadRestrictor === "none" ? ["--load-restrictor", "LoadRestrictionsNone"] : [];
    const ran = await run(program, [outer, ...flags], outer, env);
    const sources = await kustomizeSources(directory, name, new Set());
    if (ran.type === "failed") {
      const located = sources.map((source) => ({ source, file: path.join(outer, source.name) }));
      return { type: "failed", reason: ran.reason, place: kustomizeFailurePlace(ran.message, located, real) };
    }
    return resultOf("kustomize", ran, { sources, values: [], root: sources.at(-1) });
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/**
 * What `kustomize build` wrote of a directory by itself, with `buildMetadata: [originAnnotations]`; nothing where an
 * object is from a file that the kustomization there does not take in.
 */
export async function kustomizeResult({ directory }: Target, text: string): Promise<ToolOutput | undefined> {
  const sources = await kustomizeSources(directory, ".", new Set());
  const names = new Set(sources.map(({ name }) => name));
  const origins = [...text.matchAll(/^ *config\.kubernetes\.io\/origin: \|\r?\n *path: (.*?)\r?$/gm)].map(
    ([, name]) => name ?? "",
  );
  const root = sources.at(-1);
  if (root === undefined || !origins.every((name) => names.has(name))) return undefined;
  return { tool: "kustomize", output: text, sources, values: [], root };
}

/** All files that a kustomization is built from, in the order in which they take effect; itself comes last. */
async function kustomizeSources(directory: string, name: string, visited: Set<string>): Promise<readonly Source[]> {
  const real = await realpath(directory).catch(() => directory);
  const kustomization = visited.has(real) ? undefined : await kustomizationIn(directory);
  visited.add(real);
  if (kustomization === undefined) return [];
  const { file, text, references } = kustomization;
  const sources: Source[] = [];
  for (const reference of references.included) {
    const below = path.resolve(directory, reference);
    const belowName = path.posix.join(name, reference);
    sources.push(...(await sourceOf(below, belowName)), ...(await kustomizeSources(below, belowName, visited)));
  }
  for (const patch of references.patches) {
    sources.push(...(await sourceOf(path.resolve(directory, patch), path.posix.join(name, patch))));
  }
  return [...sources, { uri: pathToFileURL(file).href, name: path.posix.join(name, path.basename(file)), text }];
}

async function helm(
  target: Target | Deployed,
  program: Program,
  { env, values: given, kubernetesVersion }: BuildOptions,
): Promise<BuildResult> {
  const { directory, file } = target;
  const release = "deployment" in target ? target.deployment.release : undefined;
  const files = "deployment" in target ? valueFiles(target) : [];
  if (typeof files === "string") return { type: "failed", reason: `values file ${files} is not in this project` };
  const values = [...files, ...given];
  const [root] = await sourceOf(file, "Chart.yaml");
  const chart = chartName(root?.text) ?? path.basename(directory);
  const args = [
    release?.name ?? releaseName(chart),
    directory,
    "--skip-tests",
    "--kube-version",
    kubernetesVersion,
    ...servedKinds.flatMap((kind) => ["--api-versions", kind]),
    // A list separated by commas, as CSV has it.
    ...values.flatMap((one) => ["--values", `"${one.replaceAll('"', '""')}"`]),
    ...(release?.namespace === undefined ? [] : ["--namespace", release.namespace]),
    ...(release?.parameters ?? []).flatMap(parameterFlags),
  ];
  const ran = await withFiles(release?.values ?? [], (written) =>
    run(program, [...args, ...written.flatMap((one) => ["--values", one])], tmpdir(), env),
  );
  if (ran.type === "failed") {
    const place = helmFailurePlace(ran.message);
    const way = place?.name.split("/").slice(1) ?? [];
    const [source] = way.length === 0 || way.includes("..") ? [] : await sourceOf(path.join(directory, ...way), chart);
    return { type: "failed", reason: ran.reason, place: source && { uri: source.uri, line: place?.line } };
  }
  return helmResult({ directory, file }, ran.text, values);
}

/** The files with values that a deployment names, absolute; the name of the first that leads out of the project. */
function valueFiles({ deployment, directory, project }: Deployed): readonly string[] | string {
  const files: string[] = [];
  for (const written of deployment.release.valueFiles) {
    const file = below(project, path.join(written.startsWith("/") ? "" : path.relative(project, directory), written));
    if (file === undefined) return written;
    files.push(file);
  }
  return files;
}

/** A comma separates settings, but not those of a list in braces (argo-cd, `cleanSetParameters` in util/helm/cmd.go). */
function parameterFlags({ name, value, isText }: DeployedRelease["parameters"][number]): readonly string[] {
  const text = value.startsWith("{") ? value : value.replaceAll(/(?<!\\),/g, "\\,");
  return [isText ? "--set-string" : "--set", `${name}=${text}`];
}

/** Does something while each text is in a file of its own. */
async function withFiles<T>(texts: readonly string[], act: (files: readonly string[]) => Promise<T>): Promise<T> {
  if (texts.length === 0) return act([]);
  const folder = await mkdtemp(path.join(tmpdir(), "ordinal-values-"));
  try {
    const files = texts.map((_, index) => path.join(folder, `${index}.yaml`));
    for (const [index, file] of files.entries()) await writeFile(file, texts[index] ?? "");
    return await act(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What `helm template` wrote of a chart, now or earlier, with the files that it was made of. `values` as in
 * `BuildOptions`.
 */
export async function helmResult(
  { directory, file }: Omit<Target, "tool">,
  text: string,
  values: readonly string[],
): Promise<BuildResult> {
  const [root] = await sourceOf(file, "Chart.yaml");
  const chart = chartName(root?.text) ?? path.basename(directory);
  const names = [...text.matchAll(/^# Source: (.*?)\r?$/gm)].map(([, name]) => name);
  // Each with the values of its chart.
  const wanted = new Set(names.flatMap((name = "") => [name, name.replace(/\/templates\/.*/, "/values.yaml")]));
  const templates = [...wanted].map((name) => {
    // The first part is the chart's name, whatever its directory is called.
    const way = name.split("/").slice(1);
    // A template can write such a comment too, and name any file of the machine.
    return way.includes("..") ? Promise.resolve([]) : sourceOf(path.join(directory, ...way), name);
  });
  const own = await sourceOf(path.join(directory, "values.yaml"), `${chart}/values.yaml`);
  const given = await Promise.all(values.map((one) => sourceOf(one, one)));
  const sources = [...own, ...(await Promise.all(templates)).flat(), ...(root === undefined ? [] : [root])];
  return resultOf("helm", { text }, { sources, values: given.flat(), root });
}

/** The name that a Chart.yaml gives. */
export function chartName(text = ""): string | undefined {
  return /^name:\s*["']?([^"'#\s]+)/m.exec(text)?.[1];
}

/**
 * By itself helm knows which API groups a cluster has, but no kinds (seen with helm 4.1.4), so that a chart that asks
 * `.Capabilities.APIVersions.Has "policy/v1/PodDisruptionBudget"` would write what no cluster serves any more. All are
 * served since Kubernetes 1.23 (https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
 */
const servedKinds: readonly string[] = [
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "autoscaling/v2/HorizontalPodAutoscaler",
  "batch/v1/CronJob",
  "networking.k8s.io/v1/Ingress",
  "networking.k8s.io/v1/NetworkPolicy",
  "policy/v1/PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/Role",
  "storage.k8s.io/v1/StorageClass",
];

/** Helm takes DNS names of at most 53 characters (helm 4.1.4: "invalid release name, must match regex ..."). */
function releaseName(chart: string): string {
  const name = chart.toLowerCase().slice(0, 53);
  return /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name) ? name : "release-name";
}

function resultOf(
  tool: Target["tool"],
  { text }: Pick<Extract<Ran, { readonly type: "output" }>, "text">,
  { sources, values, root }: Pick<ToolOutput, "sources" | "values"> & { readonly root: Source | undefined },
): BuildResult {
  if (root === undefined) return { type: "gone" };
  return { type: "built", output: { tool, output: text, sources, values, root } };
}

/** None for what is no readable file. */
async function sourceOf(file: string, name: string): Promise<readonly Source[]> {
  const read = await readText(file);
  return read.type === "text" ? [{ uri: pathToFileURL(file).href, name, text: read.text }] : [];
}
