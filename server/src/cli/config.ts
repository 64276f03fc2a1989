import { allRules, resolveConfig, type Config } from "../engine/api.js";
import { UsageError } from "./exit.js";

/** The configuration that the options of a command ask for. */
export function configFrom(options: { readonly kubernetesVersion?: string; readonly profile?: string }): Config {
  const { config, problems } = resolveConfig(
    options,
    allRules.map(({ id }) => id),
  );
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`--kubernetes-version: ${problem.text}`);
  return config;
}
