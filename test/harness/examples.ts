import { defaultConfig, parseRelease, type Config } from "../../server/src/engine/api.js";
import type { CoreRule } from "../../server/src/engine/lint/core-rules.js";
import type { Example } from "../../server/src/engine/lint/rule.js";

/** The configuration in which an example of a rule is run. */
export function configFor({ id, recommended }: CoreRule, { kubernetesVersion }: Example): Config {
  const release = kubernetesVersion === undefined ? undefined : parseRelease(kubernetesVersion);
  return {
    ...defaultConfig,
    ...(release && { kubernetesVersion: release }),
    // A rule that only the strict profile runs is switched on by itself: its examples need not please the others.
    rules: recommended === false ? { [id]: "warning" } : {},
  };
}
