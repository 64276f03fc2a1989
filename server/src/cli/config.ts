import path from "node:path";
import { pathToFileURL } from "node:url";
import { allRules, defaultConfig, readSettings, type Config } from "../engine/api.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { createProjects } from "./context.js";
import { readConfigFiles, readTrees } from "./sources.js";

/** What the options of a command say, which holds whatever configuration files say. */
export function flagsFrom(options: {
  readonly kubernetesVersion?: string;
  readonly profile?: string;
  readonly loadRestrictor?: string;
}): Partial<Config> {
  const { given, problems } = readSettings(options, allRules);
  const problem = problems.find(({ severity }) => severity !== "info");
  if (problem !== undefined) throw new UsageError(`--kubernetes-version: ${problem.text}`);
  return given;
}

/** The configuration of one file: what the options of a command say, over what configuration files say. */
export async function configFor(
  file: string,
  options: { readonly kubernetesVersion?: string; readonly loadRestrictor?: string },
  io: Io,
): Promise<Config> {
  const absolute = path.resolve(io.cwd, file);
  const workspace = io.createWorkspace(defaultConfig, flagsFrom(options));
  const [directory, projects] = [path.dirname(absolute), createProjects()];
  for (const { uri, text } of await readConfigFiles(directory, projects)) workspace.setFile(uri, text);
  const config = workspace.snapshot().configOf(pathToFileURL(absolute).href);
  if (!config.detectsRelease) return config;
  // What says for which release the manifests are may be anywhere in the project.
  for (const { uri, text } of await readTrees([await projects(directory)], () => false)) workspace.setFile(uri, text);
  return workspace.snapshot().configOf(pathToFileURL(absolute).href);
}
