import path from "node:path";
import { pathToFileURL } from "node:url";
import { allRules, defaultConfig, readSettings, type Config } from "../engine/api.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { createProjects } from "./context.js";
import { readConfigFiles } from "./sources.js";

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
  for (const { uri, text } of await readConfigFiles(path.dirname(absolute), createProjects()))
    workspace.setFile(uri, text);
  return workspace.snapshot().configOf(pathToFileURL(absolute).href);
}
