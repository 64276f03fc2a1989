import path from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { allRules, defaultConfig, formatRelease, readSettings, type Config } from "../engine/api.js";
import { askCluster } from "../node/render/cluster.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { createProjects } from "./context.js";
import { readConfigFiles, readTrees } from "./sources.js";

/** The options that decide the configuration. */
export interface ConfigOptions {
  readonly kubernetesVersion?: string;
  readonly askCluster?: boolean;
  readonly profile?: string;
  readonly loadRestrictor?: string;
  /** As `id=severity` or `id={option: value}`. */
  readonly rule?: readonly string[];
}

/** What the options of a command say, which holds whatever configuration files say. */
export async function flagsFrom(options: ConfigOptions, io: Io): Promise<Partial<Config>> {
  const { askCluster: isAsked, rule: rules = [], ...settings } = options;
  if (isAsked === true && options.kubernetesVersion !== undefined && options.kubernetesVersion !== "auto")
    throw new UsageError("--ask-cluster and --kubernetes-version cannot be used together");
  const kubernetesVersion = isAsked === true ? await clusterRelease(io) : options.kubernetesVersion;
  const { given, problems } = readSettings({ ...settings, kubernetesVersion, rules: ruleSettings(rules) }, allRules);
  const problem = problems.find(({ severity }) => severity !== "info");
  if (problem !== undefined) {
    throw new UsageError(`${problem.path[0] === "rules" ? "--rule" : "--kubernetes-version"}: ${problem.text}`);
  }
  return given;
}

/** What options say of rules, as configuration files say it. */
function ruleSettings(given: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(given.map(ruleSetting));
}

/** The value is YAML, so that everything can be said that a configuration file says. */
function ruleSetting(text: string): readonly [string, unknown] {
  const [, id, value] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (id === undefined || value === undefined) {
    throw new UsageError(`--rule: ${JSON.stringify(text)} is not valid. Use a form such as service-missing=off`);
  }
  try {
    // YAML 1.1 would take `off` for false; this is 1.2.
    return [id, parse(value)];
  } catch {
    throw new UsageError(
      `--rule: the value after ${id}= is not valid YAML. Use a value such as off or {severity: info}`,
    );
  }
}

async function clusterRelease(io: Io): Promise<string> {
  const answer = await askCluster(io.env, io.cwd);
  if (answer.type === "failed") throw new UsageError(`--ask-cluster: ${answer.reason}`);
  const release = formatRelease(answer.release);
  io.stderr.write(`ordinal: the cluster runs Kubernetes ${release}\n`);
  return release;
}

/** The configuration of one file: what the options of a command say, over what configuration files say. */
export async function configFor(file: string, options: ConfigOptions, io: Io): Promise<Config> {
  const absolute = path.resolve(io.cwd, file);
  const workspace = io.createWorkspace(defaultConfig, await flagsFrom(options, io));
  const [directory, projects] = [path.dirname(absolute), createProjects()];
  for (const { uri, text } of await readConfigFiles(directory, projects)) workspace.setFile(uri, text);
  const config = workspace.snapshot().configOf(pathToFileURL(absolute).href);
  if (!config.detectsRelease) return config;
  // What says for which release the manifests are may be anywhere in the project.
  for (const { uri, text } of await readTrees([await projects(directory)], () => false)) workspace.setFile(uri, text);
  return workspace.snapshot().configOf(pathToFileURL(absolute).href);
}
