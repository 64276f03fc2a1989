import type { Config } from "../config/config.js";
import type { Rule } from "./rule.js";
import type { Severity } from "../config/severity.js";

/** Whether a rule runs: as the user has set it, or else as the profile has it. */
export function isOn(
  { id, recommended, structural }: Pick<Rule, "id" | "recommended" | "structural">,
  config: Config,
): boolean {
  const chosen = config.rules[id];
  if (chosen !== undefined) return chosen !== "off";
  if (structural === "schema" && config.schemaValidation === "off") return false;
  if (structural === "yaml" && config.yamlErrors === "off") return false;
  return recommended !== false || config.profile === "strict";
}

/** The severity that the user has set for a rule, or else the message's own. */
export function severityOf({ id }: Pick<Rule, "id">, own: Severity, config: Config): Severity {
  const chosen = config.rules[id];
  return chosen === undefined || chosen === "off" ? own : chosen;
}
